# shellcheck shell=bash
# What tests need of the machine, and what they inject.

# requires THING…: skips the test, naming it, when this machine lacks THING.
requires() {
  local thing
  for thing in "$@"; do
    case $thing in
      valgrind)
        command -v valgrind >/dev/null || skip "valgrind is not installed"
        ;;
      process-memory)
        [[ -r /proc/self/smaps_rollup ]] || skip "the kernel does not tell how much memory a process has (smaps_rollup)"
        ;;
      strace)
        command -v strace >/dev/null || skip "strace is not installed"
        can_trace || skip "strace may not trace here (ptrace is forbidden)"
        ;;
      reserved-port)
        (($(</proc/sys/net/ipv4/ip_unprivileged_port_start) > 1)) || skip "no port is reserved here (net.ipv4.ip_unprivileged_port_start)"
        ;;
      raw-sockets)
        # Root may make them here; others where they are root, if they may be.
        if "$KIT_BIN/peer" -e /dev/null expect-raw-sockets; then
          : >"$KIT_RUN/raw-sockets"
        else
          unshare -rn true 2>/dev/null || skip "no raw sockets here, nor namespaces of one's own (unshare -rn)"
        fi
        ;;
      own-network) has_own_network || skip "no network here in which pings are answered by a test (unshare -rn, and a /proc/sys that can be written)" ;;
      nss-wrapper) _find_nss_wrapper || skip "libnss-wrapper is not installed" ;;
      ipv6) has_ipv6 || skip "no IPv6 loopback address (::1)" ;;
      localhost)
        [[ $KIT_CONFINED == full || $(getent ahosts localhost) == *127.0.0.1* ]] ||
          skip "localhost is not 127.0.0.1 here (/etc/hosts)"
        ;;
      foreign-address)
        (($(</proc/sys/net/ipv4/ip_nonlocal_bind) == 0)) ||
          skip "addresses of other machines can be bound here (net.ipv4.ip_nonlocal_bind)"
        ;;
      *)
        echo "BUG: requires $thing: unknown" >&2
        return 1
        ;;
    esac
  done
}

# has_ipv6: this machine has the IPv6 loopback address; for a part of a test.
has_ipv6() { grep -qs ' lo$' /proc/net/if_inet6; }

# has_own_network: NETWORK=own works here: a program can be in a network of its own, in which
# the kernel answers no ping; tried until it works.
has_own_network() {
  [[ -e $KIT_RUN/own-network ]] && return
  "$KIT_BIN/peer" -e /dev/null expect-network && : >"$KIT_RUN/own-network"
}

# can_trace: strace is there and may trace; tried once a run.
can_trace() {
  [[ -e $KIT_RUN/strace ]] && return
  command -v strace >/dev/null && strace -qq -o /dev/null true && : >"$KIT_RUN/strace"
}

# if_can_trace CALLS: prints CALLS where strace works, else nothing; for TRACE.
if_can_trace() { ! can_trace || printf '%s\n' "$1"; }

# choose_reserved_port: REPLY is a port that needs a privilege.
choose_reserved_port() {
  requires reserved-port
  random_between 1 $(($(</proc/sys/net/ipv4/ip_unprivileged_port_start) - 1))
}

# _find_nss_wrapper: REPLY is the library that answers name look-ups from a file.
_find_nss_wrapper() {
  local lib
  for lib in /usr/lib/*/libnss_wrapper.so /usr/lib*/libnss_wrapper.so; do
    [[ -e $lib ]] && REPLY=$lib && return
  done
  return 1
}

# write_hosts LINE…: names of the test's own, lines as in hosts(5), for programs that are
# started with $NSS and $HOSTS:
#   write_hosts "$ADDR several.test"
#   PRELOAD=$NSS VARS=$HOSTS start connect several.test …
# Fails where there is no such library.
write_hosts() {
  _find_nss_wrapper || return
  NSS="$KIT_TOOLS/names.so $REPLY"
  local file=$KIT_SHARE/${TEST_DIR#"$KIT_RUN"/}/hosts
  mkdir -p "${file%/*}"
  printf '%s\n' "$@" >"$file"
  HOSTS=NSS_WRAPPER_HOSTS=$file
}

# choose_host TEST ADDRESS: HOST is a name that means ADDRESS, and then ADDR; only ADDR
# itself where no such names can be made, or where TEST has failed, which is about them.
# For a program that is started with PRELOAD=${NSS:-} VARS=${HOSTS:-}.
choose_host() {
  HOST=$ADDR
  if ! has_failed "$1" && write_hosts "$2 two.test" "$ADDR two.test"; then
    HOST=two.test
  fi
}

# start_with_both_families PROGRAM ARG…: starts a server with a name for the word HOST among the
# ARGs: it means an IPv6 address, and then ADDR. First with a name that means an IPv4
# address alone: a program that cannot serve that one does not ask our library in a way
# that it knows (it does not do AI_V4MAPPED), and is right for all that we can see. READY=
# is the statement that waits for the server: wait-listening, or wait-bound.
start_with_both_families() {
  local word words=() one=$ADDR
  for word in "$@"; do
    [[ $word != HOST ]] || word=both.test
    words+=("$word")
  done
  new_address
  write_hosts "$one one.test" "::1 both.test" "$ADDR both.test"
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start "${words[@]/#both.test/one.test}"
  try_peer "${READY:-wait-listening}" || skip "the names of this test do not reach ${NAMES[PROGRAM_NUMBER]}"
  BUILD=plain PRELOAD=$NSS VARS=$HOSTS start "${words[@]}"
}

# choose_highest_port: PORT is the highest that there is, or where a server of this machine
# has that one, the next that is free. From here on the test gives command lines that are right:
# the hint says so.
choose_highest_port() {
  add_evidence hint 'Nothing is wrong with this command line. Which words may it have, by labs/README.md?'
  PORT=65535
  while [[ $KIT_SERVED == *" $PORT "* ]]; do PORT=$((PORT - 1)); done
}

# start_holding_port PROGRAM ARG…: starts a program that listens on every interface or on
# ::1, where no address of one's own keeps others away. Chooses PORT anew until
# nobody else has it and holds it while the program runs; the word PORT among the
# ARGs stands for it.
start_holding_port() {
  local word words try
  for ((try = 0; try < 50; try++)); do
    choose_port "$HELD_PORTS" 32767
    words=()
    for word in "$@"; do
      [[ $word == PORT ]] && word=$PORT
      words+=("$word")
    done
    HOLD=$PORT start "${words[@]}" && return
    [[ ${ENDS[PROGRAM_NUMBER]} == taken* ]] || return 1
  done
  return 1
}

# For a program that is started with CLOCK=$FAST_CLOCK: where $FIVE_MINUTES is a line of a
# conversation, so much time passes for the program, in 15 ms. It must wait that long. No
# limit of time that people set is longer, and a limit of a socket's, which the kernel
# keeps in steps of 4 ms, strikes in time.
FAST_CLOCK=fast=20000
# shellcheck disable=SC2034 # for the lab files
FIVE_MINUTES='expect-waiting 300 20000'

# The same for CLOCK=$FASTER_CLOCK and $FOUR_HOURS, for which an hour is a limit, too. A nap
# of a second is too short for a sleep then: a program that takes naps computes instead.
# shellcheck disable=SC2034
FASTER_CLOCK=fast=960000
# shellcheck disable=SC2034
FOUR_HOURS='expect-waiting 14400 960000'
