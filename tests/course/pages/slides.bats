#!/usr/bin/env bats
# Checks, without a browser, that nothing on a slide is out of date, and that the checks
# find it if something is. (by-hand runs the commands of the pages. make check-slides opens
# the slides in a browser.)
# shellcheck source=tests/common.bash
# shellcheck disable=SC2016 # texts of pages, not to be expanded here

setup() {
  source "$BATS_TEST_DIRNAME/../../common.bash"
  cd "$root" || return
  page=$BATS_TEST_TMPDIR/04-accept.md
  # LAB chooses the decks that the tests with the tag "lab" look at.
  decks=(slides/??-*.md)
  [[ -z ${LAB:-} ]] || mapfile -t decks < <(lab_names "$LAB" | sed 's|.*|slides/&.md|')
}

# page LINE…: a deck of one slide with these lines.
page() { printf '%s\n' '# A slide' '' "$@" >"$page"; }

# refused TEXT COMMAND…: COMMAND fails and says TEXT.
refused() {
  local text=$1
  shift
  run "$@"
  [ "$status" -eq 1 ]
  [[ $output == *"$text"* ]]
}

# bats test_tags=lab
@test "the code on the slides is what its sources say" {
  tests/course/pages/quotes "${decks[@]}"
}

# bats test_tags=lab
@test "every deck has its parts: title, question, notes, picture, demonstration, poll, lab" {
  local deck n part
  for deck in "${decks[@]}"; do
    n=$(grep -cx -- --- "$deck")
    # Front matter has two of the lines, each slide but the first one.
    ((n - 1 >= 8 && n - 1 <= 14)) || {
      echo "$deck: $((n - 1)) slides"
      return 1
    }
    [ "$(grep -c '^<!--$' "$deck")" -eq $((n - 1)) ] || {
      echo "$deck: a slide without notes"
      return 1
    }
    for part in '_class: title' '_class: question' '_class: ask' '_class: lab' '```mermaid' '```console' 'sequenceDiagram'; do
      grep -q -- "$part" "$deck" || {
        echo "$deck: no $part"
        return 1
      }
    done
    [ "$(grep -c '^```mermaid' "$deck")" -eq "$(grep -c '^ *accTitle: ' "$deck")" ] || {
      echo "$deck: a diagram without accTitle"
      return 1
    }
  done
  [ "$(find slides -maxdepth 1 -name '??-*.md' | wc -l)" -eq $((${#labs[@]} + 1)) ]
}

@test "the map of the slides has every deck, by its lab's name" {
  local lab
  for lab in 00-overview "${labs[@]}"; do
    [ -s "slides/$lab.md" ]
    grep -qF "($lab.md)" slides/README.md
  done
}

@test "the lockfile names no registry, and every package has its checksum" {
  [ "$(jq -r '.packages | to_entries[] | select(.key != "") | select(.value.resolved or (.value.integrity | not)) | .key' slides/package-lock.json)" = '' ]
  [ "$(jq '.packages | length' slides/package-lock.json)" -gt 3 ]
}

@test "quotes: a line changed in a solution is seen" {
  mkdir -p "$BATS_TEST_TMPDIR/course/tests"
  cp -r solutions slides "$BATS_TEST_TMPDIR/course/"
  cp -r tests/{common.bash,course,labs} "$BATS_TEST_TMPDIR/course/tests/"
  cd "$BATS_TEST_TMPDIR/course"
  sed -i 's/^    while (n == -1 && errno == EINTR);/    while (n == -1);/' solutions/05-send-recv/send-recv.c
  refused 'slides/05-send-recv.md:' tests/course/pages/quotes
  [[ $output == *'does not have this line there: while (n == -1 && errno == EINTR);'* ]]
}

@test "quotes: a wrong line, a missing file, wrong declarations and unsourced code are seen" {
  page '```c solutions/04-accept/accept.c' 'for (;;) {' '…' '    int client = connect(listener);' '```'
  refused 'does not have this line there:     int client = connect' tests/course/pages/quotes "$page"
  page '```c solutions/04-accept/gone.c' 'int x;' '```'
  refused 'there is no file solutions/04-accept/gone.c' tests/course/pages/quotes "$page"
  page '```c man 2 listen' '#include <sys/socket.h>' 'int listen(int sockfd, long backlog);' '```'
  refused 'the compiler does not agree' tests/course/pages/quotes "$page"
  page '```c sketch' 'recv(fd, data);' '```'
  refused 'the compiler does not agree' tests/course/pages/quotes "$page"
  page '```c' 'int x;' '```'
  refused 'that nothing checks' tests/course/pages/quotes "$page"
}

@test "quotes: lines that are there are no finding" {
  page '```c solutions/04-accept/accept.c' 'int client = next_client(listener, &address, &length);' '…' 'close(client);' '```'
  run tests/course/pages/quotes "$page"
  [ "$status" -eq 0 ]
  [ "$output" = '1 quotes compared' ]
}

@test "by-hand: other output, too much of it, a hang and what is left running are seen" {
  unshare -rn true || unshare -n true || skip "no network of its own here (unshare -rn)"
  page '```console' '$ echo one' 'two' '```'
  refused '+one' tests/course/pages/by-hand --one "$page"
  page '```console' '$ echo one; echo more' 'one' '```'
  refused '+more' tests/course/pages/by-hand --one "$page"
  page '```console' '$ true' 'never' '```'
  refused '-never' tests/course/pages/by-hand --one "$page"
  page '> ```console' '> $ tail -f /dev/null &' '> ```'
  refused 'left running' tests/course/pages/by-hand --one "$page"
  page '```console tests/labs/03-listen/mistakes/fixed-backlog.patch' "\$ make check LAB=03 TEST='exactly'" '    got       a backlog of 6' '```'
  refused 'does not say this there:     got       a backlog of 6' tests/course/pages/by-hand --one "$page"
}

@test "by-hand: a block that is so is no finding, in a quote too" {
  unshare -rn true || unshare -n true || skip "no network of its own here (unshare -rn)"
  page '> ```console' '> $ cc accept.c -o accept' '> $ ./accept 127.0.0.1 8004 1 &' '> listening on 127.0.0.1:8004' \
    '> $ echo "1' '> > 2"' '> 1' '> 2' '> $ kill %1; wait' '> ```'
  run tests/course/pages/by-hand --one "$page"
  [ "$status" -eq 0 ]
  [ "$output" = '' ]
}
