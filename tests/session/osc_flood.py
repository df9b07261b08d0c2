#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends orders by OSC over UDP, many a second, for some seconds.

osc_flood.py PORT SECONDS [STRIPS]: gains, mutes, routes and trims of the first
strips, of a pattern, and in bundles with a time tag a little ahead. Prints how
many messages were sent.
"""

import random
import socket
import struct
import sys
import time

NTP_EPOCH_S = 2208988800
BURST = 8
PAUSE_S = 0.002


def padded(data):
    return data + bytes(4 - len(data) % 4)


def message(address, *values):
    tags, body = ",", b""
    for v in values:
        if isinstance(v, float):
            tags, body = tags + "f", body + struct.pack(">f", v)
        elif isinstance(v, int):
            tags, body = tags + "i", body + struct.pack(">i", v)
        else:
            tags, body = tags + "s", body + padded(v.encode())
    return padded(address.encode()) + padded(tags.encode()) + body


def bundle(ahead_s, *messages):
    at = time.time() + ahead_s + NTP_EPOCH_S
    head = padded(b"#bundle") + struct.pack(
        ">II", int(at), int((at % 1) * (1 << 32)))
    return head + b"".join(struct.pack(">i", len(m)) + m for m in messages)


def order(r, strips):
    strip = r.choice([str(r.randint(1, strips)), "*", "[1-3]"])
    return r.choice([
        lambda: message("/strip/%s/gain" % strip, r.uniform(-60, 6)),
        lambda: message("/strip/%s/mute" % strip, r.randint(0, 1)),
        lambda: message("/strip/%s/trim" % strip, r.uniform(-12, 12)),
        lambda: message("/strip/%s/route" % strip,
                        r.choice(["both", "main", "loop"])),
        lambda: message("/bus/loop/gain", r.uniform(-20, 0)),
    ])()


def main():
    port, seconds = int(sys.argv[1]), float(sys.argv[2])
    strips = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    r = random.Random(1)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", port))
    end, sent = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for _ in range(BURST):
            s.send(order(r, strips))
        s.send(bundle(0.02, order(r, strips), order(r, strips)))
        sent += BURST + 2
        time.sleep(PAUSE_S)
    print(sent)
    return 0


if __name__ == "__main__":
    sys.exit(main())
