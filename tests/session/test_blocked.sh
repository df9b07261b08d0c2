#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that hangs is taken off its strip: the others lose a quarter of a
# second at most, the engine lives, and the program is back when it goes on.
SESSION="-q 1024"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

LOST_MS=250
HANG=$TOOLS/../../build/hang
[ -x "$HANG" ] || die "$HANG: not built"

gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/b.wav" -t 60 -s 2
gen.py noise "$WORK/c.wav" -t 60 -s 3
gen.py noise "$WORK/d.wav" -t 60 -s 4

# lost NAME: ms of aaa's sound that its recording jumps over or has as silence,
# from before the hang to its end
lost() {
	compare.py -n 256 --json "$WORK/a.wav" "$WORK/$1.wav" | python3 -c '
import json, sys
rec = json.load(sys.stdin)
found = rec["segments"]
frames = sum(s[2] for s in found)
whole = found[0][0] < 9600 and \
    rec["recording_frames"] - found[-1][0] - found[-1][2] < 4800
print((found[-1][1] + found[-1][2] - found[0][1] - frames) / 48
      if whole else 99999)'
}

# lost_little NAME MS
lost_little() {
	local ms
	ms=$(lost "$1") || return
	echo "$ms ms"
	awk -v ms="$ms" -v max="$2" 'BEGIN { exit !(ms <= max) }'
}

# off TEST: what is told of those that hang
off() {
	local name
	for name in $hung; do
		check "$1: $name is off its strip" \
			wait_until 3 deck_is "$name" tap off
		check "the list says why" grep -q "hangs" \
			<(deck_app "$name" note)
		check "the log says so" grep "^tapdeck: $name hangs" "$DECK_LOG"
	done
}

# once TEST PID...: they hang for two seconds, in a recording
once() {
	local test=$1 loop room
	shift
	record "$WORK/$test-loop.wav" tapdeck.loop
	loop=$PID
	record "$WORK/$test-room.wav" room
	room=$PID
	deck_plays 24000
	kill -s "$stop" "$@"
	deck_plays 96000
	quit "$loop" "$room"
}

all_lost_little() {
	local bus
	for bus in $buses; do
		lost_little "$1-$bus" $LOST_MS || return
	done
}

# hangs TEST PID...: all of them at once. $hung has the names of the programs,
# $stop and $go the signals, $buses where aaa is alone. A busy machine may lose
# as much by itself: then again.
buses="loop room" stop=STOP go=CONT
hangs() {
	local test=$1 try bus
	for try in 1 2 3; do
		once "$@"
		[ $try -gt 1 ] || off "$test"
		if all_lost_little "$test" >/dev/null || [ $try = 3 ]; then
			break
		fi
		echo "# $test: $(lost "$test-loop") ms are lost; once more"
		kill -s "$go" "${@:2}"
		back
	done
	for bus in $buses; do
		echo "# $test: $(lost "$test-$bus") ms are lost in the $bus"
		check "in the $bus the other lost less than $LOST_MS ms" \
			lost_little "$test-$bus" $LOST_MS
	done
}

# back: those that hung are on their strips; who has hung before waits longer
back() {
	local name
	for name in $hung; do
		wait_until 15 deck_is "$name" tap take || return
	done
}

# lives PID...: they go on
lives() {
	local name
	kill -s "$go" "$@"
	back
	for name in $hung; do
		check "$name is on its strip again" deck_taken "$name"
		check "without a note" deck_is "$name" note ""
		check "which the log says" grep "^tapdeck: $name goes on" \
			"$DECK_LOG"
	done
	sed -n 's/^tapdeck: \(.* hangs.*\)/# \1/p' "$DECK_LOG" | tail -n 2
}

# heard NAME FILE: it alone, in the loop
heard() {
	local try
	"$TAPDECK" set /strip/aaa/mute 1
	"$TAPDECK" set "/strip/$1/route" both
	for try in 1 2 3; do
		deck_plays 2048
		record "$WORK/$1-again.wav" tapdeck.loop
		deck_plays 24000
		quit "$PID"
		# a player that falls behind may resample for a moment
		compare.py -n 4800 "$2" "$WORK/$1-again.wav" && break
	done
	"$TAPDECK" set "/strip/$1/route" none
	"$TAPDECK" set /strip/aaa/mute 0
	deck_plays 2048
	compare.py -n 4800 "$2" "$WORK/$1-again.wav"
}

play aaa "$WORK/a.wav"
play_mpv movie "$WORK/b.wav"
movie=$PID
play ccc "$WORK/c.wav"
ccc=$PID
play_pulse pulse "$WORK/d.wav"
pulse=$PID
"$HANG" square &
square=$!
deck_start
for name in movie ccc pulse square aaa; do
	deck_taken $name || die "$name is not taken"
	[ $name = aaa ] || "$TAPDECK" set "/strip/$name/route" none
done
engine=$(deck_engine)

# ---- one, two at once ----

hung=movie
hangs stopped "$movie"
lives "$movie"
check "it is heard again" heard movie "$WORK/b.wav"

hung="movie ccc"
hangs both "$movie" "$ccc"
lives "$movie" "$ccc"
check "one of both is heard again" heard ccc "$WORK/c.wav"

# ---- its audio thread alone: no signal, the rest of it lives ----

hung=square stop=USR1 go=USR2
hangs thread "$square"
lives "$square"

# ---- the pulse server is the client of those ----

hung='' stop=STOP go=CONT
hangs pulse "$pulse"
check "a stopped pulse program stays on its strip" deck_is pulse tap take
kill -s CONT "$pulse"

square_hung() {
	grep -c "^tapdeck: square hangs" "$DECK_LOG"
}

# ---- a cable that somebody drew ----

"$TAPDECK" set /strip/square/tap off
check "a program is let go" graph.py wait target square room
"$TAPDECK" set /strip/9/route none
pw-link square:output_FL tapdeck:strip9_FL || die "no cable"
before=$(square_hung)
# in the room square is heard as well
hung='' buses=loop stop=USR1 go=USR2
hangs cable "$square"
check "the log names a program that is linked by hand" \
	[ "$(square_hung)" -gt "$before" ]
# cable SIDE
cable() {
	pw-link -lI | grep -A 4 "square:output_$1" | grep -q "strip9_$1"
}
check "its cable is cut" eval '! cable FL'
pw-link square:output_FR tapdeck:strip9_FR || die "no other cable"
check "one that somebody draws meanwhile is cut as well" \
	wait_until 5 eval '! cable FR'
check "and the others go on" deck_plays 9600
kill -s USR2 "$square"
check "its user's cable is there again when it goes on" \
	wait_until 15 cable FL
check "and the other one" wait_until 5 cable FR
kill -s USR1 "$square"
check "they are its user's still, and cut when it hangs again" \
	wait_until 5 eval '! cable FL && ! cable FR'
check "and the others go on" deck_plays 9600
kill -s USR2 "$square"

same "the engine is the same" "$engine" "$(deck_engine)"
same "and it was the only one" 1 "$(deck_status engine_starts)"
deck_stop
finish
