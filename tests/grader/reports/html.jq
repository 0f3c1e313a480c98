# Parts of a page that the student's (feedback-html.jq) and the class's (index.jq)
# have in common. A page stands alone: its style and script are within it, and by
# its policy (CSP) it fetches nothing and runs no other script, whatever is in it.
include "words" {"search": "../../engine"};
include "text";

# Text within an element or a quoted attribute; one line of it; a person's name,
# which does not turn the direction of what is round it.
def html: safe | @html;
def html_line: visible | @html;
def name: if . == "" then "(no name)" else "<bdi>\(html_line)</bdi>" end;

# The path of a file beside the page, as a link has it.
def href: split("/") | map(@uri) | join("/") | @html;

def plural($one; $many): "\(.) \(if . == 1 then $one else $many end)";

# A share of 0 to 1, as a bar behind or beside its figure; for the eye alone.
def bar: "<span class=bar aria-hidden=true><i style=\"width:\(. * 100 | round)%\"></i></span>";

# page(title; style; script; policy of the script; body).
def page($title; $style; $script; $policy; $body):
  "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
  + "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'"
  + "\($policy); base-uri 'none'; form-action 'none'\">\n"
  + "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
  + "<meta name=color-scheme content=\"light dark\">\n"
  + "<title>\($title)</title>\n<style>\n\($style)</style>\n</head>\n<body>\n"
  + "<a class=skip href=#main>Skip to the report</a>\n"
  + $body
  + (if $script == "" then "" else "<script>\n\($script)</script>\n" end)
  + "</body>\n</html>\n";
