# shellcheck shell=bash
# Addresses and ports that no other test and no server of this machine uses.

# random_between LOW HIGH: REPLY is a number from LOW to HIGH. From real randomness, not
# from the seed: two runs with one seed must not meet.
random_between() { REPLY=$((SRANDOM % ($2 - $1 + 1) + $1)); }

# A port for an address of one's own: above 1023, outside the range from which the
# kernel takes ports for clients, and so that with its two bytes swapped it is
# another port above 1023 (a missing htons must not go unseen). From HELD_PORTS on
# ports belong to tests that cannot have an address of their own (start_holding_port).
# Nor is it a port on which a server of this machine has every address.
HELD_PORTS=20000
choose_port() {
  local low high try
  read -r low high </proc/sys/net/ipv4/ip_local_port_range
  # Where that range is nearly everything, a port inside it must do.
  for ((try = 0; ; try++)); do
    random_between "$1" "$2"
    PORT=$REPLY
    _port_fits || continue
    ((PORT < low || PORT > high || try > 500)) && return
  done
}
_port_fits() {
  _swap_port
  ((PORT > 1023 && SWAPPED != PORT && SWAPPED > 1023)) && [[ $KIT_SERVED != *" $PORT "* ]]
}

# _swap_port: SWAPPED is PORT with its two bytes swapped.
_swap_port() { SWAPPED=$(((PORT & 255) << 8 | PORT >> 8)); }

# choose_named_port: PORT is a port below HELD_PORTS that /etc/services names for TCP,
# where it names one: for programs that must print numbers, not names.
choose_named_port() {
  local word port named=() before=$PORT
  [[ -r /etc/services ]] || return 0
  while read -r _ word _; do
    [[ $word == */tcp ]] || continue
    PORT=${word%/tcp}
    ((PORT >= HELD_PORTS)) || ! _port_fits || named+=("$PORT")
  done </etc/services
  PORT=$before
  ((${#named[@]} == 0)) || PORT=${named[SRANDOM % ${#named[@]}]}
}

# NO_HOST is a name that does not resolve, and that no resolver asks the network for: a label of it
# is empty. It is longer than the buffers in which a program could cut it off. A program that takes
# it for a format of printf(3) crashes.
NO_HOST=a%n%s..no-such-host.no-such-host.no-such-host.no-such-host.no-such-host.no-such-host.no-such-host.no-such-host.no-such-host.no-such-host

# random_address: REPLY is a random address of 127.0.0.0/8, none that people use; as long as one
# can be, so that every test sees a buffer that is too short for it.
random_address() {
  local n=$SRANDOM
  REPLY=127.$((n % 140 + 100)).$((n / 140 % 156 + 100)).$((n / 21840 % 155 + 100))
}

# new_address: ADDR is a random address, for a test that needs another one.
new_address() {
  random_address
  ADDR=$REPLY
}

# choose_client NAME: the variable NAME is an address and a port for one client, as no
# other has it.
choose_client() {
  local PORT
  choose_port 1024 $((HELD_PORTS - 1))
  random_address
  printf -v "$1" '%s' "$REPLY:$PORT"
}
