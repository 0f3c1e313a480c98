# Puts a record into words: for the terminal (show.jq) and for the reports on a class
# (tests/grader).
#
# A test here is a test of a record (tests/engine/judge) with three more keys, which
# at_home adds: .program is the program's name, .source its file, .bin the folder where
# check keeps the programs, as the student types it.
# It works with jq 1.6, in which index and match count bytes. So no column is computed with
# them.

# Makes a text from a submission harmless: "?" replaces control characters, characters that
# change the writing direction or end a line invisibly, and characters that XML does not
# allow. Most texts have none of them, so the fast test comes first.
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

# wrap(w): breaks a line at blanks into lines of at most w columns.
def wrap($w):
  if length <= $w then [.]
  else
    (.[0:$w + 1] | explode | [indices(32)[]][-1] // 0) as $i
    | if $i == 0 or (.[0:$i] | test("^ *$"))
      then [.[0:$w]] + (.[$w:] | wrap($w))
      else [.[0:$i]] + (.[$i + 1:] | wrap($w)) end
  end;

# Cuts a line and the carets below it at the same columns.
def pointed($w; $line; $carets):
  ([$carets | explode | indices(94)[], indices(126)[]] | min // 0) as $at
  | (if $line | test("^ *[0-9]+ \\| ") then $line | capture("^(?<g> *[0-9]+ \\| )").g | length else 0 end) as $g
  | (if $at < $w - 8 then 0 else $at - ($w / 2 | floor) end) as $gone
  | ($line | .[0:$g] + .[$g + $gone:]) as $a
  | ($carets | .[0:$g] + .[$g + $gone:]) as $b
  | [(if ($a | length) > $w then $a[0:$w - 3] + "..." else $a end), $b[0:$w]];

def points_into: test("^[ |]*[~^]");

# fit(w): breaks each line at w columns. A line above carets is cut instead, with its
# carets.
def fit($w):
  . as $l
  | [ range(length) as $i
      | if $i + 1 < ($l | length) and ($l[$i + 1] | points_into) then pointed($w; $l[$i]; $l[$i + 1])[]
        elif $i > 0 and ($l[$i] | points_into) then empty
        else $l[$i] | wrap($w)[] end ];

# Breaks a shell command into lines that end with a backslash. Its words are quoted as
# printf %q does it, or in single quotes.
def command($w):
  [scan("(?:\\$'(?:[^'\\\\]|\\\\.)*'|'[^']*'|\\\\.|[^ '\\\\])+")]
  | reduce .[] as $word ([];
      if length == 0 then [$word]
      elif (.[-1] + " " + $word | length) <= $w - 2 then .[-1] += " " + $word
      else . + [$word] end)
  | [range(length) as $i | .[$i] + (if $i + 1 < length then " \\" else "" end)];

# Changes the command so that a student can repeat it: check's folder replaces the folder of
# the run (run.XXXXXX in .build, sometimes through a link, or in KIT_SCRATCH). With a
# preload, strace or valgrind it names the build without sanitizers.
def repeatable($bin):
  (if test("^gcc") then "./" elif test("valgrind |strace |LD_PRELOAD") then $bin + "/plain/" else $bin + "/" end) as $dir
  | sub("(?<before>^|[ (])\\./"; .before + $dir)
  | gsub("(?<before>[= \u0027])(?<name>shim|clock|names)\\.so"; .before + ".build/tools/" + .name + ".so")
  | gsub("/[^ =\u0027:]*/run\\.[A-Za-z0-9]{6}/"; $bin + "/");

def ran($w):
  .bin as $bin
  | . as $t
  | if .ran == "" then []
    elif .ran | length > 600 then [(.ran | safe | repeatable($bin) | .[0:$w - 3] + "..."), "(whole: \($bin)/\(.number)/evidence)"]
    else (.ran | safe | repeatable($bin) | command($w)) end
  | if ($t.runs // 1) > 1 and . != [] then . + ["(run \($t.run) of \($t.runs) in this test)"] else . end;

# What the test did to the program, and what ran at the same time.
def with:
  .bin as $bin
  | (.with // "" | lines),
    (.beside // "" | lines[] | "beside it runs: " + repeatable($bin) | [.])
  | .[];

def manual:
  [scan("([a-zA-Z0-9_.-]+)\\(([0-9][a-z]*)\\)") | "man \(.[1]) \(.[0])"] | join(", ");

# Gives the hint and the manual page. They are the test's own, unless something tells more:
# the compiler, a sanitizer, or the program's calls (calls.awk).
def lead:
  if .verdict == "no-compile" then
    {hint: "Begin with the first error; the others often follow from it.", man: "gcc(1)"}
  elif .verdict == "missing" then
    {hint: "Is it there under exactly this name?", man: ""}
  elif .verdict == "crash" and (.got | test("runtime error|Sanitizer")) then
    {hint: "Look at the line that is named: which pointer, index or number is used there, and where was it set?", man: ""}
  elif .verdict == "fail" and (.expected | test("ends with exit status [12]$")) and (.got | test("^exit status [0-9]"))
      and (if .expected | endswith("2") then .said | test("usage") else .said != "" end) then
    {hint: "It said why. Which exit status does the program end with after that?", man: "exit(3)"}
  elif (.seen // "") != "" then {hint: .seen, man: (.man // "")}
  else {hint: (.hint + (if (.maybe // "") != "" then "\n" + .maybe else "" end)), man: (.man // "")} end;

# Gives the program's standard error without the lines that .got holds, then what the
# program wrote after the test had ended.
def stderr_lines:
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

# Sets what was expected, and the command, if no program ran.
def rerun:
  if .verdict == "missing" then .expected = "the file \(.source)"
  elif .verdict == "no-compile" and .ran == "" then
    .ran = "gcc -std=gnu17 \(.source) -o \(.bin)/\(.program)"
    | .expected = "it compiles as C17"
  else . end;

# fields(w): gives {name, lines} for each part of the report on a failed test, in order. No
# line has more than w columns.
def fields($w):
  lead as $lead
  | rerun
  | {name: "run", lines: ran($w)},
    {name: "with", lines: ([with] | fit($w))},
    {name: "steps", lines: (.steps // [] | map(safe) | last(8; "steps") | fit($w))},
    {name: "expected", lines: (.expected | lines | fit($w))},
    {name: "got", lines: (.got | lines | fit($w))},
    {name: "stderr", lines: (stderr_lines | fit($w))},
    {name: "hint", lines: ($lead.hint | lines | fit($w))},
    {name: "read", lines: ($lead.man | manual | lines | fit($w))},
    {name: "stdout", lines: (if .calls or (.got | test("\\^ byte")) then [] else .printed // "" | lines | fit($w) end)},
    {name: "gcc", lines: (.warned // "" | lines | fit($w))},
    {name: "picture", lines: (.picture // "" | lines)},
    {name: "calls", lines: (.calls // [] | map(safe) | if . == [] then [] else ["(one more run, under strace: addresses and ports are others)"] + fit($w) end)}
  | select(.lines != []);

def in_points: "\(. / 10 | floor).\(. % 10)";

def mark:
  {"pass": "pass", "fail": "FAIL", "crash": "CRASH", "timeout": "TIMEOUT", "limit": "LIMIT",
   "no-compile": "COMPILE", "missing": "MISSING", "not-run": "not run", "skip": "skip",
   "infra-error": "ERROR"}[.];

def failed: .verdict | IN("pass", "skip", "not-run") | not;

# at_home(sources; bin): gives a record's tests with .program, .source and .bin added.
# sources is {program: file}, with the lab's first program first.
def at_home($sources; $bin):
  .tests | map(
    ([.name | capture("^(?<p>[a-z][a-z-]*): ").p | select($sources[.])][0] // ($sources | keys_unsorted[0])) as $program
    | . + {program: $program, source: $sources[$program], bin: $bin});

# together(verdict): groups the tests that were not run, or skipped, by their reason. Gives
# {points, text} for each group; text names a single test, or says how many tests there are.
def together($verdict):
  [.[] | select(.verdict == $verdict)]
  | group_by(.got) | sort_by(.[0].number)[]
  | (.[0].got | sub("^not run: "; "")) as $why
  | {points: (map(.points) | add),
     text: (if length == 1 then "\(.[0].name) (\($why))" else "\(length) tests (\($why))" end | safe)};
