#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The engine is killed, is stopped, and dies with its supervisor: programs are
# heard again where their users had them, and the next engine goes on.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

LIMIT_MS=500

gen.py noise "$WORK/a.wav" -t 90 -s 1
gen.py noise "$WORK/b.wav" -t 90 -s 2

# gap NAME TEXT: the longest silence in NAME.wav, in the log and checked
gap() {
	local ms
	ms=$(measure.py gap -v "$WORK/$1.wav" 2>"$WORK/gap.log")
	echo "# $1: the longest silence is $ms ms"
	check "$2" awk -v ms="${ms:-99999}" -v max=$LIMIT_MS \
		'BEGIN { print ms " ms"; exit !(ms < max) }'
}

# has_sound FILE FRAMES: in its last frames
has_sound() {
	python3 - "$TOOLS" "$1" "$2" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav
rec = wav.read(sys.argv[2])
sys.exit(not all(rec.samples[-2 * int(sys.argv[3]):]))
END
}

# A new engine may be there so soon that nothing has been linked meanwhile.
heard_meanwhile() {
	local ms
	compare.py -n 2048 "$WORK/b.wav" "$WORK/other-$1.wav" && return
	ms=$(measure.py gap "$WORK/loop-$1.wav")
	echo "the loop was silent for $ms ms"
	awk -v ms="${ms:-99999}" -v max=$LIMIT_MS 'BEGIN { exit !(ms < max) }'
}

# quiet is in the room, loud has been put on the other sink by its user
play quiet "$WORK/a.wav"
quiet=$PID
play loud "$WORK/b.wav"
loud=$PID
played_in room loud || die "loud does not play"
pw-metadata "$(graph.py node-id loud)" target.node "$(graph.py node-id other)" \
	Spa:Id >/dev/null
played_in other loud || die "loud does not play where its user has it"
deck_start
deck_taken quiet || die "quiet is not taken"
deck_take loud "loud (Other)" || die "loud is not taken"
a=$(deck_app quiet strip)
b=$(deck_app "loud (Other)" strip)
"$TAPDECK" set "/strip/$a/gain" -3
"$TAPDECK" set "/strip/$b/gain" -12
"$TAPDECK" set "/strip/$b/name" "Loud one"
"$TAPDECK" set /bus/loop/gain 1.5
want=$("$TAPDECK" get '/strip/*/{gain,mute,name,route,tap}' '/bus/*/gain')

for how in KILL STOP; do
	record "$WORK/room-$how.wav" room
	room=$PID
	record "$WORK/other-$how.wav" other
	other=$PID
	record "$WORK/loop-$how.wav" tapdeck.loop
	loop=$PID
	links=$(pw-link -lI | grep -- "|->.* loop-$how:")
	deck_plays 9600
	engine=$(deck_engine)
	# what is heard on the other sink begins when the engine is gone
	kill -s $how "$engine"
	died=${EPOCHREALTIME/[.,]/}
	if graph.py wait -t 1 linked loud other 2>/dev/null; then
		home=${EPOCHREALTIME/[.,]/}
		echo "# $how: seen where its user had it after" \
			"$(((home - died) / 1000)) ms"
	fi
	check "SIG$how: a new engine runs" wait_until 10 engine_is_other "$engine"
	check "it takes the programs again" deck_taken quiet
	check "all of them" deck_taken loud "loud (Other)"
	same "with the same values" "$want" "$("$TAPDECK" get \
		'/strip/*/{gain,mute,name,route,tap}' '/bus/*/gain')"
	deck_plays 24000
	same "the DAW's input was open all the time" "$links" \
		"$(pw-link -lI | grep -- "|->.* loop-$how:")"
	quit "$room" "$other" "$loop"
	gap "room-$how" "the room was silent for less than $LIMIT_MS ms"
	check "the program of the other sink was heard, there or by the next engine" \
		heard_meanwhile $how
	check "the DAW has sound again, from the new engine" \
		has_sound "$WORK/loop-$how.wav" 4800
done
same "the supervisor has started it three times" 3 \
	"$(deck_status engine_starts)"

# ---- the supervisor alone, and a new one at once ----

orphan=$(deck_engine)
kill -s KILL "$DECK"
"$TAPDECK" run --osc-port "$TAPDECK_PORT" >>"$DECK_LOG" 2>&1 &
wait "$DECK" 2>/dev/null
DECK=$!
is_followed() {
	local pid
	pid=$(deck_engine) && [ "$pid" != "$orphan" ] && deck_cycles
}
check "a supervisor killed, the next one waits for its engine's end" \
	wait_until 10 is_followed
check "and takes the programs" deck_taken quiet
check "both" deck_take loud "loud (Other)"

# ---- both of them ----

record "$WORK/room-both.wav" room
room=$PID
record "$WORK/loop-both.wav" tapdeck.loop
loop=$PID
deck_plays 9600
engine=$(deck_engine)
kill -s STOP "$engine" # it could put things right, if it saw its parent die
kill -s KILL "$DECK"
kill -s KILL "$engine"
wait "$DECK" 2>/dev/null
check "both killed: the programs go to the default sink" \
	graph.py wait target quiet room
check "that of the other sink, too" graph.py wait target loud room
check "the recording device is still there" graph.py wait node tapdeck.loop
deck_start
check "the next start takes them again" deck_taken quiet
check "both" deck_take loud "loud (Other)"
deck_plays 24000
quit "$room" "$loop"
gap room-both "the room was silent for less than $LIMIT_MS ms"
check "the DAW has sound again" has_sound "$WORK/loop-both.wav" 4800
deck_stop
same "tapdeck ends well" 0 $?
check "then each is where its user had it: in the room" \
	graph.py wait target quiet room
check "and on the other sink" graph.py wait target loud other
quit "$quiet" "$loud"
finish
