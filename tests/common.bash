# shellcheck shell=bash
# What every script starts with. To be sourced; it prints nothing and changes
# no directory.
#
# Sets: root    the repository's folder, absolute
#       build   where generated files go (.build; may not exist yet)
#       labs    full names of all labs in order (01-socket …)
#       red green yellow bold plain   terminal codes; empty when standard output
#               is no terminal, TERM is dumb or NO_COLOR is set (no-color.org)
#       columns width to print in: the terminal's, at most 100; else 80
#
# Variables that people give (LAB, SUBMISSION, …) arrive in the environment; an
# empty one means the same as none: use ${LAB:-}.

unset CDPATH
root=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
build=$root/.build

# The environment is chosen, not inherited. A variable of the caller's can make a command
# print, fail or do something else (LD_PRELOAD, SHELLOPTS, GREP_OPTIONS, CPATH …), and so
# can an exported function, or a file in HOME (~/.jq). A script that finds more in its
# environment than the names below begins again without it: environ in proc(5), env(1).
# HOME is a folder that has nothing, nor need be there; git and npm have the caller's
# configuration all the same. What sources this file in a test of Bats keeps what it has.
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
      # What people and the Makefile give.
      LAB=* | SUBMISSION=* | TEST=* | VALGRIND=* | SEED=* | NAME=* | SUBMISSIONS=* | OUT=* | JOBS=* | ROSTER=* | HOSTS=* | \
        FRESH=* | SKIP=* | FILE=* | EXPORT=* | COLUMN=* | CONFINE=* | PART=* | N=* | FORMAT=* | CC=* | GOALS=*) stay+=("$entry") ;;
      # What scripts of the course give one another.
      BASH_FUNC_bats_*=* | KIT_*=* | PROVE_*=* | GRADE_*=* | SOCKET_STEPS_*=* | FAKE_*=* | BATS_*=* | PARALLEL_*=* | \
        JUDGE=* | LAUNCH=* | ONLY=* | FULL=* | LOOK=* | GOLDEN=* | AUTOGRADER=*) stay+=("$entry") ;;
      # The terminal, the user, the way to other machines, what bash sets itself.
      PATH=* | TERM=* | EDITOR=* | VISUAL=* | NO_COLOR=* | COLUMNS=* | LINES=* | TZ=* | USER=* | LOGNAME=* | SSH_*=* | GIT_CONFIG*=* | \
        *_proxy=* | *_PROXY=* | NPM_CONFIG_*=* | NODE_EXTRA_CA_CERTS=* | SSL_CERT_*=* | CHROME=* | container=* | DEBIAN_FRONTEND=* | PWD=* | OLDPWD=* | SHLVL=* | _=*) stay+=("$entry") ;;
      *) strange=1 ;;
    esac
  done
  if ((strange)); then
    builtin exec /usr/bin/env -i LC_ALL=C.UTF-8 "HOME=$root/.build/home" "${stay[@]}" "$BASH" "$0" "$@"
  fi
  unset stay strange entries entry
fi
# Of a mask such as 777 the judge could not enter its own folders.
umask u+rwx

labs=()
for lab in "$root"/tests/labs/[0-9][0-9]-*/test.bats; do
  [[ -e $lab ]] || continue
  lab=${lab%/*}
  labs+=("${lab##*/}")
done
unset lab

red='' green='' yellow='' bold='' plain='' columns=80
if [[ -t 1 && ${TERM:-dumb} != dumb ]]; then
  if [[ -z ${NO_COLOR:-} ]]; then
    red=$'\e[31m' green=$'\e[32m' yellow=$'\e[33m' bold=$'\e[1m' plain=$'\e[0m'
  fi
  columns=$(tput cols 2>/dev/null || echo 80)
  ((columns >= 20 && columns <= 100)) || columns=80
fi

# die_usage LINE…: say on standard error what is wrong with the command line and
# how to write it, one line each; exit 2.
die_usage() {
  printf '%s\n' "$@" >&2
  exit 2
}

# known_words LIST WORD…: each script calls it with the words that it knows and "$@",
# before it does anything. If the first WORD is --help, it prints the comment at the head
# of the script and ends. If the first WORD is not in LIST, it says so and exits with 2.
# A * in LIST stands for any word that does not begin with --.
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

# lab_names WORDS: print the full names, one a line, of the labs that WORDS means:
# 3, 03, 03-listen, listen, labs/03-listen/, 01-03 or several of these with blanks
# or commas between; all labs if empty. Exit 2, with one line, for an unknown one.
# Call it as:  chosen=$(lab_names "${LAB:-}") || exit
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

# lab_programs LAB: the names of a lab's programs, one a line, in the order of its
# tests (timeout-server …).
lab_programs() {
  local named
  while read -r -a named; do
    [[ ${named[0]-} == programs ]] || continue
    printf '%s\n' "${named[@]:1}"
    return
  done <"$root/tests/labs/$1/test.bats"
}

# tests_of FILE…: print the tests of lab files, "NUMBER<tab>POINTS<tab>NAME" each;
# points are tenths and stand in the tag before the test. Those of a second file
# (hidden tests) are numbered on.
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

# categories_of FILE: of a file of hidden tests, "NAME<tab>CATEGORY" of each: all that
# is said of them. Such a file, tests/labs/NN-step/hidden.bats, is written like
# test.bats, begins with the same "load" and "programs" lines, and has a category
# in the tag: "# bats test_tags=points:5,category:many-clients"; without points a test
# has none. Names must not be those of other tests of the lab.
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

# labs_at_once: print how many labs a grader judges at a time here: three for two
# cores, because some tests sleep.
labs_at_once() { echo "$((($(nproc) * 3 + 1) / 2))"; }

# in_parallel: the words that begin GNU parallel for the course's own tests. An array, not
# a function: at the end of a pipe that one would be a shell between the script and
# parallel, which ends with the script that began it, and its jobs with it; prctl(2).
# shellcheck disable=SC2034 # used by those who source this
in_parallel=(env PARALLEL_SHELL="$BASH" setpriv --pdeathsig TERM parallel --will-cite --quote)

# need GOAL: when something that "make setup GOAL" installs is missing, or this machine
# cannot judge for another reason (machine.bash), say so and how to mend it; exit 3.
need() {
  local missing
  # In a subshell, as a script of its own would be, but without a new bash.
  # shellcheck source=/dev/null
  missing=$(source "$root/tests/commands/setup" --missing "$1")
  if [[ -n $missing ]]; then
    printf 'Missing here: %s. Run: make setup %s\n' "$missing" "$1" >&2
    exit 3
  fi
  # shellcheck source=tests/engine/machine.bash
  source "$root/tests/engine/machine.bash"
  machine_will_do
}
