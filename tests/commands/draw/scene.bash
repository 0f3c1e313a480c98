# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what it sets and uses is trace's
# The scene of a lab (tests/labs/NN-step/scene) for make trace: its programs against the kit's
# peer, or against each other.

# provide PROGRAM: build the submission's; or, of two programs, ours where there is none
# or it does not compile. Exit 1 when there is nothing to run.
provide() {
  local at taken=1 words=("$KIT_CC" "${STANDARD[@]}" "$1.c" -o "$work/bin/$1")
  for at in $(layouts "$lab" "$1"); do
    taken=0
    take_file "$submission" "$at" "$work/src/$1.c" || taken=$?
    ((taken == 1)) || break
  done
  local file why
  file=$(source_of "$lab" "$1")
  if ((taken == 0)) && compile "${words[@]}" 2>"$work/said"; then
    return
  elif ((taken == 0)); then
    why="$file does not compile"
  elif ((taken == 2)); then
    why="$file $TAKE_WHY"
  else
    why="there is no $file"
  fi
  if ((${#programs[@]} > 1)) && [[ -e $root/solutions/$lab/$1.c ]] && ((alone++ == 0)); then
    cp "$root/solutions/$lab/$1.c" "$work/src/$1.c"
    compile "${words[@]}"
    notes+=("$1 is our solution here, for $why.")
    return
  fi
  tell "Nothing to draw: $why." >&2
  next "make check LAB=$(lab_of "$lab")$whose" >&2
  exit 1
}

# prepare_scene: builds what the scene starts.
prepare_scene() {
  local program
  KIT_RUN=$work KIT_SHARE=$work KIT_SOURCE=$work/src KIT_CONFINED=none
  mkdir "$work/src" "$work/bin"
  # shellcheck disable=SC2207 # names without blanks
  programs=($(lab_programs "$lab"))
  alone=0
  for program in "${programs[@]}"; do provide "$program"; done
}

# play_scene: plays it, with what is seen in $work/scene. Returns 4 when the capture did not
# begin.
play_scene() {
  watched 40 "$ADDR" "$draw/record" "$seen" "$work/bin" "$lab" "$ADDR" "$net" "$calls"
}

# read_scene: sets who is seen.
read_scene() { cast=$seen/cast client=client server=server; }

# scene_calls: what happened, one line each: the calls of each process (kit/events.awk), by time.
scene_calls() {
  local lane name scripted stopped file
  while IFS=$'\t' read -r lane name _; do
    scripted=0 stopped=0
    [[ $name != peer ]] || scripted=1
    [[ ! -e $seen/$name/stopped ]] || stopped=1
    for file in "$seen/$name"/strace.*; do
      [[ ! -e $file ]] || awk -v lane="$lane" -v process="$name" -v scripted=$scripted \
        -v stopped=$stopped -f "$root/tests/kit/events.awk" "$file"
    done
  done <"$cast" | sort -s -t $'\t' -k 1,1n
}

scene_wire() { awk -f "$draw/wire.awk" "$seen/wire"; }

# scene_head: above the picture, what was run.
scene_head() {
  local lane command side
  while IFS=$'\t' read -r lane _ command; do
    side=client
    [[ $lane != S ]] || side=server
    [[ $lanes == CS ]] || side='the program'
    tell "  $side: $(visible "$command")"
  done <"$cast"
}

draw_scene() { ladder | head -n 400; }

# scene_notes: what the picture of a scene does not say: who had to be ended, and what the peer
# missed.
scene_notes() {
  local name evidence=$seen/peer.evidence
  while IFS=$'\t' read -r _ name _; do
    if [[ -e $seen/$name/stopped || $(cat "$seen/$name/ended" 2>/dev/null) == timeout* ]]; then
      notes+=("$name did not end by itself, and was ended.")
    fi
  done <"$cast"
  if grep -qs '^expected' "$evidence"; then
    notes+=("The peer expected: $(visible "$(sed -n 's/^expected\t//p' "$evidence" | head -n 1)")"
    "It got: $(visible "$(sed -n 's/^got\t//p' "$evidence" | head -n 1)")")
  fi
}
