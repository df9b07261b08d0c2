#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# um_bench.sh BUILD: the rows of bench_midi.sh for bench.sh. What it needs, the
# real ALSA sequencer on a real processor, is made for it: a kernel that runs as
# a program of this machine, as fast as the machine. It has one processor, and
# sees the host's files without being able to write to them.
#
# Where a guest cannot be had it is skipped, which is said. DEPS_UM in the
# environment: the packages that are needed.
set -u

HERE=$(cd "$(dirname "$0")" && pwd) || exit 70
BUILD=$(cd "$1" && pwd) || exit 70
VM=$BUILD/um
NAME=bench_midi.sh
LIMIT_S=${TAPDECK_VM_LIMIT_S:-300}
# shellcheck source=tests/vm/guest.sh
. "$HERE/guest.sh"

# The guest is two processes that wait for each other, and runs best on one
# processor, before all else there.
first_of_all() {
	local cpu
	[ "$(nproc)" -gt 1 ] && chrt -f 10 true 2>/dev/null || return
	cpu=$(taskset -cp $$ | sed 's/.*[ ,-]//')
	echo "taskset -c $cpu chrt -f 10"
}

boot() {
	# shellcheck disable=SC2046 # a list of words
	timeout -k 5 "$LIMIT_S" $(first_of_all) "$VM/kernel/linux" \
		mem=1G quiet rootfstype=hostfs rootflags=/ ro \
		init="$HERE/um_init" con=null con0=null,fd:1 ssl=null \
		SHARE="$VM/share" MODULES="$VM/kernel/modules" \
		GUEST="tests/vm/$NAME" </dev/null 2>"$VM/linux.log" |
		tr -d '\r' >"$VM/guest.log"
}

prepare "${DEPS_UM:-}" "$HERE/um_image.sh" "$VM/kernel"
share
boot
if ! grep -qx 'status 0' "$VM/guest.log"; then
	tail -n 100 "$VM/guest.log" "$VM/linux.log" >&2
	exit 70
fi
grep -e '^#' -e $'\t' "$VM/guest.log"
