#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where, and how exactly, a recording holds its source.

Frames are compared as bytes of 32-bit floats: identical means every bit. The
source must not repeat itself, as those of gen.py do not.
"""

import argparse
import json
import re
import signal
import sys

import wav

KEY_FRAMES = 16     # as many identical frames are a find, not a chance
SEARCH_STEP = 4800  # frames between two searches of the whole source
SOUND = re.compile(rb"[^\0]")


def same_length(a, a_pos, b, b_pos, size):
    """how many units of `size` bytes agree from these positions on"""
    n = min(len(a) - a_pos, len(b) - b_pos) // size
    done, step = 0, 64
    while done < n:
        m = min(step, n - done) * size
        x, y = a_pos + done * size, b_pos + done * size
        if a[x:x + m] == b[y:y + m]:
            done += m // size
            step *= 2
        elif m == size:
            break
        else:
            step = max(1, m // size // 2)
    return done


def find_frame(source, key, size):
    pos = source.find(key)
    while pos >= 0 and pos % size:
        pos = source.find(key, pos + 1)
    return pos


def next_match(source, rec, pos, offset, size):
    """(recording, source) of the next identical frames from pos on, bytes"""
    tried = None
    while True:
        hit = SOUND.search(rec, pos)
        if not hit:
            return None
        pos = hit.start() // size * size
        key = rec[pos:pos + KEY_FRAMES * size]
        if len(key) < KEY_FRAMES * size:
            return None
        at = -1
        if offset is not None and pos >= offset and \
                source[pos - offset:pos - offset + len(key)] == key:
            at = pos - offset
        elif tried is None or pos - tried >= SEARCH_STEP * size:
            tried = pos
            at = find_frame(source, key, size)
        if at >= 0:
            return pos, at
        pos += size


def segments(source, recording):
    """[(frame in the recording, frame in the source, frames)], identical"""
    size = 4 * recording.channels
    src, rec = source.samples.tobytes(), recording.samples.tobytes()
    out, pos, offset = [], 0, None
    while True:
        match = next_match(src, rec, pos, offset, size)
        if not match:
            return out
        at_rec, at_src = match
        # the search steps over frames: the match may begin before
        while at_rec > pos and at_src > 0 and \
                rec[at_rec - size:at_rec] == src[at_src - size:at_src]:
            at_rec -= size
            at_src -= size
        n = same_length(rec, at_rec, src, at_src, size)
        out.append((at_rec // size, at_src // size, n))
        offset = at_rec - at_src
        pos = at_rec + n * size


def gains(source, recording, offset, start, frames, channel=0, floor=0.02):
    """[(frame in the recording, recording / source)] where there is enough
    of the source to divide by"""
    out = []
    ch = recording.channels
    for n in range(start, start + frames):
        at = n - offset
        if not 0 <= at < source.frames or n >= recording.frames:
            continue
        s = source.samples[at * source.channels + channel]
        if abs(s) >= floor:
            out.append((n, recording.samples[n * ch + channel] / s))
    return out


def load(source_path, recording_path, pick=None):
    source, recording = wav.read(source_path), wav.read(recording_path)
    if pick:
        recording = recording.pick(pick)
    if source.rate_hz != recording.rate_hz:
        raise ValueError("%s has %d Hz, %s has %d Hz" % (
            source_path, source.rate_hz, recording_path, recording.rate_hz))
    if source.channels == 1 and recording.channels > 1:
        source = source.pick([0] * recording.channels)
    if source.channels != recording.channels:
        raise ValueError("%s has %d channels, %s has %d; --pick chooses" % (
            source_path, source.channels, recording_path, recording.channels))
    return source, recording


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__.split("\n", maxsplit=1)[0],
        epilog="Prints the longest identical stretch. Fails (1) when it is "
               "shorter than wanted. A recording's frame is the source's "
               "frame plus the offset.")
    p.add_argument("source")
    p.add_argument("recording")
    p.add_argument("-n", "--frames", type=int, default=1,
                   help="identical frames wanted in one stretch (default 1)")
    p.add_argument("-w", "--whole", action="store_true",
                   help="the whole source is wanted in one stretch")
    p.add_argument("-p", "--pick", metavar="C,C",
                   help="these channels of the recording, from 0")
    p.add_argument("-s", "--segments", action="store_true",
                   help="print every identical stretch")
    p.add_argument("-j", "--json", action="store_true")
    p.add_argument("-g", "--gains", metavar="START,FRAMES",
                   help="print recording / source, frame by frame, from this "
                        "frame of the recording")
    p.add_argument("-o", "--offset", type=int,
                   help="of --gains; by default that of the longest stretch")
    return p.parse_args()


def main():
    a = arguments()
    pick = [int(c) for c in a.pick.split(",")] if a.pick else None
    try:
        source, recording = load(a.source, a.recording, pick)
    except (OSError, ValueError) as e:
        print("compare: %s" % e, file=sys.stderr)
        return 66
    found = segments(source, recording)
    best = max(found, key=lambda s: s[2], default=(0, 0, 0))
    want = source.frames if a.whole else a.frames
    if a.gains:
        offset = best[0] - best[1] if a.offset is None else a.offset
        start, frames = (int(x) for x in a.gains.split(","))
        for n, g in gains(source, recording, offset, start, frames):
            print("%d %.9g" % (n, g))
        return 0
    if a.json:
        print(json.dumps({
            "offset": best[0] - best[1], "recording": best[0],
            "source": best[1], "frames": best[2],
            "source_frames": source.frames,
            "recording_frames": recording.frames, "segments": found}))
    else:
        print("offset %d: %d frames identical, recording %d.., source %d.. "
              "of %d" % (best[0] - best[1], best[2], best[0], best[1],
                         source.frames))
        for s in found if a.segments else []:
            print("  recording %d source %d frames %d" % s)
    return 0 if best[2] >= want else 1


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
