#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh LOGDIR TEST...: runs test programs, as many at a time as there are
# processors; prints a line each, and the whole log of those that fail.
set -u

logs=$1
shift
mkdir -p "$logs"

run_one() {
	local name log start status
	name=$(basename "$1")
	log=$2/$name.log
	start=$(date +%s%N)
	"$1" >"$log" 2>&1 </dev/null
	status=$?
	local took=$((($(date +%s%N) - start) / 100000000))
	if [ $status = 0 ]; then
		printf 'ok      %-28s %3d.%d s\n' "$name" $((took / 10)) $((took % 10))
	else
		printf 'FAILED  %-28s %3d.%d s  (status %d)\n' \
			"$name" $((took / 10)) $((took % 10)) $status
		: >"$log.failed"
	fi
}
export -f run_one

rm -f "$logs"/*.failed
printf '%s\0' "$@" |
	xargs -0 -P "$(nproc)" -I{} bash -c 'run_one "$@"' _ {} "$logs"
failed=0
for mark in "$logs"/*.failed; do
	[ -e "$mark" ] || continue
	failed=$((failed + 1))
	echo "---- ${mark%.failed}"
	cat "${mark%.failed}"
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
