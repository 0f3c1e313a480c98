# shellcheck shell=bash
# shellcheck disable=SC2154 # root and build are common.bash's
# Checks what judging needs of the machine besides packages. It runs before anything is
# judged, because a fault of the machine must not cost a student points. need (common.bash),
# grade and judge source this file.

# check_machine: exits with 3, the reason and the cure if this machine, this login or this
# folder cannot judge.
check_machine() {
  check_limits
  check_bats
  check_folder
}

# machine_lacks LINE…: prints the reason and the cure, one a line, and exits with 3.
machine_lacks() {
  printf '%s\n' "$@" >&2
  exit 3
}

# check_limits: raises the soft limits of setrlimit(2) to what judging needs. Root also
# raises the hard limits. The stack gets a limit, because an unlimited stack changes the
# memory layout and then the sanitizers do not start.
check_limits() {
  local line name what flag least unit soft hard
  local -A limits=()
  while IFS= read -r line; do limits["${line:0:26}"]=${line:26}; done </proc/self/limits
  while IFS=, read -r name flag least unit; do
    printf -v what '%-26s' "Max $name"
    read -r soft hard _ <<<"${limits["$what"]-unlimited unlimited}"
    ((unit > 1)) && [[ $soft != unlimited ]] && soft=$((soft / unit))
    ((unit > 1)) && [[ $hard != unlimited ]] && hard=$((hard / unit))
    is_enough "$soft" "$least" && continue
    # bash raises a soft limit only up to the hard limit, without a message.
    ulimit -S "-$flag" "$least" 2>/dev/null || true
    is_enough "$(ulimit -S "-$flag")" "$least" || ulimit "-$flag" "$least" 2>/dev/null ||
      machine_lacks "The limit on $name is $hard here (ulimit -$flag), and judging needs $least: no program can be judged." \
        "Remove the line \"ulimit -$flag\" from what your shell reads (~/.profile, ~/.bashrc) or the limit from /etc/security/limits.conf, and log in again."
  done <<'END'
open files,n,256,1
file size,f,262144,1024
address space,v,unlimited,1024
data size,d,unlimited,1024
cpu time,t,3600,1
END
  ulimit -S -s 8192 2>/dev/null || true
  check_processes
}

# is_enough VALUE LEAST: succeeds if VALUE, a limit, is at least LEAST.
is_enough() { [[ $1 == unlimited ]] || { [[ $2 != unlimited ]] && (($1 >= $2)); }; }

# check_processes: checks that the user may start 100 more processes. The limit counts all
# processes of the user. Root has no such limit.
check_processes() {
  local most tasks
  most=$(ulimit -u)
  ((EUID != 0)) && [[ $most != unlimited ]] && ((most < 4000)) || return 0
  tasks=$(find /proc/[0-9]*/task -mindepth 1 -maxdepth 1 -user "$EUID" 2>/dev/null | wc -l) || true
  ((most - tasks >= 100)) || ulimit -S -u "$((tasks + 100))" 2>/dev/null ||
    machine_lacks "You may have $most processes here (ulimit -u) and have $tasks: judging needs 100 more." \
      "Close some programs, or raise the limit in /etc/security/limits.conf and log in again."
}

# check_bats: checks that bats is new enough. It runs bats once for each path and keeps
# the answer.
check_bats() {
  local path version mark=$build/bats-will-do
  path=$(command -v bats) || return 0
  [[ -e $mark && $mark -nt $path && $(<"$mark") == "$path" ]] && return
  version=$(bats --version) && version=${version#Bats }
  if ! [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < 1008)); then
    machine_lacks "bats is ${version:-unknown} here ($path): judging needs 1.8 or newer." \
      "A newer one, in /usr/local/bin: sudo apt-get install npm && sudo npm install -g bats"
  fi
  { mkdir -p "$build" && printf '%s\n' "$path" >"$mark"; } 2>/dev/null || true
}

# check_folder: checks that the repository's file system has FIFOs, links, executables and
# file modes. Windows folders (/mnt/c) and shares of a virtual machine lack some of them. It
# checks once for each folder, which it knows by device and inode.
check_folder() {
  local try what='' here blocks size mark=$build/folder-will-do
  mkdir -p "$build" 2>/dev/null || machine_lacks "No files can be written in $root." \
    "Copy the course to your home folder and work there: cp -r '$root' ~/"
  read -r blocks size < <(stat -f -c '%a %S' -- "$build")
  ((blocks * size >= 50000000)) || machine_lacks "There is no room left in $build: judging needs 50 MB." \
    "Remove what you do not need; df -h '$root' shows how much is free."
  here=$(stat -c %d:%i -- "$build")
  [[ -e $mark && $(<"$mark") == "$here" ]] && return
  try=$(mktemp -d "$build/try.XXXXXX")
  printf '#!/bin/sh\n' >"$try/program"
  mkfifo "$try/fifo" 2>/dev/null || what=FIFOs
  ln -s program "$try/link" 2>/dev/null || what='symbolic links'
  { chmod 755 "$try/program" && "$try/program"; } 2>/dev/null || what='programs that can be run'
  chmod 600 "$try/program" 2>/dev/null && [[ $(stat -c %a "$try/program") == 600 ]] || what='modes of files'
  rm -rf -- "$try"
  [[ -z $what ]] || machine_lacks "There can be no $what in $root (a folder of Windows, or a shared one?)." \
    "Copy the course to your home folder and work there: cp -r '$root' ~/"
  printf '%s\n' "$here" >"$mark"
}

# print_missing: prints what the tests will find missing on this machine. For judge.
print_missing() {
  local thing
  export KIT_RUN=$run KIT_BIN
  KIT_BIN=$(source "$root/tests/tools/build")
  # shellcheck source=/dev/null
  source "$root/tests/kit/inject.bash"
  # shellcheck disable=SC2317,SC2329 # what requires calls
  skip() {
    echo "$1"
    exit 1
  }
  sed -nE 's/^ *requires ([a-z -]+)$/\1/p' "$root"/tests/labs/*/*.bats | tr ' ' '\n' | sort -u |
    while read -r thing; do (requires "$thing" </dev/null) || true; done
  (requires valgrind reserved-port) || true
}

# served_everywhere: sets KIT_SERVED to the ports on which a server of this machine has every
# address, with blanks around each port. For judge. Of TCP these are the sockets that listen
# (0A), of UDP those that talk to nobody in particular (07). Listening sockets come first in
# their tables (proc(5)), so it stops at the first other socket: the tables can be long.
served_everywhere() {
  local table state row rows
  KIT_SERVED=' '
  for table in tcp tcp6 udp udp6; do
    [[ -e /proc/net/$table ]] || continue
    state=0A
    [[ $table != udp* ]] || state=07
    mapfile -t -s 1 -n 400 rows <"/proc/net/$table"
    for row in "${rows[@]}"; do
      if [[ $row =~ :\ ([0-9A-F]+):([0-9A-F]{4})\ [^\ ]+\ $state\  ]]; then
        [[ ${BASH_REMATCH[1]} == *[!0]* ]] || KIT_SERVED+="$((16#${BASH_REMATCH[2]})) "
      elif [[ $table == tcp* ]]; then
        break
      fi
    done
  done
  export KIT_SERVED
}
