#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody draws cables in a patchbay from a program that is taken: they are
# theirs, and stay. What the session manager has made is ours to move.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

draw() {
	local side
	for side in FL FR; do
		pw-link "app:output_$side" "$1:playback_$side" 2>/dev/null
	done
}

has_note() {
	[[ "$(deck_app app note)" == *"$1"* ]]
}

deck_start
play app "$WORK/a.wav"
app=$PID
check "a program is taken" deck_taken app
same "without a note" "" "$(deck_app app note)"

# ---- beside its strip ----

draw other
check "a cable to another sink is seen" wait_until 5 has_note Other
deck_plays 24000 # longer than a stray link is left alone
same "it stays" 2 "$(graph.py links-from app | grep -c other:)"
check "the program is still taken" deck_is app tap take
record "$WORK/other.wav" other
other=$PID
deck_plays 9600
quit "$other"
check "and heard by the cable" measure.py first "$WORK/other.wav"
pw-link -d app:output_FL other:playback_FL
pw-link -d app:output_FR other:playback_FR
check "the cable drawn out, the note is gone" \
	wait_until 5 sh -c '! "$TAPDECK" apps | grep -q linked'
same "it was said once" 1 "$(grep -c 'linked it to' "$DECK_LOG")"

# ---- into the room itself: both ways, as drawn ----

draw room
deck_plays 24000
same "a cable to the room stays as well" 2 \
	"$(graph.py links-from app | grep -c room:)"
check "left alone, the program stays there" \
	"$TAPDECK" set /strip/app/tap off
check "and nowhere else" graph.py wait target app room

# ---- drawn before ----

"$TAPDECK" set /strip/app/tap take
draw other
deck_plays 9600
check "it is taken beside a cable" deck_is app tap take
same "which is there" 2 "$(graph.py links-from app | grep -c other:)"
deck_stop
same "tapdeck ends well" 0 $?
check "the cable is still there, beside its way to the room" \
	graph.py wait target app other,room
quit "$app"
finish
