#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real audio thread, with programs that come and go, orders by OSC, links
# that change and a recorder, under an interposer that aborts the engine when
# that thread allocates, locks, waits or calls the kernel.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

INTERPOSE=${TAPDECK%/*}/interpose.so
VIOLATE=${TAPDECK%/*}/violate
[ -e "$INTERPOSE" ] || die "$INTERPOSE: not built"
[ -x "$VIOLATE" ] || die "$VIOLATE: not built"

# ---- the interposer itself ----

violate() {
	LD_PRELOAD=$INTERPOSE timeout 10 "$VIOLATE" "$1"
}

check "what does nothing wrong is left alone" violate none
for wrong in malloc:malloc free:free lock:pthread_mutex_lock printf:printf \
	file:fopen write:write sleep:nanosleep; do
	out=$(violate ${wrong%:*} 2>&1)
	same "${wrong#*:}() in a cycle ends the program" \
		"134 interpose: the audio thread calls ${wrong#*:}() inside of its cycle" \
		"$? $(grep -o 'interpose:.*' <<< "$out")"
done

# ---- tapdeck's own ----

gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/wide.wav" -t 20 -c 6 -s 2
LD_PRELOAD=$INTERPOSE deck_start
"$TAPDECK" record --bus loop "$WORK/ring.wav" 2>/dev/null &
ring=$!
play one "$WORK/a.wav" --latency 256
one=$PID
check "a program is taken" deck_taken one
"$TOOLS/osc_flood.py" "$TAPDECK_PORT" 6 > "$WORK/sent" &
flood=$!
for _ in 1 2 3; do
	play two "$WORK/a.wav"
	two=$PID
	play wide "$WORK/wide.wav" \
		-P '{ node.name = wide stream.dont-remix = true }'
	wide=$PID
	deck_taken two || not_ok "two is not taken"
	deck_taken wide || not_ok "wide is not taken"
	for tap in copy take off take; do
		"$TAPDECK" set /strip/one/tap $tap
		pw-link two:output_FL tapdeck.loop:input_FL 2>/dev/null
		deck_plays 4800
	done
	quit "$two" "$wide"
done
wait "$flood"
echo "# $(cat "$WORK/sent") messages by OSC"
kill -INT "$ring"
wait "$ring" 2>/dev/null
same "the engine has not been aborted" 1 "$(deck_status engine_starts)"
cycles=$(deck_status cycles)
deck_stop
same "and ends well" 0 $?
quit "$one"
watched=$(awk '/cycles were watched/ { print $2; exit }' "$DECK_LOG")
echo "# $watched cycles were watched"
check "all of its cycles were watched" test "${watched:-0}" -ge "${cycles%.*}"
check "which are some" test "${watched:-0}" -gt 500
same "nothing was found" "" "$(grep 'interpose: the' "$DECK_LOG")"
finish
