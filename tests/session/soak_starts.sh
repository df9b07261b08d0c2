#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_starts.sh [N]: N programs of each kind begin to play while tapdeck runs,
# one after the other. Each must be recorded and heard from its first frame, as
# often as the same N are heard from theirs without tapdeck.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

N=${1:-${STARTS:-200}}
case $N in
'' | *[!0-9]*) die "usage: soak_starts.sh [N], a number" ;;
esac

for ((i = 0; i < N; i++)); do
	gen.py noise "$WORK/$i.wav" -t 0.25 -s $((i + 1)) -f s16
done

# starts KIND: all of them
starts() {
	local i
	for ((i = 0; i < N; i++)); do
		"play_$1" "deck$((i % 4))" "$WORK/$i.wav"
		wait "$PID"
	done
}

declare -A without
for kind in native pulse; do
	record "$WORK/room.wav" room
	room=$PID
	starts $kind
	quit "$room"
	without[$kind]=$(late "$WORK/room.wav" "$N")
	echo "# $kind, without tapdeck: ${without[$kind]} of $N are late"
	[ "${without[$kind]}" -le $((N / 10)) ] ||
		die "$kind: this machine plays too few of them whole"
done
deck_start "${@:2}"
# a recorder of the room that begins while the default changes loses its links
[[ " $* " != *" --grab new "* ]] || graph.py wait default-sink tapdeck.cable ||
	die "no cable"
for kind in native pulse; do
	record "$WORK/room.wav" room
	room=$PID
	record "$WORK/loop.wav" tapdeck.loop
	loop=$PID
	starts $kind
	quit "$room" "$loop"
	for rec in loop room; do
		n=$(late "$WORK/$rec.wav" "$N")
		check "$kind: $n of $N are late in $rec.wav, ${without[$kind]} without tapdeck" \
			test "$n" -le "${without[$kind]}"
	done
done
deck_stop
finish
