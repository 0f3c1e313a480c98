#!/usr/bin/env bats
# The lists of the kit's words and of the peer's statements against the code, both ways.
# shellcheck disable=SC2016,SC2154 # backquotes of Markdown; root and BIN are tools.bash's
load ../tools/tools

# listed COLUMN HEAD: what stands between backquotes in this column of the tables whose
# first heading is HEAD, a line each; "\|" in a table is a bar.
listed() {
  awk -F ' \\| ' -v column="$1" -v head="$2" '
    !/^\|/ { inside = 0; next }
    { sub(/^\| /, ""); sub(/ \|$/, "") }
    $1 == head { inside = 1; next }
    inside && !/^---/ { print $column }' <(sed 's/\\|/\x01/g' "$root"/tests/{kit,tools/peer}/README.md) |
    sed 's/^`//; s/`$//; s/\x01/|/g'
}

# differ LEFT RIGHT: the lines of two files that are in one alone; LEFT's begin the line.
differ() { comm -3 <(sort "$1") <(sort "$2"); }

@test "each word of the kit is in the list, and each of the list is in the kit" {
  listed 1 word | sed 's/ .*//' >in_list
  same "$(sort in_list | uniq -d)" ''
  # What begins with _ is private to its file; bats calls the others.
  cat "$root"/tests/kit/*.bash | sed -n 's/^\([a-z][a-z0-9_]*\)() *[{(].*/\1/p' | grep -vxE '(setup|teardown)(_file)?' >in_kit
  echo assert_no_warnings >>in_kit
  grep -q '^assert_no_warnings() {' "$root/tests/engine/build.bash"
  same "$(differ in_list in_kit)" ''
}

@test "each setting of start is in the list, and each of the list is read" {
  listed 1 setting >in_list
  # The others are set by the kit, not by a test.
  grep -oE '\$\{[A-Z]+:-' "$root/tests/kit/launch.bash" | tr -dc 'A-Z\n' | grep -vxE 'BIRTHS' | sort -u >in_kit
  same "$(differ in_list in_kit)" ''
}

@test "each statement of the peer is in the list with its arguments, and each of the list is known" {
  listed 1 statement >in_list
  sed -n 's/^    {"\([a-z-]*\)", "\(.*\)", do_.*/\1 \2/p' "$root/tests/tools/peer/peer.c" | sed 's/ $//' >in_peer
  (($(wc -l <in_peer) > 50))
  same "$(differ in_list in_peer)" ''
}

@test "each line of the list has an example of its word" {
  local word example kind
  for kind in word setting statement; do
    while IFS=$'\t' read -r word example; do
      word=${word%% *}
      [[ " $example " =~ [^a-z_-]"$word"[^a-z_-] ]] || echo "$kind $word: $example"
    done < <(paste <(listed 1 "$kind") <(listed 3 "$kind"))
  done >missing
  same "$(<missing)" ''
}

@test "the peer takes each example of a statement, and bash each of a word" {
  # All lines are looked at before the first is done: only the last one is wrong.
  listed 3 statement >script
  echo nonsense >>script
  run "$BIN/peer" <script
  same "$status $output" "2 peer: line $(wc -l <script): unknown statement: nonsense"
  { listed 3 word && listed 3 setting; } >examples
  bash -n examples
}

@test "lab files call no word that the list says is for the kit itself" {
  local word
  while read -r word; do
    ! grep -HnwE "^ *$word" "$root"/tests/labs/*/test.bats || echo "$word"
  done < <(sed -n '/^## Words between/,$s/^| `\([a-z_]*\).*/\1/p' "$root/tests/kit/README.md") >found
  same "$(<found)" ''
}

@test "an id that another process has by now gets no signal" {
  local launcher
  KIT_BIN=$("$root/tests/tools/build")
  # shellcheck source=/dev/null
  source "$root/tests/kit/signal.bash"
  sleep 60 3>&- &
  signal_tool "$!" launch
  signal_tool "$!" peer KILL
  "$KIT_BIN/launch" -t 60 -d "$BATS_TEST_TMPDIR/run" -- sleep 60 >"$BATS_TEST_TMPDIR/ended" 3>&- &
  launcher=$!
  until grep -q started "$BATS_TEST_TMPDIR/ended"; do sleep 0.02; done
  signal_tool "$launcher" launch
  wait "$launcher"
  [[ $(tail -n 1 "$BATS_TEST_TMPDIR/ended") == stopped* ]]
  kill "$(jobs -p)"
}
