#!/usr/bin/env bash
# Prepares the autograder's image on Gradescope: installs what grading needs.
# It also closes our files to the UIDs of submissions. Gradescope runs it once, as root,
# when it builds the image.
set -euo pipefail
# In the zip this script is beside course/.
common=$(dirname -- "${BASH_SOURCE[0]}")/course/tests/common.bash
[[ -e $common ]] || common=$(dirname -- "${BASH_SOURCE[0]}")/../../common.bash
# shellcheck source-path=SCRIPTDIR source=../../common.bash
source "$common"
known_words '' "$@"
cd "$(dirname "${BASH_SOURCE[0]}")"
course/tests/commands/setup grade
course/tests/tools/build >/dev/null
chmod go= .
