#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench_session.sh BUILD: the benches that need a running tapdeck, in a session
# of their own with 64-frame blocks. Prints rows for bench.sh.
# shellcheck disable=SC2034 # read by lib.sh
SESSION="-q 64"
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"

BUILD=$1
ROUNDS=5 # pairs: tapdeck, then pw-loopback
STARTS=9

# shellcheck source=tests/bench/load.sh
. "${BASH_SOURCE[0]%/*}/load.sh"

# ---- start and memory ----

start_ms() {
	local i
	for ((i = 0; i < STARTS; i++)); do
		"$BUILD/bench_start" "$TAPDECK" run --quiet --block 64 \
			--osc-port "$TAPDECK_PORT" 2>>"$DECK_LOG" ||
			die "tapdeck does not start: $(cat "$DECK_LOG")"
	done
}

bench_start() {
	local ms
	echo "# tapdeck run: start and memory, 16 strips, nothing plays"
	ms=$(start_ms) || exit 70
	row "from fork() to the first block's time" "" - \
		"$(median <<< "$ms") ms (best $(sort -g <<< "$ms" | head -n 1))"
}

# kib PID FIELD: of /proc/PID/smaps_rollup
kib() {
	awk -v field="$2:" '$1 == field { print $2 }' "/proc/$1/smaps_rollup"
}

mib() {
	awk -v k="$1" 'BEGIN { printf "%.1f", k / 1024 }'
}

memory_row() {
	local engine
	engine=$(deck_engine) || die "no engine"
	row "RSS of supervisor + engine, $1" "" - \
		"$(mib "$(kib "$DECK" Rss)") + $(mib "$(kib "$engine" Rss)") MiB\
 (no page counted twice: $(mib \
			$(($(kib "$DECK" Pss) + $(kib "$engine" Pss)))))"
}

# ---- OSC ----

bench_osc() {
	echo "# OSC: messages over UDP, from one sender that never waits"
	"$BUILD/bench_osc" "$TAPDECK_PORT" "$(deck_engine)" || exit 70
	echo "# OSC: subscribers, and one peer that asks without end"
	"$BUILD/bench_osc_peers" "$TAPDECK_PORT" "$(deck_engine)" || exit 70
}

# ---- beside pw-loopback ----

measure_deck() {
	deck_start --quiet --block 64
	apps_play
	wait_until 20 all_taken || die "not all apps were taken"
	wait_until 10 all_linked || die "not all apps are linked"
	measure "$WORK/deck" "$DECK" "$(deck_engine)"
	[ -n "$shown_memory" ] || memory=$(memory_row "all of them play")
	shown_memory=1
	quit "${apps[@]}"
	deck_stop TERM
}

# One virtual sink per program, which plays on into the room and, by two links,
# into the capture device: what a person would set up by hand.
loopbacks_start() {
	local i side
	loopbacks=()
	for ((i = 1; i <= APPS; i++)); do
		pw-loopback --name "lb$i" --playback room --capture-props \
			"{ media.class = Audio/Sink node.name = lb$i \
node.latency = 64/48000 }" --playback-props \
			"{ node.name = lb$i.out node.latency = 64/48000 }" &
		loopbacks+=("$!")
	done
	for ((i = 1; i <= APPS; i++)); do
		graph.py wait -t 15 linked "lb$i.out" room ||
			die "pw-loopback $i does not play into the room"
		for side in FL FR; do
			pw-link "lb$i.out:output_$side" \
				"tapdeck.loop:input_$side" ||
				die "pw-loopback $i is not linked to the device"
		done
	done
}

measure_loopbacks() {
	local i
	loopbacks_start
	apps_play lb
	for ((i = 1; i <= APPS; i++)); do
		graph.py wait -t 15 linked "app$i" "lb$i" ||
			die "app$i does not play into its pw-loopback"
	done
	measure "$WORK/loopbacks" "${loopbacks[@]}"
	quit "${apps[@]}" "${loopbacks[@]}"
	graph.py wait -t 10 no-node lb1 || die "pw-loopback does not end"
}

measure_straight() {
	apps_play
	graph.py wait -t 15 linked "app$APPS" room || die "app$APPS: no link"
	measure "$WORK/straight" $$
	quit "${apps[@]}"
}

# pairs COLUMN...: of these columns' sums tapdeck's share of pw-loopback's, pair
# by pair: the median, and the least and the most
pairs() {
	paste -d ' ' "$WORK/deck" "$WORK/loopbacks" |
		awk -v columns="$*" '{
			n = split(columns, c); a = b = 0
			for (i = 1; i <= n; i++) {
				a += $c[i]; b += $(NF / 2 + c[i])
			}
			print a / b
		}' | sort -g | awk '{ x[NR] = $1 } END {
			printf "%.2f (%.2f to %.2f)",
				x[int((NR + 1) / 2)], x[1], x[NR] }'
}

bench_load() {
	local round
	echo "# CPU of one processor: $APPS programs, 64-frame blocks"
	gen.py noise -t 60 "$NOISE" || die "no noise"
	"$TAPDECK" device add >/dev/null || die "no loop device"
	measure_straight
	for ((round = 0; round < ROUNDS; round++)); do
		measure_deck
		measure_loopbacks
	done
	row "no mixer, straight into the room" "" - \
		"daemon $(column straight 2) %"
	load_row "tapdeck run, main and loop" deck
	load_row "$APPS x pw-loopback, room and loop" loopbacks
	row "tapdeck to pw-loopback, of $ROUNDS pairs" "" - "$(pairs 1)"
	row "with the daemon" "" - "$(pairs 1 2)"
	row "CPU of the programs themselves" "" - \
		"$(column deck 3) %; with pw-loopback $(column loopbacks 3) %"
	row "blocks a second of a program (750 is all)" "" - \
		"$(column deck 4); with pw-loopback $(column loopbacks 4)"
}

bench_start
deck_start --quiet --block 64
memory_row "nothing plays"
bench_osc
deck_stop TERM
bench_load
echo "# tapdeck run: memory, $APPS programs play"
echo "$memory"
