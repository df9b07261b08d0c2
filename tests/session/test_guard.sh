#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What must not be tapped is not, and is told why; what must not play into the
# recording device is unplugged.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

ECHO=${TAPDECK%/*}/echo
[ -x "$ECHO" ] || die "$ECHO: not built"

gen.py noise "$WORK/a.wav" -t 60 -s 1

note_has() {
	local note
	note=$(deck_app "$1" note) && [[ $note == *"$2"* ]] && return
	echo "the note of $1 is '$note'"
	return 1
}

one_foreign() {
	[ "$(deck_status foreign_links)" = 1 ]
}

deck_start

# ---- a program that records what it would be mixed into ----

mkfifo "$WORK/echo"
"$ECHO" echo < "$WORK/echo" &
echo=$!
exec 3> "$WORK/echo"
check "a program that only plays is taken" deck_taken echo
echo "record tapdeck.loop" >&3
check "it records the loop device" graph.py wait linked tapdeck.loop echo.in
check "then it is not tapped any more" wait_until 5 deck_is echo tap off
check "tapdeck apps says why" wait_until 5 note_has echo "feed back"
check "it plays where it would without tapdeck" \
	graph.py wait target echo room
echo "stop" >&3
check "when it has stopped recording it is taken again" deck_taken echo
same "and nothing is noted" "" "$(deck_app echo note)"
echo "record room" >&3
check "recording the room is a loop too: main plays there" \
	wait_until 5 note_has echo "feed back"
exec 3>&-
wait "$echo"

# one that records from its start is never linked, not for a moment
"$ECHO" early < "$WORK/echo" &
echo=$!
exec 3> "$WORK/echo"
echo "record tapdeck.loop" >&3
check "a program that records at once is not tapped" \
	graph.py wait target early room
check "and noted" wait_until 5 note_has early "feed back"
exec 3>&-
wait "$echo"

# ---- links of others into the recording device ----

play deck "$WORK/a.wav"
deck=$PID
check "another program is taken" deck_taken deck
pw-link deck:output_FL tapdeck.loop:input_FL
check "a foreign link into the device is removed" \
	graph.py wait no-link deck tapdeck.loop
check "and counted" wait_until 5 one_foreign
check "tapdeck says so" grep -q \
	"removed a link from deck into tapdeck.loop" "$DECK_LOG"
check "its own links are still there" graph.py wait links tapdeck tapdeck.loop 2
quit "$deck"

# ---- streams that cannot be moved ----

play fixed "$WORK/a.wav" \
	-P '{ node.name = fixed node.dont-reconnect = true }'
fixed=$PID
check "a stream that forbids moving is not taken" \
	graph.py wait target fixed room
check "tapdeck apps says why" wait_until 5 note_has fixed dont-reconnect
check "it is off" deck_is fixed tap off
"$TAPDECK" set /strip/fixed/tap copy
check "it can be copied" wait_until 5 deck_is fixed tap copy
check "into its strip, and plays where it did" \
	graph.py wait target fixed room,tapdeck
same "then nothing is noted" "" "$(deck_app fixed note)"
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 24000
quit "$loop" "$fixed"
check "the copy is identical" compare.py -n 9600 "$WORK/a.wav" "$WORK/loop.wav"

deck_stop
same "tapdeck ends well" 0 $?
finish
