# shellcheck shell=bash
# The part that all scripts share. A script sources this file first. The file prints
# nothing and does not change the working directory.
#
# Sets: root    the repository's folder, absolute
#       build   where generated files go (.build; may not exist yet)
#       labs    full names of all labs in order (01-socket …)
#       red green yellow bold plain   terminal codes; empty when standard output
#               is no terminal, TERM is dumb or NO_COLOR is set (no-color.org)
#       columns the width of the output: the terminal's, at most 100; else 80
#
# Variables that people set (LAB, SUBMISSION, …) arrive in the environment. An empty
# variable means the same as an unset variable: use ${LAB:-}.

unset CDPATH
root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
build=$root/.build

# A script runs in a clean environment. A variable of the caller can change what a command
# does (LD_PRELOAD, SHELLOPTS, GREP_OPTIONS, CPATH …). An exported function can do so, too,
# and so can a file in HOME (~/.jq). If a script finds a name in its environment that the
# list below does not have, it starts itself again without that name: environ in proc(5),
# env(1). HOME then is an empty folder, which need not exist. git and npm still read the
# caller's configuration. A Bats test that sources this file keeps its environment.
if [[ ${BASH_SOURCE[-1]} == "$0" && $0 != */bats-exec-* ]]; then
  stay=() strange=0
  builtin mapfile -d '' -t entries </proc/self/environ
  for entry in "${entries[@]}"; do
    case $entry in
      LC_ALL=C.UTF-8 | LC_ALL=C | "HOME=$root/.build/home") stay+=("$entry") ;;
      HOME=*)
        strange=1 stay+=("GIT_CONFIG_GLOBAL=${GIT_CONFIG_GLOBAL:-${entry#*=}/.gitconfig}"
          "NPM_CONFIG_USERCONFIG=${NPM_CONFIG_USERCONFIG:-${entry#*=}/.npmrc}")
        ;;
      TMPDIR=*) if [[ $entry == TMPDIR=/* && -d $TMPDIR && -w $TMPDIR && -x $TMPDIR ]]; then stay+=("$entry"); else strange=1; fi ;;
      # People and the Makefile set these.
      LAB=* | SUBMISSION=* | TEST=* | VALGRIND=* | SEED=* | NAME=* | SUBMISSIONS=* | OUT=* | JOBS=* | ROSTER=* | HOSTS=* | \
        FRESH=* | SKIP=* | FILE=* | EXPORT=* | COLUMN=* | CONFINE=* | PART=* | N=* | FORMAT=* | CC=* | GOALS=*) stay+=("$entry") ;;
      # Scripts of the course pass these to other scripts.
      BASH_FUNC_bats_*=* | KIT_*=* | PROVE_*=* | GRADE_*=* | SOCKET_STEPS_*=* | FAKE_*=* | BATS_*=* | PARALLEL_*=* | \
        JUDGE=* | LAUNCH=* | ONLY=* | ONE_IN=* | FULL=* | LOOK=* | GOLDEN=* | AUTOGRADER=*) stay+=("$entry") ;;
      # The terminal, the user, the network, and the variables that bash itself sets.
      PATH=* | TERM=* | EDITOR=* | VISUAL=* | NO_COLOR=* | COLUMNS=* | LINES=* | TZ=* | USER=* | LOGNAME=* | SSH_*=* | GIT_CONFIG*=* | \
        *_proxy=* | *_PROXY=* | NPM_CONFIG_*=* | NODE_EXTRA_CA_CERTS=* | SSL_CERT_*=* | CHROME=* | container=* | DEBIAN_FRONTEND=* | PWD=* | OLDPWD=* | SHLVL=* | _=*) stay+=("$entry") ;;
      *) strange=1 ;;
    esac
  done
  if ((strange)); then
    builtin exec /usr/bin/env -i LC_ALL=C.UTF-8 "HOME=$root/.build/home" "${stay[@]}" "$BASH" "$0" "$@"
  fi
  unset stay strange entries entry
  # A script that a Bats test runs finds Bats' inner script instead of bats. That one fails
  # if /bin/sh ran in between, because /bin/sh drops exported functions.
  [[ -z ${BATS_LIBEXEC:-} ]] || PATH=${PATH//"$BATS_LIBEXEC:"/}
fi
# With a mask such as 777 the judge could not enter its own folders.
umask u+rwx

labs=()
for lab in "$root"/tests/labs/[0-9][0-9]-*/test.bats; do
  [[ -e $lab ]] || continue
  lab=${lab%/*}
  labs+=("${lab##*/}")
done
unset lab

# What of tests/ judges a lab, beside the folder of the lab. copy_rooms TO: copies it into
# the folder TO, for a tree that judges elsewhere.
judging_rooms=(common.bash commands engine kit sandbox tools)
copy_rooms() { cp -a -- "${judging_rooms[@]/#/$root/tests/}" "$1/"; }

red='' green='' yellow='' bold='' plain='' columns=80
if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
  if [[ -z ${NO_COLOR:-} ]]; then
    red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' bold=$'\e[1m' plain=$'\e[0m'
  fi
  columns=$(tput cols 2>/dev/null || echo 80)
  ((columns >= 20 && columns <= 100)) || columns=80
fi

# die_usage LINE…: print each LINE on standard error: what is wrong with the command line,
# and how to write it. Exit 2.
die_usage() {
  printf '%s\n' "$@" >&2
  exit 2
}

# visible TEXT: prints TEXT so that it is safe on a terminal. Control characters and
# characters that change the writing direction become "?". Bytes that are not UTF-8 are left
# out. "safe" in words.jq does the same.
visible() {
  local -x LC_ALL=C
  if [[ $1 == *[!\ -~]* ]]; then
    printf %s "$1" | { iconv -c -f UTF-8 -t UTF-8 || true; } | sed -z -e 's/[\x01-\x1f\x7f]/?/g' -e 's/\xc2[\x80-\x9f]/?/g' \
      -e 's/\xe2\x80[\x8e\x8f\xa8-\xae]/?/g' -e 's/\xe2\x81[\xa6-\xa9]/?/g' -e 's/\xd8\x9c\|\xef\xbb\xbf/?/g'
  else
    printf %s "$1"
  fi
}

# known_words LIST WORD…: a script calls this first, with the words that the script knows
# and "$@". If the first WORD is --help, it prints the comment at the head of the script
# and exits. If the first WORD is not in LIST, it says so and exits with 2. A * in LIST
# stands for any word that does not begin with --.
known_words() {
  (($# > 1)) || return 0
  if [[ $2 == --help ]]; then
    sed -n -e '1d' -e '/^#/!q' -e '/^# shellcheck /d' -e 's/^# \{0,1\}//p' "${BASH_SOURCE[1]}"
    exit
  fi
  [[ " $1 " != *" $2 "* || $2 == *[*\ ]* || -z $2 ]] || return 0
  [[ " $1 " != *' * '* || $2 == --* ]] || return 0
  die_usage "${0##*/}: unknown word ${2@Q}; --help says how it is used"
}

# lab_names WORDS: print the full names, one a line, of the labs that WORDS names. A lab
# is 3, 03, 03-listen, listen or labs/03-listen/, and 01-03 is three labs. Blanks or commas
# stand between several labs. Empty WORDS names all labs. For an unknown lab it prints one
# line and exits with 2. Call it as:  chosen=$(lab_names "${LAB:-}") || exit
lab_names() {
  local words word lab found
  IFS=$' ,\t\n' read -r -d '' -a words <<<"${1:-}" || true
  if [[ ${#words[@]} -eq 0 ]]; then
    printf '%s\n' "${labs[@]}"
    return
  fi
  for word in "${words[@]}"; do
    word=${word%/} found=''
    word=${word##*/}
    if [[ $word =~ ^([0-9]{1,2})-([0-9]{1,2})$ ]] && ((10#${BASH_REMATCH[1]} <= 10#${BASH_REMATCH[2]})); then
      # shellcheck disable=SC2046 # numbers
      lab_names "$(printf '%s ' $(seq "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"))" || exit
      continue
    fi
    [[ $word =~ ^[0-9]$ ]] && word=0$word
    for lab in "${labs[@]}"; do
      case $word in
        "$lab" | "${lab%%-*}" | "${lab#*-}") found=$lab ;;
      esac
    done
    [[ -n $found ]] || die_usage \
      "There is no lab '$word'. Labs are ${labs[0]-none} to ${labs[-1]-none}: write LAB=${labs[0]%%-*} or LAB=${labs[0]#*-}."
    printf '%s\n' "$found"
  done
}

# known_submission: print the folder that SUBMISSION names, absolute; without SUBMISSION it is
# labs. If there is no such folder, print one line and exit with 2. Call it as:
# submission=$(known_submission) || exit
known_submission() {
  local folder=${SUBMISSION:-$root/labs}
  [[ -d $folder ]] || die_usage "SUBMISSION=$(visible "$folder"): there is no such folder"
  (cd -- "$folder" && pwd)
}

# known_seed WORD: print the seed that WORD names, a number from 0 to 2147483647, without zeros
# in front. For anything else it prints one line and exits with 2. Call it as:
# seed=$(known_seed "$SEED") || exit
known_seed() {
  if ! [[ $1 =~ ^[0-9]{1,10}$ ]] || ((10#$1 > 2147483647)); then
    die_usage "SEED is a number from 0 to 2147483647, not '$(visible "$1")'"
  fi
  printf '%s' "$((10#$1))"
}

# lab_programs LAB: print the names of a lab's programs (timeout-server …), one a line, in
# the order of the lab's tests.
lab_programs() {
  local named
  while read -r -a named; do
    [[ ${named[0]-} == programs ]] || continue
    printf '%s\n' "${named[@]:1}"
    return
  done <"$root/tests/labs/$1/test.bats"
}

# tests_of FILE…: print the tests of lab files, one "NUMBER<tab>POINTS<tab>NAME" a line.
# POINTS are tenths of a point, from the tag before the test. The numbers go on in a second
# file (hidden tests).
tests_of() {
  awk '
    /^# bats test_tags=/ { points = match($0, /points:[0-9]+/) ? substr($0, RSTART + 7, RLENGTH - 7) : 0 }
    /^@test "/ {
      name = $0
      sub(/^@test "/, "", name)
      sub(/" \{ *$/, "", name)
      print ++n "\t" points + 0 "\t" name
      points = 0
    }' "$@"
}

# categories_of FILE: print "NAME<tab>CATEGORY" for each test in a file of hidden tests.
# Reports show the category and nothing else. The file is tests/labs/NN-step/hidden.bats.
# It is written like test.bats and begins with the same "load" and "programs" lines. A tag
# holds the category: "# bats test_tags=points:5,category:many-clients". A test without
# "points:" has no points. No other test of the lab may have the same name.
categories_of() {
  awk '
    /^# bats test_tags=/ { category = match($0, /category:[A-Za-z0-9_-]+/) ? substr($0, RSTART + 9, RLENGTH - 9) : "" }
    /^@test "/ {
      sub(/^@test "/, "")
      sub(/" \{ *$/, "")
      gsub(/-/, " ", category)
      print $0 "\t" category
      category = ""
    }' "$1"
}

# in_turn: print those lines of standard input whose turn it is: one in ONE_IN, which the name
# of the commit chooses, or all without ONE_IN. For proofs of which each commit of the course
# makes only a part, since all of them would take too long. make test sets ONE_IN.
in_turn() {
  awk -v n="${ONE_IN:-1}" -v turn="$((16#$(git -C "$root" rev-parse --short=7 HEAD 2>/dev/null || echo 0)))" \
    '(NR + turn) % n == 0'
}

# labs_at_once: print how many labs a grader judges at the same time on this machine:
# three for two cores, because some tests sleep.
labs_at_once() { echo "$((($(nproc) * 3 + 1) / 2))"; }

# in_parallel: the words that start GNU parallel for the course's own tests. PDEATHSIG
# (prctl(2)) ends parallel and its jobs when the script that started it ends. This is an
# array: a function at the end of a pipe would run in a subshell, so parallel's parent would
# be the subshell and not the script.
# shellcheck disable=SC2034 # used by those who source this
in_parallel=(env PARALLEL_SHELL="$BASH" setpriv --pdeathsig TERM parallel --will-cite --quote)

# need GOAL: check that this machine has what "make setup GOAL" installs, and that it can
# judge at all (machine.bash). If not, say what is missing and how to get it, and exit 3.
need() {
  local missing
  # A subshell isolates the sourced script and is faster than a new bash.
  # shellcheck source=/dev/null
  missing=$(source "$root/tests/commands/setup" --missing "$1")
  if [[ -n $missing ]]; then
    printf 'Missing here: %s. Run: make setup %s\n' "$missing" "$1" >&2
    exit 3
  fi
  # machine.bash is checked by itself: every script would have it read again here.
  # shellcheck source=/dev/null
  source "$root/tests/engine/machine.bash"
  check_machine
}
