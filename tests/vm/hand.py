#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The hand on a raw MIDI device, where a shell would be too slow.

hand.py stream NODE COUNT FILE TEXT
    sends COUNT controllers, one in 5 ms; early on writes TEXT to FILE
hand.py fight NODE PORT ADDRESS
    moves a fader for a second while OSC moves its parameter; prints how many
    ms after the hand's last move the device was sent something, and what
"""
import os
import select
import socket
import struct
import sys
import threading
import time

STEP_S = 0.005


def stream(node, count, path, text):
    def meanwhile():
        with open(path, "w", encoding="ascii") as f:
            f.write(text)

    fd = os.open(node, os.O_WRONLY)
    other = threading.Thread(target=meanwhile)
    for i in range(int(count)):
        os.write(fd, bytes((0xB0, 7, i % 128)))
        if i == 10:
            other.start()
        time.sleep(STEP_S)
    other.join()
    os.close(fd)


def osc(address, value):
    def pad(text):
        return text.encode() + bytes(4 - len(text) % 4)

    return pad(address) + pad(",f") + struct.pack(">f", value)


class Fight:
    def __init__(self, node, port, address):
        self.fd = os.open(node, os.O_RDWR)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.connect(("127.0.0.1", int(port)))
        self.address = address
        self.came = []  # (time, bytes)

    def listen(self, seconds, enough=None):
        """True: as many bytes came as are enough."""
        end = time.monotonic() + seconds
        while True:
            left = max(0, end - time.monotonic())
            if not select.select([self.fd], [], [], left)[0]:
                return False
            self.came.append((time.monotonic(), os.read(self.fd, 64)))
            if enough and sum(len(b) for _, b in self.came) >= enough:
                return True

    def run(self):
        for i in range(50):
            last = time.monotonic()
            os.write(self.fd, bytes((0xB0, 7, i)))
            self.listen(0.01)
            self.udp.send(osc(self.address, 0.5 + i / 100))
            self.listen(0.01)
        self.udp.send(osc(self.address, 1.0))
        self.listen(5, 3)
        text = b"".join(b for _, b in self.came).hex(" ").upper()
        first = self.came[0][0] - last if self.came else 0
        print(f"{first * 1000:.0f} {text}")


if sys.argv[1] == "stream":
    stream(*sys.argv[2:])
else:
    Fight(*sys.argv[2:]).run()
