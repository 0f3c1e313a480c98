"""The article's first client, in Python 3: knocks at the gate.

Usage: gate_client.py HOST PORT DELAY WORD

Connects, sleeps for DELAY seconds, sends WORD and prints what one recv of at most
1024 returns (an empty line when the server has closed).
"""

import socket
import sys
import time

host, port, delay, word = sys.argv[1:5]
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((host, int(port)))
time.sleep(float(delay))
client.send(word.encode())
print(client.recv(1024).decode(), flush=True)
client.close()
