#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_kills.sh [N]: the engine is killed N times, at random moments, while a
# native program plays on the left and one of the pulse server on the right.
# Both are heard again within LIMIT_MS (99 of 100 times), and in the end nothing
# is left, and the session manager remembers what it did.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

N=${1:-${KILLS:-200}}
LIMIT_MS=100
PART=10 # kills in one recording
GROWTH_FDS=4
case $N in
'' | *[!0-9]*) die "usage: soak_kills.sh [N], a number" ;;
esac
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"

# A file of noise on one side, played for ever.
side() {
	gen.py noise "$WORK/mono.wav" -t 60 -c 1 -s "$1" -f s16
	# shellcheck disable=SC2086 # a list of channels
	sox "$WORK/mono.wav" "$WORK/$2.wav" remix $3
}


engine_runs() {
	engine=$(deck_engine) && [ "$engine" != "$killed" ] && deck_cycles
}

# Of programs that play: those that record are of this test.
memory() {
	state_settled
	for file in "$RESTORE_STREAM" "$DEFAULT_NODES"; do
		[ ! -e "$file" ] || state_text "$file" | sort |
			grep -v '^Input/Audio'
	done
}

left_over() {
	graph.py nodes | grep tapdeck | grep -v 'tapdeck\.loop$'
	find "$XDG_RUNTIME_DIR/tapdeck" -name 'journal*' 2>/dev/null
	pgrep -f 'tapdeck engine' -P "$DECK"
}

# Mostly a while after its start, and each third time soon after it: an engine
# that is killed young again and again is not let take programs any more.
moment() {
	local ms
	case $(($1 % 3)) in
	0) ms=$((5100 + RANDOM % 1000)) ;;
	*) ms=$((RANDOM % 1500)) ;;
	esac
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

side 1 native "1 0"
side 2 pulse "0 1"
play_looped pipewire native "$WORK/native.wav"
native=$PID
play_looped pulse pulse "$WORK/pulse.wav"
pulse=$PID
played_in room native && played_in room pulse || die "they do not play"
before=$(memory)
deck_start
deck_taken native && deck_taken pulse || die "they are not taken"
fds_before=$(fds_of "$DECK")
killed=
for ((i = 0; i < N; i++)); do
	if [ $((i % PART)) = 0 ]; then
		record "$WORK/room.wav" room
		room=$PID
		deck_plays 24000
	fi
	wait_until 10 engine_runs || break
	moment $i
	killed=$engine
	kill -s KILL "$engine"
	wait_until 10 engine_runs || break
	if [ $(((i + 1) % PART)) = 0 ] || [ $((i + 1)) = "$N" ]; then
		deck_plays 24000
		quit "$room"
		measure.py gaps "$WORK/room.wav" >> "$WORK/gaps"
	fi
done
same "a new engine came each time" "$N" "$i"
check "both programs are taken in the end" deck_taken native
deck_taken pulse || not_ok "the one of the pulse server, too"
same "the supervisor is the same, and holds no more" yes "$(
	[ $(($(fds_of "$DECK") - fds_before)) -le $GROWTH_FDS ] && echo yes || fds_of "$DECK")"
same "it has started $((N + 1)) engines" $((N + 1)) \
	"$(deck_status engine_starts)"
deck_stop
same "tapdeck ends well" 0 $?
check "the native program is where it was" graph.py wait target native room
check "that of the pulse server, too" graph.py wait target pulse room
same "the session manager remembers what it did" "$before" "$(memory)"
same "nothing is left behind" "" "$(left_over)"
for channel in 0 1; do
	ms=$(awk -v c=$channel '$1 == c { print $2 }' "$WORK/gaps" | sort -n |
		awk '{ v[NR] = $1 } END { n = int(NR * 0.99); if (n < NR * 0.99) n++
			if (NR) print v[n]; else print 0 }')
	all=$(awk -v c=$channel '$1 == c' "$WORK/gaps" | wc -l)
	check "$([ $channel = 0 ] && echo native || echo pulse): $all silences, \
99 of 100 of at most $ms ms ($LIMIT_MS)" \
		awk -v ms="$ms" -v max=$LIMIT_MS 'BEGIN { exit !(ms <= max) }'
done
quit "$native" "$pulse"
finish
