# Turns a submission's result.json into Gradescope's results.json
# (gradescope-autograders.readthedocs.io, Specifications). All formats are "text", because
# Gradescope escapes text, but not its default format. If the submission was not judged,
# there is no output. Without results.json Gradescope shows that the autograder failed and
# gives no mark. If the submission could not be taken, the output says why, and the student
# can send it again.
include "text" {"search": "../reports"};

def tenths: . / 10;
def clean: split("\n") | map(visible) | join("\n");
# field(name): gives the lines of that field, with its name.
def field($name): .[$name] // "" | if . == "" then empty else "\($name): " + gsub("\n"; "\n  ") end;

def words:
  if .verdict == "pass" then ""
  else [.verdict, field("ran"), field("expected"), field("got"), field("said"),
    (field("hint"), field("man") | select(. != ""))] | join("\n") | clean end;

(.labs | all(.verdict == "missing" and .score == null)) as $refused
| if .score == null and ($refused | not) then empty
  else {
    score: (.score // 0 | tenths),
    output: ([ (if $refused then "Nothing could be judged: please send it again." else empty end),
      .notes[], "SEED=\(.seed)" + (if .confined == "full" then "" else ", confinement: \(.confined)" end)]
      | join("\n") | clean),
    output_format: "text",
    test_output_format: "text",
    test_name_format: "text",
    stdout_visibility: "hidden",
    extra_data: {seed, confined},
    tests: [.labs[]
      | .lab as $lab
      | if .tests == [] then
          {name: "\($lab): no program", number: ($lab[:2]), score: 0, max_score: (.max | tenths), status: "failed", output: .verdict}
        else
          .tests[]
          | {name: ("\($lab): \(.name)" | visible), number: "\($lab[:2]).\(.number // 0)", score: (.earned | tenths),
             max_score: (if .verdict == "skip" then 0 else .points | tenths end), output: words}
            + (if .verdict == "skip" then {} else {status: (if .verdict == "pass" then "passed" else "failed" end)} end)
        end
      | . + {name_format: "text", output_format: "text", visibility: "visible"}]
  } end
