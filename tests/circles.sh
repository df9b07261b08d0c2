#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# circles.sh BUILD OBJECT...: files that call each other in a loop, by the
# symbols of their objects.
set -u
cd "$(dirname "$0")/.." || exit 70
build=$1
shift

# judge: reads what nm -A says
judge() {
	awk -v build="$build/" '
	# By what from calls, and what that calls: to start? Then by[start] is
	# the first step of the way.
	function comes_back(from, start,   list, n, i) {
		seen[from] = start
		n = split(calls[from], list, " ")
		for (i = 1; i <= n; i++)
			if (list[i] == start || (seen[list[i]] != start &&
					comes_back(list[i], start))) {
				by[from] = list[i]
				return 1
			}
		return 0
	}
	{
		split($0, at, ":")
		file = substr(at[1], length(build) + 1)
		sub(/\.o$/, ".c", file)
		if ($(NF - 1) ~ /^[Uw]$/)
			wants[file " " $NF] = 1
		else
			home[$NF] = file
	}
	END {
		for (pair in wants) {
			split(pair, p, " ")
			to = home[p[2]]
			edge = p[1] " " to
			if (to != "" && to != p[1] && !(edge in done)) {
				done[edge] = 1
				calls[p[1]] = calls[p[1]] " " to
			}
		}
		for (file in calls)
			if (comes_back(file, file)) {
				print file ": calls " by[file] \
					", which comes back to it"
				bad = 1
			}
		exit bad
	}'
}

nm -A -g "$@" | judge || exit 1
# it can fail
! printf '%s\n' "$build/a.o: U g" "$build/a.o:0 T f" "$build/b.o: U f" \
	"$build/b.o:0 T g" | judge >/dev/null ||
	{ echo "circles.sh: a planted circle is not found"; exit 1; }
echo "check-layers: no file calls itself by way of others"
