# One lab's record (tests/kit/judge) as text for tests/kit/check.
#
# Arguments: $width columns; $brief: the first failure in full, the others by
# name; $bin where the programs are kept, as it is to be typed; $build .build as
# it stands in the record; $sources {program: file}, the first program first;
# $red $green $yellow $bold $plain.
# Gives the lines to print and, as the last line, what check goes on with:
#   "NUMBER<tab>…": failed, skipped, passed, not run; then of the first failure the
#   verdict, the program, the TODO (number or 0) and the line (or 0); then score
#   and maximum in tenths, and whether valgrind found a leak.
# Needs jq 1.6: there index and match count bytes, so none of them is used for
# columns.

# Nothing of a submission's reaches the terminal as a command: control characters
# and those that turn the writing direction are "?" (judge has done so before).
def safe:
  explode
  | map(if . == 10 then .
        elif . == 9 then 32
        elif . < 32 or (. >= 127 and . < 160) or (. >= 8206 and . <= 8207)
          or (. >= 8232 and . <= 8238) or (. >= 8294 and . <= 8297) then 63
        else . end)
  | implode;

def lines: if . == "" then [] else safe / "\n" end;

# wrap(w): a line as several of at most w columns, broken at blanks.
def wrap($w):
  if length <= $w then [.]
  else
    (.[0:$w + 1] | explode | [indices(32)[]][-1] // 0) as $i
    | if $i == 0 or (.[0:$i] | test("^ *$"))
      then [.[0:$w]] + (.[$w:] | wrap($w))
      else [.[0:$i]] + (.[$i + 1:] | wrap($w)) end
  end;

# A line and carets that point into it: cut alike, so that they still do.
def pointed($w; $line; $carets):
  ([$carets | explode | indices(94)[], indices(126)[]] | min // 0) as $at
  | (if $line | test("^ *[0-9]+ \\| ") then $line | capture("^(?<g> *[0-9]+ \\| )").g | length else 0 end) as $g
  | (if $at < $w - 8 then 0 else $at - ($w / 2 | floor) end) as $gone
  | ($line | .[0:$g] + .[$g + $gone:]) as $a
  | ($carets | .[0:$g] + .[$g + $gone:]) as $b
  | [(if ($a | length) > $w then $a[0:$w - 3] + "..." else $a end), $b[0:$w]];

def points_into: test("^[ |]*[~^]");

# fit(w): lines, each broken or, above carets, cut.
def fit($w):
  . as $l
  | [ range(length) as $i
      | if $i + 1 < ($l | length) and ($l[$i + 1] | points_into) then pointed($w; $l[$i]; $l[$i + 1])[]
        elif $i > 0 and ($l[$i] | points_into) then empty
        else $l[$i] | wrap($w)[] end ];

# A shell command of several lines, each but the last ended by a backslash. Words
# are as printf %q writes them, or in single quotes.
def command($w):
  [scan("(?:\\$'(?:[^'\\\\]|\\\\.)*'|'[^']*'|\\\\.|[^ '\\\\])+")]
  | reduce .[] as $word ([];
      if length == 0 then [$word]
      elif (.[-1] + " " + $word | length) <= $w - 2 then .[-1] += " " + $word
      else . + [$word] end)
  | [range(length) as $i | .[$i] + (if $i + 1 < length then " \\" else "" end)];

# The command as it can be repeated: the programs are where check keeps them. With
# a preload, strace or valgrind it is the build without sanitizers.
def repeatable:
  (if test("^gcc") then "./" elif test("valgrind |strace |LD_PRELOAD") then $bin + "/plain/" else $bin + "/" end) as $dir
  | sub("(?<before>^|[ (])\\./"; .before + $dir)
  | sub("(?<before>[= \u0027])shim\\.so"; .before + ".build/kit/shim.so")
  | gsub("/tmp/socket-steps\\.[A-Za-z0-9]+/build/run"; $build + "/run")
  | (. / ($build + "/run.")) as $parts
  | $parts[0] + ($parts[1:] | map(sub("^[A-Za-z0-9]+/"; $bin + "/")) | join(""));

def ran($w):
  (if .ran == "" then [] else .ran / "\n" | map(safe) end) as $all
  | if $all == [] then []
    elif $all[-1] | length > 600 then [$all[-1] | repeatable | .[0:$w - 3] + "...", "(whole: \($bin)/\(.number)/evidence)"]
    else ($all[-1] | repeatable | command($w)) end
  | if ($all | length) > 1 then . + ["(the last of \($all | length) runs in this test)"] else . end;

def field($name; $w):
  to_entries | map("    " + (if .key == 0 then $name else "" end + " " * 10)[0:10] + .value) | map(sub(" +$"; "")) | .[];

def manual:
  [scan("([a-zA-Z0-9_.-]+)\\(([0-9][a-z]*)\\)") | "man \(.[1]) \(.[0])"] | join(", ");

# What leads on: the test's own hint, but when the program did not compile or went
# wrong by itself, that comes first.
def lead:
  if .verdict == "no-compile" then
    {hint: "Begin with the first error; the others often follow from it.", man: "gcc(1)"}
  elif .verdict == "missing" then
    {hint: "Is it there under exactly this name?", man: ""}
  elif .verdict == "crash" and (.got | test("runtime error|Sanitizer")) then
    {hint: "Look at the line that is named: which pointer, index or number is used there, and where was it set?", man: ""}
  else {hint, man} end;

# What it said on standard error, where that is not what came already.
def said:
  . as $t
  | if .verdict == "no-compile" then [] else .said | lines | map(select(. as $l | $t.got | contains($l) | not)) end;

def last($n; $what):
  if length > $n then ["(\(length - $n) \($what) before)"] + .[-$n:] else . end;

# What was run and expected, where no program was.
def rerun:
  if .verdict == "missing" then .expected = "the file \($sources[.program])"
  elif .verdict == "no-compile" and .ran == "" then
    .ran = "gcc -std=gnu17 \($sources[.program]) -o \($bin)/\(.program)"
    | .expected = "it compiles as C17"
  else . end;

def details:
  ($width - 14) as $w
  | lead as $lead
  | rerun
  | (ran($w) | field("run"; $w)),
    (.steps | map(safe) | last(8; "steps") | fit($w) | field("steps"; $w)),
    (.expected | lines | fit($w) | field("expected"; $w)),
    (.got | lines | fit($w) | field("got"; $w)),
    (said | fit($w) | field("stderr"; $w)),
    ($lead.hint | lines | fit($w) | field("hint"; $w)),
    ($lead.man | manual | lines | field("read"; $w)),
    "";

def in_points: "\(. / 10 | floor).\(. % 10)";

def mark:
  {"pass": "pass", "fail": "FAIL", "crash": "CRASH", "timeout": "TIMEOUT", "limit": "LIMIT",
   "no-compile": "COMPILE", "missing": "MISSING", "not-run": "not run", "skip": "skip",
   "infra-error": "ERROR"}[.];

def row($mark; $colour; $points; $text):
  ($text | safe | wrap($width - 16)) as $l
  | "  \($colour)\(($mark + " " * 8)[0:8])\($plain)\((" " * 4 + ($points | in_points))[-4:])  \($l[0])",
    ($l[1:][] | " " * 16 + .);

def failed: .verdict | IN("pass", "skip", "not-run") | not;

def program:
  [.name | capture("^(?<p>[a-z][a-z-]*): ").p | select($sources[.])][0] // ($sources | keys_unsorted[0]);

# Tests that were not run, or skipped, with one reason: by name, or by number.
def together($verdict):
  [.[] | select(.verdict == $verdict)]
  | group_by(.got) | sort_by(.[0].number)[]
  | (.[0].got | sub("^not run: "; "") | sub("^needs "; "needs ")) as $why
  | (map(.points) | add) as $points
  | (if length == 1 then "\(.[0].name) (\($why))" else "\(length) tests (\($why))" end) as $text
  | row($verdict | mark; $yellow; $points; $text);

(.tests | map(. + {program: program})) as $tests
| [$tests[] | select(failed)] as $bad
| (if $brief then
     ($bad[0] // empty | row(.verdict | mark; $red; .points; .name), details),
     (if ($bad | length) > 9 then
        ($bad[1:8][] | row(.verdict | mark; $red; .points; .name)),
        "  and \($bad[8:] | length) more that failed"
      else $bad[1:][] | row(.verdict | mark; $red; .points; .name) end)
   else
     $tests[]
     | select(.verdict | IN("skip", "not-run") | not)
     | if failed then row(.verdict | mark; $red; .points; .name), details
       else row("pass"; $green; .points; .name) end
   end),
  (if $brief and $bad == [] then empty else $tests | together("not-run") end),
  ($tests | together("skip")),
  ([ ($bad | length),
     ([$tests[] | select(.verdict == "skip")] | length),
     ([$tests[] | select(.verdict == "pass")] | length),
     ([$tests[] | select(.verdict == "not-run")] | length),
     ($bad[0].verdict // "-"),
     ($bad[0].program // "-"),
     ([$bad[0] // {} | "\(.said)\n\(.got)" | capture("TODO (?<n>[0-9]+)").n][0] // "0"),
     ([$bad[0].got // "" | capture("\\.c:(?<n>[0-9]+)").n][0] // "0"),
     .score, .max,
     ($bad[0] // {} | .verdict == "fail" and (.name | test("valgrind: no (heap block|descriptor)")))
   ] | map(tostring) | join("\t"))
