# Prepares a result (result.schema.json) for the student. feedback.md, feedback.html and
# junit.xml all use it.
include "words" {"search": "../../engine"};
include "text";

# A hidden test shows its category and nothing else.
def hidden: (.hidden // false) != false;
def category: [.category, .hidden | strings | select(. != "")][0] // "other";
def without_data:
  if hidden then
    {hidden: true, name: "hidden test: \(category)", points, earned, verdict, ms, man: "",
     ran: "", expected: "", said: "", steps: [], hint: "", program, source, bin,
     got: (if .verdict == "not-run" then "not run: something before it failed"
           elif .verdict == "skip" then "this machine lacks something"
           else "" end)}
  else . end;

# for_student(programs): gives the result with an id for each test, and with what at_home adds
# (words.jq). It removes the data of hidden tests. programs is {lab: [program]}.
def for_student($programs):
  .labs |= map(
    .lab as $lab
    | (reduce ($programs[$lab] // [$lab[3:]])[] as $p ({}; .[$p] = "labs/\($lab)/\($p).c")) as $sources
    | .tests = at_home($sources; ".build/check/" + $lab)
    | .tests |= [to_entries[] | .key as $i | .value | .id = "t\($lab[:2])-\($i + 1)" | without_data]);

def judged: .score != null;
def full: judged and .score == .max and all(.tests[]; .verdict | IN("pass", "skip"));

# Gives "21 passed, 1 failed, 2 not run, 3 skipped", as check prints it.
def counts:
  (.tests | map(if failed then "failed" else .verdict end)) as $v
  | ($v | map(select(. == "pass")) | length) as $passed
  | [ "\($passed) passed",
      ({"failed": "failed", "not-run": "not run", "skip": "skipped"} | to_entries[]
       | .key as $k | ([$v[] | select(. == $k)] | length) as $n | select($n > 0) | "\($n) \(.value)") ]
  | join(", ");

# Gives the outcome of a lab in a few words.
def outcome:
  if .verdict == "infra-error" then "could not be judged; your program is not to blame"
  elif .verdict == "missing" and .score == null then "could not be taken"
  elif .verdict == "missing" then "not handed in"
  elif .verdict == "no-compile" then "does not compile" + (if any(.tests[]; .verdict == "pass") then ": " + counts else "" end)
  else counts end;

# Gives the lab to continue with: the first lab without full marks.
def next_step:
  [.labs[] | select(judged and (full | not))][0]
  | if . == null then null else . as $lab
    | {lab, why: (if .verdict == "missing" then "put your program into \(.tests[0].source // "labs/\(.lab)/")"
        else [.tests[] | select(failed)][0] as $t
          | if $t == null then "see what was not run" else $t.name end end)} end;

# Gives the command that repeats the tests at home with the same seed.
def repeat($seed): "make check LAB=\(.lab[:2]) SEED=\($seed)";

# Gives a sentence about the confinement (result.schema.json), or nothing if it was full.
def confinement:
  .confined | if . == "full" then empty elif . == "none" then "Submissions ran unconfined."
    else "Submissions ran under weaker confinement." end;
