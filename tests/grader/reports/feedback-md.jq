# Makes feedback.md from a result after for_student (feedback.jq), in Markdown (CommonMark and
# GitHub's). Text from a submission is always in a code span or a code block. Its fence is
# longer than any run of backticks inside, so the text cannot become markup.
include "words" {"search": "../../engine"};
include "text";
include "feedback";

def longest_run: [scan("`+") | length] | max // 0;

def span:
  visible | (longest_run + 1) as $n | ("`" * $n) as $f
  | if . == "" then "(no name)" else "\($f) \(.) \($f)" end;

def block:
  ("`" * ([longest_run + 1, 3] | max)) as $f | "\($f)text\n\(.)\n\($f)\n";

# Escapes the names of labs and tests, which come from the course.
def words: visible | gsub("(?<c>[\\\\`*_\\[\\]<>|&~])"; "\\\(.c)");

def failure:
  "### \(.verdict | mark) (\(.points | points)) \(.name | words)\n\n"
  + (if hidden then "What a hidden test does is not shown.\n\n" else
      [fields(76)] as $fields
      | ([$fields[] | select(.name | IN("hint", "read", "calls", "picture") | not) | .name as $name
        | .lines | to_entries[] | (if .key == 0 then $name else "" end + " " * 10)[0:10] + .value
        | sub(" +$"; "")] | join("\n") | block) + "\n"
      + ([fields(100000) | select(.name == "hint") | .lines | join(" ") | words] | join("") | if . == "" then . else . + "\n\n" end)
      + ([$fields[] | select(.name == "read") | "Read: \(.lines | join(" ") | words)"] | join("") | if . == "" then . else . + "\n\n" end)
      + ([$fields[] | select(.name == "picture") | "<details>\n<summary>What the test did, and what your program called</summary>\n\n"
          + (.lines | join("\n") | block) + "\n</details>\n\n"] | join("")) end);

# Lists the tests of one verdict, with the reason: the test that failed, or what the machine
# lacks.
def left($verdict; $title):
  [.tests | together($verdict) | "- \(.points | points): \(.text | words)\n"]
  | if . == [] then "" else "\($title):\n\n\(join(""))\n" end;

def section($seed):
  "## \(.lab | words): \(if judged then "\(.score | points) of \(.max | points)" else "no mark" end)\n\n"
  + "\(outcome | .[:1] as $c | ($c | ascii_upcase) + .[1:] | words).\n\n"
  + ([.tests[] | select(failed) | failure] | join(""))
  + left("not-run"; "Not run") + left("skip"; "Skipped")
  + (if full or .score == null and .verdict == "missing" then "" else
      "At home, with the same questions: `\(repeat($seed))`\n\n" end);

def feedback_md:
  . as $all
  | "# Feedback for \(.submission | span)\n\n"
    + (if judged then "**\(.score | points) of \(.max | points) points**\n\n"
       else "**No mark yet**: a part could not be judged, and a person will look at it.\n\n" end)
    + (if .notes == [] then "" else "About what was handed in:\n\n" + (.notes | map(visible) | join("\n") | block) + "\n" end)
    + "| Lab | Points | Tests |\n| --- | ---: | --- |\n"
    + ([.labs[] | "| \(.lab | words) | \(if judged then .score | points else "–" end) | \(outcome | words) |\n"] | join("")) + "\n"
    + (next_step | if . == null then "" else "Next: \(.lab | words), \(.why | words).\n\n" end)
    + ([.labs[] | section($all.seed)] | join(""))
    + "---\n\nPoints come from what was seen from outside: in the kernel's tables and on the wire. A test\n"
    + "that stands on one that failed is not run. What is skipped counts neither way.\n"
    + "Seed \(.seed): with it, `make check` asks your programs the same.\([confinement | "\n" + words] | join(""))\n";
