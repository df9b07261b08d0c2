#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# layers.sh: every #include of core, driver and control against tests/floors;
# prints each that goes up. Neighbours on one floor may include each other.
set -u
cd "$(dirname "$0")/.." || exit 70

# judge: reads what grep -Hn says
judge() {
	awk '
	function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
	FNR == NR && ($1 == "" || $1 ~ /^#/) { next }
	FNR == NR && $1 == "!" { may[$2 " " $3] = 1; next }
	FNR == NR { for (i = 1; i <= NF; i++) floor[$i] = FNR; next }
	{
		split($0, at, ":")
		split($0, quoted, "\"")
		to = quoted[2]
		a = floor[folder(at[1])]
		b = (to in floor) ? floor[to] : floor[folder(to)]
		why = a && b ? ", which is above it" : ", which has no floor"
		key = at[1] " " to
		used[key] = 1
		if (!a || !b || (b < a && !(key in may))) {
			print at[1] ":" at[2] ": includes " to why
			bad = 1
		}
	}
	END {
		for (m in may)
			if (!(m in used) && !planted) {
				print "tests/floors: not needed any more: ! " m
				bad = 1
			}
		exit bad
	}' planted="${1:-}" tests/floors -
}

grep -rHn '^#include "' core driver control | judge || exit 1
# it can fail
! echo 'core/mixer.c:1:#include "control/cli/cmd.h"' | judge planted \
	>/dev/null || { echo "layers.sh: a planted line is not found"; exit 1; }
crowded=$(find core driver control -name '*.[ch]' -printf '%h\n' | sort | uniq -c |
	awk '$1 > 30 { print $2 ": " $1 " files; 30 are allowed" }')
[ -z "$crowded" ] || { echo "$crowded"; exit 1; }
echo "check-layers: nothing includes what is above it"
