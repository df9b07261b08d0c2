#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench.sh [BUILD]: runs every bench and prints one table. A missed bound is
# shown and counted, and is no failure: a machine may be busy. Fails (70) only
# when a bench could not run.
set -o pipefail

BUILD=$(cd "${1:-build}" && pwd) || exit 70
HERE=$(cd "$(dirname "$0")" && pwd) || exit 70
export TAPDECK=${TAPDECK:-$BUILD/tapdeck}

table() {
	awk -F '\t' '
		/^#/ { printf "\n%s\n", substr($0, 3); fflush(); next }
		NF == 4 {
			printf "  %-44s %-52s %-8s %s\n", $1, $2,
				$3 == "" ? "-" : $3, $4
			missed += $4 == "MISSED"
			bound += $4 != "-"
			fflush()
			next
		}
		{ print; fflush() }
		END { printf "\n%d bounds met, %d missed\n", bound - missed,
			missed }'
}

rows() {
	local failed=0
	"$BUILD/bench_mixer" || failed=1
	"$BUILD/bench_ring" || failed=1
	"$BUILD/bench_osc_time" || failed=1
	(cd "$HERE/../.." && "$BUILD/bench_midi" &&
		"$BUILD/bench_midi_time") || failed=1
	"$HERE/bench_ports.sh" "$BUILD" || failed=1
	"$HERE/bench_session.sh" "$BUILD" || failed=1
	"$HERE/../vm/um_bench.sh" "$BUILD" || failed=1
	[ $failed = 0 ]
}

printf '  %-44s %-52s %-8s %s\n' row measured bound verdict
rows | table || exit 70
