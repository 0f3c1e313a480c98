#!/usr/bin/env bash
# Gradescope runs this once, as root, when the autograder's image is built: installs
# what grading needs, and closes our files to the users that submissions run as.
set -euo pipefail
# In the zip it stands beside course/.
common=$(dirname -- "${BASH_SOURCE[0]}")/course/tests/common.bash
[[ -e $common ]] || common=$(dirname -- "${BASH_SOURCE[0]}")/../../common.bash
# shellcheck source-path=SCRIPTDIR source=../../common.bash
source "$common"
known_words '' "$@"
cd "$(dirname "${BASH_SOURCE[0]}")"
course/tests/commands/setup grade
course/tests/tools/build >/dev/null
chmod go= .
