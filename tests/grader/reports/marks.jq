# Puts the marks of a class into an exported gradebook. The inputs are the results
# (result.json). Arguments: text, the export; form, canvas or moodle; column, the title of
# the column to fill; lab, the full name of one lab, or "" for the total.
# Gives {error} or {csv, written, …}. csv has the same bytes as the export, but for the
# cells of that column and for names that a spreadsheet would run as a formula.
# In jq 1.6 index and match count bytes, so it takes no positions from them.
include "text";

# pieces(s) splits at s outside of quotes. Quotes in a cell come in pairs.
def pieces(s):
  reduce split(s)[] as $p ({all: [], open: null};
    (if .open == null then $p else .open + s + $p end) as $now
    | if $now == "" or ($now | split("\"") | length) % 2 == 1 then .all += [$now] | .open = null
      else .open = $now end)
  | .all + (if .open == null then [] else [.open] end);
def plain: if startswith("\"") then .[1:-1] | gsub("\"\""; "\"") else . end;
def key: ascii_downcase | gsub("^\\s+|\\s+$"; "");
def formula: test("^[=+@\\t\\r-]") and (test("^-?([0-9.,]+%?)?$") | not);
def list: map(visible) | join(", ");

{canvas: {keys: ["SIS User ID", "SIS Login ID", "Integration ID", "ID"], must: "ID",
    names: ["Student", "LastName", "FirstName", "Section"],
    sent: "^[^_]*(_LATE)?_(?<id>[0-9]+)_[0-9]+_", in: "ID", before: ""},
  moodle: {keys: ["ID number", "Username", "Email address", "Identifier"], must: null,
    names: ["First name", "Last name", "Surname", "Full name", "Institution", "Department"],
    sent: "^[^_]*_(?<id>[0-9]+)_assignsubmission_", in: "Identifier", before: "Participant "}}[$form] as $know
| ($text | startswith("\ufeff")) as $bom
| [$text | ltrimstr("\ufeff") | pieces("\n")[]
  | {end: (if endswith("\r") then "\r" else "" end), raw: rtrimstr("\r")}] as $lines
| ([",", ";", "\t"] | max_by(. as $s | $lines[0].raw | pieces($s) | length)) as $sep
| [$lines[] | .raw |= pieces($sep) | .cells = (.raw | map(plain))] as $rows
| $rows[0].cells as $head
| ([$head | to_entries[] | select(.value == $column
    or ($form == "canvas" and (.value | test(" \\([0-9]+\\)$") and sub(" \\([0-9]+\\)$"; "") == $column))) | .key]) as $at
| [$know.keys[] | . as $k | {name: $k, at: ($head | to_entries[] | select(.value == $k) | .key)}] as $keys
| if $keys == [] then {error: "no column of it is one of: \($know.keys | list)"}
  elif $at == [] then {error: "it has no column \($column | visible); there are: \($head - $know.keys - $know.names | list)"}
  elif ($at | length) > 1 then {error: "more than one column is called \($column | visible): write the whole title"}
  elif ($head[$at[0]] | IN(($know.keys + $know.names)[])) then {error: "\($column | visible) is not a column of marks"}
  else
    $at[0] as $at
    # Rows of students. In Canvas a row without an ID holds the points of each column.
    | ($know.must as $m | if $m then $head | to_entries[] | select(.value == $m) | .key else null end) as $must
    | [range(1; $rows | length) as $r | $rows[$r].cells as $c
      | select(($c | length) > 1 and ($must == null or $c[$must] != "") and $c[0] != "Student, Test") | $r] as $students
    | (reduce $students[] as $r ({}; reduce $keys[] as $k (.;
        ($rows[$r].cells[$k.at] // "" | key) as $v
        | if $v == "" then . else .[$k.name + "=" + $v] += [$r] end))) as $where
    | [inputs
      | ([.labs[] | select($lab == "" or .lab == $lab)]) as $labs
      | (.submission | [capture($know.sent; "i").id] | .[0]) as $id
      | {name: .submission,
         rows: ([(.submission | key) as $n | $keys[] | $where[.name + "=" + $n] // [] | .[]]
           + (if $id == null then [] else $where[$know.in + "=" + ($know.before + $id | key)] // [] end) | unique),
         max: ([$labs[].max] | add),
         score: (if $labs == [] or any($labs[]; .score == null) then null else [$labs[].score] | add end),
         none: ($labs == [] or (all($labs[]; .verdict == "missing" and .score != null)))}] as $class
    | ([$class[] | .rows[]] | group_by(.) | map(select(length > 1) | .[0])) as $twice
    | ($class | map(select((.rows | length) == 1 and (.rows - $twice) != []))) as $known
    # closed: in Canvas the student is excused or not assigned. In Moodle the cell is locked.
    | ($head | to_entries | map(select(.value == "Grade can be changed") | .key)[0]) as $lock
    | def closed: $rows[.].cells | (.[$at] // "" | ascii_upcase | IN("EX", "N/A")) or ($lock != null and (.[$lock] | ascii_downcase) == "no");
    ($sep != "," and any($rows[].cells[]; test("^[0-9]+,[0-9]+$"))) as $comma
    | ([$known[] | select(.score != null and (.none | not) and (.rows[0] | closed | not))
        | {key: (.rows[0] | tostring), value: (.score | points | if $comma then sub("\\."; ",") else . end)}]
       | from_entries) as $marks
    | ([$head | to_entries[] | select(.value | IN($know.names[])) | .key]) as $names
    | (if $form == "canvas" then [$rows[1:4][] | .cells | select(.[0] // "" | test("^ *Points Possible")) | .[$at]][0]
       else [($head | to_entries[] | select(.value == "Maximum Grade") | .key) as $m | $rows[$students[0]].cells[$m]][0] end) as $worth
    | ([$known[] | select(.score != null) | .max] | max) as $max
    | {
        csv: ((if $bom then "\ufeff" else "" end) + ([range($rows | length) as $r
          | $rows[$r]
          | .cells as $c
          | (if $marks[$r | tostring] then .raw[$at] |= (if startswith("\"") then "\"" + $marks[$r | tostring] + "\"" else $marks[$r | tostring] end) else . end)
          | (if $r == 0 then . else reduce $names[] as $n (.;
              if ($c[$n] // "" | formula) then .raw[$n] = "\"'" + ($c[$n] | gsub("\""; "\"\"")) + "\"" else . end) end)
          | (.raw | join($sep)) + .end] | join("\n"))),
        written: ($marks | length),
        looked: ($class | length),
        notes: ([
          (if $worth != null and $max != null and ($worth | gsub(","; ".") | tonumber? // -1) * 10 != $max
            then "Note: the column is worth \($worth | visible) points, these marks are of \($max | points)." else empty end),
          ([$rows[1:][] | .cells | to_entries[] | select((.key | IN($names[]) | not) and (.value | formula)) | "\($head[.key]): \(.value)"]
            | if . == [] then empty else "A spreadsheet would run these as formulas; they are as in the export: \(list)" end),
          ([$class[] | select(.score != null and .none) | .name] | if . == [] then empty else "No program, so their cells are as they were: \(list)" end),
          ([$known[] | select(.rows[0] | closed) | .name] | if . == [] then empty else "Excused, not theirs to do, or locked, so as it was: \(list)" end),
          (([$class[] | .rows[]] | unique) as $have
            | [$students[] | select(IN($have[]) | not) | $rows[.].cells | [.[$keys[].at]] | map(select((. // "") != ""))[0] // empty]
            | if . == [] then empty else "In the export, and handed in nothing: \(list)" end)]),
        open: ([
          ([$class[] | select(.rows == []) | .name] | if . == [] then empty else "Not in the export: \(list)" end),
          ([$class[] | select((.rows | length) > 1 or (.rows != [] and (.rows - $twice) == [])) | .name]
            | if . == [] then empty else "Two rows for one, or one row for two, so none was filled: \(list)" end),
          ([$class[] | select(.score == null) | .name] | if . == [] then empty else "Not judged, so their cells are as they were: \(list)" end)])
      }
  end
