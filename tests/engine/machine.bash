# shellcheck shell=bash
# shellcheck disable=SC2154 # root and build are common.bash's
# What judging needs of the machine beside packages, asked before anything is judged: a
# fault of the machine is no mistake of a program. Sourced by need (common.bash), grade and
# judge.

# machine_will_do: exit 3 with the reason and the cure where this machine, this login or
# this folder cannot judge.
machine_will_do() {
  limits_will_do
  bats_will_do
  folder_will_do
}

# machine_lacks LINE…: says why nothing can be judged here, and the cure; exit 3.
machine_lacks() {
  printf '%s\n' "$@" >&2
  exit 3
}

# limits_will_do: raises the soft limits of setrlimit(2) to what judging needs, those of
# proc(5) one by one; root raises the hard ones too. An unlimited stack lays out memory in
# another way, in which the sanitizers do not begin.
limits_will_do() {
  local line name what flag least unit soft hard
  local -A limits=()
  while IFS= read -r line; do limits["${line:0:26}"]=${line:26}; done </proc/self/limits
  while IFS=, read -r name flag least unit; do
    printf -v what '%-26s' "Max $name"
    read -r soft hard _ <<<"${limits["$what"]-unlimited unlimited}"
    ((unit > 1)) && [[ $soft != unlimited ]] && soft=$((soft / unit))
    ((unit > 1)) && [[ $hard != unlimited ]] && hard=$((hard / unit))
    enough "$soft" "$least" && continue
    # bash raises a soft limit as far as it can be raised, and says nothing.
    ulimit -S "-$flag" "$least" 2>/dev/null || true
    enough "$(ulimit -S "-$flag")" "$least" || ulimit "-$flag" "$least" 2>/dev/null ||
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
  processes_will_do
}

# enough VALUE LEAST: VALUE of a limit is at least LEAST.
enough() { [[ $1 == unlimited ]] || { [[ $2 != unlimited ]] && (($1 >= $2)); }; }

# processes_will_do: the limit on processes holds for all that the user runs, root excepted.
processes_will_do() {
  local most tasks
  most=$(ulimit -u)
  ((EUID != 0)) && [[ $most != unlimited ]] && ((most < 4000)) || return 0
  tasks=$(find /proc/[0-9]*/task -mindepth 1 -maxdepth 1 -user "$EUID" 2>/dev/null | wc -l) || true
  ((most - tasks >= 100)) || ulimit -S -u "$((tasks + 100))" 2>/dev/null ||
    machine_lacks "You may have $most processes here (ulimit -u) and have $tasks: judging needs 100 more." \
      "Close some programs, or raise the limit in /etc/security/limits.conf and log in again."
}

# bats_will_do: bats is new enough. Its version is asked once for each path.
bats_will_do() {
  local path version mark=$build/bats-will-do
  path=$(command -v bats) || return 0
  [[ -e $mark && $mark -nt $path && $(<"$mark") == "$path" ]] && return
  version=$(bats --version) && version=${version#Bats }
  if ! [[ $version =~ ^([0-9]+)\.([0-9]+) ]] || ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < 1006)); then
    machine_lacks "bats is ${version:-unknown} here ($path): judging needs 1.6 or newer." \
      "A newer one, in /usr/local/bin: sudo apt-get install npm && sudo npm install -g bats"
  fi
  { mkdir -p "$build" && printf '%s\n' "$path" >"$mark"; } 2>/dev/null || true
}

# folder_will_do: below the repository there can be FIFOs, links, programs and modes.
# Folders of Windows (/mnt/c) and shares of a virtual machine lack some. Asked once for
# each folder, known by its device and inode.
folder_will_do() {
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

# missing: prints what this machine lacks, as the tests will find it; for judge.
missing() {
  local thing
  export KIT_RUN=$run KIT_BIN
  KIT_BIN=$(source "$root/tests/tools/build")
  # shellcheck source=tests/kit/inject.bash
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

# served_everywhere: KIT_SERVED is the ports on which a server of this machine has
# every address, with blanks around each; for judge. Listening sockets (0A) come first in
# these tables, proc(5); beyond them they can be long.
served_everywhere() {
  local table row rows
  KIT_SERVED=' '
  for table in /proc/net/tcp /proc/net/tcp6; do
    [[ -e $table ]] || continue
    mapfile -t -s 1 -n 400 rows <"$table"
    for row in "${rows[@]}"; do
      [[ $row =~ :\ ([0-9A-F]+):([0-9A-F]{4})\ [^\ ]+\ 0A\  ]] || break
      [[ ${BASH_REMATCH[1]} == *[!0]* ]] || KIT_SERVED+="$((16#${BASH_REMATCH[2]})) "
    done
  done
  export KIT_SERVED
}
