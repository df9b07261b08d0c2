#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A surface on another machine.

tablet.py bytes HOST PORT        what it is sent at most that proves nothing:
                                 prints the bytes beyond those that it sent
tablet.py play HOST PORT         as TouchOSC: speaks from one port, listens at
                                 another, renews, proves itself; moves fader 1,
                                 and prints what others move
tablet.py silent HOST PORT       tries to move fader 1, and prints what comes
tablet.py flood HOST PORT SECONDS  asks for everything, again and again
tablet.py late HOST PORT TIMES   asks one thing after the other, and prints how
                                 late the 99th of 100 answers is, in ms
"""

import select
import socket
import struct
import sys
import time

from osc_flood import message, padded

LIMIT_S = 20


def text_of(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode(), at + len(padded(data[at:end]))


def messages(data):
    """Address, types and values of each message of a packet."""
    if data.startswith(b"#bundle\0"):
        at = 16
        while at < len(data):
            size = struct.unpack_from(">i", data, at)[0]
            yield from messages(data[at + 4:at + 4 + size])
            at += 4 + size
        return
    address, at = text_of(data, 0)
    types, at = text_of(data, at)
    values = []
    for t in types[1:]:
        if t == "s":
            value, at = text_of(data, at)
        else:
            value = struct.unpack_from(">" + t, data, at)[0]
            at += 4
        values.append(value)
    yield address, types, values


class Tablet:
    def __init__(self, host, port):
        self.to = (host, port)
        self.mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ear.bind(("", 0))
        self.ear_port = self.ear.getsockname()[1]
        self.renewed = 0

    def send(self, address, *values):
        self.mouth.sendto(message(address, *values), self.to)

    def renew(self):
        if time.monotonic() - self.renewed < 1:
            return
        self.renewed = time.monotonic()
        self.send("/reply-to", self.ear_port)
        self.send("/subscribe", "/strip/*/fader", 10)
        self.send("/subscribe", "/strip/*/name", 10)

    def heard(self, seconds=LIMIT_S):
        """What comes to its ear, and proves itself meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.renew()
            if not select.select([self.ear], [], [], 0.2)[0]:
                continue
            for address, _, values in messages(self.ear.recv(65536)):
                if address == "/prove":
                    self.send("/prove", values[0])
                else:
                    yield address, values


def drain(s, seconds):
    size, end = 0, time.monotonic() + seconds
    while select.select([s], [], [], max(0, end - time.monotonic()))[0]:
        size += len(s.recv(65536))
    return size


def most_bytes(host, port):
    hundred = b"".join(struct.pack(">i", len(m)) + m
                       for m in [message("/list")] * 100)
    most = None
    for packet in [
            message("/ping"), message("/list"), message("/*/*/*"),
            message("/status"), message("/info"), message("/x"),
            message("/subscribe", 86400.0), message("/meters", 60),
            b"#bundle\0" + struct.pack(">Q", 1) + hundred]:
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.sendto(packet, (host, port))
        more = drain(s, 0.3) - len(packet)
        most = more if most is None else max(most, more)
    return most


def play(host, port):
    t = Tablet(host, port)
    seen, moved = set(), None
    for address, values in t.heard():
        seen.add(address)
        if len(seen) == 32 and moved is None:
            print("all", flush=True)
            t.send("/strip/1/fader", 0.5)
            moved = 0.5
        elif moved and address == "/strip/1/fader" and values[0] != moved:
            print("%.3f" % values[0], flush=True)
            return 0
    return 1


def late(host, port, times):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.settimeout(5)
    took = []
    for _ in range(times):
        start = time.monotonic()
        s.sendto(message("/strip/1/gain"), (host, port))
        s.recv(65536)
        took.append(time.monotonic() - start)
        time.sleep(0.005)
    return sorted(took)[times * 99 // 100 - 1] * 1000


def flood(host, port, seconds):
    t = Tablet(host, port)
    t.mouth.setblocking(False)
    end, n = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        t.renew()
        for address in "/*/*/*", "/list", "/strip/*/gain":
            try:
                t.send(address)
                n += 1
            except BlockingIOError:
                time.sleep(0.001)
        for s in t.ear, t.mouth:
            while select.select([s], [], [], 0)[0]:
                for address, _, values in messages(s.recv(65536)):
                    if address == "/prove":
                        t.send("/prove", values[0])
    return n


def main():
    what, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    if what == "bytes":
        print(most_bytes(host, port))
    elif what == "play":
        return play(host, port)
    elif what == "silent":
        t = Tablet(host, port)
        t.send("/strip/1/fader", 0.25)
        t.send("/strip/1/fader")
        print(drain(t.mouth, 0.5))
    elif what == "flood":
        print(flood(host, port, float(sys.argv[4])))
    elif what == "late":
        print("%.1f" % late(host, port, int(sys.argv[4])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
