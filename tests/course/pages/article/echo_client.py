"""The article's second client, in Python 3: talks to the echo server.

Usage: echo_client.py HOST PORT [MESSAGE...]     (default: Hello network world)

Sends each MESSAGE, receives at most 1024 bytes and prints them quoted, as in
"Client received: 'Echo=>Hello network world'".
"""

import socket
import sys

host, port, messages = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, port))
for line in messages or ["Hello network world"]:
    client.send(line.encode())
    data = client.recv(1024)
    print("Client received:", repr(data.decode()), flush=True)
client.close()
