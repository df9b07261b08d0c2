#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that plays already is taken, moved between take, copy and off, and
# given back, and the room hears it all the time.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

GAP_MS=60

gen.py noise "$WORK/live.wav" -t 30 -s 1

# tap_is MODE: asked for, and so
tap_is() {
	"$TAPDECK" set "/strip/$strip/tap" "$1" &&
		wait_until 5 deck_is deck tap "$1"
}

gap_below() {
	local ms
	ms=$(measure.py gap -v "$1") || return
	echo "$ms ms"
	echo "# $(basename "$1"): the longest silence is $ms ms"  >&3
	awk -v ms="$ms" -v max="$2" 'BEGIN { exit !(ms <= max) }'
}
exec 3>&1

# PipeWire leaves a sink out for a block when its links change: short blocks, so
# that it is our own time that shows.
play deck "$WORK/live.wav" --latency 512
deck=$PID
played_in room deck || die "deck does not play"
record "$WORK/room.wav" room
room=$PID

deck_start
check "a program that plays already is taken" deck_taken deck
strip=$(deck_app deck strip)
deck_plays 12000
record "$WORK/loop.wav" tapdeck.loop
loop=$PID

check "it can be copied" tap_is copy
check "then it plays where it did, and into its strip" \
	graph.py wait target deck room,tapdeck
deck_plays 12000
check "it can be taken again" tap_is take
check "then it plays into its strip alone" deck_taken deck
deck_plays 12000
check "it can be left alone" tap_is off
check "then it plays where it did, and nowhere else" \
	graph.py wait target deck room
quit "$loop"
check "and taken from there" tap_is take
check "into its strip alone" deck_taken deck
deck_plays 12000
deck_stop
same "tapdeck ends well" 0 $?
check "it plays in the room again" graph.py wait target deck room
graph.py wait -t 1 state deck running
quit "$room"

check "the room never was silent for more than $GAP_MS ms" \
	gap_below "$WORK/room.wav" $GAP_MS
check "the loop neither, while it was taken and copied" \
	gap_below "$WORK/loop.wav" $GAP_MS
quit "$deck"

# ---- where its user had it ----

play deck "$WORK/live.wav" --target other
deck=$PID
played_in other deck || die "deck does not play into other"
deck_start
check "a program on another sink is taken by hand" deck_take deck "deck (Other)"
record "$WORK/room2.wav" room
room=$PID
deck_plays 24000
quit "$room"
check "and heard in the room" gap_below "$WORK/room2.wav" 0
record "$WORK/other.wav" other
other=$PID
deck_stop
check "after that it plays where its user had it" \
	graph.py wait target deck other
quit "$deck" "$other"
check "and is heard there" measure.py first "$WORK/other.wav"

finish
