#!/usr/bin/env bats
# A lab for the tests of the judge: five tests, four of which need the first.
load ../../kit/kit
programs five

# bats test_tags=points:40
@test "does the basic job" {
  help "Does it print?" "puts(3)"
  start five
  assert_exit 0
}

# bats test_tags=points:30
@test "prints five" {
  help "Is the line exact?" "printf(3)"
  start five
  assert_exit 0
  assert_output five
}

# bats test_tags=points:20
@test "refuses arguments (a+b|c)" {
  help "What is argc?" "main(3)"
  start five again
  assert_exit 2
}

# bats test_tags=points:6
@test "needs what this machine lacks" {
  help "Nothing to do." "none(1)"
  skip "there is no such thing here"
}

# bats test_tags=points:4
@test "compiles without a warning" {
  help "What does the compiler say?" "gcc(1)"
  assert_no_warnings five
}
