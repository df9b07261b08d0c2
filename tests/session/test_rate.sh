#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The graph runs at a rate that the mixer does not know: programs are left
# alone, and it is said. Then it changes among those that it knows, under a
# program that plays and one that records. A cable that somebody has drawn from
# main outlives that, and an engine that is killed.
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

# ---- the engine is killed ----

cables() {
	graph.py links-from tapdeck |
		sed -n 's/.*tapdeck:main_\(..\) -> \(other\|meter\):.*_\(..\).*/\1 \2 \3/p' |
		sort | xargs -d '\n'
}
cables_are() {
	[ "$(cables)" = "$1" ]
}
# engine_dies: returns when the next one has its programs
engine_dies() {
	local old
	old=$(deck_engine)
	kill -KILL "$old"
	wait_until 10 engine_is_other "$old" && deck_taken app
}
pw-record -P '{ node.name = meter node.autoconnect = false }' \
	"$WORK/meter.wav" &
meter=$!
has_meter() {
	pw-link -i | grep -q '^meter:input_FR'
}
wait_until 5 has_meter || die "no program has an input"
pw-link tapdeck:main_FR meter:input_FR
both="FL other FL FR meter FR"
check "main is linked to a sink and a program" wait_until 5 cables_are "$both"
engine_dies
check "the next engine's main is too" wait_until 5 cables_are "$both"
deck_plays 4800
same "once" "$both" "$(cables)"
pw-link -d tapdeck:main_FL other:playback_FL
check "one is taken away" wait_until 5 cables_are "FR meter FR"
engine_dies
check "who is taken away stays so" wait_until 5 cables_are "FR meter FR"
deck_plays 4800
same "and no other comes" "FR meter FR" "$(cables)"
quit $meter
deck_stop
same "tapdeck ends well" 0 $?
quit $app
finish
