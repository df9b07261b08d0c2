#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Levels of a program that plays a tone: peak, hold, RMS and loudness, by OSC
# and from the shell.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

# near WHAT WANT BY ADDRESS: the first of its numbers
near() {
	local got
	got=$("$TAPDECK" get "$4" | awk '{ print $2 }')
	echo "# $4: $got"
	check "$1" awk -v got="$got" -v want="$2" -v by="$3" 'BEGIN {
		print got " instead of " want
		exit !(got + 0 == got && got - want <= by && want - got <= by) }'
}

sox -q -n -r 48000 -c 2 -b 16 "$WORK/tone.wav" synth 60 sine 1000 gain -20 fade 0.01
play tone "$WORK/tone.wav"
deck_start
deck_taken tone || die "the tone is not taken"
strip=$(deck_app tone strip)

# ---- by OSC: a lease, and what becomes of a fader ----

"$PYTHON3" - "$TAPDECK_PORT" "$strip" >"$WORK/osc" <<'END'
import socket, struct, sys, time

def text(s):
    s = s.encode() + b"\0"
    return s + b"\0" * (-len(s) % 4)

def send(address, *numbers):
    sock.send(text(address) + text("," + "f" * len(numbers)) +
              b"".join(struct.pack(">f", n) for n in numbers))

def read(packet):
    """[address, value...] of each message"""
    if packet.startswith(b"#bundle\0"):
        at = 16
        while at < len(packet):
            n = struct.unpack_from(">i", packet, at)[0]
            yield from read(packet[at + 4:at + 4 + n])
            at += 4 + n
        return
    def word(at):
        end = packet.index(b"\0", at)
        return packet[at:end].decode(), end + 4 - end % 4
    address, at = word(0)
    types, at = word(at)
    message = [address]
    for t in types[1:]:
        if t == "s":
            value, at = word(at)
        elif t in "if":
            value, at = struct.unpack_from(">" + t, packet, at)[0], at + 4
        else:
            value, at = t, len(packet)
        message.append(value)
    yield message

def until(address, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            for m in read(sock.recv(65536)):
                if m[0] == address:
                    yield m[1:]
        except socket.timeout:
            pass

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect(("127.0.0.1", int(sys.argv[1])))
sock.settimeout(0.2)
send("/loudness", 10.0)
first = next(until("/loudness/main", 2))
print("first", *first)
known = [m for m in until("/loudness/main", 3.6) if m[0] != "-"]
print("known", *known[-1])
send("/strip/%s/gain" % sys.argv[2], -10.0)
send("/loudness/main/reset")
last = list(until("/loudness/main", 4.0))[-1]
print("quieter", *last)
send("/loudness", 0.0)
list(until("/loudness/main", 0.3))
print("ended", len(list(until("/loudness/main", 0.5))))
END
sed 's/^/# /' "$WORK/osc"
check "before it is known there is no number" grep -q '^first - ' "$WORK/osc"
osc() {
	awk -v what="$1" -v short="$2" -v all="$3" 'function off(a, b) {
		return a > b ? a - b : b - a }
	$1 == what { found = off($2, short) < 0.3 && off($3, all) < 0.3 }
	END { exit !found }' "$WORK/osc"
}
check "then it is that of the tone" osc known -20 -20
check "10 dB less are 10 LU less, and begun anew all of it is" osc \
	quieter -30 -30
check "0 ends it" grep -q '^ended 0$' "$WORK/osc"
# ---- from the shell ----

"$TAPDECK" set "/strip/$strip/gain" 0
near "its peak is that of the tone" -20 0.2 "/meters/strip/$strip"
near "so is the peak that is held" -20 0.2 "/meters/hold/bus/main"
near "its RMS is 3 dB less" -23.01 0.2 "/meters/rms/strip/$strip"
near "and its loudness its level" -20 0.2 /loudness/main
near "that of the recorded bus as well, from its ring" -20 0.2 /loudness/loop
check "a bus that there is not is refused" sh -c "'$TAPDECK' get \
	/loudness/attic 2>&1 | grep -q 'no bus \"attic\"'"
check "as JSON it is a list of two numbers" sh -c "'$TAPDECK' get --json \
	/loudness/main | python3 -c 'import json, sys
short, all = json.load(sys.stdin)[\"/loudness/main\"]
sys.exit(abs(short + 20) > 0.2 or abs(all + 20) > 0.2)'"

deck_stop
same "tapdeck ends well" 0 $?
quit "$PID"
finish
