#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures a recording.

gap      the longest silence inside of it, in ms
gaps     of each channel: its silences of 2 ms and more, in ms, one a line
steady   what is not bit by bit a source in it, and whether that goes on where it
         would have; fails where too many frames are not, or are far softer or
         louder
beside   the same of two channels from this one on, and the source is the first
         two, which came straight from the program: what it or the recorder
         has missed is not in them either
moves    every change of a source's level in it: frame, from, to, frames
first    where its sound begins, in frames; fails where there is none
sum      the longest stretch that is one source plus another, bit by bit
counter  the longest stretch in which each frame is one step from the last
downmix  how far it is from a 5.1 source folded down by the ITU coefficients
"""

import argparse
import array
import re
import sys

import compare
import wav

SOUND = re.compile(rb"[^\0]")
STEADY_FRAMES = 48
MINUS_3_DB = 0.5 ** 0.5
# of one bit-identical source, and where another one was taken off first
EXACT, CLOSE = 5e-7, 5e-6


def first_sound(rec):
    hit = SOUND.search(rec.samples.tobytes())
    return hit.start() // (4 * rec.channels) if hit else None


def silences(rec):
    """(first frame, frames) of every silence between two sounds"""
    size = 4 * rec.channels
    out, last = [], None
    block = 16 * size
    data = rec.samples.tobytes()
    empty = bytes(block)
    for at in range(0, len(data), block):
        if data[at:at + block] == empty[:len(data) - at]:
            continue
        for n in range(at // size, min(at + block, len(data)) // size):
            if data[n * size:(n + 1) * size] == empty[:size]:
                continue
            if last is not None and n - last > 1:
                out.append((last + 1, n - last - 1))
            last = n
    return out


def place(source, rec):
    """the recording's frame of the source's first, by what is identical"""
    found = compare.segments(source, rec)
    if not found:
        raise ValueError("the source is nowhere alone in it")
    best = max(found, key=lambda s: s[2])
    return best[0] - best[1]


def without(rec, other):
    """the recording less a source that is alone, and at unity, somewhere in
    it; exact for 16-bit sources"""
    at = place(other, rec) * rec.channels
    if other.channels != rec.channels:
        raise ValueError("it has %d channels" % other.channels)
    out = rec.samples[:]
    lo, hi = max(0, at), min(len(out), at + len(other.samples))
    out[lo:hi] = array.array("f", (
        x - y for x, y in zip(out[lo:hi], other.samples[lo - at:hi - at])))
    return wav.Wav(out, rec.channels, rec.rate_hz)


def levels(source, rec):
    """[(frame, recording / source)]"""
    offset = place(source, rec)
    out = []
    for n in range(max(0, offset), min(rec.frames, offset + source.frames)):
        s = source.samples[2 * (n - offset)]
        if abs(s) >= 0.02:
            out.append((n, rec.samples[2 * n] / s))
    return out


def moves(points, tolerance):
    """(first frame, from, to, frames, worst deviation from a line)"""
    out, i = [], 0
    while i < len(points):
        level, start = points[i][1], i
        while i < len(points) and abs(points[i][1] - level) <= tolerance:
            i += 1
        first = i
        while i + STEADY_FRAMES < len(points) and any(
                abs(points[i][1] - p[1]) > tolerance
                for p in points[i + 1:i + STEADY_FRAMES]):
            i += 1
        if i + STEADY_FRAMES >= len(points):
            break
        if i == start:  # it begins in the middle of a move
            continue
        to, frames = points[i][1], points[i][0] - points[first][0] + 1
        worst = max(abs(g - (level + (to - level) *
                             (n - points[first][0] + 1) / frames))
                    for n, g in points[first:i + 1])
        out.append((points[first][0], level, to, frames, worst))
    return out


def print_moves(a):
    source, rec = wav.read(a.source), wav.read(a.recording)
    tolerance, status = EXACT, 0
    if a.minus:
        tolerance, rec = CLOSE, without(rec, wav.read(a.minus))
    offset = place(source, rec) if a.frames_of_source else 0
    for n, old, new, frames, worst in moves(levels(source, rec), tolerance):
        line = "%.4f to %.4f in %d frames" % (abs(old), abs(new), frames)
        if a.frames_of_source:
            line = "%d: %s" % (n - offset, line)
        if a.verbose:
            line = "%d: %s, %.1e from a line" % (n, line, worst)
        print(line)
        if worst > 4 * tolerance:
            print("frame %d: %g from a line" % (n, worst), file=sys.stderr)
            status = 1
    return status


def print_until(a):
    """up to which frame of the source the recording is a level of it: a cycle
    that either of them missed puts them apart"""
    source, rec = wav.read(a.source), wav.read(a.recording)
    points, tolerance = levels(source, rec), 16 * EXACT
    for i in range(len(points) - STEADY_FRAMES, -1, -1):
        part = [p[1] for p in points[i:i + STEADY_FRAMES]]
        if part[0] and max(part) - min(part) <= tolerance:
            print(points[i + STEADY_FRAMES - 1][0] - place(source, rec))
            return 0
    return 1


def print_gap(a):
    rec = wav.read(a.recording)
    found = [s for s in silences(rec) if s[0] >= a.start]
    if first_sound(rec) is None:
        print("measure: %s: silence" % a.recording, file=sys.stderr)
        return 1
    frame, frames = max(found, key=lambda s: s[1], default=(0, 0))
    print("%.1f" % (1000 * frames / rec.rate_hz))
    if a.verbose:
        print("at frame %d of %d" % (frame, rec.frames), file=sys.stderr)
    return 0


def channel_gaps(rec, channel):
    """ms of every silence of a channel between two of its sounds"""
    data = rec.samples[channel::rec.channels].tobytes()
    least = rec.rate_hz // 500 * 4
    for hit in re.finditer(rb"\0{%d,}" % least, data.strip(b"\0")):
        yield 1000 * (hit.end() - hit.start()) / 4 / rec.rate_hz


def print_gaps(a):
    rec = wav.read(a.recording)
    for channel in range(rec.channels):
        for ms in channel_gaps(rec, channel):
            print("%d %.1f" % (channel, ms))
    return 0


def print_first(a):
    first = first_sound(wav.read(a.recording))
    if first is None:
        print("measure: %s: silence" % a.recording, file=sys.stderr)
        return 1
    print(first)
    return 0


def print_twice(a):
    """for how many milliseconds noise is louder than `gen.py` makes it, or
    than so many times of that"""
    rec = wav.read(a.recording)
    loud = [n for n, x in enumerate(rec.samples) if abs(x) > 0.2501 * a.times]
    span = loud[-1] - loud[0] + rec.channels if loud else 0
    print("%.1f" % (1000 * span / rec.channels / rec.rate_hz))
    return 0


def print_sum(a):
    rec = without(wav.read(a.recording), wav.read(a.second))
    frames = max((s[2] for s in compare.segments(wav.read(a.source), rec)),
                 default=0)
    print("%d frames are the sum" % frames)
    return 0 if frames >= a.frames else 1


def print_counter(a):
    """steps of 2^-23, the same on both sides, from 2^20 back to 1"""
    rec = wav.read(a.recording)
    now = [round(x * (1 << 23)) for x in rec.samples[0::rec.channels]]
    right = rec.samples[1::rec.channels]
    best = run = 0
    for n in range(1, rec.frames):
        good = now[n] == now[n - 1] % (1 << 20) + 1 and now[n - 1] and \
            right[n] * (1 << 23) == now[n]
        run = run + 1 if good else 0
        best = max(best, run)
    print("%d of %d frames are in order" % (best, rec.frames))
    return 0 if best >= a.frames else 1


def print_downmix(a):
    """FL FR FC LFE and two surrounds"""
    source, rec = wav.read(a.source), wav.read(a.recording)
    at, worst = first_sound(rec) or 0, 0.0
    if a.frames > min(source.frames, rec.frames - at):
        raise ValueError("it has %d frames of sound" % (rec.frames - at))
    for n in range(a.frames):
        s = source.samples[6 * n:6 * n + 6]
        for c in range(2):
            want = s[c] + MINUS_3_DB * (s[2] + s[4 + c])
            worst = max(worst, abs(
                want - rec.samples[rec.channels * (at + n) + c]))
    print("%d frames, at most %.1e off" % (a.frames, worst))
    return 0 if worst < a.tolerance else 1


def steady(source, rec, a):
    """what stands between identical stretches of a source, one a line"""
    parts = [s for s in compare.segments(source, rec) if s[2] >= STEADY_FRAMES]
    status = 0 if parts and sum(p[2] for p in parts) >= a.least else 1
    print("%d frames are identical" % sum(p[2] for p in parts))
    for (at, of, n), (at2, of2, _) in zip(parts, parts[1:]):
        shift = (at2 - of2) - (at - of)
        level = [rec.samples[2 * f] / source.samples[2 * (f - at + of)]
                 for f in range(at + n, at2)
                 if abs(source.samples[2 * (f - at + of)]) >= 0.02]
        print("%d: %d frames, %d later behind them, level %.3f to %.3f" % (
            at + n, at2 - at - n, shift, min(level, default=1),
            max(level, default=1)))
        if at2 - at - n > a.frames or shift or \
                min(level, default=1) < 0.9 or max(level, default=1) > 1.1:
            status = 1
    return status


def print_steady(a):
    return steady(wav.read(a.source), wav.read(a.recording), a)


def print_beside(a):
    rec = wav.read(a.recording)
    return steady(rec.pick([0, 1]), rec.pick([a.channel, a.channel + 1]), a)


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    sub = p.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(function, *names):
        s = sub.add_parser(function.__name__.split("_")[1])
        s.set_defaults(run=function)
        for name in names:
            s.add_argument(name)
        s.add_argument("-v", "--verbose", action="store_true")
        return s

    s = verb(print_gap, "recording")
    s.add_argument("-s", "--start", type=int, default=0, metavar="FRAME")
    verb(print_gaps, "recording")
    s = verb(print_moves, "source", "recording")
    s.add_argument("-m", "--minus", metavar="SOURCE")
    s.add_argument("-f", "--frames-of-source", action="store_true",
                   help="say at which frame of the source, too")
    beside = verb(print_beside, "recording")
    beside.add_argument("channel", type=int)
    for s in verb(print_steady, "source", "recording"), beside:
        s.add_argument("-n", "--frames", type=int, default=1,
                       help="that may differ in a row")
        s.add_argument("-l", "--least", type=int, default=1,
                       help="frames that have to be identical in all")
    verb(print_until, "source", "recording")
    verb(print_first, "recording")
    s = verb(print_twice, "recording")
    s.add_argument("-x", "--times", type=float, default=1.0)
    s = verb(print_sum, "source", "second", "recording")
    s.add_argument("-n", "--frames", type=int, default=1)
    s = verb(print_counter, "recording")
    s.add_argument("-n", "--frames", type=int, default=1)
    s = verb(print_downmix, "source", "recording")
    s.add_argument("-n", "--frames", type=int, default=1)
    s.add_argument("-t", "--tolerance", type=float, default=1e-6)
    return p.parse_args()


def main():
    a = arguments()
    try:
        return a.run(a)
    except (OSError, ValueError) as e:
        print("measure: %s" % e, file=sys.stderr)
        return 66


if __name__ == "__main__":
    sys.exit(main())
