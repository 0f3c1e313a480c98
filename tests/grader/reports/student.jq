# Makes the reports on each student from the results (the inputs, with the file names
# OUT/<student>/result.json). Arguments: css, the style; programs, {lab: [program]}.
# Gives five texts for each student: the folder in OUT, feedback.md, feedback.html,
# junit.xml, and a line of JSON for the class report (index.jq). Each ends with the
# character RS (30), which none of them holds.
include "words" {"search": "../../engine"};
include "feedback";
include "feedback-md";
include "feedback-html";
include "junit";

# .alike groups equal mistakes of several students: the same test with the same output,
# apart from numbers that differ for each student (ports, lines, addresses).
def mistake($lab):
  {lab: $lab, id, name, expected, got: (.got | lines | .[:6] | join("\n"))}
  + if .said // "" | test("TODO [0-9]+ in ") then
      {expected: "", got: (.said | [lines[] | select(test("TODO [0-9]+ in "))][0])}
    elif .verdict == "no-compile" then
      {expected: "", got: ([(.got | lines[] | select(test("error: "))), .got][0] | sub("^.*error: "; "error: "))}
    else {} end
  | .alike = (.got | gsub("0x[0-9a-f]+|[0-9]{4,}"; "0"));

def class_line($folder):
  {folder: $folder, name: .submission, score, max, seed, confined, notes,
   labs: [.labs[] | .lab as $lab | {lab, score, max, verdict, outcome: (outcome / ";" | .[0]),
     tests: [.tests[] | {id, name, verdict, points, hidden: hidden}],
     mistakes: [.tests[] | select(failed and .verdict != "missing" and (hidden | not)) | mistake($lab)]}]}
  | tojson;

inputs
| (input_filename / "/" | .[-2]) as $folder
| for_student($programs[0])
| ($folder, feedback_md, feedback_html($css), junit, class_line($folder))
| . + "\u001e"
