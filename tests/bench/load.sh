# SPDX-License-Identifier: GPL-3.0-or-later
# What benches in a session share: rows for bench.sh, 16 programs that play, and
# the processors' time that somebody takes meanwhile. Sourced after deck.sh.
# shellcheck shell=bash

APPS=16
WINDOW_S=6 # CPU is counted over this long
SETTLE_S=1 # after everything is linked
NOISE=$WORK/noise.wav

# row NAME BOUND VERDICT MEASURED
row() {
	printf '%s\t%s\t%s\t%s\n' "$1" "$4" "$2" "$3"
}

median() {
	sort -g | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}

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

# column FILE N: its median over the rounds
column() {
	awk -v n="$2" '{ print $n }' "$WORK/$1" | median
}

load_row() {
	row "$1" "" - "$(column "$2" 1) % + daemon $(column "$2" 2) %"
}
