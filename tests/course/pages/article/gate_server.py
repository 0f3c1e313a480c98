"""The article's first server, in Python 3: a gate that answers one word.

Usage: gate_server.py HOST PORT SECONDS

Listens (backlog 5; PORT 0: the kernel chooses) and prints "listening on
HOST:PORT". For each client, for ever: a time-out of SECONDS on the connection,
one recv of at most 1024; "1" is answered with "welcome to server!", anything else
with "please go out!"; when nothing came in time it prints "time out". Then it
closes. No reference for anybody: it relies on one send arriving as one recv.
"""

import socket
import sys

host, port, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((host, port))
server.listen(5)
print("listening on %s:%d" % server.getsockname(), flush=True)
while True:
    connection, address = server.accept()
    try:
        connection.settimeout(seconds)
        if connection.recv(1024) == b"1":
            connection.send(b"welcome to server!")
        else:
            connection.send(b"please go out!")
    except socket.timeout:
        print("time out", flush=True)
    connection.close()
