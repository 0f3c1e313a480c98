#!/usr/bin/env bats
# Every slide can be read and calls nobody; and the look sees it when one cannot. The
# bad decks have one fault each.
# shellcheck disable=SC2016 # texts of decks, not to be expanded here

setup() {
  tools=$BATS_TEST_DIRNAME
  decks=("$tools"/../??-*.md)
  cd "$BATS_TEST_TMPDIR" || return
}

# deck TEXT: bad.md, a deck of one slide.
deck() { printf -- '---\nmarp: true\ntheme: steps\n---\n\n# Bad\n\n%s\n' "$1" >bad.md; }

# seen WORDS TEXT: a slide with TEXT is built, and the look says WORDS of it.
seen() {
  deck "$2"
  "$tools/build" --bare . bad.md
  run node "$tools/look.mjs" bad.html
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *"bad: slide "*"$1"* ]]
}

@test "every slide of every deck can be read as it is shown" {
  "$tools/build" --bare "$PWD" "${decks[@]}"
  run node "$tools/look.mjs" ./*.html
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "every diagram of the handouts can be drawn" {
  node "$tools/draw.mjs" "$tools"/../../labs/README.md "$tools"/../../labs/*/README.md
}

@test "a list that is too long is seen" {
  seen 'the foot' "$(printf -- '- line\n%.0s' {1..20})"
}
@test "code that is too wide is seen" {
  seen 'cut off' "$(printf '```c\n%0120d\n```' 1)"
}
@test "small letters are seen" { seen 'letters of 15.0 px' '<p style="font-size: 15px">tiny</p>'; }
@test "code that is made smaller is seen" { seen 'letters of' '<pre style="zoom: 0.6"><code>int x;</code></pre>'; }
@test "a missing picture is seen" { seen 'a picture is missing' '![there was one](gone.png)'; }
@test "a picture without a text is seen" {
  seen 'without a text' '![](data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=)'
}
@test "a call to the network is seen" { seen 'calls http://127.0.0.1:9/' '![far](http://127.0.0.1:9/x.png)'; }
@test "a diagram that is too full is seen" {
  seen 'a diagram with letters of' "$(
    printf '```mermaid\nsequenceDiagram\n    accTitle: full\n'
    printf '    A->>B: again\n%.0s' {1..25}
    printf '```'
  )"
}

@test "a diagram that Mermaid cannot read ends the build, with its line" {
  deck $'```mermaid\nsequenceDiagram\n    A->>\n```'
  run "$tools/build" --bare . bad.md
  echo "$output"
  [ "$status" -eq 1 ]
  [[ $output == *bad.md:8:* ]]
}

@test "a diagram that loses words of its source ends the build, with its line" {
  for line in 'a["> 0: bytes"]' 'a --> b["> lost"]'; do
    deck $'```mermaid\nflowchart LR\n    accTitle: lost\n    '"$line"$'\n```'
    run "$tools/build" --bare . bad.md
    echo "$output"
    [ "$status" -eq 1 ]
    [[ $output == *"bad.md:8: the picture does not show "* ]]
  done
}
