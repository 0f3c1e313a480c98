# shellcheck shell=bash
# shellcheck disable=SC2154 # root, build and the options are the judge's
# A trick: a lab of which nothing was handed in has the same record in every submission, but
# for the seed. So the judge keeps the record, and gives it again. Without this file all
# works, but slower. With it, such a lab 01 took 21 ms of processor time instead of 76, lab 09
# 23 instead of 107 (medians of 15, alternating).

# nothing_handed_in: succeeds if the submission has no file of this lab, not even a link.
nothing_handed_in() {
  local program place
  for program in $(lab_programs "$lab"); do
    for place in $(layouts "$lab" "$program"); do
      place=$submission/$place
      [[ ! -e $place && ! -L $place && ! -L ${place%/*} && ! -L ${place%/*/*} ]] || return
    done
  done
}

# give_kept: sets kept to the folder where the record of this lab and its evidence are
# kept, and moves a copy with this seed to OUT. Fails if they are not kept yet. The name of
# the folder has the checksum, cksum(1), of all files that make a record.
give_kept() {
  local sum size
  read -r sum size < <(cat "$root/tests/labs/$lab"/*.bats "$root"/tests/{common.bash,engine/*,kit/*.bash} | cksum)
  kept=$build/missing/$lab.$valgrind.$sum.$size
  [[ -e $kept/record ]] || return
  run=$(mktemp -d "${KIT_SCRATCH:-$build}/run.XXXXXX")
  if cp -r "$kept/." "$run" && sed -i "s/^  \"seed\": [0-9]*,$/  \"seed\": $seed,/" "$run/record"; then
    place_run
  else
    remove_run
    run=''
    return 1
  fi
}

# keep_record: keeps the record of a missing lab, and its evidence: $run. If that cannot be
# done, the next judge makes them again.
keep_record() {
  local new
  mkdir -p "$build/missing" || return 0
  new=$(mktemp -d "$build/missing/new.XXXXXX") || return 0
  rm -rf "$build/missing/$lab.$valgrind".*
  if ! { cp -r "$run/." "$new" && mv -T "$new" "$kept"; }; then rm -rf "$new"; fi
}
