#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generates sound to test with: the same bytes on every machine.

noise    white, no sample near zero, so that a gain can be read off each frame
counter  the value says which frame it is: n / 2^23, to the right -n / 2^23
tone     one sine per channel
"""

import argparse
import array
import math
import random
import signal
import sys

import wav


def noise_f32(frames, channels, seed):
    """float32 of random sign and mantissa, 0.125 <= |x| < 0.25"""
    r = random.Random(seed)
    bits = array.array("I", r.getrandbits(32 * frames * channels).to_bytes(
        4 * frames * channels, "little"))
    if sys.byteorder != "little":
        bits.byteswap()
    bits = array.array("I", [(b & 0x807FFFFF) | 0x3E000000 for b in bits])
    out = array.array("f")
    out.frombytes(bits.tobytes())
    return out


def noise_s16(frames, channels, seed):
    return array.array("h", [int(x * 32768)
                             for x in noise_f32(frames, channels, seed)])


def counter_f32(frames, channels):
    if frames >= 1 << 23:
        raise ValueError("a counter has room for 8388607 frames")
    out = array.array("f", bytes(4 * frames * channels))
    for c in range(channels):
        sign = -1 if c & 1 else 1
        # never 0, which could be silence
        out[c::channels] = array.array(
            "f", [sign * (n + 1) / 8388608 for n in range(frames)])
    return out


def tone_f32(frames, channels, rate_hz, tone_hz):
    out = array.array("f", bytes(4 * frames * channels))
    for c in range(channels):
        step = 2 * math.pi * tone_hz * (1 + c / 7) / rate_hz
        out[c::channels] = array.array(
            "f", [0.25 * math.sin(step * n) for n in range(frames)])
    return out


def arguments():
    p = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("kind", choices=["noise", "counter", "tone"])
    p.add_argument("file", help="a WAV file to write")
    p.add_argument("-t", "--seconds", type=float, default=5)
    p.add_argument("-c", "--channels", type=int, default=2)
    p.add_argument("-r", "--rate", type=int, default=48000, help="Hz")
    p.add_argument("-f", "--format", choices=["f32", "s16"], default="f32")
    p.add_argument("-s", "--seed", type=int, default=1)
    p.add_argument("--hz", type=float, default=440, help="of tone")
    return p.parse_args()


def main():
    a = arguments()
    frames = round(a.seconds * a.rate)
    if a.kind == "noise" and a.format == "s16":
        samples = noise_s16(frames, a.channels, a.seed)
    elif a.kind == "noise":
        samples = noise_f32(frames, a.channels, a.seed)
    elif a.kind == "counter":
        samples = counter_f32(frames, a.channels)
    else:
        samples = tone_f32(frames, a.channels, a.rate, a.hz)
    if a.format == "s16" and a.kind != "noise":
        samples = array.array("h", [int(x * 32767) for x in samples])
    wav.write(a.file, samples, a.channels, a.rate, a.format)
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
