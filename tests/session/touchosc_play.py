#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""touchosc_play.py FILE PORT RECEIVE_PORT: plays a layout against the tapdeck
at PORT, whose strip 2 is called Deck and has a sound. Prints a line for each
thing that it tried."""
import socket
import sys

import touchosc


class Desk:
    """Another one who moves the same strips"""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(5)

    def set(self, address, tag, value):
        self.socket.send(touchosc.osc_encode(address, [(tag, value)]))

    def get(self, address):
        self.socket.send(touchosc.osc_encode(address, []))
        while True:
            for a, args in touchosc.osc_decode(self.socket.recv(65536)):
                if a == address:
                    return args[0][1]


def near(a, b):
    return abs(a - b) < 1e-5


def line(good, text, *details):
    print(("ok - " if good else "not ok - ") + text)
    if not good:
        print("#", *details)
    sys.stdout.flush()


def types(app):
    """Every message is one of these, and nothing else is sent."""
    allowed = {"/subscribe": "sii", "/bundles": "i",
               "/prove": "s", "/panic": "f", "/meters/strip/*": "i",
               "/meters/bus/main": "i"}
    for address, args in app.sent:
        tags = "".join(t for t, _ in args)
        want = allowed.get(address)
        if address.endswith("/index"):
            want = "i"
        elif address.startswith("/scene/"):
            want = "" if address.endswith(("/recall", "/save")) else "i"
        elif address.endswith("/side"):
            want = "i"
        elif want is None:
            want = "f"
        asks = tags == "" and address.endswith(
            ("/fader", "/knob", "/filter", "/crossfader", "/mix"))
        if tags != want and not asks:
            return "%s %s" % (address, tags)
    return None


def sound(app, desk, is_at, both_at):
    """The pages of sound and scenes."""
    def x(control):
        return control.values["x"]

    def slide(control, by):
        control.press()
        control.move(by)
        control.release()

    def twice(control):
        app.frames(40)
        control.tap()
        app.frames(6)
        control.tap()

    low, cut = app["strip/2/eq/low/knob"], app["strip/2/filter"]
    line(app.until(lambda: near(x(low), 0.5) and near(x(cut), 0.5)),
         "knobs are shown where they are", x(low), x(cut))
    slide(low, -0.5)
    line(is_at("/strip/2/eq/low", -90), "a knob at its left end kills a band",
         desk.get("/strip/2/eq/low"))
    twice(low)
    line(both_at(low, "/strip/2/eq/low/knob", 0.5) and
         desk.get("/strip/2/eq/low") == 0, "two taps are 0 dB", x(low))
    slide(cut, 0.25)
    line(is_at("/strip/2/filter", 0.5), "a filter is turned up",
         desk.get("/strip/2/filter"))
    desk.set("/strip/2/filter", "f", -1.0)
    line(app.until(lambda: near(x(cut), 0)), "and shown where others turn it",
         x(cut))
    twice(cut)
    line(is_at("/strip/2/filter", 0), "two taps turn it off",
         desk.get("/strip/2/filter"))
    app["strip/2/side"].choose(2)
    line(is_at("/strip/2/side", 2), "a side is chosen")
    slide(app["crossfader"], 0.3)
    line(is_at("/crossfader", 0.8), "the crossfader moves",
         desk.get("/crossfader"))
    app["strip/2/cue"].tap()
    line(is_at("/strip/2/cue", 1), "a strip is cued")
    desk.set("/strip/2/cue", "i", 0)
    line(app.until(lambda: x(app["strip/2/cue"]) == 0), "and shown")
    for name in ("f1/save", "f8/recall"):
        before = len(app.sent)
        app["scene/" + name].tap()
        sent = [m for m in app.sent[before:] if m[0].startswith("/scene/")]
        line(sent == [("/scene/" + name, [])],
             "a scene's button is pressed, once", sent)
    desk.set("/strip/2/side", "i", 0)
    desk.set("/crossfader", "f", 0.5)


def main():
    file, port, receive_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    desk = Desk(port)
    app = touchosc.App(file, port, receive_port)
    fader, mute = app["strip/2/fader"], app["strip/2/mute"]
    route, bus = app["strip/2/route/index"], app["bus/main/fader"]

    def x(control):
        return control.values["x"]

    def is_at(address, value):
        return app.until(lambda: near(desk.get(address), value))

    def both_at(control, address, value):
        """Also when a state that was on its way came behind the finger: that
        is told again within 2 s."""
        return app.until(lambda: near(desk.get(address), value) and
                         near(x(control), value))

    line(app.until(lambda: near(x(fader), 0.75) and near(x(bus), 0.75)),
         "it asks for the values and shows them", x(fader), x(bus))
    line(app["strip/2/name"].values["text"] == "Deck", "and the names",
         app["strip/2/name"].values)
    line(app["status"].values["text"] == "connected",
         "it says that it is connected", app["status"].values)

    meter, still = app["meters/strip/2"], app["meters/strip/3"]
    line(app.until(lambda: x(meter) > 0.5 and x(app["meters/bus/main"]) > 0.5)
         and x(still) == 0, "it shows the level of what plays",
         x(meter), x(still))

    # By a finger: relative, many messages, nothing comes back
    fader.press()
    app.frames(3)
    line(near(desk.get("/strip/2/fader"), 0.75),
         "a finger that is put down moves nothing")
    for _ in range(20):
        fader.move(-0.02)
        app.frame()
    line(is_at("/strip/2/fader", x(fader)) and near(x(fader), 0.35),
         "a fader moves its strip", x(fader))
    desk.set("/strip/2/fader", "f", 0.9)
    desk.set("/strip/3/fader", "f", 0.1)
    line(app.until(lambda: near(x(app["strip/3/fader"]), 0.1)),
         "a value that others change is followed")
    app.frames(5)
    line(near(x(fader), 0.35), "but not by the one that is touched", x(fader))
    fader.release()
    line(app.until(lambda: near(x(fader), 0.9)) and
         ("/strip/2/fader", []) in app.sent,
         "which asks where it is when it is let go", x(fader))
    line(near(desk.get("/strip/2/fader"), 0.9), "and has sent nothing more")

    app.frames(40) # not the tap before
    fader.tap()
    app.frames(6)
    fader.tap()
    line(both_at(fader, "/strip/2/fader", 0.75), "two taps are 0 dB", x(fader))
    desk.set("/strip/2/fader", "f", 0.3)
    before = len(app.sent)
    app.until(lambda: near(x(fader), 0.3))
    app.frames(40)
    fader.tap()
    app.frames(40)
    fader.tap()
    app.frames(5)
    value = desk.get("/strip/2/fader")
    line(near(value, 0.3), "two slow taps are nothing", value, x(fader),
         app.sent[before:])

    mute.tap()
    line(both_at(mute, "/strip/2/mute", 1), "a mute button mutes", x(mute))
    mute.tap()
    line(both_at(mute, "/strip/2/mute", 0), "and opens again", x(mute))
    route.choose(2)
    line(is_at("/strip/2/route/index", 2) and
         desk.get("/strip/2/route") == "loop", "a route is chosen")
    desk.set("/strip/2/route", "s", "main")
    line(app.until(lambda: x(route) == 1), "or followed by its name", x(route))
    bus.press()
    bus.move(-0.25)
    bus.release()
    line(is_at("/bus/main/fader", 0.5), "main has a fader", x(bus))

    sound(app, desk, is_at, both_at)
    app["panic"].tap()
    line(app.until(lambda: x(mute) == 1 and
                   x(app["strip/3/mute"]) == 1), "panic mutes, and is seen")
    desk.set("/strip/2/mute", "i", 0)
    app.until(lambda: x(mute) == 0)
    app.frames(5)
    line(desk.get("/strip/2/mute") == 0, "once: its release is no panic")

    # A datagram that was lost
    app.deaf = lambda m: m[0] == "/strip/2/fader"
    desk.set("/strip/2/fader", "f", 0.6)
    desk.set("/strip/3/fader", "f", 0.2)
    app.until(lambda: near(x(app["strip/3/fader"]), 0.2))
    app.deaf = lambda m: False
    line(not near(x(fader), 0.6) and
         app.until(lambda: near(x(fader), 0.6)),
         "what was lost on the way is right in a moment", x(fader))
    line(types(app) is None, "every message has the types that it should",
         types(app))
    line(not any(a == "/strip/2/fader" and args and near(args[0][1], 0.6)
                 for a, args in app.sent), "what was received is not sent")

    app.dispatch("/prove", [("s", "0badcafe")])
    line(app.sent[-1] == ("/prove", [("s", "0badcafe")]),
         "it proves its address", app.sent[-1])
    app.dispatch = lambda *m: None
    line(app.until(lambda: app["status"].values["text"] == "no answer", 20),
         "without an answer it says so")


if __name__ == "__main__":
    main()
