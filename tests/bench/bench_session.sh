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
APPS=16
ROUNDS=5 # pairs: tapdeck, then pw-loopback
STARTS=9
WINDOW_S=6  # CPU is counted over this long
SETTLE_S=1  # after everything is linked
NOISE=$WORK/noise.wav

# row NAME BOUND VERDICT MEASURED
row() {
	printf '%s\t%s\t%s\t%s\n' "$1" "$4" "$2" "$3"
}

median() {
	sort -g | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}

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

# cpu_ticks PID...: user and system time of the processes so far
cpu_ticks() {
	local pid stat ticks=0
	local -a field
	for pid in "$@"; do
		stat=$(< "/proc/$pid/stat") || die "process $pid is gone"
		read -r -a field <<< "${stat##*) }"
		ticks=$((ticks + field[11] + field[12]))
	done
	echo "$ticks"
}

# cpu_percent FROM TO: of one processor, over the window
cpu_percent() {
	awk -v from="$1" -v to="$2" -v s="$WINDOW_S" -v hz="$(getconf CLK_TCK)" \
		'BEGIN { printf "%.1f", 100 * (to - from) / hz / s }'
}

# measure FILE PID...: appends a line: CPU of these, of the daemon and of the
# apps, and the blocks that an app has played in a second
measure() {
	local file=$1 daemon own0 daemon0 apps0 wakes0 own1 daemon1 apps1 wakes1
	shift
	daemon=$(session-ctl pid pipewire)
	sleep "$SETTLE_S"
	own0=$(cpu_ticks "$@") || exit 70
	daemon0=$(cpu_ticks "$daemon") || exit 70
	apps0=$(cpu_ticks "${apps[@]}") || exit 70
	wakes0=$(wakes "${apps[0]}")
	sleep "$WINDOW_S"
	own1=$(cpu_ticks "$@") || exit 70
	daemon1=$(cpu_ticks "$daemon") || exit 70
	apps1=$(cpu_ticks "${apps[@]}") || exit 70
	wakes1=$(wakes "${apps[0]}")
	echo "$(cpu_percent "$own0" "$own1")" \
		"$(cpu_percent "$daemon0" "$daemon1")" \
		"$(cpu_percent "$apps0" "$apps1")" \
		$(((wakes1 - wakes0) / WINDOW_S)) >> "$file"
}

# wakes PID: how often its busiest thread, the one that plays, has slept
wakes() {
	awk '$1 == "voluntary_ctxt_switches:" && $2 > most { most = $2 }
		END { print most }' "/proc/$1"/task/*/status
}

# apps_play [TARGET-PREFIX]: 16 programs of their own; each into a node of its
# own, where a prefix is given
apps_play() {
	local i
	apps=()
	for ((i = 1; i <= APPS; i++)); do
		play "app$i" "$NOISE" --latency 64 ${1:+--target "$1$i"}
		apps+=("$PID")
	done
}

all_taken() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
apps = [a for a in json.load(sys.stdin)
        if a["tap"] == "take" and a["strip"] > 0]
sys.exit(len(apps) != int(sys.argv[1]))' "$APPS"
}

all_linked() {
	[ "$(graph.py links-to tapdeck | wc -l)" -eq $((2 * APPS)) ]
}

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

# column FILE N: its median over the rounds
column() {
	awk -v n="$2" '{ print $n }' "$WORK/$1" | median
}

load_row() {
	row "$1" "" - "$(column "$2" 1) % + daemon $(column "$2" 2) %"
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
