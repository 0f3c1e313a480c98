# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # status, root, chosen, TOP and the rest are of attacks
# Finds what each attack has done, and turns the findings into tests.
# tests/course/sandbox/attacks sources it, and tests/course/tables for names and heads.

attacks=$root/tests/grader/attacks

# read_heads: sets names to all attacks in the order of the catalogue, and HEAD[NAME:KEY] to
# the text of KEY in the attack's head, in one line.
declare -A HEAD=()
read_heads() {
  local name key text
  while IFS=$'\t' read -r name key text; do
    HEAD["$name:$key"]=$text
  done < <(cd "$attacks" && awk '
    FNR == 1 { give(); name = FILENAME; sub(/\.[a-z]+$/, "", name); within = 1; print name "\tfile\t" FILENAME }
    /^ \*\/$/ || !/^(#| \*|\/\*)/ { within = 0 }
    !within { next }
    { sub(/^(#| \*) */, "") }
    match($0, /^(attack|row|would show|unconfined|defence|loses|at most): /) {
      give()
      key = substr($0, 1, RLENGTH - 2)
      text = substr($0, RLENGTH + 1)
      next
    }
    key != "" { text = text " " $0 }
    END { give() }
    function give() {
      if (key != "") print name "\t" key "\t" text
      key = ""
    }' ./*.c ./*.bash | sed 's|^\./||; s|\t\./|\t|')
  mapfile -t names < <(for name in "${!HEAD[@]}"; do
    [[ $name != *:row ]] || printf '%s\t%s\n' "${HEAD[$name]}" "${name%:row}"
  done | LC_ALL=C sort -t $'\t' -k 1.1,1.1 -k 1.2,1n -k 2 | cut -f 2)
}

# attack_table: prints the heads as a Markdown table.
attack_table() {
  local name
  printf '| row | attack | what it tries | how it would show | what stops it | without confinement | costs more than an honest one, at most |\n'
  printf '| --- | --- | --- | --- | --- | --- | --- |\n'
  for name in "${names[@]}"; do
    printf '| %s | [%s](%s) | %s | %s | %s | %s | %s s |\n' "${HEAD["$name:row"]}" "$name" "${HEAD["$name:file"]}" \
      "${HEAD["$name:attack"]:-}" "${HEAD["$name:would show"]:-}" "${HEAD["$name:defence"]:-}" \
      "${HEAD["$name:unconfined"]:-}" "${HEAD["$name:at most"]:-25}"
  done
}

# snapshot: prints the state of all files that must not change, one a line.
snapshot() {
  (cd "$TOP" && find tree class home service descriptor -path tree/.build/judged -prune -o \
    -printf '%y %m %u %P %l\n' -o -false && find tree class home service descriptor -type f -exec sha256sum {} +) |
    LC_ALL=C sort
}

# findings NAME: prints the signs that an attack has worked, or has harmed its own result,
# one a line. Prints nothing if the attack is contained.
findings() {
  local result=$OUT/$1/result.json place secret limit=${HEAD["$1:at most"]:-25} loses=${HEAD["$1:loses"]:-} score
  if ! jq -e . "$result" >/dev/null 2>&1; then
    echo "it has no result"
    return
  fi
  score=$(jq '.score // 0' "$result")
  if [[ -z $loses ]]; then
    ((score == 0)) || echo "it earned $score tenths"
  elif ! jq -e --arg test "$loses" '.labs[0].tests[] | select(.name == $test) | .verdict
      | IN("pass", "skip", "infra-error") | not' "$result" >/dev/null; then
    echo "not lost: $loses"
  fi
  jq -r 'select([.labs[].verdict] | any(. == "infra-error")) | "it could not be judged"' "$result"
  if [[ -d $OUT/$1/01-socket ]]; then
    { grep -rahE -m 3 '^worked: ' "$OUT/$1/01-socket" || true; } | LC_ALL=C tr -cd '\12\40-\176'
    for place in tests solution home service descriptor neighbour environment; do
      secret=$(secret_of "$place")
      ! grep -rqaF "$secret" "$OUT/$1/01-socket" || echo "it shows the secret of: $place"
    done
  fi
  { grep -aoE 'SECRET-[a-z]+' "$result" || true; } | sort -u | sed 's/^/its result shows /'
  find /tmp /var/tmp /dev/shm "$HOME" -maxdepth 1 -name "*$MARK-$1" -printf 'it left %p\n' 2>/dev/null || true
  ! LC_ALL=C grep -qaE $'[\x01-\x08\x0b-\x1f\x7f]' "$result" || echo "a control character is in its result"
  took "$1"
  ((ms <= limit * 1000 + honest)) || echo "it took $ms ms: over $limit s more than an honest one ($honest ms)"
}

# took NAME: sets ms: how long its tests took, the compiler with them.
took() { ms=$(jq '[.labs[].tests[].ms // 0] | add // 0' "$OUT/$1/result.json" 2>/dev/null || echo 0); }

# say NAME: a test, whose failures stand in TOP/found.
say() {
  number=$((number + 1))
  if [[ -s $TOP/found ]]; then
    status=1
    echo "not ok $number $1"
    sed 's/^/# /' "$TOP/found"
  else
    echo "ok $number $1"
  fi
}

# contained NAME / as_head_says NAME: the test of one attack, confined or not.
contained() {
  took "$1"
  say "${HEAD["$1:row"]} $1: contained, $((ms / 1000)).$((ms / 100 % 10)) s"
}
as_head_says() {
  local head=${HEAD["$1:unconfined"]:-} found
  found=$(head -n 1 "$TOP/found")
  case $head in
    works)
      : >"$TOP/found"
      [[ -n $found ]] || echo "unconfined it should come through, and did not" >"$TOP/found"
      ;;
    'stopped: '*) found= ;;
    *) echo "its head does not say what becomes of it unconfined" >"$TOP/found" ;;
  esac
  say "${HEAD["$1:row"]} $1 unconfined: ${found:-$head}"
}

# about_all: seven tests about the whole class.
about_all() {
  local want unnamed=()
  # has-a-name-that-runs hands in a folder of such a name, too.
  [[ ${chosen[*]} != *has-a-name-that-runs* ]] || unnamed=(___touch__HOME__x_stray_~5d903855)
  diff "$TOP/before" "$TOP/after" >"$TOP/found" || true
  say "nothing of the grader, the class and the home folder has changed"
  cp "$TOP/left" "$TOP/found"
  grep -qE '^exited [01] 0 ' "$TOP/ended" || tail -n 1 "$TOP/ended" >>"$TOP/found"
  say "no process is left, and the grader ended by itself"
  {
    find /tmp /var/tmp /dev/shm /dev/mqueue -maxdepth 1 -name "*$MARK*" 2>/dev/null || true
    ! ipcs -m | grep -i "0x0*$KEY" || true
  } >"$TOP/found"
  say "no file is left anywhere, no queue, no shared memory"
  cp "$TOP/heard" "$TOP/found"
  say "the service of the machine heard nothing"
  for want in a-neighbour=100 fork-bomb-neighbour=92; do
    jq -r --arg want "${want#*=}" 'select(.score != ($want | tonumber)) | "\(.submission): \(.score), not \($want)",
      (.labs[].tests[] | select(.verdict != "pass") | "\(.verdict): \(.name): \(.got)")' "$OUT/${want%=*}/result.json" || echo "$want"
  done >"$TOP/found" 2>&1
  say "the neighbours have their exact marks"
  LC_ALL=C grep -anE $'[\x01-\x08\x0b-\x1f\x7f]' "$TOP/run/out" "$TOP/run/err" >"$TOP/found" || true
  say "the screen shows no control character"
  diff <(find "$OUT" -maxdepth 1 -mindepth 1 -printf '%f\n' | sort) \
    <(printf '%s\n' "${unnamed[@]}" .socket-steps-grades gradebook.csv index.html a-neighbour fork-bomb-neighbour "${chosen[@]}" | sort) >"$TOP/found" || true
  say "the folder of marks holds the class, and nothing else"
}
