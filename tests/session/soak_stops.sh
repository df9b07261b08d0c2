#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_stops.sh [N]: PipeWire, the session manager and the pulse server stand
# still N times each, for 0.5 to 3 s. That is no reason to end an engine, and
# afterwards every program is as it was.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

N=${1:-${STOPS:-50}}
case $N in
'' | *[!0-9]*) die "usage: soak_stops.sh [N], a number" ;;
esac
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"

stand_still() {
	local ms=$((500 + RANDOM % 2500))
	session-ctl signal "$1" STOP
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
	session-ctl signal "$1" CONT
}

# both_play: and through tapdeck alone
both_play() {
	local name
	for name in native pulse; do
		deck_is $name tap take &&
			graph.py wait -t 1 target $name \
				"tapdeck,$(park_sink)" || return
	done
}

# found_to_hang: programs, by their names
found_to_hang() {
	sed -n 's/^tapdeck: \(.*\) hangs, .*/\1/p' "$DECK_LOG" | sort -u
}

gen.py noise "$WORK/a.wav" -t 60 -s 1 -f s16
play_looped pipewire native "$WORK/a.wav"
native=$PID
play_looped pulse pulse "$WORK/a.wav"
pulse=$PID
played_in room native && played_in room pulse || die "they do not play"
deck_start
deck_taken native && deck_taken pulse || die "they are not taken"
engine=$(deck_engine)
for daemon in pipewire wireplumber pulse; do
	[ $daemon != pulse ] ||
		same "no program was found to hang" "" "$(found_to_hang)"
	for ((i = 0; i < N; i++)); do
		stand_still $daemon
		wait_until 10 both_play || break
		[ "$(deck_engine)" = "$engine" ] || break
	done
	same "$daemon stood still $N times, and all is as it was" "$N" "$i"
done
same "only that of the pulse server did" pulse "$(found_to_hang)"
same "the engine is the same" "$engine" "$(deck_engine)"
same "the only one" 1 "$(deck_status engine_starts)"
deck_plays 24000
deck_stop
same "tapdeck ends well" 0 $?
check "the native program is where it was" graph.py wait target native room
check "that of the pulse server, too" graph.py wait target pulse room
grep 'tapdeck' "$DECK_LOG" | sort | uniq -c | sed 's/^/# /'
quit "$native" "$pulse"
finish
