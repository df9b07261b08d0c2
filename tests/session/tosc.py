#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads a layout of TouchOSC as its app would, checks it, draws it.

check FILE [LIST.json]   the format, and that nothing overlaps; with the answer
                         of `tapdeck get --list --json`, its addresses too
svg FILE [PAGE]          a drawing, to look at; PAGE: 1, or 1.0 for a page
                         within a page
"""
import json
import re
import sys
import xml.parsers.expat
import zlib

# What files that the app has written have, by type. Those of all:
COMMON = {"background": "b", "color": "c", "cornerRadius": "f", "frame": "r",
          "grabFocus": "b", "interactive": "b", "locked": "b", "name": "s",
          "orientation": "i", "outline": "b", "outlineStyle": "i",
          "pointerPriority": "i", "shape": "i", "visible": "b"}
OPTIONAL = {"script": "s", "tag": "s"}
TYPES = {
    "GROUP": ({}, ["touch"]),
    "PAGER": ({"tabLabels": "b", "tabbar": "b", "tabbarDoubleTap": "b",
               "tabbarSize": "i", "textSizeOff": "i", "textSizeOn": "i"},
              ["page", "touch"]),
    "FADER": ({"bar": "b", "barDisplay": "i", "cursor": "b",
               "cursorDisplay": "i", "grid": "b", "gridSteps": "i",
               "response": "i", "responseFactor": "i"}, ["touch", "x"]),
    "RADIAL": ({"centered": "b", "grid": "b", "gridSteps": "i",
                "inverted": "b", "response": "i", "responseFactor": "i"},
               ["touch", "x"]),
    "BUTTON": ({"buttonType": "i", "press": "b", "release": "b",
                "valuePosition": "b"}, ["touch", "x"]),
    "RADIO": ({"radioType": "i", "steps": "i"}, ["touch", "x"]),
    "LABEL": ({"font": "i", "textAlignH": "i", "textAlignV": "i",
               "textClip": "b", "textColor": "c", "textLength": "i",
               "textSize": "i"}, ["text", "touch"]),
}
PAGE = {"tabColorOff": "c", "tabColorOn": "c", "tabLabel": "s",
        "textColorOff": "c", "textColorOn": "c"}
VALUE = ["key", "locked", "lockedDefaultCurrent", "default", "defaultPull"]
OSC = ["enabled", "send", "receive", "feedback", "connections", "triggers",
       "path", "arguments"]
PARTIAL = ["type", "conversion", "value", "scaleMin", "scaleMax"]


class Element:
    def __init__(self, tag, attributes):
        self.tag, self.attributes = tag, attributes
        self.children, self.text, self.cdata = [], "", False

    def tags(self):
        return [c.tag for c in self.children]

    def child(self, tag):
        return next((c for c in self.children if c.tag == tag), None)

    def get(self, tag):
        return self.child(tag).text


def parse(data):
    """The tree of an XML text that has no comments and no mixed content."""
    parser = xml.parsers.expat.ParserCreate()
    stack = [Element("", {})]

    def start(tag, attributes):
        e = Element(tag, attributes)
        stack[-1].children.append(e)
        stack.append(e)

    def text(data):
        stack[-1].text += data

    def cdata():
        assert not stack[-1].text, "text before CDATA"
        stack[-1].cdata = True

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    parser.CharacterDataHandler = text
    parser.StartCdataSectionHandler = cdata
    parser.buffer_text = True
    parser.Parse(data, True)
    return stack[0].children[0]


class Node:
    """A control."""

    def __init__(self, e, parent=None):
        self.e, self.parent = e, parent
        self.id, self.type = e.attributes["ID"], e.attributes["type"]
        self.properties = {p.get("key"): self.decode(p)
                           for p in e.child("properties").children}
        self.values = {v.get("key"): v.get("default")
                       for v in e.child("values").children}
        self.name = self.properties["name"]
        self.frame = self.properties["frame"]
        messages = e.child("messages")
        self.messages = messages.children if messages else []
        children = e.child("children")
        self.children = [Node(c, self) for c in
                         (children.children if children else [])]

    @staticmethod
    def decode(p):
        value, kind = p.child("value"), p.attributes["type"]
        if kind in "cr":
            return tuple(float(c.text) for c in value.children)
        return value.text if kind == "s" else float(value.text)

    def all(self):
        yield self
        for c in self.children:
            yield from c.all()

    def path(self):
        return (self.parent.path() + " > " if self.parent else "") + self.name

    def origin(self):
        x, y = self.parent.origin() if self.parent else (0, 0)
        return x + self.frame[0], y + self.frame[1]


def load(name):
    with open(name, "rb") as f:
        data = f.read()
    assert data[:1] == b"\x78", "no zlib stream"
    z = zlib.decompressobj()
    text = z.decompress(data)
    assert z.eof and not z.unused_data, "more than one zlib stream"
    lead = b"<?xml version='1.0' encoding='UTF-8'?><lexml version='3'><node "
    assert text.startswith(lead), text[:80]
    assert b'="' not in re.sub(rb"<!\[CDATA\[.*?\]\]>", b"", text, flags=re.S)
    root = parse(text)
    assert root.tags() == ["node"]
    return Node(root.children[0])


def is_sorted(keys):
    return keys == sorted(keys) and len(set(keys)) == len(keys)


def check_properties(n):
    own, values = TYPES[n.type]
    kinds = dict(COMMON, **own)
    if n.parent and n.parent.type == "PAGER":
        kinds.update(PAGE)
    rows = n.e.child("properties").children
    keys = [p.get("key") for p in rows]
    assert is_sorted(keys), "properties: not by name"
    assert not set(kinds) - set(keys), set(kinds) - set(keys)
    kinds.update(OPTIONAL)
    for p in rows:
        kind = p.attributes["type"]
        assert kind == kinds[p.get("key")], p.get("key")
        assert p.tags() == ["key", "value"] and p.child("key").cdata
        value = p.child("value")
        assert value.cdata == (kind == "s"), p.get("key")
        if kind in "cr":
            assert "".join(value.tags()) == {"c": "rgba", "r": "xywh"}[kind]
        if kind == "c":
            assert all(0 <= float(c.text) <= 1 for c in value.children)
        if kind in "bir":
            assert re.fullmatch(r"\d+", value.text or "0")
    assert list(n.values) == values, n.values
    for v in n.e.child("values").children:
        assert v.tags() == VALUE and v.child("default").cdata


def check_messages(n):
    for m in n.messages:
        assert m.tag == "osc"
        want = [t for t in OSC if t != "triggers" or m.child("triggers")]
        assert m.tags() == want, m.tags()
        assert re.fullmatch("[01]{5}", m.get("connections"))
        for flag in OSC[:4]:
            assert m.get(flag) in "01"
        if m.child("triggers"):
            for t in m.child("triggers").children:
                assert t.tags() == ["var", "condition"]
                assert t.get("var") in n.values
                assert t.get("condition") in ("ANY", "RISE", "FALL")
        else:
            assert m.get("send") == "0", "sends, but when?"
        for p in m.child("path").children + m.child("arguments").children:
            assert p.tags() == PARTIAL and p.child("value").cdata
            assert p.get("conversion") in ("BOOLEAN", "INTEGER", "FLOAT",
                                           "STRING")
            if p.get("type") == "VALUE":
                assert p.get("value") in n.values


def check_frames(n):
    """Within the parent, big enough for a finger, apart from the others."""
    x, y, w, h = n.frame
    assert w > 0 and h > 0
    if n.parent:
        assert x + w <= n.parent.frame[2] and y + h <= n.parent.frame[3]
    if n.properties["interactive"] and n.type in (
            "FADER", "RADIAL", "BUTTON"):
        assert min(w, h) >= 40, (w, h)
    if n.type == "RADIO":
        assert w >= 40 and h / n.properties["steps"] >= 18
        assert n.properties["orientation"] == 2
    if n.type == "LABEL":
        size = n.properties["textSize"]
        assert 12 <= size <= h or size == h - 4, (size, h)
    if n.type == "PAGER":
        bar = n.properties["tabbarSize"]
        for page in n.children:
            assert page.frame == (0, bar, w, h - bar)
        return
    for i, a in enumerate(n.children):
        for b in n.children[i + 1:]:
            ax, ay, aw, ah = a.frame
            bx, by, bw, bh = b.frame
            if ax + aw <= bx or bx + bw <= ax or \
                    ay + ah <= by or by + bh <= ay:
                continue
            # A text on a button, which lets fingers through
            inside = bx >= ax and by >= ay and bx + bw <= ax + aw and \
                by + bh <= ay + ah
            assert inside and b.type == "LABEL" and \
                a.type in ("BUTTON", "RADIO") and \
                not b.properties["interactive"] and \
                not b.properties["background"], (a.name, b.name)


def constant(parts):
    assert all(p.get("type") == "CONSTANT" for p in parts)
    return "".join(p.get("value") for p in parts)


def addresses(root):
    for n in root.all():
        for m in n.messages:
            yield n, m, constant(m.child("path").children)


def check_addresses(root, known):
    for n, m, address in addresses(root):
        assert n.name == address[1:], n.name
        if address == "/panic":
            continue
        args = m.child("arguments").children
        if re.fullmatch("/scene/[^/]+/(recall|save)", address):
            assert n.type == "BUTTON" and not args
            continue
        p = known[address]
        assert len(args) == 1 and args[0].get("type") == "VALUE"
        if n.type == "RADIO":
            assert n.properties["steps"] == p["max"] + 1
            assert args[0].get("conversion") == "INTEGER"
        elif n.type == "LABEL":
            assert p["type"] == "s" and args[0].get("conversion") == "STRING"
        else:
            assert (p["min"], p["max"]) == tuple(
                float(args[0].get(t)) for t in ("scaleMin", "scaleMax"))
            assert args[0].get("conversion") == (
                "INTEGER" if m.get("receive") == "0" else "FLOAT")


def check(root, known=None):
    nodes = list(root.all())
    ids = [n.id for n in nodes]
    assert len(set(ids)) == len(ids), "an ID twice"
    for n in nodes:
        try:
            assert re.fullmatch(
                "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", n.id)
            want = ["properties", "values", "messages", "children"]
            assert n.e.tags() == [t for t in want if n.e.child(t)]
            check_properties(n)
            check_messages(n)
            check_frames(n)
        except (AssertionError, KeyError) as e:
            sys.exit("%s: %s %s: %s %s" % (
                sys.argv[2], n.type, n.path(), type(e).__name__, e))
    if known:
        check_addresses(root, known)
    return len(nodes)


def svg(root, page):
    """Only what one page shows: its number, and that of the one within."""
    def color(c):
        return "rgb(%d,%d,%d)" % tuple(round(255 * v) for v in c[:3])

    x, y, w, h = root.frame
    print("<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d'>"
          "<rect width='100%%' height='100%%' fill='black'/>" % (w, h))

    def draw(n, pages=page):
        x, y = n.origin()
        w, h = n.frame[2:]
        p = n.properties
        if n.type == "LABEL":
            if p["background"]:
                rect(x, y, w, h, color(p["color"]), 1)
            print("<text x='%d' y='%d' font-size='%d' fill='white' "
                  "text-anchor='middle' dominant-baseline='middle' "
                  "font-family='sans-serif'>%s</text>" % (
                      x + w / 2, y + h / 2, p["textSize"],
                      n.values["text"].replace("&", "&amp;")
                      .replace("<", "&lt;")))
        elif n.type == "PAGER":
            tab = w / len(n.children)
            for i, c in enumerate(n.children):
                rect(x + i * tab, y, tab, p["tabbarSize"], color(
                    c.properties["tabColorOn" if i == pages[0] else
                                 "tabColorOff"]), 1)
                print("<text x='%d' y='%d' fill='white' font-size='%d' "
                      "text-anchor='middle' font-family='sans-serif'>%s"
                      "</text>" % (x + (i + .5) * tab, y + 26,
                                   p["textSizeOn"],
                                   c.properties["tabLabel"]))
        elif n.type == "RADIAL":
            r = min(w, h) / 2
            print("<circle cx='%d' cy='%d' r='%d' fill='none' stroke='%s' "
                  "stroke-width='%d'/>" % (x + w / 2, y + h / 2, r * .85,
                                           color(p["color"]), r * .3))
        elif n.type != "GROUP":
            rect(x, y, w, h, color(p["color"]), 0.4)
            if n.type == "FADER" and p["interactive"]:
                if p["orientation"] == 1:
                    rect(x, y, w * .75, h, color(p["color"]), 1)
                else:
                    rect(x, y + h * .25, w, h * .75, color(p["color"]), 1)
        for i, c in enumerate(n.children):
            if n.type != "PAGER" or i == pages[0]:
                draw(c, pages[1:] + [0] if n.type == "PAGER" else pages)

    def rect(x, y, w, h, fill, opacity):
        print("<rect x='%d' y='%d' width='%d' height='%d' fill='%s' rx='4' "
              "fill-opacity='%s' stroke='%s'/>" % (
                  x, y, w, h, fill, opacity, fill))

    draw(root)
    print("</svg>")


def main():
    verb, name = sys.argv[1:3]
    root = load(name)
    if verb == "svg":
        page = sys.argv[3] if len(sys.argv) > 3 else "0"
        svg(root, [int(n) for n in page.split(".")] + [0])
        return
    known = None
    if len(sys.argv) > 3:
        with open(sys.argv[3]) as f:
            known = json.load(f)
    print("%s: %d controls, %d messages" % (
        name, check(root, known), len(list(addresses(root)))))


if __name__ == "__main__":
    main()
