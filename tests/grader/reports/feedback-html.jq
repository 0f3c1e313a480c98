# Makes feedback.html, the page for the student, from a result after for_student (feedback.jq).
include "words" {"search": "../../engine"};
include "text";
include "html";
include "feedback";

def badge: "<span class=\"badge \(if failed then "bad" elif .verdict == "pass" then "good" else "none" end)\">\(.verdict | mark)</span>";

# Commands and outputs keep their form, in a box that can scroll. tabindex lets the keyboard
# reach the box. Hints and manual pages are plain text.
def value:
  if .name | IN("hint", "read") then "<dd>\(.lines | join(" ") | html)</dd>"
  else "<dd><pre\(if any(.lines[]; length > 34) then " tabindex=0" else "" end)>\(.lines | join("\n") | html)</pre></dd>" end;

def failure:
  "<article class=test id=\(.id)>\n"
  + "<h3>\(badge) \(.name | html_line) <span class=worth>\(.points | points)</span></h3>\n"
  + (if hidden then "<p>What a hidden test does is not shown. The handout and the tests that you see ask for the same.</p>\n"
     else [fields(88)] as $fields
     | "<dl>\n" + ([$fields[] | select(.name | IN("calls", "picture") | not) | "<dt>\(.name)</dt>\(value)\n"] | join("")) + "</dl>\n"
     + ([$fields[] | select(.name == "picture") | "<details class=picture>\n<summary>What the test did, and what your program called</summary>\n"
        + "<pre tabindex=0>\(.lines | join("\n") | html)</pre>\n</details>\n"] | join("")) end)
  + "</article>\n";

def left($verdict; $title):
  [.tests | together($verdict) | "<li><span class=worth>\(.points | points)</span> \(.text | html_line)</li>\n"]
  | if . == [] then "" else "<h3 class=quiet>\($title)</h3>\n<ul class=plain>\n\(join(""))</ul>\n" end;

# Lists the tests that did not fail, so that every test has an id on the page for links.
def others:
  [.tests[] | select(failed | not)]
  | if . == [] then "" else
      "<details>\n<summary>\(map(select(.verdict == "pass")) | length | plural("test"; "tests")) passed"
      + (if any(.[]; .verdict != "pass") then "; all that did not fail" else "" end) + "</summary>\n<ul class=tests>\n"
      + (map("<li id=\(.id)>\(badge) <span>\(.name | html_line)</span> <span class=worth>\(.points | points)</span></li>\n") | join(""))
      + "</ul>\n</details>\n" end;

def section($seed):
  "<section aria-labelledby=lab-\(.lab[:2])>\n"
  + "<h2 id=lab-\(.lab[:2])>\(.lab | html_line) <span class=points>\(if judged then "\(.score | points) of \(.max | points)" else "no mark" end)</span></h2>\n"
  + "<p class=outcome>\(outcome | .[:1] as $c | ($c | ascii_upcase) + .[1:] | html_line).</p>\n"
  + ([.tests[] | select(failed) | failure] | join(""))
  + left("not-run"; "Not run") + left("skip"; "Skipped") + others
  + (if full or .score == null and .verdict == "missing" then "" else
      "<p class=again>At home, with the same questions: <code>\(repeat($seed))</code></p>\n" end)
  + "</section>\n";

def overview:
  "<table class=overview>\n<caption class=unseen>Points lab by lab</caption>\n"
  + "<thead><tr><th scope=col>Lab</th><th scope=col class=num>Points</th><td></td><th scope=col>Tests</th></tr></thead>\n<tbody>\n"
  + ([.labs[] | "<tr><th scope=row><a href=#lab-\(.lab[:2])>\(.lab | html_line)</a></th>"
      + "<td class=num>\(if judged then .score | points else "–" end)</td>"
      + "<td class=share>\(if judged and .max > 0 then .score / .max else 0 end | bar)</td>"
      + "<td>\(outcome | html_line)</td></tr>\n"] | join(""))
  + "</tbody>\n</table>\n";

def feedback_html($css):
  . as $all
  | page("Feedback for \(.submission | html_line) · Socket Steps"; $css; ""; "";
    "<header class=top>\n<p class=over>Socket Steps · feedback</p>\n<h1>\(.submission | name)</h1>\n"
    + (if judged then "<p class=mark><strong>\(.score | points)</strong> of \(.max | points) points</p>\n"
       else "<p class=mark><strong>No mark yet:</strong> a part could not be judged, and a person will look at it.</p>\n" end)
    + "</header>\n<main id=main>\n"
    + (if .notes == [] then "" else
        "<section class=notes aria-labelledby=notes>\n<h2 id=notes>About what was handed in</h2>\n<ul>\n"
        + (.notes | map("<li>\(html_line)</li>\n") | join("")) + "</ul>\n</section>\n" end)
    + "<section aria-labelledby=labs>\n<h2 id=labs class=unseen>Lab by lab</h2>\n" + overview
    + (next_step | if . == null then "" else
        "<p class=next>Next: <a href=#lab-\(.lab[:2])>\(.lab | html_line)</a>, \(.why | html_line).</p>\n" end)
    + "</section>\n"
    + ([.labs[] | section($all.seed)] | join(""))
    + "</main>\n<footer>\n<p>Points come from what was seen from outside: in the kernel’s tables and on the wire. "
    + "A test that stands on one that failed is not run. What is skipped counts neither way.</p>\n"
    + "<p>Seed <code>\(.seed)</code>: with it, <code>make check</code> asks your programs the same.\([confinement | " " + html_line] | join(""))</p>\n</footer>\n");
