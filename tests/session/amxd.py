#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a Max for Live device and checks it; plays its patch.

check FILE   the chunks, the patcher, objects and cords, parameters of Live

Device is the patch at work: the few objects of Max that it is made of. A message
is a list of int, float and str (a symbol). Outlets speak from the right to the
left; where cords leave one outlet the order is left to chance, since in Max it
hangs on where boxes are."""
import json
import random
import re
import select
import socket
import struct
import sys
import time

import touchosc

# inlets and outlets of what has always as many
SHAPES = {"plugin~": (2, 2), "plugout~": (2, 2), "gate": (2, 1),
          "udpsend": (1, 0), "udpreceive": (1, 1), "prepend": (1, 1),
          "i": (2, 1), "f": (2, 1), "metro": (2, 1), "delay": (2, 1),
          "select": (2, 2), "live.thisdevice": (1, 3)}
SHOWN = {"live.dial": (1, 2), "live.text": (1, 2), "live.menu": (1, 3),
         "live.numbox": (1, 2), "live.comment": (1, 0), "textedit": (1, 4),
         "message": (2, 1)}


def load(name):
    with open(name, "rb") as f:
        data = f.read()
    head = struct.unpack("<4sI4s4sII4sI", data[:32])
    assert head[:7] == (b"ampf", 4, b"aaaa", b"meta", 4, 0, b"ptch"), head
    assert head[7] == len(data) - 32 and data[-2:] == b"\n\0"
    return json.loads(data[32:-2].decode())["patcher"]


def atoms(text):
    out = []
    for word in text.split():
        if re.fullmatch(r"-?\d+", word):
            out.append(int(word))
        elif re.fullmatch(r"-?\d+\.\d*", word):
            out.append(float(word))
        else:
            out.append(word)
    return out


def shape(box):
    """The inlets and outlets that its text or class asks for"""
    if box["maxclass"] != "newobj":
        return SHOWN[box["maxclass"]]
    name, *args = box["text"].split()
    if name in SHAPES:
        return SHAPES[name]
    n = len(args)
    if name == "expr":
        return max(int(i) for i in re.findall(r"\$f(\d)", box["text"])), 1
    return {"t": (1, n), "route": (n + 1, n + 1), "pack": (n, 1),
            "unpack": (1, n)}[name]


def check_boxes(boxes):
    for box in boxes.values():
        n = box["numoutlets"]
        assert (box["numinlets"], n) == shape(box), box
        assert len(box.get("outlettype", [])) == n, box
        assert len(box["patching_rect"]) == 4
        assert box["maxclass"] not in ("newobj", "message") or \
            "presentation" not in box, box


def check_lines(lines, boxes):
    seen = set()
    for line in lines:
        (a, outlet), (b, inlet) = (line["patchline"][k] for k in
                                   ("source", "destination"))
        assert 0 <= outlet < boxes[a]["numoutlets"], line
        assert 0 <= inlet < boxes[b]["numinlets"], line
        assert (a, outlet, b, inlet) not in seen, line
        seen.add((a, outlet, b, inlet))
    for box in boxes.values():
        if box["maxclass"] in ("newobj", "message"):
            assert any(box["id"] in (s[0], s[2]) for s in seen), box
    audio = {box["text"]: box["id"] for box in boxes.values()
             if box.get("text") in ("plugin~", "plugout~")}
    for channel in (0, 1):
        assert (audio["plugin~"], channel, audio["plugout~"], channel) in seen


def check_parameters(patcher, boxes):
    """Each parameter of Live is a box, with names that no other has."""
    table = {k: v for k, v in patcher["parameters"].items()
             if k.startswith("obj-")}
    names = []
    for box in boxes.values():
        enabled = box.get("parameter_enable", 0)
        assert enabled == (box["id"] in table), box
        assert enabled or not box["maxclass"].startswith("live.") or \
            box["maxclass"] == "live.comment"
        if not enabled:
            continue
        v = box["saved_attribute_attributes"]["valueof"]
        long_name, short_name, zero = table[box["id"]]
        assert (v["parameter_longname"], v["parameter_shortname"], zero) == \
            (long_name, short_name, 0)
        assert box["varname"] == long_name
        names.append(long_name)
        if v["parameter_type"] == 2:
            assert v["parameter_mmax"] == len(v["parameter_enum"]) - 1
        elif v["parameter_type"] == 0:
            assert v["parameter_mmin"] < v["parameter_mmax"]
            assert v["parameter_mmin"] <= v["parameter_initial"][0] <= \
                v["parameter_mmax"]
    assert len(set(names)) == len(names)
    bank = patcher["parameters"]["parameterbanks"]["0"]["parameters"]
    assert len(bank) == 8 and set(bank) <= set(names) | {"-"}


def check_view(patcher, boxes):
    """What Live shows: within the device, and apart"""
    width = patcher["devicewidth"]
    rects = [(b["presentation_rect"], b) for b in boxes.values()
             if b.get("presentation")]
    for i, ((x, y, w, h), box) in enumerate(rects):
        assert x >= 0 and y >= 0 and x + w <= width and y + h <= 169, box
        for (x2, y2, w2, h2), other in rects[i + 1:]:
            assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or \
                y2 + h2 <= y, (box, other)


def check(patcher):
    assert patcher["fileversion"] == 1 and patcher["openinpresentation"] == 1
    assert patcher["project"]["amxdtype"] == int.from_bytes(b"aaaa", "big")
    assert patcher["dependency_cache"] == [], "a file beside it"
    boxes = {b["box"]["id"]: b["box"] for b in patcher["boxes"]}
    assert len(boxes) == len(patcher["boxes"])
    check_boxes(boxes)
    check_lines(patcher["lines"], boxes)
    check_parameters(patcher, boxes)
    check_view(patcher, boxes)
    return boxes


class Box:
    def __init__(self, device, box):
        self.device, self.box, self.cords = device, box, {}
        self.kind = box["maxclass"]
        self.args = []
        if self.kind == "newobj":
            self.kind, *self.args = atoms(box["text"])
        elif self.kind == "message":
            self.args = atoms(box["text"])
        v = box.get("saved_attribute_attributes", {}).get("valueof", {})
        self.least, self.most = v.get("parameter_mmin"), v.get("parameter_mmax")
        self.items = v.get("parameter_enum")
        self.value = v.get("parameter_initial", [0])[0]
        self.text = box.get("text")
        name = self.kind.replace(".", "_").replace("~", "_")
        self.work = getattr(self, "in_" + name, None)

    def out(self, outlet, message):
        cords = self.cords.get(outlet, [])
        for box, inlet in random.sample(cords, len(cords)):
            box.work(inlet, list(message))

    # ---- what Live and a mouse do ----

    def speak(self):
        """It outputs its value."""
        if self.kind == "live.menu":
            self.out(2, [float(self.value)])
            self.out(1, [self.items[int(self.value)]])
            self.out(0, [int(self.value)])
        elif self.kind == "textedit":
            self.out(0, ["text", self.text])
        elif self.kind == "live.text" and self.box["mode"] == 0:
            self.out(0, ["bang"])
        elif self.kind == "live.text":
            self.out(0, [int(self.value)])
        else:
            self.out(0, [float(self.value)])

    def move(self, value):
        self.value = value
        self.speak()

    # ---- objects ----

    def control(self, inlet, m):
        if m[0] == "set":
            self.value = min(max(m[1], self.least), self.most)
        elif m[0] == "text":
            self.text = m[1] if len(m) > 1 else ""
        elif m[0] == "bang":
            self.speak()
        else:
            assert m[0] == "texton", m

    in_live_dial = in_live_text = in_live_menu = in_live_numbox = control
    in_textedit = control

    def in_t(self, inlet, m):
        for i in reversed(range(len(self.args))):
            word = self.args[i]
            self.out(i, ["bang"] if word == "b" else
                     m if word == "l" else [m[0]])

    def in_gate(self, inlet, m):
        if inlet == 0:
            self.open = m[0]
        elif getattr(self, "open", 0):
            self.out(0, m)

    def in_route(self, inlet, m):
        assert inlet == 0
        if m[0] in self.args:
            self.out(self.args.index(m[0]), m[1:] or ["bang"])
        else:
            self.out(len(self.args), m)

    def in_prepend(self, inlet, m):
        self.out(0, self.args + m)

    def in_message(self, inlet, m):
        assert inlet == 0
        out = []
        for a in self.args:
            dollar = re.fullmatch(r"\$(\d)", str(a))
            out.append(m[int(dollar.group(1)) - 1] if dollar else a)
        self.out(0, out)

    def number(self, inlet, m, make):
        if m[0] != "bang":
            self.store = make(m[0])
        elif not hasattr(self, "store"):
            self.store = make(self.args[0] if self.args else 0)
        if inlet == 0:
            self.out(0, [self.store])

    def in_i(self, inlet, m):
        self.number(inlet, m, int)

    def in_f(self, inlet, m):
        self.number(inlet, m, float)

    def in_pack(self, inlet, m):
        if m[0] != "bang":
            assert isinstance(m[0], str) == isinstance(self.args[inlet], str)
            self.args[inlet] = type(self.args[inlet])(m[0])
        if inlet == 0:
            self.out(0, self.args)

    def in_unpack(self, inlet, m):
        for i in reversed(range(min(len(self.args), len(m)))):
            if self.args[i] == "s":
                self.out(i, [str(m[i])])
            else:
                self.out(i, [0.0 if isinstance(m[i], str) else float(m[i])])

    def in_select(self, inlet, m):
        if inlet == 1:
            self.args = [m[0]]
        elif m[0] == self.args[0]:
            self.out(0, ["bang"])
        else:
            self.out(1, m)

    def in_expr(self, inlet, m):
        if not hasattr(self, "slot"):
            self.slot = [0.0] * self.box["numinlets"]
        self.slot[inlet] = float(m[0])
        if inlet == 0:
            text = re.sub(r"\$f(\d)", lambda d: "slot[%d]" % (
                int(d.group(1)) - 1), self.box["text"].split(" ", 1)[1])
            self.out(0, [float(eval(text, {"slot": self.slot}))])

    def in_metro(self, inlet, m):
        assert m[0] == 1
        self.device.at(0, self.tick)

    def tick(self):
        self.out(0, ["bang"])
        self.device.at(self.args[0], self.tick)

    def in_delay(self, inlet, m):
        self.device.at(self.args[0], lambda: self.out(0, ["bang"]))

    def in_udpsend(self, inlet, m):
        if m[0] == "host":
            self.device.to = m[1], self.device.to[1]
        elif m[0] == "port":
            self.device.to = self.device.to[0], m[1]
        else:
            self.device.send(m)

    def in_udpreceive(self, inlet, m):
        assert m[0] == "port"
        self.device.listen_at(m[1])


class Device:
    def __init__(self, file):
        patcher = load(file)
        self.boxes = {i: Box(self, b) for i, b in check(patcher).items()}
        for line in patcher["lines"]:
            (a, outlet), (b, inlet) = (line["patchline"][k] for k in
                                       ("source", "destination"))
            self.boxes[a].cords.setdefault(outlet, []).append(
                (self.boxes[b], inlet))
        self.named = {b.box["varname"]: b for b in self.boxes.values()
                      if "varname" in b.box}
        self.timers, self.sent, self.listen, self.deaf = [], [], None, None
        self.began = time.monotonic()
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        send, self.receive = (next(
            b for b in self.boxes.values() if b.kind == kind)
            for kind in ("udpsend", "udpreceive"))
        self.to = send.args[0], send.args[1]
        self.listen_at(self.receive.args[0])

    def __getitem__(self, name):
        return self.named[name]

    def listen_at(self, port):
        if self.listen and self.listen.getsockname()[1] == port:
            return
        if self.listen:
            self.listen.close()
        self.listen = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listen.bind(("", port))

    def open(self):
        """Live restores the values of a set, then the device is loaded."""
        for b in random.sample(list(self.named.values()), len(self.named)):
            if b.kind != "textedit" and b.box["varname"] != "Panic":
                b.speak()
        for b in self.boxes.values():
            if b.kind == "live.thisdevice":
                b.out(0, ["bang"])

    def send(self, m):
        assert isinstance(m[0], str) and m[0].startswith("/"), m
        args = [("s" if isinstance(a, str) else
                 "f" if isinstance(a, float) else "i", a) for a in m[1:]]
        self.sent.append((m[0], args))
        try:
            self.out.sendto(touchosc.osc_encode(m[0], args), self.to)
        except OSError:
            pass # the host of the field is not set yet; Max says it

    def millis(self):
        return (time.monotonic() - self.began) * 1000

    def at(self, ms, what):
        self.timers.append((time.monotonic() + ms / 1000, what))

    def step(self, seconds=0.02):
        now = time.monotonic()
        due = [t for t in self.timers if t[0] <= now]
        self.timers = [t for t in self.timers if t[0] > now]
        for _, what in due:
            what()
        while select.select([self.listen], [], [], seconds)[0]:
            seconds = 0
            for address, args in touchosc.osc_decode(self.listen.recv(65536)):
                if not (self.deaf and self.deaf(address)):
                    self.receive.out(0, [address] + [v for _, v in args])

    def until(self, what, seconds=10):
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end:
                return False
            self.step()
        return True


def main():
    patcher = load(sys.argv[2])
    boxes = check(patcher)
    print("%s: %d objects, %d cords" % (
        sys.argv[2], len(boxes), len(patcher["lines"])))


if __name__ == "__main__":
    main()
