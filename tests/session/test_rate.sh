#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The graph runs at a rate that the mixer does not know: programs are left
# alone, and it is said.
SESSION="-r 22050"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 30 -s 1
play app "$WORK/a.wav"
app=$PID
played_in room app || die "app does not play"
"$TAPDECK" run --osc-port "$TAPDECK_PORT" 2>"$DECK_LOG" &
DECK=$!
check "it says so" wait_until 10 grep -q "22050 Hz.*left alone" "$DECK_LOG"
check "the program is left where it plays" deck_is app tap off
same "and only there" room "$(graph.py target-of app)"
same "the status has the rate" 22050 "$(deck_status rate_hz)"
deck_stop
same "tapdeck ends well" 0 $?
quit $app
finish
