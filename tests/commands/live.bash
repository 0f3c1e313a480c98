# shellcheck shell=bash
# shellcheck disable=SC2154 # the variables are those of check and common.bash
# What make check shows on a terminal while it waits for the judge: each test as it ends,
# the first that failed in full. To be sourced by tests/commands/check.

# erase_status, status TEXT: the last line of the terminal while something is going on.
erase_status() { [[ ${TERM:-dumb} == dumb ]] || printf '\r\e[K'; }
status() { [[ ${TERM:-dumb} == dumb ]] || printf '(%s)' "$1"; }

# show_row MARK COLOUR TENTHS NAME: the line of a test, as show.jq writes it.
show_row() {
  local line first=1
  while IFS= read -r line; do
    if ((first)); then
      printf '  %s%-8s%s%4s  %s\n' "$2" "$1" "$plain" "$(in_points "$3")" "${line% }"
    else
      printf '%16s%s\n' '' "${line% }"
    fi
    first=0
  done < <(fold -s -w $((columns - 15)) <<<"$4")
}

# show_failure LAB NUMBER TENTHS NAME FOLDER: that test in full, from its evidence in the
# judge's FOLDER; the record of it is then in $work/early. The calls of the program come
# later: the judge looks at them when all tests are done. False when there is nothing to
# show: the test failed without saying what it expected, which is no fault of the program.
show_failure() {
  local evidence=$5/$2/evidence verdict
  # The judge has ended meanwhile, and has moved its folder.
  [[ -e $evidence ]] || evidence=$work/$1/$2/evidence
  # What the judge would send to record.jq, had it run this test alone.
  mkdir "$work/alone"
  printf '%s\t%s\t%s\n' "$2" "$3" "$4" >"$work/alone/chosen"
  printf '1..1\nnot ok 1 %s\n' "$4" >"$work/alone/out"
  { read -r verdict _ && cat >"$work/early"; } < <(valgrind=1 record_lines 1 "$work/alone/chosen" "$work/alone/out" "$evidence" |
    jq -R -r -n --arg lab "$1" --argjson seed "$seed" -f "$root/tests/engine/record.jq")
  rm -r "$work/alone"
  if [[ $verdict == infra-error ]]; then
    : >"$work/early"
    return 1
  fi
  show "$1" true '' <"$work/early" | sed -e '$d'
}

# follow LAB: while the judge works, shows its tests as they end, until it has ended. SHOWN
# gets the names of those that passed and have their line. Of several labs it only counts.
follow() {
  local number tenths name outcome folder pause outcomes over=0 ended=0 told=-1 many
  local -A number_of=() tenths_of=() seen=()
  SHOWN=''
  while IFS=$'\t' read -r number tenths name; do
    number_of[$name]=$number tenths_of[$name]=$tenths
  done < <(tests_of "$root/tests/labs/$1/test.bats")
  # Nobody writes there: to read from it for a while is to sleep without a process.
  [[ -e $work/nothing ]] || mkfifo "$work/nothing"
  exec {pause}<>"$work/nothing"
  status "judging $1"
  until [[ -s $work/folder ]]; do
    kill -0 "$judging" 2>/dev/null || return 0
    read -r -t 0.02 -u "$pause" _ || true
  done
  folder=$(<"$work/folder")
  many=$(wc -l <"$folder/chosen" 2>/dev/null) && { exec {outcomes}<"$folder/outcomes"; } 2>/dev/null || return 0
  erase_status
  ((${#chosen[@]} > 1)) || show_head "$1"
  while :; do
    # What it wrote before it ended is read, too.
    kill -0 "$judging" 2>/dev/null || over=1
    while IFS=$'\t' read -r -u "$outcomes" outcome name; do
      # The one that the judge runs again, to see its calls, comes twice.
      [[ -z ${seen[$name]:-} ]] || continue
      seen[$name]=1 ended=$((ended + 1))
      erase_status
      # Of hidden tests nothing is told.
      if ((${#chosen[@]} == 1)) && [[ -n ${number_of[$name]:-} ]]; then
        case $outcome in
          pass)
            show_row pass "$green" "${tenths_of[$name]}" "$name"
            SHOWN+=$name$'\n'
            ;;
          fail)
            if [[ -s $work/early ]] || ! show_failure "$1" "${number_of[$name]}" "${tenths_of[$name]}" "$name" "$folder"; then
              show_row FAIL "$red" "${tenths_of[$name]}" "$name"
            fi
            ;;
        esac
      fi
    done
    ((!over)) || break
    if ((ended != told)); then
      erase_status
      status "judging $1: $ended of $many"
      told=$ended
    fi
    read -r -t 0.05 -u "$pause" _ || true
  done
  erase_status
  exec {pause}>&- {outcomes}<&-
}
