# SPDX-License-Identifier: GPL-3.0-or-later
"""TouchOSC, as far as a layout can tell: fingers, messages and scripts.

The scripts of the layout run in Lua 5.1, each in a context of its own that has
what the app gives them and no more. As in the app, a value that a finger, a
script or a message changes calls onValueChanged(), then sends the messages
that it triggers, but not the message by which it came. Each message is a
datagram; they leave from another port than the one that is listened to."""
import importlib
import select
import socket
import struct
import time

import tosc


def lua_runtime():
    """Lua 5.1, or what the library has"""
    for name in ("lupa.lua51", "lupa.luajit21", "lupa.luajit20", "lupa"):
        try:
            return importlib.import_module(name).LuaRuntime(
                unpack_returned_tuples=True)
        except ImportError:
            pass
    raise ImportError("lupa")


FRAME_MS = 1000 / 60
FRAME_S = 0.005 # that one takes here: a test has no time to lose
BASE = ("error ipairs next pairs print select tonumber tostring unpack type "
        "table math string").split()
CALLBACKS = ("init", "update", "onValueChanged", "onReceiveOSC")


def osc_string(s):
    data = s.encode() + b"\0"
    return data + b"\0" * (-len(data) % 4)


def osc_encode(address, args):
    """args: (tag, value)..."""
    data = osc_string(address) + osc_string("," + "".join(t for t, _ in args))
    for tag, value in args:
        if tag == "s":
            data += osc_string(value)
        elif tag in "if":
            data += struct.pack(">" + tag, value)
        else:
            assert tag in "TF"
    return data


def osc_take_string(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode(), end + 4 - end % 4


def osc_decode(data, bundles=True):
    """Every message of a packet: (address, [(tag, value)...])"""
    if data[:8] == b"#bundle\0":
        if not bundles:
            return []
        at, out = 16, []
        while at < len(data):
            size = struct.unpack_from(">i", data, at)[0]
            out += osc_decode(data[at + 4:at + 4 + size])
            at += 4 + size
        return out
    address, at = osc_take_string(data, 0)
    tags, at = osc_take_string(data, at)
    args = []
    for tag in tags[1:]:
        if tag == "s":
            value, at = osc_take_string(data, at)
        elif tag == "b":
            size = struct.unpack_from(">i", data, at)[0]
            value, at = data[at + 4:at + 4 + size], at + 4 + size + -size % 4
        else:
            assert tag in "if", tags
            value = struct.unpack_from(">" + tag, data, at)[0]
            at += 4
        args.append((tag, value))
    assert at == len(data)
    return [(address, args)]


# What a script sees of a control. Only numbers and texts cross between the two
# languages: lupa 2.4 mixes up the objects that it lends to Lua for a moment.
SEEN = """
local setmetatable, name, get, put, find = setmetatable, ...
local seen = {}
local function control(id)
  if id and not seen[id] then
    seen[id] = {
      name = name(id),
      values = setmetatable({}, {
        __index = function(_, key) return get(id, key) end,
        __newindex = function(_, key, value) put(id, key, value) end,
      }),
      findByName = function(_, wanted, deep)
        return control(find(id, wanted, deep))
      end,
    }
  end
  return id and seen[id]
end
return control
"""


class Control:
    def __init__(self, app, node, parent=None):
        self._app, self.node, self.parent = app, node, parent
        self.name, self.type = node.name, node.type
        self.values = {k: v == "true" if k == "touch" else
                       v if k == "text" else float(v)
                       for k, v in node.values.items()}
        self.children = [Control(app, c, self) for c in node.children]
        self.callback = {}

    def all(self):
        yield self
        for c in self.children:
            yield from c.all()

    # ---- scripts ----

    def compile(self):
        script = self.node.properties.get("script")
        if not script:
            return
        lua = lua_runtime()
        control = lua.execute(SEEN, *self._app.asked)
        g = lua.globals()
        for key in list(g):
            if key not in BASE and key != "_G":
                g[key] = None
        g._G = None
        g.self, g.root = control(self._app.controls.index(self)), control(0)
        g.getMillis = self._app.millis
        g.sendOSC = self._app.send_script
        self._lua = lua
        lua.execute(script)
        self.callback = {name: g[name] for name in CALLBACKS if g[name]}

    def call(self, name, *args):
        f = self.callback.get(name)
        return f(*args) if f else None

    def call_received(self, address, args):
        if "onReceiveOSC" not in self.callback:
            return False
        table = self._lua.table_from
        return self.call("onReceiveOSC", table(
            [address, table([table({"tag": t, "value": v})
                             for t, v in args])]), table([True])) is True

    # ---- values and messages ----

    def put(self, key, value, came_by=None):
        if key == "x":
            value = min(max(float(value), 0.0), self.top())
        elif key == "touch":
            value = bool(value)
        else:
            value = str(value)
        if self.values[key] == value:
            return
        rise = key in ("x", "touch") and value > self.values[key]
        self.values[key] = value
        self.call("onValueChanged", key)
        for m in self.node.messages:
            if m is came_by and m.get("feedback") == "0":
                continue
            if m.get("send") == "1" and m.child("triggers") and any(
                    t.get("var") == key and
                    (t.get("condition") == "ANY" or
                     (t.get("condition") == "RISE") == rise)
                    for t in m.child("triggers").children):
                self.send(m)

    def top(self):
        p = self.node.properties
        return p["steps"] - 1 if self.type == "RADIO" else 1.0

    def send(self, m):
        args = []
        for p in m.child("arguments").children:
            value = self.values[p.get("value")]
            tag = {"FLOAT": "f", "INTEGER": "i", "STRING": "s"}[
                p.get("conversion")]
            args.append((tag, value if tag == "s" else
                         int(value) if tag == "i" else
                         self.scale(p, float(value))))
        self._app.send(tosc.constant(m.child("path").children), args)

    @staticmethod
    def scale(p, value, back=False):
        low, high = (float(p.get(t)) for t in ("scaleMin", "scaleMax"))
        if back:
            return (value - low) / (high - low)
        return low + value * (high - low)

    def receive(self, address, args):
        for m in self.node.messages:
            if m.get("receive") == "1" and \
                    tosc.constant(m.child("path").children) == address:
                for p, (tag, v) in zip(m.child("arguments").children, args):
                    self.put(p.get("value"), v if tag == "s" else
                             self.scale(p, v, True), m)

    # ---- fingers ----

    def press(self):
        self.put("touch", True)
        if self.type == "BUTTON":
            toggles = self.node.properties["buttonType"] == 2
            self.put("x", 1 - self.values["x"] if toggles else 1)

    def move(self, by):
        """A fader, by this part of its length; it is relative."""
        assert self.values["touch"]
        assert self.node.properties["response"] == 1
        self.put("x", self.values["x"] + by)

    def release(self):
        if self.type == "BUTTON" and self.node.properties["buttonType"] == 0:
            self.put("x", 0)
        self.put("touch", False)

    def tap(self):
        self.press()
        self._app.frames(2)
        self.release()

    def choose(self, step):
        self.put("touch", True)
        self.put("x", step)
        self.put("touch", False)


class App:
    """A layout that is open, its connection 1 set to host, port and
    receive_port."""

    def __init__(self, file, port, receive_port=0, host="127.0.0.1"):
        self.shown = 0 # frames: its clock, so that a busy machine taps alike
        self.to, self.sent, self.deaf = (host, port), [], lambda m: False
        self.out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listen = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.listen.bind(("", receive_port))
        self.root = Control(self, tosc.load(file))
        self.controls = list(self.root.all())
        self.asked = (lambda i: self.controls[i].name,
                      lambda i, key: self.controls[i].values[key],
                      lambda i, *value: self.controls[i].put(*value),
                      self.find)
        for c in self.controls:
            c.compile()
        for c in self.controls:
            c.call("init")

    def millis(self):
        return self.shown * FRAME_MS

    def __getitem__(self, name):
        return next(c for c in self.controls if c.name == name)

    def find(self, i, name, deep=False):
        control = self.controls[i]
        for c in list(control.all())[1:] if deep else control.children:
            if c.name == name:
                return self.controls.index(c)
        return None

    def send(self, address, args):
        self.sent.append((address, args))
        self.out.sendto(osc_encode(address, args), self.to)

    def send_script(self, message, connections):
        assert connections[1] is True and len(connections) == 1
        self.send(message[1], [(a.tag, a.value)
                               for a in message[2].values()])

    def dispatch(self, address, args):
        if self.deaf((address, args)) or \
                self.root.call_received(address, args):
            return
        for c in self.controls[1:]:
            if not c.call_received(address, args):
                c.receive(address, args)

    def frame(self):
        """What came, then update(): the app does so at each frame."""
        self.shown += 1
        until = time.monotonic() + FRAME_S
        while True:
            left = max(until - time.monotonic(), 0)
            if not select.select([self.listen], [], [], left)[0]:
                break
            # Nobody has said that it reads bundles.
            for m in osc_decode(self.listen.recv(65536), False):
                self.dispatch(*m)
        for c in self.controls:
            c.call("update")

    def frames(self, n):
        for _ in range(n):
            self.frame()

    def until(self, what, seconds=10):
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end:
                return False
            self.frame()
        return True
