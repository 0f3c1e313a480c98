# Prints the whole class from one summary line for each submission (slurped).
# Arguments: labs (names with blanks between); roster (one name a line; empty if there is
# none); form: csv or table.
# A student who handed in nothing has a row of empty marks in the gradebook. An empty cell
# means that there was nothing to judge. Only the instructor can make it a zero.
include "text" {"search": "../reports"};

($labs | split(" ")) as $names
| sort_by(.name) as $class
| ($roster | split("\n") | map(select(. != ""))) as $roster
| ($roster - [$class[].name]) as $absent

| def gradebook:
    (["submission"] + $names + ["total"]),
    ($class + [$absent[] | {name: ., labs: [$names[] | {score: null}], score: null}] | sort_by(.name)[]
      | [.name] + [.labs[].score | points] + [.score | points])
    | map(cell) | join(",");

  # A row of at most 80 columns: name, five a lab, seven for the total.
  def row(name; cells; total):
    ([79 - 7 - 5 * ($names | length),
      ([$class[].name | length] + [10] | max), 40] | min) as $wide
    | (name | visible | left($wide))
      + (cells | map(right(5)) | add) + (total | right(7));
    def mark: if .score == null then "?" elif .verdict == "missing" then "-"
    else .score | points end;
  def mean: map(select(. != null)) | if length == 0 then ""
    else add / length | round | points end;

  def marks:
    row("submission"; $names | map(.[:2]); "total"),
    ($class[] | row(.name; .labs | map(mark); if .score == null then "?" else .score | points end)),
    row("mean"; [range($names | length) as $i | [$class[].labs[$i].score] | mean];
      [$class[].score] | mean),
    (if [$class[].labs[].verdict] | any(. == "missing") then "- not handed in" else empty end),
    (if $class | all(.judged) then empty else "? could not be judged" end);

  # The tests that most submissions failed: the likeliest subject of the next lecture.
  def failures:
    [$class[].labs[]
     | .lab as $lab
     | (.failed[] | {$lab, what: .}),
       (select(.verdict == "no-compile") | {$lab, what: "does not compile"})]
    | group_by([.lab, .what])
    | map({n: length, lab: .[0].lab, what: .[0].what})
    | sort_by(-.n, .lab, .what)
    | if length == 0 then empty else
        "", "Commonest failures",
        (.[:10][] | "\(.n | tostring | right(5))  \(.lab | left(13))  " + (.what | visible | cut(57))),
        (if length > 10 then "       … and \(length - 10) other tests that somebody failed" else empty end)
      end;

  def unjudged:
    [$class[] | select(.judged | not)]
    | if length == 0 then empty else
        "", "Not judged: look at these yourself",
        (.[] | .name as $name
         | (.notes | map(select(test("could not be"))) | if . == [] then ["see its result.json"] else . end)[]
         | "  \($name | visible): \(visible)")
      end;

  def listed(heading): if . == [] then empty else "", heading, (sort[] | "  " + visible) end;
  def attendance:
    ($absent | listed("Handed in nothing: no marks, and not a zero")),
    (if $roster == [] then empty
     else [$class[].name] - $roster | listed("Not on the roster, graded all the same") end);

  if $form == "csv" then gradebook else marks, failures, unjudged, attendance end
