#!/usr/bin/env bats
# Lab 00, stub: everything that a submission is judged by. tests/kit/README.md
# lists the words of these tests; points are in tenths, 100 in all.
load ../../kit/kit
programs stub

# bats test_tags=points:60
@test "does the basic job: says hello" {
  help "Ask here what leads to the cause, without the line itself." "printf(3)"
  start_with_address stub
  assert_exit 0
  assert_output hello
}

# bats test_tags=points:20
@test "a wrong command line is refused, and nothing is done" {
  help "Which command lines are wrong, by labs/README.md, and what is the exit status then?" "stderr(3)"
  queue_usage_error stub
  queue_usage_error stub HOST
  queue_usage_error stub HOST "$PORT" 5
  assert_queued_usage_errors
}

# bats test_tags=points:5
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings stub
}

valgrind_run_of_stub() {
  start_with_address stub
  assert_exit 0
}

# bats test_tags=points:5
@test "valgrind: no heap block is left" {
  help "Which call gives back what another one allocated?" "free(3)"
  read_valgrind_report stub
  assert_no_block_left
}

# bats test_tags=points:5
@test "valgrind: no descriptor is left open" {
  help "Is the socket closed on every way out of the program?" "close(2)"
  read_valgrind_report stub
  assert_no_descriptor_left
}

# bats test_tags=points:5
@test "valgrind: no memory error" {
  help "Which bytes were never set, or lie outside?" "valgrind(1)"
  read_valgrind_report stub
  assert_no_invalid_access
}
