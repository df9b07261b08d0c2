#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A graph whose clock stands still from the start: nobody is parked on a mixer
# that does not run, and all are taken as soon as it does.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

DEAD=${TAPDECK%/*}/dead_driver
[ -x "$DEAD" ] || die "$DEAD: not built"

gen.py noise "$WORK/a.wav" -t 60 -s 1

play before "$WORK/a.wav"
before=$PID
played_in room before || die "before does not play"
"$DEAD" &
dead=$!
graph.py wait node dead_driver || die "no dead driver"
wait_until 5 pw-link dead_driver:out room:playback_FL || die "it is not linked"

"$TAPDECK" run --osc-port "$TAPDECK_PORT" >>"$DECK_LOG" 2>&1 &
DECK=$!
check "it says that the graph does not run" wait_until 10 \
	grep -q "the graph does not run" "$DECK_LOG"
cycles=$(deck_status cycles) # of the silent sink, before the room was linked
play after "$WORK/a.wav"
after=$PID
check "a program that begins now is linked to the room" played_in room after
sleep 0.3
same "it stays there alone" room "$(graph.py target-of after)"
same "and so does one that played before" room "$(graph.py target-of before)"
same "no cycle runs" "$cycles" "$(deck_status cycles)"

quit "$dead"
check "when the graph runs, both are taken" deck_taken before
check "the second one too" deck_taken after
check "and that is said" grep -q "audio runs now" "$DECK_LOG"
deck_stop
same "tapdeck ends well" 0 $?
quit "$before" "$after"
finish
