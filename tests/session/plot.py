#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws what the demo recorded: each program as it played and as much of it
as reached the loop, the loop below, and the moves where they were found."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile

import wav

WIDTH, HEIGHT = 1600, 860
COLUMNS = 1400
LANES = ["#3b6fb6", "#d9822b", "#2f4858"]
PALE = ["#c9d8ec", "#f5dcc0", "#c9d1d6"]
LABELS = {"fade": "%s fades,\\nstep by step", "back": "%s back\\nat 0 dB",
          "mute": "%s\\nmuted", "unmute": "%s\\nunmuted",
          "route main": "%s routed\\nto the room only",
          "route both": "%s routed\\nto both"}
SECONDS = ("mute", "unmute")  # the moves of the second program


def gain_curves(found):
    """[(frame, gain)] of both programs, from the moves"""
    first, second = [(0, 1.0)], [(0, 1.0)]
    for name, start, frames in found["moves"]:
        if name == "fade":
            first += [tuple(p) for p in found["fade"]]
            first.append((start + frames, 0.0))
        else:
            curve = second if name in SECONDS else first
            up = name in ("back", "unmute", "route both")
            curve += [(start, 1.0 - up), (start + frames, 0.0 + up)]
    return first, second


def gains_per_column(curve, edges):
    out, i = [], 0
    for n in edges:
        while i + 1 < len(curve) and curve[i + 1][0] <= n:
            i += 1
        if i + 1 < len(curve) and curve[i + 1][0] > curve[i][0]:
            (n0, g0), (n1, g1) = curve[i], curve[i + 1]
            out.append(g0 + (g1 - g0) * (n - n0) / (n1 - n0))
        else:
            out.append(curve[i][1])
    return out


def envelope(samples, edges, offset):
    """(lowest, highest) per column, of both sides together"""
    out = []
    for lo, hi in zip(edges, edges[1:]):
        part = samples[max(0, 2 * (lo - offset)):max(0, 2 * (hi - offset))]
        out.append((min(part), max(part)) if len(part) else (0.0, 0.0))
    return out


def text(s):
    return '"%s"' % s.replace("_", "\\\\_")


def marks(found, span, lane, top):
    """the lines of the moves, and above the first lane their names"""
    out, first, second = [], *found["names"]
    for i, (name, start, frames) in enumerate(found["moves"]):
        t = (start - span[0]) / found["rate"]
        end = t + frames / found["rate"]
        mine = 1 if name in SECONDS else 0
        if name == "fade":
            out.append("set object rectangle from first %f, graph 0 to first "
                       "%f, graph 1 fc rgb '#eef1f4' fs solid noborder "
                       "behind" % (t, end))
        out.append("set arrow from first %f, graph %g to first %f, graph 0 "
                   "nohead lw 1.3 dt (6,5) lc rgb '%s' front" % (
                       t, top, t, LANES[mine]))
        if lane == 0:
            label = LABELS[name] % (second if mine else first)
            out.append("set label %d %s at first %f, graph 1.25 left offset "
                       "-0.3,0 tc rgb '%s' font ',12' front" % (
                           i + 1, text(label), t, LANES[mine]))
    return out


def script(found, span, files, out):
    seconds = (span[1] - span[0]) / found["rate"]
    titles = [found["names"][0], found["names"][1], "Tapdeck\\nLoopback"]
    lines = [
        "set terminal pngcairo size %d,%d font 'DejaVu Sans,13' "
        "background rgb 'white'" % (WIDTH, HEIGHT),
        "set output '%s'" % out,
        "set multiplot",
        "unset key", "set lmargin at screen 0.115",
        "set rmargin at screen 0.985", "set xrange [0:%f]" % seconds,
        "set border 0", "set tics nomirror scale 0", "unset ytics",
        "set label 90 'What the DAW records: two running programs, moved by "
        "OSC' at screen 0.015, screen 0.955 font ',18' tc rgb '#1b2a33'",
        "set style fill solid 1 noborder",
    ]
    edges = [(0.61, 0.82), (0.375, 0.585), (0.07, 0.345)]
    for lane, (lo, hi) in enumerate(edges):
        lines += ["unset object", "unset arrow",
                  "set tmargin at screen %g" % hi,
                  "set bmargin at screen %g" % lo,
                  "set yrange [-1.05:1.05]"]
        # each line reaches up to the lane above
        gap = (edges[lane - 1][0] - hi) / (hi - lo) if lane else 0.04
        lines += marks(found, span, lane, 1 + gap)
        lines.append("set label 80 %s at graph -0.012, graph 0.5 right "
                     "tc rgb '%s' font ',14'" % (text(titles[lane]),
                                                LANES[lane]))
        if lane == 2:
            lines += ["set format x '%g s'",
                      "set xtics 1 nomirror scale 0 tc rgb '#5a6a73'"]
        else:
            lines.append("unset xtics")
        plots = []
        if lane < 2:
            plots.append("'%s' using 1:2:3 with filledcurves lc rgb '%s'" % (
                files[lane], PALE[lane]))
            plots.append("'%s' using 1:4:5 with filledcurves lc rgb '%s'" % (
                files[lane], LANES[lane]))
        else:
            plots.append("'%s' using 1:2:3 with filledcurves lc rgb '%s'" % (
                files[lane], LANES[lane]))
        lines.append("plot " + ", ".join(plots))
        lines += ["unset label %d" % n for n in range(1, 7)
                  if lane == 0] + ["unset label 90"] * (lane == 0)
    lines.append("unset multiplot")
    return "\n".join(lines) + "\n"


def write_lane(path, seconds, outer, gains):
    peak = max(max(-lo, hi) for lo, hi in outer) or 1.0
    with open(path, "w", encoding="ascii") as f:
        for t, (lo, hi), g in zip(seconds, outer, gains):
            f.write("%f %f %f %f %f\n" % (
                t, lo / peak, hi / peak, lo * g / peak, hi * g / peak))


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("found", help="JSON of demo_check.py")
    p.add_argument("first")
    p.add_argument("second")
    p.add_argument("loop")
    p.add_argument("out", help="a PNG file to write")
    return p.parse_args()


def main():
    a = arguments()
    with open(a.found, encoding="utf-8") as f:
        found = json.load(f)
    line = found["stretches"]
    rate = found["rate"]
    # what is before the first mix and after the last is of no interest
    last = line[-1][1] + line[-1][2]
    span = (max(line[0][1], found["moves"][0][1] - 2 * rate),
            min(last, found["moves"][-1][1] + 2 * rate))
    edges = [span[0] + (span[1] - span[0]) * i // COLUMNS
             for i in range(COLUMNS + 1)]
    seconds = [(n - span[0]) / rate for n in edges]
    curves = gain_curves(found)
    with tempfile.TemporaryDirectory() as tmp:
        files = []
        for i, path in enumerate((a.first, a.second, a.loop)):
            samples = wav.read(path).samples
            offset = found["offset"][i] if i < 2 else 0
            gains = gains_per_column(curves[i], edges) if i < 2 else \
                [1.0] * len(edges)
            files.append(os.path.join(tmp, "lane%d" % i))
            write_lane(files[-1], seconds, envelope(samples, edges, offset),
                       gains)
        run = subprocess.run(["gnuplot"], input=script(
            found, span, files, a.out).encode(), check=False)
    return run.returncode


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.exit(main())
