#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh [-s] LOGDIR TEST...: runs test programs, one more at a time than there are
# processors, since most of them wait most of the time; prints a line each, and
# the whole log of those that fail. One that takes five minutes, or $LIMIT_S, has
# failed.
#
# -s: tests of sound in real time, as many as there are processors. A player that
# gets none loses samples before tapdeck sees them: those that fail have a second
# try, one at a time, and that is said.
set -u

jobs=$(($(nproc) + 1))
again=
if [ "$1" = -s ]; then
	again=1
	jobs=$(nproc)
	shift
fi
logs=$1
shift
mkdir -p "$logs"

run_one() {
	local name log start took status
	name=$(basename "$1")
	log=$2/$name.log
	start=$(date +%s%N)
	timeout -k 10 "${LIMIT_S:-300}" "$1" >"$log" 2>&1 </dev/null
	status=$?
	took=$((($(date +%s%N) - start) / 100000000))
	printf '%-7s %-28s %3d.%d s%s\n' \
		"$([ $status = 0 ] && echo ok || echo "$3")" \
		"$name" $((took / 10)) $((took % 10)) \
		"$([ $status = 0 ] || echo "  (status $status)")"
	[ $status = 0 ] || echo "$1" >"$log.failed"
}
export -f run_one

# run JOBS WORD TEST...: WORD is said of one that fails
run() {
	local jobs=$1 word=$2
	shift 2
	printf '%s\0' "$@" | xargs -0 -P "$jobs" -I{} \
		bash -c 'run_one "$@"' _ {} "$logs" "$word"
}

# What the first try has said is shown, also where the second one is well.
run_again() {
	local mark tests=()
	for mark in "$logs"/*.failed; do
		[ -e "$mark" ] || return 0
		tests+=("$(cat "$mark")")
		cp "${mark%.failed}" "${mark%.failed}.first"
		rm "$mark"
	done
	grep '^not ok' "$logs"/*.first | sed "s|^$logs/||"
	echo "once more, one at a time:"
	run 1 FAILED "${tests[@]}"
}

rm -f "$logs"/*.failed "$logs"/*.first
if [ -n "$again" ]; then
	run "$jobs" failed "$@"
	run_again
else
	run "$jobs" FAILED "$@"
fi
failed=0
for mark in "$logs"/*.failed; do
	[ -e "$mark" ] || continue
	failed=$((failed + 1))
	echo "---- ${mark%.failed}"
	cat "${mark%.failed}"
done
echo "$(($# - failed)) passed, $failed failed"
[ $failed = 0 ]
