#!/usr/bin/env bats
# Hidden tests of the lab of five.bats, as categories_of (common.bash) describes them:
# run where this file is beside the lab's, never in a release.
load ../../kit/kit
programs five

# bats test_tags=category:many-arguments
@test "nine arguments" {
  help "A secret hint" "secret(1)"
  start five 1 2 3 4 5 6 7 8 9
  assert_exit 3
}

# bats test_tags=points:5,category:speed
@test "is quick" {
  help "Another" "secret(2)"
  start five
  assert_exit 0
}
