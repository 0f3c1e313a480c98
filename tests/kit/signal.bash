# shellcheck shell=bash
# shellcheck disable=SC2154 # KIT_BIN is the judge's
# Signals to what the kit itself has started.

# signal_tool PID TOOL [SIGNAL]: sends SIGNAL (TERM) to our TOOL (launch, peer) with this id, if
# it still runs. When it has ended, its id may be another process's: on a busy machine all
# ids are used up within a minute; proc(5), pid_max.
signal_tool() {
  local name=''
  { IFS= read -r -d '' name <"/proc/$1/cmdline"; } 2>/dev/null || true
  [[ $name != "$KIT_BIN/$2" ]] || kill -s "${3:-TERM}" "$1" 2>/dev/null || true
}
