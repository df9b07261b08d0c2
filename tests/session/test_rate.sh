#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The graph runs at a rate that the mixer does not know: programs are left
# alone, and it is said. Then it changes among those that it knows, under a
# program that plays and one that records.
SESSION="-r 22050 -s other"
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

# ---- rates that can be ----

rate() {
	pw-metadata -n settings 0 clock.force-rate "$1" >/dev/null
	wait_until 10 rate_is "$1" && deck_plays 4800
}

rate_is() {
	[ "$(deck_status rate_hz)" = "$1" ] && deck_cycles
}

files_are() {
	# shellcheck disable=SC2012 # names of our own
	[ "$(ls "$WORK"/set*.wav | wc -l)" -ge "$1" ]
}

check "at a rate that can be" rate 48000
check "the program is taken" deck_taken app
(cd "$WORK" && exec "$TAPDECK" record set.wav) >"$WORK/set.log" 2>&1 &
set=$!
check "it is recorded" wait_until 5 files_are 1
deck_plays 4800
pw-link tapdeck:main_FL other:playback_FL
links=$(pw-link -lI | grep -A1 ' tapdeck:main_FL')
check "the rate changes" rate 44100
check "and the record goes on in another file" wait_until 5 files_are 2
check "it changes back" rate 48000
check "and so does the record" wait_until 5 files_are 3
check "the program is taken still" deck_taken app
same "and a cable that somebody has drawn from main is what it was" "$links" \
	"$(pw-link -lI | grep -A1 ' tapdeck:main_FL')"
same "by the same engine" 1 "$(deck_status engine_starts)"
same "no link of its own was taken for another's" 0 \
	"$(deck_status foreign_links)"
same "and none removed" "" "$(grep "removed a link" "$DECK_LOG")"
quit $set
same "the record tells which rates" "44100 48000" \
	"$(sed -n 's/.* now \([0-9]*\) Hz.*/\1/p' "$WORK/set.log" | xargs)"
same "and that nobody went away" "" "$(grep "went away" "$WORK/set.log")"
same "each file has its rate" "48000 44100 48000" "$(cd "$WORK" &&
	soxi -r set.wav set-2.wav set-3.wav 2>/dev/null | xargs)"
deck_stop
same "tapdeck ends well" 0 $?
quit $app
finish
