#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mixer of the pulse server that stays open, as pavucontrol does.

Reads lines "INDEX SINK" and moves that sink input there; prints "ok" or "no" for
each. It ends when its input does, or the server. (pactl leaves at once, and
what it asked for last is often lost with its connection: of 80 moves 23, on
PipeWire 0.3.65 and without tapdeck.)
"""

import ctypes
import sys

READY, FAILED, TERMINATED = 4, 5, 6  # pa_context_state_t
RUNNING = 0  # pa_operation_state_t

pulse = ctypes.CDLL("libpulse.so.0")
pointer = ctypes.c_void_p
for name, result, arguments in [
        ("pa_mainloop_new", pointer, []),
        ("pa_mainloop_get_api", pointer, [pointer]),
        ("pa_mainloop_iterate", ctypes.c_int,
         [pointer, ctypes.c_int, pointer]),
        ("pa_context_new", pointer, [pointer, ctypes.c_char_p]),
        ("pa_context_connect", ctypes.c_int,
         [pointer, ctypes.c_char_p, ctypes.c_int, pointer]),
        ("pa_context_get_state", ctypes.c_int, [pointer]),
        ("pa_context_move_sink_input_by_name", pointer,
         [pointer, ctypes.c_uint32, ctypes.c_char_p, pointer, pointer]),
        ("pa_operation_get_state", ctypes.c_int, [pointer]),
        ("pa_operation_unref", None, [pointer])]:
    function = getattr(pulse, name)
    function.restype, function.argtypes = result, arguments


class Mixer:
    def __init__(self):
        self.loop = pulse.pa_mainloop_new()
        self.context = pulse.pa_context_new(
            pulse.pa_mainloop_get_api(self.loop), b"mixer")
        self.moved = False
        kind = ctypes.CFUNCTYPE(None, pointer, ctypes.c_int, pointer)
        self.on_moved = kind(self.note)
        pulse.pa_context_connect(self.context, None, 0, None)
        while self.lives() and self.state() != READY:
            self.turn()

    def note(self, _context, success, _data):
        self.moved = bool(success)

    def state(self):
        return pulse.pa_context_get_state(self.context)

    def lives(self):
        return self.state() not in (FAILED, TERMINATED)

    def turn(self):
        pulse.pa_mainloop_iterate(self.loop, 1, None)

    def move(self, index, sink):
        self.moved = False
        asked = pulse.pa_context_move_sink_input_by_name(
            self.context, index, sink.encode(),
            ctypes.cast(self.on_moved, pointer), None)
        if not asked:
            return False
        while self.lives() and pulse.pa_operation_get_state(asked) == RUNNING:
            self.turn()
        pulse.pa_operation_unref(asked)
        return self.moved


def main():
    mixer = Mixer()
    for line in sys.stdin:
        index, sink = line.split()
        print("ok" if mixer.move(int(index), sink) else "no", flush=True)
        if not mixer.lives():
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
