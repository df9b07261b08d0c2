# SPDX-License-Identifier: GPL-3.0-or-later
"""WAV and RF64 files as 32-bit float frames, without rounding.

A general converter goes through integers and loses bits of small floats, and
Python's wave module knows no float: hence this. Other formats (FLAC) are
integers, which sox hands over as they are.
"""

import array
import struct
import subprocess
import sys

EXTENSIBLE = 0xFFFE
PCM, FLOAT = 1, 3


class Wav:
    """Interleaved float32: samples[frame * channels + channel]."""

    def __init__(self, samples, channels, rate_hz):
        self.samples = samples
        self.channels = channels
        self.rate_hz = rate_hz
        self.frames = len(samples) // channels

    def pick(self, channels):
        """the same file with these of its channels, in this order"""
        if channels == list(range(self.channels)):
            return self
        out = array.array("f", bytes(4 * self.frames * len(channels)))
        for i, c in enumerate(channels):
            out[i::len(channels)] = \
                self.samples[c:self.frames * self.channels:self.channels]
        return Wav(out, len(channels), self.rate_hz)


def chunks(data):
    pos, long_bytes = 12, None
    while pos + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, pos)
        body = pos + 8
        if name == b"ds64":
            long_bytes = struct.unpack_from("<Q", data, body + 8)[0]
        if name == b"data":
            if size == 0xFFFFFFFF and long_bytes is not None:
                size = long_bytes
            if body + size > len(data) or size == 0:
                size = len(data) - body  # its writer was killed
        yield name, data[body:body + size]
        pos = body + size + (size & 1)


def to_floats(body, kind, bits):
    if kind == FLOAT and bits == 32:
        out = array.array("f")
        out.frombytes(body[:len(body) // 4 * 4])
        return out
    if kind == PCM and bits == 16:
        ints = array.array("h")
        ints.frombytes(body[:len(body) // 2 * 2])
        return array.array("f", [x / 32768 for x in ints])
    if kind == PCM and bits == 24:
        wide = bytearray(len(body) // 3 * 4)
        for i in range(3):
            wide[i + 1::4] = body[i:len(body) // 3 * 3:3]
        ints = array.array("i")
        ints.frombytes(bytes(wide))
        return array.array("f", [x / 2147483648 for x in ints])
    if kind == PCM and bits == 32:
        ints = array.array("i")
        ints.frombytes(body[:len(body) // 4 * 4])
        return array.array("f", [x / 2147483648 for x in ints])
    raise ValueError("%d-bit samples of kind %d: 16, 24, 32-bit PCM and "
                     "32-bit float are read" % (bits, kind))


def read(path):
    with open(path, "rb") as f:
        data = f.read()
    if data[:4] not in (b"RIFF", b"RF64"):
        return read_by_sox(path)
    fmt = None
    for name, body in chunks(data):
        if name == b"fmt ":
            fmt = struct.unpack_from("<HHIIHH", body)
            kind = fmt[0]
            if kind == EXTENSIBLE:
                kind = struct.unpack_from("<H", body, 24)[0]
        elif name == b"data" and fmt:
            return Wav(to_floats(body, kind, fmt[5]), fmt[1], fmt[2])
    raise ValueError("%s: no sound in it" % path)


def read_by_sox(path):
    def ask(what):
        return int(subprocess.run(["soxi", what, path], check=True,
                                  stdout=subprocess.PIPE).stdout)

    channels, rate_hz = ask("-c"), ask("-r")
    raw = subprocess.run(["sox", path, "-t", "raw", "-e", "signed", "-b",
                          "32", "-"], check=True,
                         stdout=subprocess.PIPE).stdout
    return Wav(to_floats(raw, PCM, 32), channels, rate_hz)


def write(path, samples, channels, rate_hz, kind="f32"):
    """samples: array of float in f32, of int16 in s16"""
    bits, tag = (32, FLOAT) if kind == "f32" else (16, PCM)
    if sys.byteorder != "little":
        samples = samples[:]
        samples.byteswap()
    body = samples.tobytes()
    frame_bytes = channels * bits // 8
    fmt = struct.pack("<HHIIHH", tag, channels, rate_hz,
                      rate_hz * frame_bytes, frame_bytes, bits)
    if tag == FLOAT:
        fmt += struct.pack("<H", 0)
    head = struct.pack("<4sI", b"fmt ", len(fmt)) + fmt
    if tag == FLOAT:
        head += struct.pack("<4sII", b"fact", 4, len(body) // frame_bytes)
    head = struct.pack("<4sI4s", b"RIFF", 12 + len(head) + len(body),
                       b"WAVE") + head
    with open(path, "wb") as f:
        f.write(head + struct.pack("<4sI", b"data", len(body)) + body)
