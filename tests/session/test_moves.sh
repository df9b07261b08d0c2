#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Its user moves a taken program to other sinks, in a mixer, and it comes back
# each time: neither the room nor the recording loses a block.
SESSION="-q 2048 -s other -s third"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

MOVES=8
JOURNAL=$XDG_RUNTIME_DIR/tapdeck/journal

is_parked() {
	[ "$(graph.py metadata-get "$node" target.object)" = "$park" ] &&
		graph.py wait -t 1 target deck "tapdeck,$park"
}

# move_to SINK: until it is back on the silent sink
move_to() {
	pactl move-sink-input "$input" "$1" ||
		not_ok "pactl does not move it to $1"
	deck_plays 7200 # its links there are made by then
	wait_until 5 is_parked || not_ok "moved to $1 it does not come back"
}

# Its word may be lost when somebody asks the metadata just then.
is_in_room() {
	pactl move-sink-input "$input" room && deck_plays 9600 &&
		graph.py wait -t 0.1 target deck room,tapdeck
}

# how often the sink "other" was paused
pauses() {
	grep -c "^park.*$(printf '\t')$serial\$" "$JOURNAL"
}

gaps() {
	measure.py gaps "$1" | wc -l
}

serial=$(graph.py node-prop other object.serial)
gen.py noise "$WORK/a.wav" -t 60 -s 1
play deck "$WORK/a.wav"
app=$PID
played_in room deck || die "the program does not play"
deck_start
deck_taken deck || die "the program is not taken"
deck_plays 4800 # its strip has opened
node=$(graph.py node-id deck) park=$(park_sink)
input=$(input_of deck)

record "$WORK/room.wav" room
room=$PID
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 4800
for ((i = 0; i < MOVES; i++)); do
	move_to other
	move_to third
done
deck_plays 4800
quit "$room" "$loop"
same "$((2 * MOVES)) moves to other sinks, and the room loses nothing" \
	0 "$(gaps "$WORK/room.wav")"
same "nor does the recording" 0 "$(gaps "$WORK/loop.wav")"
same "the room never hears it twice" 0.0 "$(measure.py twice "$WORK/room.wav")"

# ---- with a mixer's meters ----

record "$WORK/room.wav" room
room=$PID
record "$WORK/other.wav" other
other=$PID
deck_plays 4800
# A move that PipeWire tells nobody of, since some client binds to the metadata
# just then, is none.
for ((i = 0; i < 4 * MOVES && $(pauses) < MOVES; i++)); do
	move_to other
done
check "the journal has each pause" test "$(pauses)" -ge $MOVES
from=$(stat -c %s "$WORK/other.wav")
deck_plays 48000
quit "$room" "$other"
same "$MOVES moves to a sink that is recorded, and the room loses nothing" \
	0 "$(gaps "$WORK/room.wav")"
check "that recording goes on" \
	test "$(stat -c %s "$WORK/other.wav")" -gt $((from + 200000))

record "$WORK/room.wav" room
room=$PID
deck_plays 4800
for ((i = 0; i < MOVES; i++)); do
	move_to room
done
deck_plays 4800
quit "$room"
same "$MOVES moves to the room, and it loses nothing" \
	0 "$(gaps "$WORK/room.wav")"

# ---- to the room, and nobody brings it back for a while ----

pw-metadata -n settings 0 clock.force-quantum 256 >/dev/null
record "$WORK/room.wav" room
room=$PID
deck_plays 24000
kill -s STOP "$DECK"
check "moved to the room it is heard there" wait_until 5 is_in_room
kill -s CONT "$DECK"
check "and comes back" wait_until 5 is_parked
deck_plays 4800
quit "$room"
pw-metadata -n settings 0 clock.force-quantum 0 >/dev/null
ms=$(measure.py twice -x 1.52 "$WORK/room.wav")
check "but for a block it is never heard twice in full ($ms ms)" \
	test "${ms%.*}" -lt 12

# ---- killed while the sink that it leaves is paused ----

grown() {
	[ "$(stat -c %s "$WORK/paused.wav")" -gt $((from + 100000)) ]
}

record "$WORK/paused.wav" other
other=$PID
kill -s STOP "$DECK" # it would put back what its engine leaves
kill -s KILL "$(deck_engine)" "$DECK"
wait "$DECK" 2>/dev/null
pw-cli send-command "$(graph.py node-id other)" Pause '{}' >/dev/null
sed -i "/^park/s/[^\t]*$/$serial/" "$JOURNAL"
deck_start
from=$(stat -c %s "$WORK/paused.wav")
check "the next run lets it go on" wait_until 5 grown
deck_taken deck || die "the program is not taken again"
quit "$other"

deck_stop
same "tapdeck ends well" 0 $?
quit "$app"
finish
