# shellcheck shell=bash
# Puts temporary files in memory. Judging a lab makes and removes some thousand small
# files: on ext4 they take a tenth of the time, or more. Source this file.

# in_memory [NOTE]: makes a new folder in memory and sets SCRATCH, TMPDIR and the judge's
# KIT_SCRATCH to it. The caller removes the folder. NOTE becomes a symbolic link to the
# folder, for leave_memory. If KIT_SCRATCH is already set, if less than 2 GB are free, or if
# no program can be run there, SCRATCH stays empty and nothing changes. Rests on:
# shm_overview(7), stat(1).
SCRATCH=
# shellcheck disable=SC2120 # most callers need no NOTE
in_memory() {
  local kind free size
  [[ -z ${KIT_SCRATCH:-} ]] || return 0
  read -r kind free size < <(exec stat -f -c '%T %a %S' /dev/shm 2>/dev/null) || true
  [[ ${kind:-} == tmpfs && $((free * size)) -ge 2000000000 ]] || return 0
  SCRATCH=$(mktemp -d /dev/shm/socket-steps.XXXXXX 2>/dev/null) || return 0
  [[ -z ${1:-} ]] || ln -s -- "$SCRATCH" "$1"
  printf '#!/bin/sh\n' >"$SCRATCH/try"
  chmod +x "$SCRATCH/try"
  if "$SCRATCH/try" 2>/dev/null; then
    export KIT_SCRATCH=$SCRATCH TMPDIR=$SCRATCH
  else
    rm -rf -- "$SCRATCH"
    SCRATCH=
  fi
}

# leave_memory NOTE: removes the folder in memory that the link NOTE names, if there is one.
# The next run calls it, too, because kill -9 leaves the link and the folder.
leave_memory() {
  local folder
  folder=$(readlink -- "$1") || return 0
  [[ $folder != /dev/shm/socket-steps.?????? ]] || rm -rf -- "$folder"
}
