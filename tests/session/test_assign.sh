#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program goes from strip to strip while it plays, and nothing of it is lost;
# what was put somewhere for good is there after a restart.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

# A ramp of 10 ms
LIMIT_FRAMES=480

gen.py noise "$WORK/a.wav" -t 60 -s 1

# on_port N: our strip's port has a link
on_port() {
	graph.py links | grep -q "strip$1_FL"
}

not_on_port() {
	! on_port "$1"
}

# settled N OLD: the sound is on strip N, and off the other
settled() {
	wait_until 5 on_port "$1" && wait_until 5 not_on_port "$2"
}

deck_start
for PLAYER in native pulse; do
	play "$PLAYER" "$WORK/a.wav"
	check "a $PLAYER program is taken" deck_taken "$PLAYER"
	from=$(deck_app "$PLAYER" strip)
	to=$((from + 4))
	record_beside "$WORK/$PLAYER-out.wav" "$PLAYER" tapdeck.loop room
	OUT=$PID
	deck_plays 9600
	same "it is assigned to another strip" "$PLAYER: strip $to" \
		"$("$TAPDECK" assign "$PLAYER" $to)"
	check "where it is at once" is_on "$PLAYER" $to
	check "with its sound" settled $to "$from"
	deck_plays 9600
	check "and back, by OSC" oscsend localhost "$TAPDECK_PORT" \
		"/app/$PLAYER/strip" i "$from"
	check "it is there" wait_until 5 is_on "$PLAYER" "$from"
	check "with its sound" settled "$from" $to
	deck_plays 9600
	quit "$OUT"
	"$TAPDECK" set "/strip/$from/mute" 1
	check "in the loop nothing of it is missing or twice" measure.py beside \
		-n $LIMIT_FRAMES -l 24000 "$WORK/$PLAYER-out.wav" 2
	check "in the room nothing of it is missing or twice" measure.py beside \
		-n $LIMIT_FRAMES -l 24000 "$WORK/$PLAYER-out.wav" 4
done

# ---- off a strip that another program is on ----

# never_less FILE: no frame of it is quieter than what it was recorded beside
never_less() {
	measure.py beside -n 24000 -l 24000 "$1" 2 |
		awk '/level/ { print; bad += $(NF - 2) < 0.99 }
			/identical/ { whole = $1 }
			END { exit bad || whole < 24000 }'
}

PLAYER=native
play mate "$WORK/a.wav" --volume 0
MATE=$PID
play leaver "$WORK/a.wav"
LEAVER=$PID
for name in mate leaver; do
	check "$name is taken" deck_taken $name
	"$TAPDECK" assign $name 13 >/dev/null
done
check "both are on one strip" wait_until 5 is_on leaver 13
deck_plays 9600
record_beside "$WORK/stays.wav" leaver room
ROOM=$PID
deck_plays 9600
"$TAPDECK" assign leaver 14 >/dev/null
check "one goes to another strip" wait_until 5 on_port 14
deck_plays 24000
quit "$ROOM"
check "and the room has no hole in it" never_less "$WORK/stays.wav"
"$TAPDECK" assign leaver 13 >/dev/null
check "it is back" wait_until 5 not_on_port 14
deck_plays 9600
record_beside "$WORK/none.wav" leaver room
ROOM=$PID
deck_plays 9600
"$TAPDECK" assign leaver none >/dev/null
check "taken off it is heard without tapdeck" played_in room leaver
deck_plays 24000
quit "$ROOM"
check "nothing of it is missing or twice" measure.py beside \
	-n $LIMIT_FRAMES -l 24000 "$WORK/none.wav" 2
quit "$LEAVER" "$MATE"

# ---- by hand, for good ----

"$TAPDECK" assign native 9 --save >/dev/null
"$TAPDECK" assign pulse none --save >/dev/null
check "what is taken off its strip is on none" wait_until 5 is_on pulse 0
check "and is heard as without tapdeck" played_in room pulse
STATE=$XDG_STATE_HOME/tapdeck/assign.yaml
check "why is told" sh -c '"$TAPDECK" apps --explain |
	grep -q "^strip 9: put there by hand, for good"'
check "both are in the state" wait_until 5 grep -q pulse "$STATE"
deck_stop
deck_start
check "after a restart one is where it was put" wait_until 5 is_on native 9
check "and the other one nowhere" wait_until 5 is_on pulse 0
same "auto undoes it" "pulse: strip 1" "$("$TAPDECK" assign pulse auto)"
kill -KILL "$(deck_engine)"
deck_runs 10
check "after a crash it is still where it was put" wait_until 5 is_on native 9
check "and the other one where it was" wait_until 5 is_on pulse 1
"$TAPDECK" assign nobody 3 2>"$WORK/err"
same "a program that is not there is refused" 65 $?
"$TAPDECK" assign native 17 2>"$WORK/err"
same "so is a strip" 65 $?
deck_stop
echo "assign: [" >"$STATE"
deck_start
check "a damaged state is said" grep -q "assign.yaml:2:1: not YAML" "$DECK_LOG"
check "and set aside" test -s "$STATE.bad-1"
deck_stop
same "tapdeck ends well" 0 $?
finish
