#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# WirePlumber is killed and comes back, PipeWire stays: who played is heard on,
# who records records on, who starts is taken, and nothing is made anew. The room
# is a null sink that the first WirePlumber has used: WirePlumber 0.4 by itself
# links nothing any more beside such a one.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

LOST_FRAMES=9600 # of the sound, for one restart: 0.2 s

gen.py noise "$WORK/a.wav" -t 90 -s 1

serials() {
	local node
	for node in room tapdeck.loop "$park"; do
		graph.py node-prop "$node" object.serial
	done
}

links_are() {
	[ "$(graph.py links)" = "$1" ]
}

# heard SOURCE RECORDING: all that was recorded is of the source, but for
# LOST_FRAMES
heard() {
	compare.py --json "$1" "$2" | python3 -c 'import json, sys
found = json.load(sys.stdin)
same = sum(s[2] for s in found["segments"])
lost = found["recording_frames"] - same
print("%d of %d frames differ" % (lost, found["recording_frames"]))
sys.exit(not same or lost > int(sys.argv[1]))' "$LOST_FRAMES"
}

# both_sides NODE FILE: a recording of the node holds both sides of the source
both_sides() {
	# a recorder that is left behind must not hold check's pipe
	record "$WORK/$2.wav" "$1" >/dev/null 2>&1
	deck_plays 24000
	quit "$PID"
	compare.py -n 9600 "$WORK/a.wav" "$WORK/$2.wav"
}

deck_start
play deck "$WORK/a.wav"
deck=$PID
check "a program is taken" deck_taken deck
play_mpv copied "$WORK/a.wav"
copied=$PID
check "another one too" deck_taken copied
# muted, or the other is not heard bit by bit
"$TAPDECK" set /strip/copied/mute 1
"$TAPDECK" set /strip/copied/tap copy
check "and plays into the room when it is copied" played_in room copied
record "$WORK/daw.wav" tapdeck.loop
daw=$PID
park=$(park_sink)
before=$(serials)
links=$(graph.py links)

for crash in first second; do
	"$TAPDECK" record --bus loop "$WORK/$crash.wav" 2>"$WORK/ring.log" &
	ring=$!
	wait_until 5 ring_is_read
	deck_plays 24000
	session-ctl kill wireplumber
	session-ctl start wireplumber || die "WirePlumber does not come back"
	check "after the $crash crash the DAW records tapdeck again" \
		played_in daw tapdeck.loop
	check "the copied program plays into the room again" \
		played_in room copied
	check "the taken one is taken" graph.py wait target deck "tapdeck,$park"
	check "every link is as it was" wait_until 5 links_are "$links"
	deck_plays 24000
	kill -INT "$ring"
	wait "$ring"
	check "it was heard through its strip all the while" \
		heard "$WORK/a.wav" "$WORK/$crash.wav"
	check "both sides of it reach who records" both_sides tapdeck.loop "loop-$crash"
	play late "$WORK/a.wav"
	check "a program that starts now is taken" deck_taken late
	quit "$PID"
	wait_until 5 links_are "$links"
done
same "no device was made anew" "$before" "$(serials)"

quit "$daw" "$copied"
check "both sides of it reach the room" both_sides room main
deck_stop
same "tapdeck ends well" 0 $?
check "and WirePlumber links the program to the room" \
	graph.py wait target deck room
quit "$deck"
play late "$WORK/a.wav"
check "as it does with a new one" played_in room late
finish
