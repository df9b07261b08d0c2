#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of many tracks, and what a recording has of them.

serve   serves tracks.html on a free port of this machine, prints its address,
        and ends when a browser has played all of it
check   reads the numbers of the tracks in a recording: each must be there once,
        in order, and no more of them with holes than is allowed: a browser
        that gets no processor leaves some by itself
holes   how many of the tracks in a recording have some, or are lost
"""

import argparse
import http.server
import pathlib
import signal
import sys
import threading

import wav

PIECE = 480  # frames of 10 ms; see tracks.html
BITS = 10
STEP = 48    # that is looked at
PAUSE = 3840 # frames of silence that part two tracks
EDGE = 100   # of a piece: left out, it may be a frame early or late
QUIET = 0.02
PAGE = pathlib.Path(__file__).with_name("tracks.html")


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/tracks.html"):
            self.answer(200, PAGE.read_bytes())
        elif self.path == "/done":
            self.answer(200, b"")
            threading.Thread(target=self.server.shutdown).start()
        else:
            self.answer(404, b"")

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


def serve():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        print("http://127.0.0.1:%d/tracks.html" % server.server_port,
              flush=True)
        server.serve_forever(poll_interval=0.05)
    return 0


def sounds(x):
    """(first frame, frames) of what stands between two longer silences"""
    at, begin, last = 0, None, None
    while at < len(x):
        if max(x[at:at + STEP]) >= QUIET:
            begin = at if begin is None else begin
            last = at + STEP
        elif begin is not None and at - last >= PAUSE:
            yield begin, last - begin
            begin = None
        at += STEP
    if begin is not None:
        yield begin, last - begin


def number_of(x, at, length):
    """the number of the track that begins at this frame; None: it has holes"""
    if abs(length - (BITS + 2) * PIECE) > 2 * STEP:
        return None
    found = [max(x[at + p * PIECE + EDGE:at + (p + 1) * PIECE - EDGE])
             for p in range(BITS + 2)]
    want = [[0.9]] + [[0.3, 0.6]] * BITS + [[0.1]]
    if any(min(abs(level - w) for w in near) > 0.01
           for level, near in zip(found, want)):
        return None
    return sum(1 << p for p in range(BITS) if found[p + 1] > 0.45)


def numbers(path):
    """the numbers of all tracks; None for each that has holes"""
    recording = wav.read(path)
    x = recording.samples[0::recording.channels]
    return [number_of(x, at, length) for at, length in sounds(x)]


def holes(path, count):
    print(count - len(set(numbers(path)) - {None}))
    return 0


def check(path, count, allowed):
    found = numbers(path)
    print("%d tracks of %d, %d with holes, %d may have some: %s" % (
        len(found), count, found.count(None), allowed, found))
    if len(found) != count or found.count(None) > allowed:
        return 1
    return 0 if all(n in (None, i) for i, n in enumerate(found)) else 1


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    sub = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    sub.add_parser("serve")
    c = sub.add_parser("check")
    c.add_argument("file", help="a recording at 48000 Hz")
    c.add_argument("count", type=int)
    c.add_argument("allowed", type=int, help="tracks that may have holes")
    h = sub.add_parser("holes")
    h.add_argument("file")
    h.add_argument("count", type=int)
    return p.parse_args()


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    a = arguments()
    if a.verb == "serve":
        return serve()
    if a.verb == "holes":
        return holes(a.file, a.count)
    return check(a.file, a.count, a.allowed)


if __name__ == "__main__":
    sys.exit(main())
