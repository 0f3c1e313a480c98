# Formats marks and texts for the gradebook, the screen and the reports.
include "words" {"search": "../../engine"};

# Gives tenths of a point as a decimal: 85 is 8.5. Without a mark it gives "".
def points: if . == null then "" else in_points end;

# Makes one line that is safe everywhere: control characters and characters that change the
# writing direction become "?".
def visible: gsub("[\n\t]"; "?") | safe;

# Cuts a text to at most n characters.
def cut(n): if length > n then .[:n - 1] + "~" else . end;
def left(n): cut(n) | . + " " * (n - length);
def right(n): " " * ([n - length, 0] | max) + .;

# Gives one cell of a CSV file (RFC 4180). A spreadsheet runs a text that begins with
# = + - @ or a tab as a formula. So such a cell gets a quote in front.
def cell:
  (if test("^[=+@\\t\\r-]") then "'" + . else . end) | visible
  | if test("[\",]|^ | $") then "\"" + gsub("\""; "\"\"") + "\"" else . end;
