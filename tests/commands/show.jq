# One lab's record (tests/engine/judge) as text for tests/commands/check.
#
# Arguments: $width columns; $brief: the failure to begin with in full, the others by
# name; $bin where the programs are kept, as it is to be typed; $sources {program:
# file}, the first program first; $red $green $yellow $bold $plain;
#   $shown: names of tests that passed and have their line already, one a line; $early: a
#   list of no or one record, of a test that was shown in full before its calls were known.
# Gives the lines to print and, as the last line, what check goes on with:
#   "NUMBER<tab>…": failed, skipped, passed, not run; then of the failure to begin with
#   the verdict, the program, the TODO (number or 0) and the line (or 0); then score
#   and maximum in tenths, whether valgrind found a leak, the name of that failure, and
#   whether make trace can draw it.
include "words";

# details: fields that were not shown before, and an empty line.
def details($before):
  (fields($width - 14)
   | select(.name != "picture" and (IN($before[]) | not))
   | .name as $name
   | .lines | to_entries[]
   | "    " + (if .key == 0 then $name else "" end + " " * 10)[0:10] + .value
   | sub(" +$"; "")),
  "";
def details: details([]);

def row($mark; $colour; $points; $text):
  ($text | safe | wrap($width - 16)) as $l
  | "  \($colour)\(($mark + " " * 8)[0:8])\($plain)\((" " * 4 + ($points | in_points))[-4:])  \($l[0])",
    ($l[1:][] | " " * 16 + .);

def rows($verdict): together($verdict) | row($verdict | mark; $yellow; .points; .text);

.begin as $begin
| at_home($sources; $bin) as $tests
| ([$tests[] | select(failed)] | sort_by(.number != $begin)) as $bad
| (if $brief then
     ($bad[0] // empty | row(.verdict | mark; $red; .points; .name), details),
     (if ($bad | length) > 9 then
        ($bad[1:8][] | row(.verdict | mark; $red; .points; .name)),
        "  and \($bad[8:] | length) more that failed"
      else $bad[1:][] | row(.verdict | mark; $red; .points; .name) end)
   else
     $tests[]
     | select(.verdict | IN("skip", "not-run") | not)
     | select(.verdict != "pass" or (.name | IN(($shown / "\n")[]) | not))
     | .number as $number
     | [$early[] | at_home($sources; $bin)[] | select(.number == $number) | fields($width - 14)] as $before
     | if $before != [] and ([fields($width - 14)] - $before) == [] then empty
       elif failed then row(.verdict | mark; $red; .points; .name), details($before)
       else row("pass"; $green; .points; .name) end
   end),
  (if $brief and $bad == [] then empty else $tests | rows("not-run") end),
  ($tests | rows("skip")),
  ([ ($bad | length),
     ([$tests[] | select(.verdict == "skip")] | length),
     ([$tests[] | select(.verdict == "pass")] | length),
     ([$tests[] | select(.verdict == "not-run")] | length),
     ($bad[0].verdict // "-"),
     ($bad[0].program // "-"),
     ([$bad[0] // {} | "\(.said)\n\(.got)" | capture("TODO (?<n>[0-9]+)").n][0] // "0"),
     ([$bad[0].got // "" | capture("\\.c:(?<n>[0-9]+)").n][0] // "0"),
     .score, .max,
     ($bad[0] // {} | .verdict == "fail" and (.name | test("valgrind: no (heap block|descriptor)"))),
     ($bad[0].name // "-" | safe),
     ($bad[0].ran // "" | . != "" and (test("^gcc |valgrind ") | not))
   ] | map(tostring) | join("\t"))
