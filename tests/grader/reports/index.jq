# Makes index.html, the report on the class, from one line for each student (student.jq;
# slurped).
# Arguments: css, script and policy (html.jq).
include "words" {"search": "../../engine"};
include "text";
include "html";
include "feedback";

def letter:
  {"pass": "✓", "fail": "F", "crash": "C", "timeout": "T", "limit": "L", "no-compile": "E",
   "missing": "M", "not-run": "–", "skip": "s", "infra-error": "?"}[.];
def kind:
  if . == "pass" then "p" elif . == "not-run" then "n" elif IN("skip", "infra-error") then "q" else "f" end;

def mean: map(select(. != null)) | if . == [] then null else add / length | round end;
def median:
  map(select(. != null)) | sort | length as $n
  | if $n == 0 then null else (.[($n - 1) / 2 | floor] + .[$n / 2 | floor]) / 2 | round end;
def percent: . * 100 | round | "\(.) %";
def student: "<a href=\"\(.folder | href)/feedback.html\">\(.name | name)</a>";
def share: if .max > 0 then .score / .max else 0 end;

# Gives a table cell with the mark. The higher the share, the deeper its background.
def marked: "<td class=\"num m\(share * 5 | floor)\">\(.score | points)</td>";

sort_by(.name) as $class
| ([$class[].labs[].lab] | unique) as $labs
| [$class[] | select(.score != null)] as $judged
| [$class[] | select(.score == null)] as $open
# For each lab: the longest list of tests that a student has, and how many passed each.
| [$labs[] as $lab
    | [$class[].labs[] | select(.lab == $lab)] as $all
    | {lab: $lab, tests: [($all | max_by(.tests | length) | .tests)[] | .id as $id | {id, name, points, hidden}
        + ([$all[].tests[] | select(.id == $id) | .verdict]
           | {passed: (map(select(. == "pass")) | length), failed: (map(select(kind == "f")) | length),
              left: (map(select(. == "not-run")) | length)})]}] as $tests

| def look:
    if $open == [] then "" else
      "<section class=notes aria-labelledby=look>\n<h2 id=look>Look at these yourself</h2>\n"
      + "<p>They could not be taken or judged. They have no mark, and none is meant.</p>\n<ul>\n"
      + ([$open[] | . as $one | "<li>\(student): "
          + ([.notes[] | select(test("could not be")) | html_line]
             | if . == [] then [$one.labs[] | select(.score == null) | "\(.lab): \(.outcome)" | html_line] else . end | join("; "))
          + "</li>\n"] | join(""))
      + "</ul>\n</section>\n" end;

  def figures:
    [$judged[].score] as $scores
    | "<dl class=figures>\n"
    + "<div><dt>submissions</dt><dd>\($class | length)</dd></div>\n"
    + "<div><dt>mean</dt><dd>\($scores | mean | points)</dd></div>\n"
    + "<div><dt>median</dt><dd>\($scores | median | points)</dd></div>\n"
    + "<div><dt>full marks</dt><dd>\([$judged[] | select(.score == .max)] | length)</dd></div>\n"
    + "<div><dt>not judged</dt><dd>\($open | length)</dd></div>\n"
    + "</dl>\n";

  def distribution:
    [$judged[] | [share * 10 | floor, 9] | min] as $bins
    | [range(10) as $i | [$bins[] | select(. == $i)] | length] as $n
    | "<table class=spread>\n<caption>How the marks are spread: submissions in each tenth of the maximum</caption>\n"
    + "<thead><tr><th scope=col>Marks</th><th scope=col>Submissions</th></tr></thead>\n<tbody>\n"
    + ([range(10) | . as $i | "<tr><th scope=row>\($i * 10)–\($i * 10 + 10) %</th>"
        + "<td style=\"--n:\($n[$i] / ([$n[], 1] | max) * 1000 | round / 1000)\"><span>\($n[$i])</span></td></tr>\n"] | join(""))
    + "</tbody>\n</table>\n";

  def cell:
    if .score != null and .verdict == "missing" then "<td class=\"num none\"><abbr title=\"not handed in\">–</abbr></td>"
    elif .score == null then "<td class=\"num open\"><abbr title=\"not judged\">?</abbr></td>"
    else marked end;

  def marks:
    "<p class=about>Points of each submission, lab by lab. “–” was not handed in"
    + (if $open == [] then "" else ", “?” could not be judged" end) + ".</p>\n"
    + "<div class=wide tabindex=0 role=region aria-labelledby=marks>\n<table class=marks>\n"
    + "<caption class=unseen>Points of each submission, lab by lab</caption>\n"
    + "<thead><tr><th scope=col>Submission</th><th scope=col class=num>Total</th>"
    + ([$labs[] | "<th scope=col class=num><a href=#lab-\(.[:2]) title=\"\(html_line)\">\(.[:2])<span class=unseen> \(.[3:] | html_line)</span></a></th>"] | join(""))
    + "</tr></thead>\n<tbody>\n"
    + ([$class[] | "<tr><th scope=row>\(student)</th>"
        + (if .score == null then "<td class=\"num open\"><abbr title=\"not judged\">?</abbr></td>" else "<td class=\"num total\">\(.score | points)</td>" end)
        + (.labs | map(cell) | join("")) + "</tr>\n"] | join(""))
    + "</tbody>\n<tfoot><tr><th scope=row>mean</th><td class=num>\([$class[].score] | mean | points)</td>"
    + ([$labs[] as $lab | [$class[].labs[] | select(.lab == $lab) | .score] | mean | "<td class=num>\(points)</td>"] | join(""))
    + "</tr></tfoot>\n</table>\n</div>\n";

  # The share counts passed and failed runs. A test that was not run tells nothing.
  def hardest:
    [$tests[] | .lab as $lab | .tests[] | select(.failed > 0)
      | . + {lab: $lab, share: (.passed / (.passed + .failed))}]
    | sort_by(.share, -.failed, .id) | .[:10]
    | if . == [] then "<p>No test was failed.</p>\n" else
      "<ol class=hard>\n"
      + (map("<li><a href=#h\(.id)>\(.name | html_line)</a> <span class=of>\(.lab | html_line)</span>"
          + "<span class=rate>\(.share | bar) \(.passed) of \(.passed + .failed) passed\(if .left > 0 then ", \(.left) did not get so far" else "" end)</span></li>\n") | join(""))
      + "</ol>\n" end;

  def mistakes:
    [$class[] | . as $who | .labs[].mistakes[] | . + {$who}]
    | group_by([.id, .alike]) | map(select(length > 1)) | sort_by(-length, .[0].id) | .[:12]
    | if . == [] then "<p>No two submissions failed a test in the same way.</p>\n" else
      "<ol class=mistakes>\n"
      + (map("<li><p><strong>\(length)</strong> <a href=#h\(.[0].id)>\(.[0].name | html_line)</a> <span class=of>\(.[0].lab | html_line)</span></p>\n"
          + "<dl>" + (if .[0].expected == "" then "" else "<dt>expected</dt><dd><pre tabindex=0>\(.[0].expected | lines | fit(48) | join("\n") | html)</pre></dd>" end)
          + "<dt>got</dt><dd><pre tabindex=0>\(.[0].got | lines | fit(48) | join("\n") | html)</pre></dd></dl>\n"
          + "<details><summary>who</summary><p>"
          + (map(. as $m | .who | "<a href=\"\(.folder | href)/feedback.html#\($m.id)\">\(.name | name)</a>") | join(", "))
          + "</p></details></li>\n") | join(""))
      + "</ol>\n" end;

  def legend:
    "<ul class=legend aria-label=\"Signs in the tables\">\n"
    + ([["pass", "passed"], ["fail", "failed"], ["crash", "crashed"], ["timeout", "took too long"], ["limit", "went over a limit"],
        ["no-compile", "does not compile"], ["missing", "no such file"], ["not-run", "not run: something before it failed"],
        ["skip", "skipped here"], ["infra-error", "could not be judged"]]
       | map("<li><i class=\(.[0] | kind)>\(.[0] | letter)</i> \(.[1])</li>\n") | join(""))
    + "</ul>\n";

  # A hidden test links to its evidence in the student's folder, not to the student's page.
  def heat:
    .lab as $lab | .tests as $of
    | "<section class=lab aria-labelledby=lab-\($lab[:2])>\n<h3 id=lab-\($lab[:2])>\($lab | html_line)</h3>\n"
    + "<div class=wide tabindex=0 role=region aria-labelledby=lab-\($lab[:2])>\n<table class=heat>\n<caption class=unseen>\($lab | html_line): each submission and test</caption>\n"
    + "<thead><tr><th scope=col>Submission</th>"
    + ([$of | to_entries[] | "<th scope=col title=\"\(.value.name | html_line)\">\(.key + 1)<span class=unseen> \(.value.name | html_line)</span></th>"] | join(""))
    + "</tr></thead>\n<tbody>\n"
    + ([$class[] | (.folder | href) as $at | .labs[] as $l | select($l.lab == $lab) | "<tr><th scope=row>\(student)</th>"
        + (if $l.tests == [] then "<td colspan=\($of | length) class=none>\($l.outcome | html_line)</td>"
           else [$l.tests[] | "<td class=\(.verdict | kind)><a href=\"\($at)/\(if .hidden then "\($lab)/" else "feedback.html#\(.id)" end)\">\(.verdict | letter)</a>"] | join("") end)
        + "\n"] | join(""))
    + "</tbody>\n</table>\n</div>\n<ol class=key>\n"
    + ([$of[] | "<li id=h\(.id)>\(.name | html_line)\(if .hidden then " <em>hidden</em>" else "" end) "
        + "<span class=of>\(.points | points) · \(if .passed + .failed == 0 then "nobody came so far" else "\(.passed) of \(.passed + .failed) passed" end)</span></li>\n"] | join(""))
    + "</ol>\n</section>\n";

  page("Class report · Socket Steps"; $css; $script; $policy;
    "<header class=top>\n<p class=over>Socket Steps · class report</p>\n<h1>\($class | length | plural("submission"; "submissions")), \($labs | length | plural("lab"; "labs"))</h1>\n"
    + "<p class=about>Seed \([$class[].seed] | unique | map(tostring) | join(", ")), of \([$class[].max] | max | points) points."
    + ([$class[] | confinement] | unique | map(" <strong>\(html_line)</strong>") | join(""))
    + "</p>\n<nav aria-label=\"Parts of this report\"><ul>\n"
    + ((if $open == [] then [] else [["look", "Not judged"]] end) + [["marks", "Marks"], ["hardest", "Hardest tests"], ["mistakes", "Commonest mistakes"], ["tests", "Every test"]]
       | map("<li><a href=#\(.[0])>\(.[1])</a></li>\n") | join(""))
    + "</ul></nav>\n</header>\n<main id=main class=class>\n"
    + look
    + "<section aria-labelledby=spread class=glance>\n<h2 id=spread class=unseen>At a glance</h2>\n" + figures + distribution + "</section>\n"
    + "<section aria-labelledby=marks>\n<h2 id=marks>Marks</h2>\n" + marks + "</section>\n"
    + "<section aria-labelledby=hardest>\n<h2 id=hardest>Hardest tests</h2>\n" + hardest + "</section>\n"
    + "<section aria-labelledby=mistakes>\n<h2 id=mistakes>Commonest mistakes</h2>\n" + mistakes + "</section>\n"
    + "<section aria-labelledby=tests>\n<h2 id=tests>Every test</h2>\n<p>Each sign leads to what was run, what was expected and what came.</p>\n" + legend
    + ([$tests[] | heat] | join("")) + "</section>\n"
    + "</main>\n<footer>\n<p>From each submission’s <code>result.json</code>; marks for other programs are in <code>gradebook.csv</code>.</p>\n</footer>\n")
