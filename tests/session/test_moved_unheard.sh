#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A taken program is moved to another sink, and PipeWire tells nobody: it begins
# there all the same when it begins anew, before the session manager's file
# knows.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

# send NAME SINK: as the pulse server does it
send() {
	local node
	node=$(graph.py node-id "$1")
	pw-metadata "$node" target.node "$(graph.py node-id "$2")" Spa:Id \
		>/dev/null
	pw-metadata "$node" target.object "$(serial_of "$2")" Spa:Id >/dev/null
}

serial_of() {
	pw-dump | python3 -c 'import json, sys
for o in json.load(sys.stdin):
    props = (o.get("info") or {}).get("props") or {}
    if props.get("node.name") == sys.argv[1]:
        print(props["object.serial"])' "$1"
}

copied() {
	wait_until 5 deck_is "$1 (Other)" tap copy &&
		graph.py wait -t 5 target "$1" other,tapdeck
}

# tapdeck sees no file of the session manager's
XDG_STATE_HOME=$WORK/nothing deck_start
pids=()
for PLAYER in native pulse; do
	play $PLAYER "$WORK/a.wav" --media-role $PLAYER
	pids+=("$PID")
	deck_taken $PLAYER || die "$PLAYER is not taken"
done
check "nobody is told any word" metadata_mute
for name in native pulse; do
	send $name other
	check "$name: the session manager remembers where it is sent" \
		wait_until 5 remembers $name other
	check "$name: it is taken still" deck_taken $name
done
quit "${pids[@]}"
record "$WORK/room.wav" room
room=$PID
for PLAYER in native pulse; do
	play $PLAYER "$WORK/a.wav" --media-role $PLAYER
	check "$PLAYER: it begins where it was sent" copied $PLAYER
done
quit "$room"
check "and the room hears not one block" silent "$WORK/room.wav"
deck_stop
same "tapdeck ends well" 0 $?
finish
