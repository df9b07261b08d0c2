#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""surfaces.py HOST PORT FILE.tosc TOSC_PORT FILE.amxd AMXD_PORT [MIDI]: a tablet
and a Live set with one tapdeck; made for these receive ports. The tablet's fader
2 and the set's dial 2 are strip 2. MIDI: where a controller puts that strip,
some time. Prints a line for each thing that was tried."""
import random
import sys

import amxd
import touchosc
from touchosc_play import line, near


def main():
    random.seed(1)
    host, port = sys.argv[1], int(sys.argv[2])
    tablet = touchosc.App(sys.argv[3], port, int(sys.argv[4]), host)
    live = amxd.Device(sys.argv[5])
    live["Port"].value, live["Reply port"].value = port, int(sys.argv[6])
    live["Host"].text = host
    live.open()
    fader, dial = tablet["strip/2/fader"], live["Dial 2"]

    def until(what):
        return tablet.until(lambda: live.step(0) or what(), 20)

    def shown(value):
        return until(lambda: near(fader.values["x"], value) and
                     near(dial.value, value))

    def where():
        return fader.values["x"], dial.value

    line(shown(0.75), "a tablet and a Live set are shown a fader", *where())
    if len(sys.argv) > 7:
        line(shown(float(sys.argv[7])), "a MIDI controller moves it on both",
             *where())
    until(lambda: live.millis() > 1000) # it sends from now on
    fader.press()
    fader.move(0.25 - fader.values["x"])
    fader.release()
    line(shown(0.25), "the tablet moves it in the set", *where())
    dial.move(0.9)
    line(shown(0.9), "the set moves it on the tablet", *where())
    fader.press()
    for i in range(60):
        fader.move(random.uniform(-0.05, 0.04))
        dial.move(random.random())
        tablet.frame()
        live.step(0)
    fader.release()
    dial.move(0.6)
    line(shown(0.6), "both at once, and both show what was last", *where())
    proofs = [sum(a == "/prove" for a, _ in s.sent) for s in (tablet, live)]
    line(min(proofs) > 0 or host == "127.0.0.1",
         "from a network they have proved their addresses", proofs)


main()
