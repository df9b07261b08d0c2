#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The limiter of a bus under the hands of a program that plays: by OSC, by MIDI
# and from the shell, on main and not on the loop, and its delay where PipeWire
# and people look for it.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

MINE=$XDG_CONFIG_HOME/tapdeck/mappings
mkdir -p "$MINE"
cat >"$MINE/ports.yaml" <<'END'
name: Ports
device: PipeWire
port: pipewire
controls:
  - {on: note 1, to: /bus/main/limit, as: toggle}
  - {on: cc 7, to: /bus/main/limit/ceiling, takeover: jump}
END

gen.py tone "$WORK/tone.wav" -t 60 --hz 1000
gen.py noise "$WORK/a.wav" -t 1 -s 3
deck_start
play_native player "$WORK/tone.wav"
deck_taken player || die "player is not taken"

delay_is() { # BUS FRAMES
	local now
	now=$(deck_status "$1_delay_frames")
	[ "$now" = "$2" ] || { echo "$1: $now frames"; return 1; }
}

# tells PORT FRAMES: the daemon says it of the port
tells() {
	local now
	now=$(pw-dump | python3 -c 'import json, sys
objects = [o["info"] | {"id": o["id"]} for o in json.load(sys.stdin)
           if o.get("info", {}).get("props")]
nodes = {o["id"] for o in objects if o["props"].get("node.name") == "tapdeck"}
for o in objects:
    if o["props"].get("port.name") != sys.argv[1] or \
            o["props"]["node.id"] not in nodes:
        continue
    for l in o["params"].get("Latency", []):
        if l["direction"].lower() == sys.argv[2]:
            print(l["minRate"], l["maxRate"])' "$1" "$2")
	[ "$now" = "$3" ] || { echo "$1 is late by '$now'"; return 1; }
}

# peak NODE: the largest sample of what it plays from now on
peak() {
	record "$WORK/peak.wav" "$1"
	deck_plays 24000
	quit "$PID"
	PYTHONPATH=$TOOLS python3 -B - "$WORK/peak.wav" <<'EOF'
import sys, wav
w = wav.read(sys.argv[1])
print("%.4f" % max(abs(s) for s in w.samples[-9600 * w.channels:]))
EOF
}

# between LOW VALUE HIGH
between() {
	awk -v l="$1" -v v="$2" -v h="$3" 'BEGIN { exit !(v >= l && v <= h) }' ||
		{ echo "$2"; return 1; }
}

check "off, it is not late" delay_is main 0
# nothing is told; PipeWire 1.4 has a 0 of its own
in_time() {
	tells main_FL output "" >/dev/null || tells main_FL output "0 0"
}
check "nor for PipeWire" in_time
oscsend "127.0.0.1" "$TAPDECK_PORT" /bus/main/limit i 1
check "on by OSC, it is" wait_until 5 delay_is main 59
check "the loop is not" delay_is loop 0
check "PipeWire hears of it" wait_until 5 tells main_FR output "59 59"
check "not of the loop" tells loop_FL output "0 0"
check "and what plays hears how late it may be heard" \
	wait_until 5 tells strip1_FL input "0 59"
"$TAPDECK" set /bus/main/limit/ceiling -20
"$TAPDECK" set /bus/main/limit/release 50
check "main is below the ceiling" between 0.097 "$(peak room)" 0.1
check "the loop is as it came" between 0.249 "$(peak tapdeck.loop)" 0.251
"$TAPDECK" set /bus/main/limit 0
check "off from the shell, it is late no more" wait_until 5 delay_is main 0
check "and PipeWire knows" wait_until 5 tells main_FL output "0 0"

# ---- a controller ----

pw-jack "${TAPDECK%/*}/jackplay" "$WORK/a.wav" 9600:900140 9700:B00740 \
	>/dev/null &
JACK=$!
wait_until 5 has_port jackplay:midi_in || die "no JACK client"
pw-link jackplay:midi_out tapdeck:midi_in
pw-link jackplay:out_1 tapdeck:strip2_FL
check "on by MIDI, it is late again" wait_until 5 delay_is main 59
ceiling() {
	between -10 "$("$TAPDECK" get /bus/main/limit/ceiling |
		awk '{ print $NF }')" -9.8
}
check "and a knob has its ceiling" wait_until 5 ceiling
wait "$JACK"
deck_stop
finish
