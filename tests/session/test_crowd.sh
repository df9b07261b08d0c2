#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two hundred streams come at once, and go at once: the control loop stays
# quick, and the engine the same. Then PipeWire stands still while tapdeck is
# asked to end: it waits for what it can have, and hangs not.
SESSION="-q 1024"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/daemons.sh"

CROWD=${TAPDECK%/*}/crowd
[ -x "$CROWD" ] || die "$CROWD: not built"
PROGRAMS=50
STREAMS=4
TURN_US=100000 # of the processor; a quarter of it is usual

apps_are() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
apps = [a for a in json.load(sys.stdin) if a["name"].startswith("crowd-")
        and a["tap"] == "take" and a["streams"] == int(sys.argv[2])]
sys.exit(len(apps) != int(sys.argv[1]))' "$@"
}

heard_are() {
	[ "$("$TAPDECK" apps --json | grep -c '"strip"')" = "$1" ]
}

deck_start --strips 64
engine=$(deck_engine)
"$CROWD" $PROGRAMS $STREAMS crowd >"$WORK/crowd.log" 2>&1 &
crowd=$!
check "$((PROGRAMS * STREAMS)) streams play" \
	wait_until 30 grep -q playing "$WORK/crowd.log"
check "each of $PROGRAMS programs is taken with all of its own" \
	wait_until 20 apps_are $PROGRAMS $STREAMS
quit $crowd
check "they leave" wait_until 20 heard_are 0
turn=$(deck_status turn_us_max)
echo "# $(deck_status looks) looks in $(deck_status look_us) us," \
	"the longest turn took $turn us"
check "no turn of the control loop took long" test "${turn%.*}" -lt $TURN_US
same "the engine is the same" "$engine" "$(deck_engine)"

# ---- more streams than PipeWire mixes into one port ----

MIXED=128 # 512 from PipeWire 0.3.71 on
MORE=2

on_strip() {
	[ "$(graph.py links-to tapdeck |
		grep -c ":strip$(deck_app many-0 strip)_FL\$")" = "$1" ]
}

noted() {
	[[ "$(deck_app many-0 note)" == "$1"* ]]
}

if pipewire --version | grep -q 'libpipewire 0\.3\.[1-6]'; then
	"$CROWD" 1 $((MIXED + MORE)) many >"$WORK/many.log" 2>&1 &
	many=$!
	check "$((MIXED + MORE)) streams of one program play" \
		wait_until 30 grep -q playing "$WORK/many.log"
	check "as many as can be mixed are on its strip" \
		wait_until 10 on_strip $MIXED
	check "its note says that it is full" \
		wait_until 5 noted "its strip is full"
	same "and the log, once" 1 "$(grep -c "many-0: PipeWire mixes no more \
than $MIXED streams into a strip" "$DECK_LOG")"
	quit $many
	wait_until 20 heard_are 0
else
	echo "# SKIPPED: a crowded strip: here PipeWire mixes 512 streams"
fi

gen.py noise "$WORK/a.wav" -t 30 -s 1
play app "$WORK/a.wav"
app=$PID
deck_taken app || die "the program is not taken"
kill -STOP "$(daemon_pid pipewire)"
kill -TERM "$DECK"
sleep 0.8 # longer than it waits for programs to be heard again
kill -CONT "$(daemon_pid pipewire)"
wait "$DECK"
same "it ends well while PipeWire stands still" 0 $?
same "and nobody had to end it" "" "$(grep "engine hangs" "$DECK_LOG")"
check "the program is heard where it was" played_in room app
quit $app
finish
