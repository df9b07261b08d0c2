#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench.sh [BUILD]: runs every bench and prints one table. A missed bound is
# shown and counted, and is no failure: a machine may be busy. Fails (70) only
# when a bench could not run.
set -o pipefail

BUILD=$(cd "${1:-build}" && pwd) || exit 70
HERE=$(cd "$(dirname "$0")" && pwd) || exit 70
export TAPDECK=${TAPDECK:-$BUILD/tapdeck}

# A row is shown when it is measured. (Not by awk: mawk waits until it has a
# whole buffer to read, and its way round that is no other awk's.)
table() {
	local row measured bound verdict met=0 missed=0
	while IFS='' read -r line; do
		if [[ $line = '#'* ]]; then
			printf '\n%s\n' "${line:2}"
			continue
		fi
		# a tab is white space to read, and a field may be empty
		IFS=$'\x1f' read -r row measured bound verdict \
			<<< "${line//$'\t'/$'\x1f'}"
		if [ -z "$verdict" ]; then
			printf '%s\n' "$line"
			continue
		fi
		printf '  %-44s %-52s %-16s %s\n' "$row" "$measured" \
			"${bound:--}" "$verdict"
		case $verdict in
		-) ;;
		MISSED) missed=$((missed + 1)) ;;
		*) met=$((met + 1)) ;;
		esac
	done
	printf '\n%d bounds met, %d missed\n' "$met" "$missed"
}

rows() {
	local failed=0
	"$BUILD/bench_mixer" || failed=1
	"$BUILD/bench_ladspa" || failed=1
	"$BUILD/bench_messages" || failed=1
	"$BUILD/bench_ring" || failed=1
	"$BUILD/bench_osc_time" || failed=1
	(cd "$HERE/../.." && "$BUILD/bench_midi" &&
		"$BUILD/bench_midi_time") || failed=1
	"$HERE/bench_ports.sh" "$BUILD" || failed=1
	"$HERE/bench_session.sh" "$BUILD" || failed=1
	"$HERE/bench_chains.sh" "$BUILD" || failed=1
	"$HERE/../vm/um_bench.sh" "$BUILD" || failed=1
	[ $failed = 0 ]
}

printf '  %-44s %-52s %-16s %s\n' row measured bound verdict
rows | table || exit 70
