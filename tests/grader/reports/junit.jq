# Makes junit.xml for continuous integration from a result after for_student (feedback.jq).
# junit.xsd defines its form. safe (words.jq) replaces all characters that XML 1.0 does not
# allow.
include "words" {"search": "../../engine"};
include "text";
include "feedback";

def xml: safe | @html;
def xml_line: visible | @html;

def seconds: tostring | if test("e") then "0" else . end;

# Gives failure, error or skipped for a test, or null if it passed.
def kind:
  if .verdict == "pass" then null
  elif .verdict == "infra-error" then "error"
  elif failed then "failure"
  else "skipped" end;

# Gives what was expected and what came, in one line.
def in_short:
  rerun
  | [(.expected | lines | .[:1][] | "expected " + .), (.got | lines | .[:1][] | "got " + .)] | join("; ");

# A lab that was not taken or not judged becomes one error case.
def cases:
  if .score != null then .tests[]
  elif .verdict == "missing" then {name: "could not be taken", verdict: "infra-error", ms: 0}
  else {name: "could not be judged", verdict: "infra-error", ms: 0},
    (.tests[] | select(.verdict != "infra-error")) end;

def testcase($lab):
  (.verdict | tostring) as $type
  | "    <testcase classname=\"\($lab)\" name=\"\(.name | xml_line)\" time=\"\((.ms // 0) / 1000 | seconds)\""
  + (kind as $k
     | if $k == null then "/>\n"
       elif $k == "skipped" then ">\n      <skipped message=\"\(.got // "" | xml_line)\"/>\n    </testcase>\n"
       elif .ran == null or hidden then ">\n      <\($k) type=\"\($type)\" message=\"\(.name | xml_line)\"/>\n    </testcase>\n"
       else ">\n      <\($k) type=\"\($type)\" message=\"\(in_short | xml_line)\">"
         + ([fields(100) | .name as $name | .lines | to_entries[]
             | (if .key == 0 then $name else "" end + " " * 10)[0:10] + .value] | join("\n") | xml)
         + "</\($k)>\n    </testcase>\n" end);

def tally($which): map(select(kind == $which)) | length;

def junit:
  [.labs[] | {lab, cases: [cases]}] as $suites
  | ($suites | map(.cases[])) as $every
  | "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    + "<testsuites name=\"\(.submission | xml_line)\" tests=\"\($every | length)\" failures=\"\($every | tally("failure"))\" errors=\"\($every | tally("error"))\">\n"
    + ($suites | map(.lab as $lab | .cases
        | "  <testsuite name=\"\($lab | xml_line)\" tests=\"\(length)\" failures=\"\(tally("failure"))\" errors=\"\(tally("error"))\" skipped=\"\(tally("skipped"))\" time=\"\(map(.ms // 0) | (add // 0) / 1000 | seconds)\">\n"
        + (map(testcase($lab | xml_line)) | join(""))
        + "  </testsuite>\n") | join(""))
    + "</testsuites>\n";
