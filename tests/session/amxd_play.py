#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""amxd_play.py FILE PORT: plays a Max for Live device, made for reply port
RECEIVE_PORT, against the tapdeck at PORT, whose strip 2 is called Deck; then has
Pure Data send the same. Prints a line for each thing that it tried."""
import random
import socket
import subprocess
import sys
import tempfile
import time

import amxd
import touchosc
from touchosc_play import Desk, line, near


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def opened(file, port):
    """One that is in a set that Live has opened, with ports of its own"""
    device = amxd.Device(file)
    device["Port"].value = port
    device["Reply port"].value = free_port()
    device.open()
    return device


def play(file, port, desk):
    """The device that was played: what it has sent is in it."""
    for strip in range(1, 9):
        desk.set("/strip/%d/fader" % strip, "f", 0.75)
        desk.set("/strip/%d/mute" % strip, "i", 0)
    desk.set("/bus/main/gain", "f", 0.0)
    desk.get("/info")
    device = opened(file, port)
    dial, menu = device["Dial 2"], device["Parameter 2"]
    mute, route = device["Mute 2"], device["Route 2"]

    def is_at(address, value):
        return device.until(lambda: near(desk.get(address), value))

    line(device.until(lambda: near(dial.value, 0.75) and
                      mute.text == "Deck"),
         "it asks for values and names, and shows them", dial.value, mute.text)
    line(not any(a.startswith(("/strip", "/bus", "/panic"))
                 for a, _ in device.sent),
         "what Live restores is not sent", device.sent)
    device.until(lambda: False, 0.6) # until the gate is open

    dial.move(0.5)
    line(is_at("/strip/2/fader", 0.5), "a dial moves its strip")
    desk.set("/strip/2/fader", "f", 0.25)
    line(device.until(lambda: near(dial.value, 0.25)),
         "a value that others change is followed", dial.value)
    line(sum(a == "/strip/2/fader" for a, _ in device.sent) == 1,
         "and not sent back")
    other = opened(file, port)
    line(other.until(lambda: near(other["Dial 2"].value, 0.25)) and
         device.until(lambda: not other.step()) and
         len({device.listen.getsockname()[1],
              other.listen.getsockname()[1]}) == 2,
         "so it is in a second one, with a reply port of its own")
    other.until(lambda: False, 0.6)
    other["Dial 2"].move(0.3)
    line(device.until(lambda: near(dial.value, 0.3)),
         "which it follows as well", dial.value)
    item = menu.items.index("/bus/main/gain")
    device.deaf = lambda address: address == "/list"
    sent = len(device.sent)
    menu.move(item)
    dial.move(0.9)
    line(not any(a == "/bus/main/gain" for a, _ in device.sent[sent:]),
         "nothing is sent to a parameter whose range is not known")
    device.deaf = None
    line(device.until(lambda: near(dial.value, 90 / 102)),
         "another parameter by the menu, when its range is", dial.value)
    dial.move(1.0)
    line(is_at("/bus/main/gain", 12), "which the dial moves now")
    desk.set("/bus/main/gain", "f", -90.0)
    line(device.until(lambda: near(dial.value, 0)) and
         near(device["Dial 1"].value, 0.75), "and follows, alone", dial.value)
    dial.move(90 / 102)
    for address, start, value in (("/strip/2/eq/low/knob", 0.25, 0.75),
                                  ("/strip/2/filter", -0.5, 0.5),
                                  ("/crossfader", 0.25, 0.75)):
        desk.set(address, "f", start)
        menu.move(menu.items.index(address))
        line(device.until(lambda: near(dial.value, 0.25)),
             "a dial can be for " + address, dial.value)
        dial.move(0.75)
        line(is_at(address, value), "and moves it", desk.get(address))
        dial.move(0.5)
    line("/strip/2/eq/low" not in menu.items, "a band has a knob's scale")
    mute.move(1)
    line(is_at("/strip/2/mute", 1), "a mute button mutes")
    desk.set("/strip/2/mute", "i", 0)
    line(device.until(lambda: mute.value == 0), "and shows that it is open")
    route.move(2)
    line(device.until(lambda: desk.get("/strip/2/route") == "loop"),
         "a route is chosen")
    desk.set("/strip/2/route", "s", "main")
    line(device.until(lambda: route.value == 1), "or followed", route.value)
    cue = device["Cue 2"]
    cue.move(1)
    line(is_at("/strip/2/cue", 1), "a strip is cued")
    desk.set("/strip/2/cue", "i", 0)
    line(device.until(lambda: cue.value == 0), "and shown", cue.value)
    cue.move(1)
    cue.move(0)
    device["Panic"].speak()
    line(device.until(lambda: mute.value == 1), "panic mutes, and is seen")
    desk.set("/strip/2/mute", "i", 0)

    device.deaf = lambda address: address == "/strip/2/mute"
    device.until(lambda: False, 0.1)
    line(mute.value == 1, "a lost message")
    device.deaf = None
    line(device.until(lambda: mute.value == 0),
         "is made up for by the next renewal")
    line(device.out.getsockname()[1] != device.listen.getsockname()[1],
         "it listens elsewhere than it sends from")
    return device


def proves(file):
    """It answers what asks for a proof of its address."""
    device = amxd.Device(file)
    device.open()
    device.receive.out(0, ["/prove", "0badcafe"])
    line(device.sent[-1] == ("/prove", [("s", "0badcafe")]),
         "it proves its address", device.sent[-1])


def pd_text(atom):
    return "%g" % atom if isinstance(atom, float) else str(atom)


def pd_patch(messages, port, reply_port, ms):
    """A patch that sends them in a row, and prints what comes back"""
    out = ["#N canvas 0 0 400 400 12;"]

    def obj(text):
        out.append("#X obj 10 10 %s;" % text)
        return len(out) - 2

    def msg(text):
        out.append("#X msg 10 10 %s;" % text)
        return len(out) - 2

    cords = []
    begin = obj("loadbang")
    order = obj("t " + "b " * 3)
    connect = msg("connect 127.0.0.1 %d" % port)
    send, osc = obj("netsend -u -b"), obj("oscformat")
    prefix, trim = obj("list prepend send"), obj("list trim")
    all_of = msg(" \\, ".join(
        "set %s \\, format %s \\, list %s" % (
            address, "".join(t for t, _ in args),
            " ".join(pd_text(v) for _, v in args))
        for address, args in messages).replace("$", "\\$"))
    listen, parse, show = (obj("netreceive -u -b %d" % reply_port),
                           obj("oscparse"), obj("print told"))
    wait, end = obj("delay %d" % ms), msg("\\; pd quit")
    cords = [(begin, 0, order), (order, 2, connect), (connect, 0, send),
             (order, 1, all_of), (all_of, 0, osc), (osc, 0, prefix),
             (prefix, 0, trim), (trim, 0, send), (listen, 0, parse),
             (parse, 0, show), (order, 0, wait), (wait, 0, end)]
    out += ["#X connect %d %d %d 0;" % c for c in cords]
    return "\n".join(out) + "\n"


def pure_data(messages, port, reply_port, ms=3000):
    with tempfile.NamedTemporaryFile("w", suffix=".pd") as f:
        f.write(pd_patch(messages, port, reply_port, ms))
        f.flush()
        return subprocess.run(
            ["pd", "-nogui", "-noprefs", "-nosound", "-nomidi", "-stderr",
             f.name], capture_output=True, text=True, timeout=30).stderr


def by_pure_data(device, port, desk):
    """The same messages from another hand: to the byte as ours are, and tapdeck
    is where it was after them."""
    reply_port = free_port()
    messages = [(a, args[:2] + [("i", reply_port)] if a == "/subscribe"
                 else args) for a, args in device.sent]
    last = {a: args[0][1] for a, args in messages
            if a.startswith(("/strip/2/", "/bus/main"))}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.bind(("127.0.0.1", 0))
        s.settimeout(5)
        pure_data(messages, s.getsockname()[1], reply_port, 100)
        for address, args in messages:
            got = s.recv(65536)
            # Pd's floats are of 32 bits, and written with six digits
            want = touchosc.osc_encode(address, [
                (t, float("%g" % v) if t == "f" else v) for t, v in args])
            if got != want:
                line(False, "Pure Data sends the same", got, want)
                return
        line(True, "Pure Data sends the same %d messages" % len(messages))
    told = pure_data(messages, port, reply_port)
    line(len(last) == 7 and all(abs(desk.get(a) - v) < 1e-4
                                for a, v in last.items()
                                if a != "/strip/2/mute"),
         "and tapdeck does what they say", last)
    line("told: list strip 2 name Deck" in told and
         "told: list strip 2 route index" in told,
         "and tells Pure Data", told[:2000])


def main():
    random.seed(1)
    file, port = sys.argv[1], int(sys.argv[2])
    desk = Desk(port)
    device = play(file, port, desk)
    proves(file)
    by_pure_data(device, port, desk)


if __name__ == "__main__":
    main()
