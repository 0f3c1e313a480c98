# Parts of a page that feedback-html.jq and index.jq share. A page holds its own style and
# script. Its Content Security Policy lets it fetch nothing and run no other script, even if
# a text from a submission holds one.
include "words" {"search": "../../engine"};
include "text";

# html is for text in an element or a quoted attribute, html_line for one line of it. name
# is for a person's name: bdi keeps its writing direction from the text around it.
def html: safe | @html;
def html_line: visible | @html;
def name: if . == "" then "(no name)" else "<bdi>\(html_line)</bdi>" end;

# Escapes the path of a file beside the page for a link.
def href: split("/") | map(@uri) | join("/") | @html;

def plural($one; $many): "\(.) \(if . == 1 then $one else $many end)";

# Draws a share of 0 to 1 as a bar. A screen reader skips it: the figure says the same.
def bar: "<span class=bar aria-hidden=true><i style=\"width:\(. * 100 | round)%\"></i></span>";

# page(title; style; script; policy for the script; body) gives the whole page.
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
