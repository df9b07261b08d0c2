#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_streams.sh [N]: N streams play at once, of programs of both kinds; then
# all of them quit at once, and one that comes afterwards is taken as ever.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

N=${1:-${STREAMS:-200}}
NAMES=40 # programs
case $N in
'' | *[!0-9]*) die "usage: soak_streams.sh [N], a number" ;;
esac

streams_are() {
	[ "$(graph.py nodes | grep -c 'Stream/Output/Audio')" = "$1" ]
}

# all_taken: each of them is on the parking sink, and into the mixer
all_taken() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
apps = json.load(sys.stdin)
taken = sum(a["streams"] for a in apps if a["tap"] == "take")
print(taken, "of", sum(a["streams"] for a in apps))
sys.exit(taken != int(sys.argv[1]))' "$1"
}

gen.py noise "$WORK/a.wav" -t 90 -s 1 -f s16
deck_start --strips 64
engine=$(deck_engine)
players=()
for ((i = 0; i < N; i++)); do
	kind=native
	[ $((i % 4)) != 3 ] || kind=pulse
	"play_$kind" "$kind$((i % NAMES))" "$WORK/a.wav" >/dev/null 2>&1
	players+=("$PID")
done
check "$N streams play" wait_until 60 streams_are "$N"
check "all of them are taken" wait_until 60 all_taken "$N"
check "tapdeck still answers" timeout 2 "$TAPDECK" get /strip/1/gain
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 48000
quit "$loop"
check "they are recorded" measure.py first "$WORK/loop.wav"
kill "${players[@]}" 2>/dev/null
wait "${players[@]}" 2>/dev/null
check "all of them quit" wait_until 30 streams_are 0
same "the engine is the same" "$engine" "$(deck_engine)"
same "the only one" 1 "$(deck_status engine_starts)"
play late "$WORK/a.wav"
late=$PID
check "who comes afterwards is taken" deck_taken late
quit "$late"
deck_stop
same "tapdeck ends well" 0 $?
finish
