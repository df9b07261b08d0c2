#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the demo's recordings against what the two programs played.

A recording of a mix holds stretches: both programs at unity, one of them
alone, and moves between. Each stretch must be identical to the bit, and each
move a linear ramp. The stretches and moves that were found are written as
JSON, for the picture.
"""

import argparse
import array
import json
import signal
import sys

import compare
import wav

RAMP_MS = 10
TOLERANCE = 2e-5  # of a gain read off float frames
FLOOR = 0.005     # a gain is read where its source is louder than this
STRETCH_FRAMES = 480

BOTH, FIRST, SECOND = "both", "first", "second"
# what the demo does, in order; between two stretches is a move
TIMELINE = [BOTH, SECOND, BOTH, FIRST, BOTH, SECOND, BOTH]
MOVES = ["fade", "back", "mute", "unmute", "route main", "route both"]


class Report:
    def __init__(self):
        self.rows = []

    def row(self, good, what, measured):
        self.rows.append((bool(good), what, measured))
        print("  %-4s %-38s %s" % ("ok" if good else "BAD", what, measured))

    def bad(self):
        return sum(not r[0] for r in self.rows)


def aligned(source, offset, frames):
    """the source as it stands in a recording of so many frames"""
    out = array.array("f", bytes(8 * frames))
    start, end = max(0, offset), min(frames, source.frames + offset)
    if start < end:
        out[2 * start:2 * end] = \
            source.samples[2 * (start - offset):2 * (end - offset)]
    return out


def add(a, b):
    """float32 sums, as the mixer makes them: exact for 16-bit sources"""
    return array.array("f", [x + y for x, y in zip(a, b)])


class Mix:
    """A recording, and both sources where they stand in it."""

    def __init__(self, path, first, second):
        self.rec = wav.read(path)
        self.offset, self.slips = [], 0
        for source in (first, second):
            found = [s for s in compare.segments(source, self.rec)
                     if s[2] >= STRETCH_FRAMES]
            if not found:
                raise ValueError("%s: a program is nowhere alone in it" % path)
            best = max(found, key=lambda s: s[2])
            self.offset.append(best[0] - best[1])
            self.slips += sum(s[0] - s[1] != self.offset[-1] for s in found)
        n = self.rec.frames
        self.a = aligned(first, self.offset[0], n)
        self.b = aligned(second, self.offset[1], n)
        self.sum = add(self.a, self.b)

    def stretches(self):
        """[(kind, start, frames)] of all that is identical to something"""
        rec = self.rec.samples.tobytes()
        want = {BOTH: self.sum.tobytes(), FIRST: self.a.tobytes(),
                SECOND: self.b.tobytes()}
        out, n = [], 0
        # before and after a source there is nothing to compare with
        n = max(0, *self.offset)
        while n < self.rec.frames:
            best = max((compare.same_length(rec, 8 * n, w, 8 * n, 8), k)
                       for k, w in want.items())
            if best[0] >= STRETCH_FRAMES:
                out.append((best[1], n, best[0]))
                n += best[0]
            else:
                n += 1
        return out

    def gain_at(self, n, first):
        """how loud one of the programs is there, and None where it is too
        quiet to tell"""
        mine, other = (self.a, self.b) if first else (self.b, self.a)
        side = 0 if abs(mine[2 * n]) >= abs(mine[2 * n + 1]) else 1
        m = mine[2 * n + side]
        if abs(m) < FLOOR:
            return None
        return (self.rec.samples[2 * n + side] - other[2 * n + side]) / m


def ramp_error(mix, first, start, end, g0, g1, ramp):
    """(worst deviation from a line of `ramp` frames, its first frame). Where
    the program is silent there is nothing to read: only the levels before and
    after count, which the caller compares."""
    points = [(n, mix.gain_at(n, first)) for n in range(start, end)]
    points = [(n, g) for n, g in points if g is not None]
    slope = (g1 - g0) / ramp
    inner = [n - (g - g0) / slope for n, g in points
             if 0.2 < (g - g0) / (g1 - g0) < 0.8]
    if not inner:
        return 0.0, start
    at = round(sum(inner) / len(inner))
    worst = 0.0
    for n, g in points:
        part = min(1.0, max(0.0, (n - at) / ramp))
        worst = max(worst, abs(g - (g0 + (g1 - g0) * part)))
    return worst, at


def staircase(mix, first, start, end, targets, ramp):
    """follows a fade made of steps: (steps seen, worst deviation, curve)"""
    now, left, n = 1.0, list(targets), start
    seen, worst, curve, level_errors = 0, 0.0, [], []
    while n < end:
        g = mix.gain_at(n, first)
        if g is None or abs(g - now) <= TOLERANCE:
            if g is not None:
                level_errors.append((n, abs(g - now)))
                curve.append((n, g))
            n += 1
            continue
        # a ramp begins; it has ended after `ramp` frames. Where it leads:
        level = next((x for x in (mix.gain_at(k, first) for k in range(
            n + ramp, min(n + ramp + 2400, mix.rec.frames)))
            if x is not None), None)
        hit = [t for t in left if level is not None and
               abs(t - level) <= 10 * TOLERANCE]
        if not hit:
            return seen, 1.0, curve
        error, at = ramp_error(mix, first, n - 1, n + ramp, now, hit[0], ramp)
        # the first frames of a ramp look like the level before it
        worst = max([worst, error] + [e for k, e in level_errors if k < at])
        level_errors = []
        left = left[left.index(hit[0]) + 1:]
        curve += [(at, now), (at + ramp, hit[0])]
        now, seen, n = hit[0], seen + 1, at + ramp
    if abs(now - targets[-1]) > TOLERANCE:
        worst = 1.0
    worst = max([worst] + [e for _, e in level_errors])
    return seen, worst, curve


def find_timeline(stretches):
    """(those of the planned order, how often one was interrupted)"""
    out, breaks = [], 0
    for kind, start, frames in stretches:
        if out and kind == out[-1][0]:
            out[-1] = (kind, out[-1][1], start + frames - out[-1][1])
            breaks += 1
        elif len(out) < len(TIMELINE) and kind == TIMELINE[len(out)] and \
                frames >= 4800:
            out.append((kind, start, frames))
    return out, breaks


def check_moves(report, mix, line, steps_db, names):
    """the moves between the stretches; [(label, frame, frames)], the curve"""
    rate = mix.rec.rate_hz
    ramp = rate * RAMP_MS // 1000
    events, curve = [], []
    for i, name in enumerate(MOVES):
        start = line[i][1] + line[i][2]
        end = line[i + 1][1]
        if name == "fade":
            targets = [0.0 if db <= -90 else 10 ** (db / 20)
                       for db in steps_db]
            seen, worst, curve = staircase(mix, True, start, end, targets,
                                           ramp)
            report.row(worst <= TOLERANCE and seen >= len(targets) // 2,
                       "%s fades by %d OSC messages" % (
                           names[0], len(targets)),
                       "%d ramps of %d frames, gain within %.1e" % (
                           seen, ramp, worst))
        else:
            first = name not in ("mute", "unmute")
            up = name in ("back", "unmute", "route both")
            worst, at = ramp_error(mix, first, start, end, 1.0 - up,
                                   0.0 + up, ramp)
            report.row(worst <= TOLERANCE and end - start <= ramp,
                       "%s: a ramp of %d frames" % (name, ramp),
                       "%d frames, gain within %.1e" % (end - start, worst))
            start = at
        events.append((name, start, end - start))
    return events, curve


def check_ring(report, mix, ring, line):
    """what the ring gave is what the device gave"""
    shift = ring.offset[0] - mix.offset[0]
    same_offset = shift == ring.offset[1] - mix.offset[1]
    worst, exact, frames = 0.0, True, 0
    a, b = mix.rec.samples, ring.rec.samples
    for _, start, n in line:
        lo = max(start, -shift)
        hi = min(start + n, ring.rec.frames - shift)
        exact = exact and hi > lo and \
            a[2 * lo:2 * hi] == b[2 * (lo + shift):2 * (hi + shift)]
        frames += max(0, hi - lo)
    lo, hi = max(0, -shift, line[0][1]), min(
        mix.rec.frames, ring.rec.frames - shift,
        line[-1][1] + line[-1][2])
    if hi > lo:
        worst = max(abs(x - y) for x, y in zip(
            a[2 * lo:2 * hi], b[2 * (lo + shift):2 * (hi + shift)]))
    report.row(same_offset and exact and frames,
               "tapdeck record is pw-record, at unity",
               "%.2f s identical" % (frames / mix.rec.rate_hz))
    report.row(hi > lo and worst <= 1.5 / (1 << 23),
               "and in every move, to FLAC's 24 bits",
               "%.2f s, at most %.1e apart" % (
                   max(0, hi - lo) / mix.rec.rate_hz, worst))


def check_room(report, mix, room, line, names):
    """while the first program was not routed to the loop, the room heard it"""
    _, start, n = line[MOVES.index("route main") + 1]
    lo = start - mix.offset[0] + room.offset[0]
    rec = room.rec.samples[2 * lo:2 * (lo + n)]
    good = len(rec) == 2 * n and rec == room.sum[2 * lo:2 * (lo + n)]
    report.row(good, "the room hears %s meanwhile" % names[0],
               "%.2f s identical to both" % (n / mix.rec.rate_hz)
               if good else "not what both played")


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("first", help="what the first program played")
    p.add_argument("second")
    p.add_argument("loop", help="the loop device, recorded by pw-record")
    p.add_argument("--ring", help="the loop bus, recorded by tapdeck record")
    p.add_argument("--room", help="the room, recorded by pw-record")
    p.add_argument("--names", default="pw-play,mpv")
    p.add_argument("--steps", required=True, metavar="DB,DB",
                   help="gains in dB that the fade was made of")
    p.add_argument("--out", help="write what was found here, as JSON")
    return p.parse_args()


def check(a, report):
    names = a.names.split(",")
    first, second = wav.read(a.first), wav.read(a.second)
    mix = Mix(a.loop, first, second)
    found = mix.stretches()
    line, breaks = find_timeline(found)
    if len(line) < len(TIMELINE):
        report.row(False, "the moves are in the recording",
                   "only %d of %d stretches: %s" % (
                       len(line), len(TIMELINE), " ".join(
                           "%s %d+%d" % s for s in found)))
        return
    report.row(mix.slips == 0, "no frame lost or added on the way",
               "%d slips in %.1f s" % (
                   mix.slips, mix.rec.frames / mix.rec.rate_hz))
    report.row(breaks == 0, "no other sample between two moves",
               "%d interruptions" % breaks)
    for kind, what in ((FIRST, "%s alone" % names[0]),
                       (SECOND, "%s alone" % names[1]),
                       (BOTH, "both, %s + %s" % tuple(names))):
        n = sum(s[2] for s in line if s[0] == kind)
        report.row(n >= mix.rec.rate_hz, what,
                   "%.2f s identical to the bit" % (n / mix.rec.rate_hz))
    steps = [float(x) for x in a.steps.split(",")]
    events, curve = check_moves(report, mix, line, steps, names)
    if a.ring:
        check_ring(report, mix, Mix(a.ring, first, second), line)
    if a.room:
        check_room(report, mix, Mix(a.room, first, second), line, names)
    if a.out:
        with open(a.out, "w", encoding="utf-8") as f:
            json.dump({"offset": mix.offset, "frames": mix.rec.frames,
                       "rate": mix.rec.rate_hz, "names": names,
                       "stretches": line, "moves": events,
                       "fade": curve[::16] + curve[-1:]}, f)


def main():
    a = arguments()
    report = Report()
    try:
        check(a, report)
    except (OSError, ValueError) as e:
        report.row(False, "the recordings can be compared", str(e))
    bad = report.bad()
    print("%d passed, %d failed" % (len(report.rows) - bad, bad))
    return 1 if bad else 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
