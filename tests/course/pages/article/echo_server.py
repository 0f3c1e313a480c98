"""The article's second server, in Python 3: the echo server.

Usage: echo_server.py HOST PORT      ("" as HOST: every interface)

Listens (backlog 5; PORT 0: the kernel chooses) and prints "listening on
HOST:PORT". For each client, for ever: prints who it is, and answers each piece
that recv returns (at most 1024 bytes) with "Echo=>" before it, until end-of-file.
"""

import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((sys.argv[1], int(sys.argv[2])))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)
while True:
    connection, address = server.accept()
    print("Server connected by", address, flush=True)
    while True:
        data = connection.recv(1024)
        if not data:
            break
        connection.send(b"Echo=>" + data)
    connection.close()
