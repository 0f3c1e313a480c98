# How marks and texts look: for result.jq and class.jq.

# Tenths of a point as one reads them: 85 is 8.5; nothing where nobody judged.
def points: if . == null then "" else "\(. / 10 | floor).\(. % 10)" end;

# Safe on a terminal: control characters (C0, DEL, C1) become "?".
def visible: gsub("[\\x00-\\x1f\\x7f-\\x{9f}]"; "?");

# At most n wide, the rest cut off.
def cut(n): if length > n then .[:n - 1] + "~" else . end;
def left(n): cut(n) | . + " " * (n - length);
def right(n): " " * ([n - length, 0] | max) + .;

# One cell of a CSV file (RFC 4180). A spreadsheet takes a text that begins with
# = + - @ or a tab for a formula: such a cell gets a quote in front.
def cell:
  (if test("^[=+@\\t\\r-]") then "'" + . else . end) | visible
  | if test("[\",]|^ | $") then "\"" + gsub("\""; "\"\"") + "\"" else . end;
