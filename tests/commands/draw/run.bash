# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what it sets and uses is that of those who source it
# One run of a program in a test, from what was noted of it under strace (judge --pictures and
# --calls; kit/calls.bash). Those who source this set root, lab, noted (the folder of the test),
# NAME, the test, and work, a folder for what comes between.
draw=$root/tests/commands/draw

# find_run N: sets what is to be known of run N, from 0, of the test in the folder noted: program;
# files, what strace wrote of each process; direct (events.awk); failed, a time in seconds; lane,
# the side of the program. $work/stated has the statements of the peers that ran for this program.
# Returns 1 when there is no such run.
find_run() {
  local folder
  about=$1
  folder=$(compgen -G "$noted/$about-*" | head -n 1) || return
  program=${folder##*/}
  program=${program#*-}
  files=("$folder"/calls.*) direct=1
  [[ -e ${files[0]} ]] || files=("$folder/report") direct=0
  # The report of a program under valgrind is valgrind's.
  grep -qsE '^[0-9]+\.[0-9]+ execve' "${files[@]}" || files=()
  cat "$folder"/statements* 2>/dev/null | sort -s -n >"$work/stated" || true
  failed=$(sed -n 's/^failed\t//p' "$noted/evidence" | tail -n 1)
  # What came after a statement that failed is the peer's end.
  [[ -z $failed ]] || failed=$(awk -F '\t' -v failed="$failed" '
    $3 == "begin" { at = "" }
    $3 == "end" && $4 != "0" { at = $1 }
    END { print at ? at : failed }' "$work/stated")
  # The side that waits for the other to begin is the server.
  lane=S other=C
  if cut -f 4 "$work/stated" | grep -qE '^(listen|accept|bind-datagram|join-network|fill-queue)( |$)'; then lane=C other=S; fi
}

# of_run KEY: what the evidence of the test has of it for this run, a line each.
of_run() {
  awk -F '\t' -v run="$about" -v key="$1" '$1 == "run" { now = $2 } $1 == key && now == run { print $2 }' "$noted/evidence"
}

# run_calls: writes to $work/run what happened up to the moment in which the test failed: the calls
# of the program's processes and the statements of the peer, by time. ADDR, PORT and server.sock stand
# for what the test has chosen.
run_calls() {
  local file addr port path ran
  read -r addr port path < <(of_run at) || true
  ran=$(of_run ran)
  {
    for file in "${files[@]}"; do
      RAN=$ran awk -v lane="$lane" -v process="${file##*.}" -v direct="$direct" -v stopped=1 -f "$root/tests/kit/events.awk" "$file"
    done
    awk -v lane="$other" -f "$draw/statements.awk" "$work/stated"
  } | awk -F '\t' -v OFS='\t' -v failed="${failed:-9e9}" -v addr="$addr" -v port="$port" -v path="$path" '
      function replaced(text, what, by,    at, out) {
        while (what != "" && (at = index(text, what))) {
          out = out substr(text, 1, at - 1)
          text = substr(text, at + length(what))
          # A port is more than the beginning of a number.
          out = out (what ~ /[0-9]$/ && text ~ /^[0-9]/ ? what : by)
        }
        return out text
      }
      # How often a call was made after it.
      $5 == "again" && $6 ~ /^the same/ && $1 > failed + 0 { $1 = $2 = failed }
      $1 > failed + 0 { next }
      $2 > failed + 0 { $2 = $7 = "" }
      {
        for (i = 6; i <= 7; i++) {
          $i = replaced(replaced(replaced($i, addr, "ADDR"), ":" port, ":PORT"), path, "./server.sock")
          # The folder of the test, by its whole path (kit/folder.bash).
          gsub(/\/[^ "]*\/run\.[A-Za-z0-9]+\/[^ "]*files\//, "./", $i)
        }
        print
      }' | sort -s -t $'\t' -k 1,1n >"$work/run"
}

# rows [ids]: the rows (rows.awk) of $work/run; with their numbers.
rows() {
  awk -F '\t' -f "$draw/order.awk" "$work/run" | sort -s -t $'\t' -k 1,1n |
    awk -v lane="$lane" -v ids="${1:+1}" -f "$draw/words.awk" -f "$draw/rows.awk"
}

# find_ours: the rows of $work/run are $work/rows, with their numbers; those of our program in the
# same run of the test are $work/ours, which is empty if there are none. Sets my_row and our_row,
# from which on they differ; 0 if nothing differs.
find_ours() {
  my_row=0 our_row=0
  rows ids >"$work/rows"
  awk -v name="# $NAME" -v run="## $((about + 1))" '
    /^# / { here = $0 == name; next }
    /^## / { now = $0 == run; next }
    here && now' "$root/tests/labs/$lab/right" >"$work/ours" 2>/dev/null || true
  [[ ! -s $work/ours ]] || read -r my_row our_row < <(awk -f "$draw/differ.awk" "$work/rows" "$work/ours") || true
}
