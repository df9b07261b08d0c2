#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# While some client binds to the metadata, PipeWire tells all others nothing of
# what is said there. Where its user sends a program is known all the same: a
# taken one stays taken and goes there afterwards, one that begins is copied
# where the session manager remembers it.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

JOURNAL=$XDG_RUNTIME_DIR/tapdeck/journal
MOVES=4 # there and back

gen.py noise "$WORK/a.wav" -t 60 -s 1 -f s16

# Clients that bind to the metadata, one after the other.
storm() {
	while :; do
		pw-metadata >/dev/null 2>&1
	done
}

# send NODE SINK: as pavucontrol does it
send() {
	local to=$2
	[ "$to" = -1 ] || to=$(graph.py node-id "$to")
	pw-metadata -- "$(graph.py node-id "$1")" target.node "$to" Spa:Id \
		>/dev/null
}

forgotten() {
	! remembers "$@"
}

export PULSE_PROP=media.role=app # what it is remembered by
deck_start
play_looped pulse app "$WORK/a.wav"
app=$PID
deck_taken app || die "app is not taken"
storm &
storms=($!)
storm &
storms+=($!)
for ((i = 0; i < MOVES; i++)); do
	send app other
	wait_until 5 remembers app other || break
	send app -1
	wait_until 5 forgotten app other || break
done
same "each move is remembered, and is forgotten" "$MOVES" "$i"
check "it is taken" deck_taken app
send app other
check "so it is when it stays elsewhere" wait_until 5 remembers app other
check "and it is taken still" deck_taken app
same "nothing is said of the session manager" "" \
	"$(grep 'session manager' "$DECK_LOG")"
quit "$app"
graph.py wait no-node app

record "$WORK/room.wav" room
room=$PID
for ((i = 0; i < MOVES; i++)); do
	play_looped pulse app "$WORK/a.wav"
	app=$PID
	wait_until 5 deck_is "app (Other)" tap copy &&
		graph.py wait -t 5 target app other,tapdeck || break
	quit "$app"
	graph.py wait no-node app
done
same "one that begins there is copied each time" "$MOVES" "$i"
quit "$app" "$room"
check "and never heard in the room" silent "$WORK/room.wav"
check "where it was is remembered" remembers app other
quit "${storms[@]}" "$app"
graph.py wait no-node app
deck_stop
same "tapdeck ends well" 0 $?

# ---- no word is told at all ----

# knows ID: tapdeck knows that its user has sent app to that sink
knows() {
	grep -q "^park.*$(printf '\t')=$1$(printf '\t')[0-9]*\$" "$JOURNAL"
}

check "nobody is told any word" metadata_mute
export PULSE_PROP=media.role=late
play_looped pulse app "$WORK/a.wav"
app=$PID
deck_start
deck_taken app || die "app is not taken"
node=$(graph.py node-id app) other=$(graph.py node-id other)
pw-metadata -- "$node" target.node "$other" Spa:Id >/dev/null
check "where it is sent is known" wait_until 4 knows "$other"
pw-metadata -- "$node" target.node -1 Spa:Id >/dev/null
check "and it is forgotten when it comes back" \
	wait_until 5 forgotten late other
# All that is known is said again 2 s after the start.
check "for good" eval '! wait_until 3 remembers late other'
check "it is taken" deck_taken app
send app other
check "sent elsewhere once more it is remembered" \
	wait_until 5 remembers late other
deck_stop
check "it is there afterwards" played_in other app
check "and that is remembered still" remembers late other
quit "$app"
finish
