# How marks and texts look: for the gradebook, the screen and the reports.
include "words" {"search": "../../engine"};

# Tenths of a point as one reads them: 85 is 8.5; nothing where nobody judged.
def points: if . == null then "" else in_points end;

# One line, safe on a terminal and anywhere else: control characters and those
# that turn the writing direction become "?".
def visible: gsub("[\n\t]"; "?") | safe;

# At most n wide, the rest cut off.
def cut(n): if length > n then .[:n - 1] + "~" else . end;
def left(n): cut(n) | . + " " * (n - length);
def right(n): " " * ([n - length, 0] | max) + .;

# One cell of a CSV file (RFC 4180). A spreadsheet takes a text that begins with
# = + - @ or a tab for a formula: such a cell gets a quote in front.
def cell:
  (if test("^[=+@\\t\\r-]") then "'" + . else . end) | visible
  | if test("[\",]|^ | $") then "\"" + gsub("\""; "\"\"") + "\"" else . end;
