#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""A page of many tracks, and what a recording has of them.

serve   serves tracks.html on a free port of this machine, prints its address,
        and ends when a browser has played all of it
check   reads the tracks in a recording: each must be there once, in order; None
        is one that is not whole
worse   how many of the tracks are not whole, or have a pause that they have not
        in another recording of the same: of what the browser gave away. It
        leaves pauses when it gets no processor, and goes on where it was
holes   how many of the tracks have some, whoever made them, or are lost
"""

import argparse
import array
import http.server
import pathlib
import signal
import sys
import threading

import wav

PIECE = 480   # frames of 10 ms; see tracks.html
BITS = 10
LENGTH = (BITS + 2) * PIECE
PERIOD = 48   # of its sine
EDGE = 100    # of a piece: left out, it may be a frame early or late
QUIET = 0.002
SILENCE = PERIOD // 2 # of so many frames; a sine has one at most
APART = 4800  # frames of silence that part two tracks
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


def without_silence(x):
    """the frames that are left, and [where in these it was, how long]"""
    left, silences, quiet = array.array("f"), [], 0
    for at, value in enumerate(x):
        if abs(value) < QUIET:
            quiet += 1
            continue
        if quiet >= SILENCE:
            silences.append((len(left), quiet))
        else:
            left.extend(x[at - quiet:at])
        quiet = 0
        left.append(value)
    return left, silences


def number_of(x):
    """None: it is not whole"""
    if abs(len(x) - LENGTH) > PERIOD:
        return None
    found = [max(x[p * PIECE + EDGE:(p + 1) * PIECE - EDGE])
             for p in range(BITS + 2)]
    want = [[0.9]] + [[0.3, 0.6]] * BITS + [[0.1]]
    if any(min(abs(level - w) for w in near) > 0.01
           for level, near in zip(found, want)):
        return None
    return sum(1 << p for p in range(BITS) if found[p + 1] > 0.45)


def parts(length, silences):
    """(begin, end) of each track: what stands apart, but for what is short
    enough to belong to the same one, after a very long pause"""
    ends = [at for at, n in silences if n >= APART and at] + [length]
    found = []
    for begin, end in zip([0] + ends, ends):
        if found and end - found[-1][0] <= LENGTH + PERIOD:
            begin = found.pop()[0]
        found.append((begin, end))
    return found


def tracks_of(path, gain=1):
    """(number, pauses) of each; a pause is (after so many frames, how long)"""
    recording = wav.read(path)
    x, silences = without_silence(
        [v / gain for v in recording.samples[0::recording.channels]])
    return [(number_of(x[begin:end]),
             [(at - begin, n) for at, n in silences if begin < at < end])
            for begin, end in parts(len(x), silences)]


def check(path, count):
    found = tracks_of(path)
    print("%d tracks of %d: %s" % (len(found), count, [n for n, p in found]))
    return len(found) != count or \
        any(n not in (None, i) for i, (n, p) in enumerate(found))


def holes(path, count):
    print(count - len({n for n, p in tracks_of(path) if not p} - {None}))
    return 0


def worse(path, given, gain):
    theirs = dict(tracks_of(given, gain))
    print(sum(n is None or any(pause not in theirs.get(n, []) for pause in p)
              for n, p in tracks_of(path)))
    return 0


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    sub = p.add_subparsers(dest="verb", required=True, metavar="VERB")
    sub.add_parser("serve")
    for verb in ("check", "holes"):
        v = sub.add_parser(verb)
        v.add_argument("file", help="a recording at 48000 Hz")
        v.add_argument("count", type=int)
    w = sub.add_parser("worse")
    w.add_argument("file")
    w.add_argument("given", help="the other one")
    w.add_argument("--gain", type=float, default=1, help="of the other one")
    return p.parse_args()


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    a = arguments()
    if a.verb == "serve":
        return serve()
    if a.verb == "worse":
        return worse(a.file, a.given, a.gain)
    return {"check": check, "holes": holes}[a.verb](a.file, a.count)


if __name__ == "__main__":
    sys.exit(main())
