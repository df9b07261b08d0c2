#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generates the demo's two tracks, which fit each other: 120 beats a minute,
A minor, F, C, G.

beat    drums and bass
chords  pads and an arpeggio

16-bit stereo, the same bytes on every machine. A dither of one bit keeps any
two places of a track apart, so that a recording shows where it comes from.
"""

import argparse
import array
import math
import random
import signal
import sys

import wav

RATE_HZ = 48000
BEAT = RATE_HZ // 2  # frames
BAR = 4 * BEAT
ROOTS = [45, 41, 48, 43]  # A2 F2 C3 G2, as MIDI notes
CHORDS = [[57, 60, 64], [57, 60, 65], [55, 60, 64], [55, 59, 62]]


def hz(note):
    return 440 * 2 ** ((note - 69) / 12)


def voice(note, frames, partials, attack_s, decay_s):
    """one note: partials are (multiple, level)"""
    out = array.array("d", bytes(8 * frames))
    attack = max(1, int(attack_s * RATE_HZ))
    fall = math.exp(-1 / (decay_s * RATE_HZ))
    for multiple, level in partials:
        f = hz(note) * multiple
        # a rotating vector costs less than a sine per frame
        w = 2 * math.pi * f / RATE_HZ
        c, s, x, y = math.cos(w), math.sin(w), 1.0, 0.0
        fade = level
        for n in range(frames):
            out[n] += y * fade
            x, y = x * c - y * s, x * s + y * c
            fade *= fall
    release = min(frames, 1200)
    for n in range(attack):
        out[n] *= n / attack
    for n in range(release):
        out[frames - 1 - n] *= n / release
    return out


def kick():
    out, phase = array.array("d"), 0.0
    for n in range(BEAT // 2):
        t = n / RATE_HZ
        phase += 2 * math.pi * (48 + 110 * math.exp(-t * 40)) / RATE_HZ
        out.append(math.sin(phase) * math.exp(-t * 13))
    return out


def hiss(frames, decay_s, seed):
    """noise without its lows"""
    r, out, last = random.Random(seed), array.array("d"), 0.0
    for n in range(frames):
        x = r.getrandbits(16) / 32768 - 1
        out.append((x - last) / 2 * math.exp(-n / (decay_s * RATE_HZ)))
        last = x
    return out


class Track:
    def __init__(self, frames):
        self.frames = frames
        self.side = [array.array("d", bytes(8 * frames)) for _ in range(2)]

    def add(self, at, sound, level, pan=0.0):
        """pan: -1 left .. +1 right"""
        n = min(len(sound), self.frames - at)
        if n <= 0:
            return
        for i, side in enumerate(self.side):
            gain = level * min(1.0, 1 + (pan if i else -pan))
            side[at:at + n] = array.array("d", [
                a + gain * b for a, b in zip(side[at:at + n], sound)])

    def samples(self, seed):
        dither = random.Random(seed)
        out = array.array("h", bytes(4 * self.frames))
        bits = dither.getrandbits(4 * self.frames)
        bits = bits.to_bytes(self.frames // 2 + 1, "little")
        for i, side in enumerate(self.side):
            out[i::2] = array.array("h", [
                max(-32768, min(32767, int(x * 32767) +
                                ((bits[n >> 1] >> (4 * (n & 1) + 2 * i)) & 3)))
                for n, x in enumerate(side)])
        return out


def beat(frames):
    t = Track(frames)
    k, clap = kick(), hiss(BEAT // 2, 0.05, 3)
    hats = [hiss(BEAT // 4, d, 4) for d in (0.012, 0.03)]
    bass = [voice(r - 12, BEAT // 2, [(1, 1), (2, .5), (3, .25)], .004, .25)
            for r in ROOTS]
    for b in range(frames // BEAT + 1):
        at = b * BEAT
        t.add(at, k, 0.33)
        if b & 1:
            t.add(at, clap, 0.16, 0.1)
        for q in range(4):
            t.add(at + q * BEAT // 4, hats[q == 2], 0.06 if q else 0.03, 0.3)
        root = bass[b // 4 % 4]
        for eighth in (1, 2, 3):
            if eighth != 2 or b % 4 == 3:
                t.add(at + eighth * BEAT // 4, root, 0.13)
    return t


def chords(frames):
    t = Track(frames)
    soft = [(1, 1), (2, .3), (3, .15), (1.003, .6)]
    bell = [(1, 1), (2, .25), (4, .12)]
    pads = [[voice(n, BAR, soft, .12, 2.5) for n in c] for c in CHORDS]
    plucks = {n + 12: voice(n + 12, BEAT, bell, .002, .18)
              for c in CHORDS for n in c}
    for b in range(frames // BAR + 1):
        chord = CHORDS[b % 4]
        for i, pad in enumerate(pads[b % 4]):
            t.add(b * BAR, pad, 0.045, (i - 1) * 0.5)
        for e in range(16):
            note = chord[(e * 2 + e // 3) % 3] + 12
            t.add(b * BAR + e * BEAT // 4, plucks[note],
                  0.10 if e % 4 else 0.14, 0.6 if e & 1 else -0.6)
    return t


def main():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("track", choices=["beat", "chords"])
    p.add_argument("file", help="a WAV file to write")
    p.add_argument("-t", "--seconds", type=float, default=30)
    a = p.parse_args()
    frames = round(a.seconds * RATE_HZ)
    track = beat(frames) if a.track == "beat" else chords(frames)
    wav.write(a.file, track.samples(11 if a.track == "beat" else 12), 2,
              RATE_HZ, "s16")
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
