# shellcheck shell=bash
# What a test does to a program, in words that a student reads: the only place that
# knows them. launch.bash, shim.c and clock.c say what the settings do.

# note_conditions ARG…: adds to the evidence, of the settings of start (SHIM, CLOCK, NOFILE,
# INJECT, UNDER, NETWORK, VARS, STDIN, DEADLINE), a line for each that the program feels. ARGs are its.
note_conditions() {
  local word value anew=''
  [[ " ${SHIM:-}" != *' seed='* ]] || anew=', drawn anew for each call'
  for word in ${SHIM:-}; do
    value=${word#*=}
    case $word in
      recv=*) add_evidence with "a call gives at most $value bytes of what came on a connection$anew" ;;
      send=*) add_evidence with "a call takes at most $value bytes to send$anew" ;;
      eintr) add_evidence with "SIGUSR2 is caught: a call that sleeps then returns -1 with EINTR" ;;
      aborted=*) add_evidence with "the first $(_times "$value" accept) with ECONNABORTED" ;;
      again=*) add_evidence with "about one call of $value that reads or writes a socket without sleeping fails with EAGAIN" ;;
      pid=*) add_evidence with "getpid returns $value" ;;
      enfile=*) add_evidence with "accept fails with ENFILE while the program has $value sockets or more" ;;
      sndbuf=*) add_evidence with "a connection that it accepts has a send buffer of $value bytes: few answers fit into it" ;;
      hold-bind) add_evidence with "umask is 0, and it is stopped when its bind has returned, until the file has been looked at" ;;
      term-accept) add_evidence with "SIGTERM comes when accept has taken a connection, just before it returns" ;;
      no-pid) add_evidence with "SO_PEERCRED says PID 0, as of a client in another container" ;;
      no-credentials) add_evidence with "the first getsockopt for SO_PEERCRED fails with ENOBUFS" ;;
      no-buffers) add_evidence with "every accept fails with ENOBUFS" ;;
      no-ipv6) add_evidence with "there is no IPv6: its sockets fail with EAFNOSUPPORT" ;;
      unreachable=*) add_evidence with "the first $(_times "$value" connect) with ENETUNREACH" ;;
      timedout=*) add_evidence with "the first $(_times "$value" recv) with ETIMEDOUT: that connection is lost" ;;
      no-route=*) add_evidence with "the next $(_times "$value" recv) with EHOSTUNREACH: that connection is lost, too" ;;
      refused=*) add_evidence with "the first $(_times "$value" recvfrom) with ECONNREFUSED" ;;
      unsent=*) add_evidence with "the first $(_times "$value" sendto) with an error" ;;
      interrupted=*) add_evidence with "the first $(_times "$value" sendto) with EINTR" ;;
      dropped=*) add_evidence with "datagrams that poll has seen ($value in all) are gone when they are received, as if their checksum was wrong" ;;
      late=*) add_evidence with "its first sending takes $value ms, as if another program had the processor meanwhile" ;;
      first-fd=*) add_evidence with "the first descriptor that it gets is $value" ;;
      spare-fds=*) add_evidence with "with the first connection that it accepts it may open $value descriptors, no more" ;;
      nofile=*) add_evidence with "it may have $value descriptors, no more" ;;
      flood=*:*) add_evidence with "${value%:*} MiB come from the first client, ${value#*:} MiB from the second, before what they really send" ;;
      flood=*) add_evidence with "$value MiB come from the first client before what it really sends" ;;
    esac
  done
  for word in ${CLOCK:-}; do
    value=${word#*=}
    case $word in
      fast=*) add_evidence with "time is made to run $value times as fast for it" ;;
      slow=*) add_evidence with "time is made to run $value times as slow for it" ;;
      wall=-*) add_evidence with "the clock of the day is set back ${value#-} s whenever it is read" ;;
      wall=*) add_evidence with "the clock of the day is set forward $value s whenever it is read" ;;
      late=*) add_evidence with "the call of its first wait that finds nothing in time returns $value ms late, as if another program had the processor meanwhile" ;;
      up=*) add_evidence with "CLOCK_MONOTONIC begins with $value s, as after $((value / 86400)) days without a boot" ;;
    esac
  done
  [[ -z ${NOFILE:-} ]] || add_evidence with "it may have $NOFILE descriptors, no more (ulimit -n)"
  if [[ -n ${INJECT:-} ]]; then
    word=${INJECT%%:*}
    word=${word//\?/}
    value="each $word"
    [[ $INJECT != *when=* ]] || value="call ${INJECT##*when=} of $word"
    word=${INJECT#*error=}
    if [[ $INJECT == *delay_exit=* ]]; then
      word=${INJECT#*delay_exit=}
      add_evidence with "$value returns late, after $((${word%%:*} / 1000)) ms"
    else
      add_evidence with "$value fails with ${word%%:*}"
    fi
  fi
  case ${UNDER:-} in
    unprivileged) add_evidence with 'it has no privilege, as an ordinary user has none' ;;
    privileged) add_evidence with 'it has the privilege to make raw sockets' ;;
    valgrind) add_evidence with 'valgrind watches it' ;;
  esac
  [[ ${NETWORK:-} != own ]] || add_evidence with 'it is in a network of its own, in which it may make raw sockets'
  for word in ${VARS:-}; do
    [[ $word != NSS_WRAPPER_HOSTS=* ]] || _note_names "${word#*=}" "$@"
  done
  [[ ${STDIN:-} != closed ]] || add_evidence with 'standard input is closed: the first descriptor that it gets is 0, which is as good as any'
  [[ -z ${DEADLINE:-} ]] || add_evidence with "it has $DEADLINE s until it is ended"
}

# _times N CALL: "2 calls of accept fail".
_times() {
  if (($1 == 1)); then
    printf 'call of %s fails' "$2"
  else
    printf '%s calls of %s fail' "$1" "$2"
  fi
}

# _note_names FILE ARG…: says which addresses FILE, as hosts in inject.bash writes it, has
# for the names among the ARGs.
_note_names() {
  local name address other found fails=()
  [[ ! -e $1.fails ]] || mapfile -t fails <"$1.fails"
  for name in "${@:2}"; do
    found=''
    while read -r address other _; do
      [[ $other != "$name" ]] || found+=${found:+, }$address
    done <"$1"
    [[ -z $found ]] || add_evidence with "the name $name means ${found:0:120}"
    for other in "${fails[@]}"; do
      [[ $other != "$name" ]] || add_evidence with "$name is a name, and its look-up fails with EAI_FAIL"
    done
  done
}
