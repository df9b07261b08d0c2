#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that its user has sent to another sink than the room's, a DJ's cue
# to the headphones, stays there: it is recorded and never heard in the room.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/b.wav" -t 60 -s 2

note_has() {
	[[ "$(deck_app "$1" note)" == *"$2"* ]]
}

# copied APP NODE: on a strip, and where its user has it
copied() {
	wait_until 5 deck_is "$1" tap copy &&
		graph.py wait -t 5 target "$2" other,tapdeck
}

# ---- before tapdeck, and beside the same program in the room ----

play deck "$WORK/a.wav"
room_pid=$PID
play deck "$WORK/b.wav" --target other -P '{ node.name = cue }'
cue=$PID
played_in room deck || die "deck does not play"
played_in other cue || die "cue does not play"
deck_start
check "the program in the room is taken" deck_taken deck
check "what it plays into another sink is copied from there" \
	copied "deck (Other)" cue
check "they are on two strips" test "$(deck_app deck strip)" != \
	"$(deck_app "deck (Other)" strip)"
check "and it is said" note_has "deck (Other)" "has it on Other"
strip=$(deck_app "deck (Other)" strip)
quit "$room_pid"
graph.py wait no-node deck
"$TAPDECK" set "/strip/$strip/route" both
record "$WORK/room.wav" room
rec=$PID
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 9600
"$TAPDECK" set "/strip/$strip/send/main" 0
"$TAPDECK" set "/strip/$strip/send/main" 1
deck_plays 9600
quit "$rec" "$loop"
check "the room never hears it, whatever its route" silent "$WORK/room.wav"
check "the recording does" measure.py first "$WORK/loop.wav"

# ---- by hand ----

"$TAPDECK" set "/strip/$strip/tap" take
check "told to take it, it does" wait_until 5 deck_is "deck (Other)" tap take
check "from there" graph.py wait target cue "tapdeck,$(park_sink)"
same "without a note" "" "$(deck_app "deck (Other)" note)"
record "$WORK/taken.wav" room
rec=$PID
deck_plays 9600
quit "$rec"
check "and the room hears it" measure.py first "$WORK/taken.wav"
"$TAPDECK" set "/strip/$strip/tap" off
check "let go, it is where its user had it" graph.py wait target cue other
quit "$cue"
graph.py wait no-node cue

# ---- one that begins there while tapdeck runs ----

record "$WORK/begun.wav" room
rec=$PID
for _ in 1 2 3 4 5 6; do
	play phones "$WORK/b.wav" --media-role phones --target other
	pid=$PID
	copied "phones (Other)" phones >/dev/null || break
	quit "$pid"
	graph.py wait no-node phones
done
play phones "$WORK/b.wav" --media-role phones --target other
pid=$PID
check "one that begins there is copied" copied "phones (Other)" phones
quit "$rec"
check "it has never been heard in the room" silent "$WORK/begun.wav"

# ---- back ----

pw-metadata -- "$(graph.py node-id phones)" target.node -1 Spa:Id >/dev/null
check "sent back to the room it is taken as others are" deck_taken phones
deck_stop
same "tapdeck ends well" 0 $?
check "and stays there" graph.py wait target phones room
quit "$pid"
finish
