#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that are taken, and whose sink is unplugged while they play, begin
# anew on that sink when it is there again, also when nobody is told that they
# belong there: the word that went with the sink has not unsaid what the session
# manager remembers.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

plug() {
	pw-cli create-node adapter "{ factory.name = support.null-audio-sink
		node.name = phones node.description = Phones
		media.class = Audio/Sink audio.position = [ FL FR ]
		object.linger = true }" >/dev/null
	graph.py wait node phones || die "no phones"
}

unplug() {
	pw-cli destroy "$(graph.py node-id phones)" >/dev/null
	graph.py wait no-node phones || die "phones are still there"
}

# send NAME: as its user does it, in a mixer
send() {
	pw-metadata "$(graph.py node-id "$1")" target.node \
		"$(graph.py node-id phones)" Spa:Id >/dev/null
	wait_until 5 remembers "$1" phones ||
		die "$1: where it is sent is not remembered"
}

copied() {
	wait_until 5 deck_is "$1 (Phones)" tap copy &&
		graph.py wait -t 5 target "$1" phones,tapdeck
}

gen.py noise "$WORK/a.wav" -t 60 -s 1
plug
deck_start
pids=()
for PLAYER in native pulse; do
	play $PLAYER "$WORK/a.wav" --media-role $PLAYER
	pids+=("$PID")
	deck_taken $PLAYER || die "$PLAYER is not taken"
	deck_plays 48000 # no hand is there as it begins
	send $PLAYER
	check "$PLAYER: sent to the phones it is taken still" deck_taken $PLAYER
done
unplug
check "nobody is told any word" metadata_mute
quit "${pids[@]}"
plug
record "$WORK/room.wav" room
room=$PID
for PLAYER in native pulse; do
	play $PLAYER "$WORK/a.wav" --media-role $PLAYER
	check "$PLAYER: it begins in the phones" copied $PLAYER
done
quit "$room"
check "and the room hears not one block" silent "$WORK/room.wav"
deck_stop
same "tapdeck ends well" 0 $?
finish
