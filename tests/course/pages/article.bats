#!/usr/bin/env bats
# The solutions of labs 08 and 09 with the article's Python programs on the other
# side, both ways. The programs in article/ are the article's, with the addresses
# and times as arguments, so that no test needs a port or five seconds of its own.

setup() {
  root=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
  article=$BATS_TEST_DIRNAME/article
  work=$(mktemp -d)
  server='' client=''
  cd "$work" || return
}

teardown() {
  local pid
  for pid in $server $client; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}

# build PROGRAM: the solution's program, as ./PROGRAM.
build() { cc -std=gnu17 -o "$1" "$root"/solutions/*/"$1.c"; }

# serve COMMAND…: starts a server, which prints "listening on ADDR:PORT" first, and
# waits for that line. Sets server, its id; port; and said, where it prints more.
serve() {
  local line
  exec {said}< <(exec timeout 30 "$@" 3>&- 4>&-)
  server=$!
  read -r -t 20 line <&"$said"
  port=${line##*:}
}

# printed LINE: the server's next line is this one.
printed() {
  local line
  read -r -t 20 line <&"$said"
  echo "the server prints: $line"
  [[ $line == "$1" ]]
}

@test "timeout-server answers the article's client" {
  build timeout-server
  serve ./timeout-server 127.0.0.1 0 20 2
  [ "$(timeout 20 python3 "$article/gate_client.py" 127.0.0.1 "$port" 0.05 1)" = 'welcome to server!' ]
  [ "$(timeout 20 python3 "$article/gate_client.py" 127.0.0.1 "$port" 0 open)" = 'please go out!' ]
}

@test "timeout-server leaves the article's client outside when it sleeps too long" {
  build timeout-server
  serve ./timeout-server 127.0.0.1 0 0.05 1
  python3 "$article/gate_client.py" 127.0.0.1 "$port" 30 1 >/dev/null 2>&1 3>&- 4>&- &
  client=$!
  printed 'time out'
}

@test "timeout-client is answered by the article's server" {
  build timeout-client
  serve python3 "$article/gate_server.py" 127.0.0.1 0 20
  run timeout 20 ./timeout-client 127.0.0.1 "$port" 20 0.05 1
  [ "$status" -eq 0 ]
  [ "$output" = "connected to 127.0.0.1:$port"$'\nwelcome to server!' ]
  run timeout 20 ./timeout-client 127.0.0.1 "$port" 20 0 open
  [ "$status" -eq 0 ]
  [ "$output" = "connected to 127.0.0.1:$port"$'\nplease go out!' ]
}

@test "timeout-client is left outside by the article's server when it sleeps too long" {
  build timeout-client
  serve python3 "$article/gate_server.py" 127.0.0.1 0 0.05
  run timeout 20 ./timeout-client 127.0.0.1 "$port" 20 1 1
  [ "$status" -eq 1 ]
  [[ $output == *"connected to"*recv* || $output == *"connected to"*send* ]]
  printed 'time out'
}

@test "echo-server answers the article's client" {
  build echo-server
  serve ./echo-server 127.0.0.1 0 2
  [ "$(timeout 20 python3 "$article/echo_client.py" 127.0.0.1 "$port")" = \
    "Client received: 'Echo=>Hello network world'" ]
  run timeout 20 python3 "$article/echo_client.py" 127.0.0.1 "$port" one 'two words' 3
  [ "$output" = "Client received: 'Echo=>one'
Client received: 'Echo=>two words'
Client received: 'Echo=>3'" ]
}

@test "echo-client is answered by the article's server" {
  build echo-client
  serve python3 "$article/echo_server.py" "" 0
  run timeout 20 ./echo-client 127.0.0.1 "$port"
  [ "$status" -eq 0 ]
  [ "$output" = "Client received: 'Echo=>Hello network world'" ]
  run timeout 20 ./echo-client 127.0.0.1 "$port" one 'two words' "$(printf '%01000d' 7)"
  [ "$status" -eq 0 ]
  [ "$output" = "Client received: 'Echo=>one'
Client received: 'Echo=>two words'
Client received: 'Echo=>$(printf '%01000d' 7)'" ]
}

@test "the article's programs understand each other" {
  serve python3 "$article/gate_server.py" 127.0.0.1 0 20
  [ "$(timeout 20 python3 "$article/gate_client.py" 127.0.0.1 "$port" 0 1)" = 'welcome to server!' ]
  kill "$server"
  serve python3 "$article/echo_server.py" 127.0.0.1 0
  [ "$(timeout 20 python3 "$article/echo_client.py" 127.0.0.1 "$port" x)" = "Client received: 'Echo=>x'" ]
}
