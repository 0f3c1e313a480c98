# shellcheck shell=bash
# A place in memory for what judging makes and removes meanwhile, some thousand small
# files a lab: on ext4 they are a tenth of the whole, or more. To be sourced.

# in_memory [NOTE]: SCRATCH is a new folder in memory, and TMPDIR and the judge's
# KIT_SCRATCH are there; whoever calls removes it. NOTE becomes a link to it, for
# leave_memory. Where KIT_SCRATCH is given, there is too little room (2 GB), or no
# program can be run there, SCRATCH is empty and all is as it was. Rests on:
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

# leave_memory NOTE: removes the folder in memory that NOTE is a link to, if it is one:
# also after a kill -9, which leaves both.
leave_memory() {
  local there
  there=$(readlink -- "$1") || return 0
  [[ $there != /dev/shm/socket-steps.?????? ]] || rm -rf -- "$there"
}
