#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Engines that end, one after the other: one that finds no PipeWire, or its port
# taken, is tried again; after three that crashed programs are only copied, and
# then no crash is heard, until the user wants them taken.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

new_engine() {
	local pid
	pid=$(deck_engine) && [ "$pid" != "$engine" ] && deck_cycles
}

# strike: kills the engine as soon as it lives, and waits for the next one
strike() {
	engine=$(deck_engine)
	kill -s KILL "$engine"
	wait_until 10 new_engine || die "no new engine: $(cat "$DECK_LOG")"
}

is_old() {
	local now start
	read -r now _ </proc/uptime
	start=$(cut -d' ' -f22 "/proc/$(deck_engine)/stat")
	awk -v n="$now" -v s="$start" -v hz="$(getconf CLK_TCK)" \
		'BEGIN { exit !(n - s / hz > 5.2) }'
}

play_pair 120
deck_start # not before: it is to be young
pair_taken

# ---- three crashes ----

strike
strike
check "after two crashes programs are taken" deck_taken native
same "and nothing is said of copies" 0 "$(deck_status copy_only)"
strike
for name in native pulse; do
	check "after three it is only copied: $name" \
		wait_until 5 deck_is $name tap copy
	check "it plays where it played: $name" played_in room $name
	check "its note says why and how to go back: $name" \
		grep -q retake <<< "$(deck_app $name note)"
done
same "tapdeck status tells it" 1 "$(deck_status copy_only)"
check "so does the log" grep "3 engines ended young.*tapdeck retake" "$DECK_LOG"
same "there is no cable that would take programs" "" \
	"$(graph.py nodes | grep 'tapdeck\.cable')"

# recorded, and no crash is heard
"$TAPDECK" set /strip/pulse/mute 1
deck_plays 9600
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 24000
quit "$loop"
check "a copy is recorded" compare.py -n 9600 "$WORK/a.wav" "$WORK/loop.wav"
quit "$PULSE"
graph.py wait no-node pulse
record "$WORK/room.wav" room
room=$PID
deck_plays 9600
strike
check "after one more crash it is copied still" \
	wait_until 5 deck_is native tap copy
deck_plays 9600
quit "$room"
# PipeWire itself misses a few blocks when a client is killed
check "which was hardly heard" awk -v ms="$(measure.py gap "$WORK/room.wav")" \
	'BEGIN { print ms " ms"; exit !(ms < 200) }'

"$TAPDECK" set /strip/2/tap off
check "the user may say otherwise" "$TAPDECK" retake
check "then programs are taken" deck_taken native
same "tapdeck status tells it" 0 "$(deck_status copy_only)"
same "but not what its user has left alone meanwhile" "/strip/2/tap off" \
	"$("$TAPDECK" get /strip/2/tap)"
check "the cable is back" graph.py wait node tapdeck.cable
check "said once more, it says that nothing is to do" \
	grep -q already <<< "$("$TAPDECK" retake)"
strike
check "and a crash counts from one again" deck_taken native

# ---- an engine that cannot start ----

wait_until 10 is_old
engine=$(deck_engine)
kill -s STOP "$DECK" # or its next engine may be quicker
kill -s KILL "$engine"
python3 -c 'import signal, socket, sys, time
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    try:
        u.bind(("127.0.0.1", int(sys.argv[1])))
        break
    except OSError:
        time.sleep(0.01)
open(sys.argv[2], "w").close()
signal.pause()' "$TAPDECK_PORT" "$WORK/held" &
holder=$!
wait_until 10 test -e "$WORK/held" || die "nobody holds the port"
kill -s CONT "$DECK"
check "a port that is taken meanwhile is said" wait_until 10 \
	grep "could not start (code 75); trying again" "$DECK_LOG"
check "the program plays where it played" played_in room native
quit "$holder"
check "when it is free there is an engine again" wait_until 10 deck_cycles
check "which takes the program" deck_taken native

quit "$NATIVE"
graph.py wait no-node native
engine=$(deck_engine)
session-ctl stop pipewire
kill -s KILL "$engine"
check "a PipeWire that is not there yet is said" wait_until 10 \
	grep "could not start (code 69); trying again" "$DECK_LOG"
session-ctl restart pipewire || die "PipeWire does not come back"
check "when it is there, there is an engine again" wait_until 15 deck_cycles
play_native native "$WORK/a.wav"
NATIVE=$PID
check "which takes programs" deck_taken native
deck_stop
same "tapdeck ends well" 0 $?
quit "$NATIVE"
finish
