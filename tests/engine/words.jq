# What a record says, in words: for what the student sees on the terminal
# (show.jq) and for the reports of a class (tests/grader).
#
# A test here is one of a record (tests/engine/judge) with three things more, from
# at_home: .program it is about; .source the file of that; .bin where check keeps
# the programs, as it is to be typed.
# Needs jq 1.6: there index and match count bytes, so none of them is used for
# columns.

# Nothing of a submission's reaches a reader as a command: control characters,
# those that turn the writing direction or end a line unseen, and those that XML
# does not allow are "?". Most texts have none, and test is quick.
def safe:
  gsub("\t"; " ")
  | if test("[\\x00-\\x09\\x0b-\\x1f\\x7f-\\x{9f}\\x{61c}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}\\x{feff}\\x{fffe}\\x{ffff}]") then
      explode
      | map(if . == 10 or (. >= 32 and . < 127) or (. >= 160
            and (IN(1564, 8206, 8207, 65279, 65534, 65535) | not)
            and (. < 8232 or . > 8238) and (. < 8294 or . > 8297)) then . else 63 end)
      | implode
    else . end;

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
# a preload, strace or valgrind it is the build without sanitizers. Where the judge
# had its own folder (run.XXXXXX in .build, at times by a link, or in KIT_SCRATCH)
# there is check's.
def repeatable($bin):
  (if test("^gcc") then "./" elif test("valgrind |strace |LD_PRELOAD") then $bin + "/plain/" else $bin + "/" end) as $dir
  | sub("(?<before>^|[ (])\\./"; .before + $dir)
  | gsub("(?<before>[= \u0027])(?<name>shim|clock)\\.so"; .before + ".build/tools/" + .name + ".so")
  | gsub("/[^ =\u0027:]*/run\\.[A-Za-z0-9]{6}/"; $bin + "/");

def ran($w):
  .bin as $bin
  | . as $t
  | if .ran == "" then []
    elif .ran | length > 600 then [(.ran | safe | repeatable($bin) | .[0:$w - 3] + "..."), "(whole: \($bin)/\(.number)/evidence)"]
    else (.ran | safe | repeatable($bin) | command($w)) end
  | if ($t.runs // 1) > 1 and . != [] then . + ["(run \($t.run) of \($t.runs) in this test)"] else . end;

# What was done to it, and what ran at the same time.
def with:
  .bin as $bin
  | (.with // "" | lines),
    (.beside // "" | lines[] | "beside it runs: " + repeatable($bin) | [.])
  | .[];

def manual:
  [scan("([a-zA-Z0-9_.-]+)\\(([0-9][a-z]*)\\)") | "man \(.[1]) \(.[0])"] | join(", ");

# What leads on: the test's own hint, but when the program did not compile or went
# wrong by itself, or its calls tell more (calls.awk), that comes first.
def lead:
  if .verdict == "no-compile" then
    {hint: "Begin with the first error; the others often follow from it.", man: "gcc(1)"}
  elif .verdict == "missing" then
    {hint: "Is it there under exactly this name?", man: ""}
  elif .verdict == "crash" and (.got | test("runtime error|Sanitizer")) then
    {hint: "Look at the line that is named: which pointer, index or number is used there, and where was it set?", man: ""}
  elif (.seen // "") != "" then {hint: .seen, man: (.man // "")}
  else {hint: (.hint + (if (.maybe // "") != "" then "\n" + .maybe else "" end)), man: (.man // "")} end;

# What it said on standard error, where that is not what came already; then what it said
# because the test had ended.
def said:
  . as $t
  | if .verdict == "no-compile" then []
    else
      (.said // "" | lines | map(select(. as $l | $t.got | contains($l) | not)))
      + (.afterwards // "" | lines | if . == [] then [] else ["(after the test had failed and closed its connections:)"] + . end)
    end;

def last($n; $what):
  if length > $n then
    ["(\(length - $n) \(if length == $n + 1 then $what | rtrimstr("s") else $what end) before)"] + .[-$n:]
  else . end;

# What was run and expected, where no program was.
def rerun:
  if .verdict == "missing" then .expected = "the file \(.source)"
  elif .verdict == "no-compile" and .ran == "" then
    .ran = "gcc -std=gnu17 \(.source) -o \(.bin)/\(.program)"
    | .expected = "it compiles as C17"
  else . end;

# fields(w): of a test that failed, what is to be told: {name, lines}, in order,
# no line over w columns.
def fields($w):
  lead as $lead
  | rerun
  | {name: "run", lines: ran($w)},
    {name: "with", lines: ([with] | fit($w))},
    {name: "steps", lines: (.steps // [] | map(safe) | last(8; "steps") | fit($w))},
    {name: "expected", lines: (.expected | lines | fit($w))},
    {name: "got", lines: (.got | lines | fit($w))},
    {name: "stderr", lines: (said | fit($w))},
    {name: "hint", lines: ($lead.hint | lines | fit($w))},
    {name: "read", lines: ($lead.man | manual | lines | fit($w))},
    {name: "stdout", lines: (if .calls or (.got | test("\\^ byte")) then [] else .printed // "" | lines | fit($w) end)},
    {name: "gcc", lines: (.warned // "" | lines | fit($w))},
    {name: "calls", lines: (.calls // [] | map(safe) | if . == [] then [] else fit($w) + ["(strace, in one more run)"] end)}
  | select(.lines != []);

def in_points: "\(. / 10 | floor).\(. % 10)";

def mark:
  {"pass": "pass", "fail": "FAIL", "crash": "CRASH", "timeout": "TIMEOUT", "limit": "LIMIT",
   "no-compile": "COMPILE", "missing": "MISSING", "not-run": "not run", "skip": "skip",
   "infra-error": "ERROR"}[.];

def failed: .verdict | IN("pass", "skip", "not-run") | not;

# at_home(sources; bin): a record's tests, each with its program, that one's file
# and where check keeps it; sources is {program: file}, the first program first.
def at_home($sources; $bin):
  .tests | map(
    ([.name | capture("^(?<p>[a-z][a-z-]*): ").p | select($sources[.])][0] // ($sources | keys_unsorted[0])) as $program
    | . + {program: $program, source: $sources[$program], bin: $bin});

# together(verdict): tests that were not run, or skipped, with one reason: {points,
# text}, by name, or by number.
def together($verdict):
  [.[] | select(.verdict == $verdict)]
  | group_by(.got) | sort_by(.[0].number)[]
  | (.[0].got | sub("^not run: "; "")) as $why
  | {points: (map(.points) | add),
     text: (if length == 1 then "\(.[0].name) (\($why))" else "\(length) tests (\($why))" end | safe)};
