#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is slow is not hung: PipeWire stands still, its pulse server or the
# session manager does, and many programs quit at once. No engine is ended for
# it, and all programs are afterwards what they were.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

MANY=60

same_engine() {
	same "$1: it is the same engine" "$engine 1" \
		"$(deck_engine) $(deck_status engine_starts)"
}

programs_are() {
	[ "$("$TAPDECK" apps)" = "$1" ]
}

# stands_still DAEMON SECONDS
stands_still() {
	local text="$1 stopped for $2 s"
	session-ctl signal "$1" STOP
	sleep "$2"
	session-ctl signal "$1" CONT
	deck_plays 24000
	same_engine "$text"
	check "$text: the programs are as before" \
		wait_until 5 programs_are "$apps"
}

deck_start --strips 64
play_pair 120
pair_taken
play_looped pipewire movie "$WORK/a.wav" # by an audio thread of another kind
movie=$PID
deck_taken movie || die "movie is not taken"
engine=$(deck_engine)
apps=$("$TAPDECK" apps)

for daemon in wireplumber pulse pipewire; do
	stands_still $daemon 1.6
done
check "it was news" grep "no audio cycle for 1.0 s" "$DECK_LOG"
check "and its end, too" grep "audio goes on after" "$DECK_LOG"
stands_still pipewire 3
for _ in 1 2 3 4; do
	stands_still pipewire 0.4
done
same "but for the pulse server's, no program was found to hang" "" \
	"$(grep ' hangs, ' "$DECK_LOG" | grep -v '^tapdeck: pulse ')"

many=()
for ((i = 0; i < MANY; i++)); do
	pw-play -P "{ node.name = many$i application.name = many$i }" \
		"$WORK/a.wav" &
	many+=($!)
done
are_taken() {
	[ "$("$TAPDECK" apps | grep -c ' take\b')" -ge "$1" ]
}
check "$MANY programs are taken" wait_until 40 are_taken $((MANY + 3))
kill "${many[@]}"
wait "${many[@]}" 2>/dev/null
deck_plays 48000
same_engine "$MANY programs quit at once"
check "$MANY programs quit at once: those that stay are as before" \
	wait_until 5 programs_are "$apps"

quit "$NATIVE" "$PULSE" "$movie"
deck_stop
same "tapdeck ends well" 0 $?
check "no engine was found to hang" sh -c '! grep "engine hangs" "$1"' _ "$DECK_LOG"
finish
