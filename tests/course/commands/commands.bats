#!/usr/bin/env bats
# leaks, hint, reset, progress and solution, tried in a copy of the course.
# shellcheck disable=SC2119,SC2154 # commands.bash and common.bash set them
load commands

@test "leaks: which descriptor and block, and where it came from" {
  mistake '/^    freeaddrinfo/d; /wait_for_end_of_input\(\);/{n;d;}'
  run_in LAB=03 leaks
  exits 1
  narrow
  has 'left open: AF_INET socket 3'
  has "opened in bind_to, $file:"
  has 'int fd = socket('
  has 'memory: 64 bytes in 1 block'
  has 'getaddrinfo('
  last 'Next: edit'
}

@test "leaks: none; a program that does not get so far; wrong command lines" {
  right
  run_in LAB=03 leaks
  exits 0
  has 'nothing was left'
  run_in LAB=02 leaks
  exits 1
  has 'does not do its basic job'
  last 'Next: make check LAB=02'
  # A forgotten close is why the basic job fails: it is seen nevertheless.
  file=labs/04-accept/accept.c
  sed '/^        close(client);$/d' solutions/04-accept/accept.c >"$file"
  run_in LAB=04 leaks
  exits 1
  narrow
  has 'does not do its basic job to the end'
  has 'open: AF_INET socket 4'
  has "opened in next_client, $file:"
  lacks 'opened in accept'
  last 'Next: make check LAB=04'
  run_in LAB=x leaks
  exits 2
}

@test "hint: one more each time, begins again when asked or after reset" {
  for n in 1 2 3; do
    run_in LAB=03 hint
    exits 0
    narrow
    has "hint $n of 3"
    last 'Next: '
  done
  run_in LAB=03 hint
  exits 0
  has 'there are no more'
  has 'make hint LAB=03 N=1'
  lacks 'of 3'
  run_in LAB=03 N=2 hint
  has 'hint 2 of 3'
  run_in LAB=03 hint
  has 'hint 3 of 3'
  LAB=03 tests/commands/reset
  run_in LAB=03 hint
  has 'hint 1 of 3'
  run_in LAB=03 N=4 hint
  exits 2
  run_in LAB='3 4' hint
  exits 2
}

@test "hint: without LAB the first lab that is not done; of two programs the open one" {
  run_in hint
  has '01-socket'
  run_in LAB=08 hint
  has 'timeout-server, hint 1'
  sed '/END [0-9]/,/\*\//d' solutions/08-timeouts/timeout-server.c >labs/08-timeouts/timeout-server.c
  run_in LAB=08 hint
  has 'timeout-client, hint 1'
  run_in LAB=08 N=4 hint
  has 'timeout-client, hint 1'
}

# bats test_tags=lab
@test "hints: three for each program, none of them the code" {
  source tests/common.bash
  local lab program text
  mapfile -t labs < <(lab_names "$chosen")
  for lab in "${labs[@]}"; do
    text=$(<"tests/labs/$lab/hints")
    for program in "solutions/$lab"/*.c; do
      for n in 1 2 3; do
        rm -rf .build/hints
        run_in "LAB=$lab" "N=$n" hint
        exits 0
        has "hint $n of 3"
      done
      # No line of the student's part stands in a hint.
      while IFS= read -r line; do
        [[ $text != *"$line"* ]] || { echo "$lab: $line" && false; }
      done < <(awk '/END [0-9]/ { part = 0 } part; /BEGIN [0-9]/ { part = 1 }' "$program" |
        sed 's/^ *//' | grep '[=(].*;$')
    done
  done
}

@test "reset: the skeleton again, the old file kept, twice in a second as well" {
  for text in one two three; do
    echo "$text" >"$file"
    run_in LAB=listen reset
    exits 0
    has '.build/kept/03-listen-'
    cmp "$file" "$root/labs/03-listen/listen.c"
  done
  [ "$(cat .build/kept/*/listen.c | sort | paste -sd ' ')" = 'one three two' ]
  run_in LAB=03 reset
  exits 0
  has 'nothing was changed'
  [ "$(find .build/kept -name listen.c | wc -l)" -eq 3 ]
  rm "$file"
  run_in LAB=03 reset
  exits 0
  [ -s "$file" ]
}

@test "reset: not without LAB, and of a lab of two programs only what was changed" {
  run_in reset
  exits 2
  has 'make reset LAB=03'
  echo mine >labs/08-timeouts/timeout-client.c
  run_in LAB=8 reset
  lacks timeout-server
  has 'timeout-client.c is the skeleton again'
}

@test "progress: none yet, points and bars, what has changed since" {
  run_in progress
  exits 0
  narrow
  has 'not checked yet'
  last 'Next: labs/01-socket/README.md'
  right
  LAB=03 tests/commands/check >"$top/out"
  SUBMISSION=solutions LAB=01 TEST=basic tests/commands/check >"$top/out"
  run_in progress
  has '03-listen      [####################] 10.0 of 10.0  done'
  has '01-socket      [....................]  0.0 of 10.0  not checked yet'
  has "10.0 of $(find tests/labs -name test.bats | wc -l)0.0"
  right 09-echo-loop
  LAB=09 VALGRIND=0 tests/commands/check >"$top/out"
  run_in progress
  lacks 'changed since'
  echo '// more' >>"$file"
  run_in progress
  has 'changed since'
  last 'Next: make check LAB=03'
}

@test "solution: only for full marks at what is there now" {
  run_in solution
  exits 2
  run_in LAB=03 solution
  exits 1
  has 'not checked yet'
  right
  LAB=03 VALGRIND=0 tests/commands/check >"$top/out"
  run_in LAB=03 solution
  exits 1
  has 'without valgrind'
  sed -i '/END 1/,/\*\//d; s/BEGIN 1/TODO 1/; s/int listener = bind_to/int const listener = bind_to/' "$file"
  LAB=03 tests/commands/check >"$top/out"
  run_in LAB=03 solution
  exits 0
  has '-    int const listener = bind_to'
  has '+    int listener = bind_to'
  lacks BEGIN
  echo >>"$file"
  run_in LAB=03 solution
  exits 1
  has 'has changed'
}
