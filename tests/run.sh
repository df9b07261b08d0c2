#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh [-s] LOGDIR TEST...: runs test programs, as many at a time as there are
# processors; prints a line each, and the whole log of those that fail. One that
# takes five minutes, or $LIMIT_S, has failed.
#
# -s: tests of sound in real time. One at a time, since a player that gets no
# processor loses samples before tapdeck sees them; and for the same reason, on
# machines that are shared, a second try, which is said.
set -u

jobs=$(nproc)
export TRIES=1
if [ "$1" = -s ]; then
	jobs=1
	TRIES=2
	shift
fi
logs=$1
shift
mkdir -p "$logs"

run_one() {
	local name log start took status=1 try=0
	name=$(basename "$1")
	log=$2/$name.log
	start=$(date +%s%N)
	while [ $status != 0 ] && [ $((try += 1)) -le "$TRIES" ]; do
		[ $try = 1 ] || cp "$log" "$log.first"
		timeout -k 10 "${LIMIT_S:-300}" "$1" >"$log" 2>&1 </dev/null
		status=$?
	done
	took=$((($(date +%s%N) - start) / 100000000))
	printf '%-7s %-28s %3d.%d s%s\n' "$([ $status = 0 ] && echo ok || echo FAILED)" \
		"$name" $((took / 10)) $((took % 10)) \
		"$([ $status != 0 ] && echo "  (status $status)")$([ $try = 2 ] && [ $status = 0 ] && echo '  on the second try')"
	if [ $try -gt 1 ] && [ $status = 0 ]; then
		grep '^not ok' "$log.first"
	fi
	[ $status = 0 ] || : >"$log.failed"
}
export -f run_one

rm -f "$logs"/*.failed "$logs"/*.first
printf '%s\0' "$@" |
	xargs -0 -P "$jobs" -I{} bash -c 'run_one "$@"' _ {} "$logs"
failed=0
for mark in "$logs"/*.failed; do
	[ -e "$mark" ] || continue
	failed=$((failed + 1))
	echo "---- ${mark%.failed}"
	cat "${mark%.failed}"
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
