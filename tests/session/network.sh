# shellcheck shell=bash
# SPDX-License-Identifier: GPL-3.0-or-later
# To be sourced before all else: the test goes on in a network of its own.

if [ -z "$TAPDECK_NETWORK" ]; then
	user=
	[ "$(id -u)" -eq 0 ] || user=--map-root-user
	if ! unshare $user --net true; then
		echo "ok 1 - not tested: no network namespaces here"
		echo "1 passed, 0 failed"
		exit 0
	fi
	export TAPDECK_NETWORK=1
	# shellcheck disable=SC2016 # the inner shell's
	exec unshare $user --net bash -c 'ip link set lo up && exec "$0"' "$0"
fi
