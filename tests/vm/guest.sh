# SPDX-License-Identifier: GPL-3.0-or-later
# The guests of run.sh and um_bench.sh. A script that sources it has set HERE,
# BUILD, VM, the guest's folder, and NAME, what it runs.
# shellcheck shell=bash

# What cannot be helped is no failure of tapdeck.
skip() {
	echo "SKIPPED $NAME (MIDI on the real ALSA sequencer): $*"
	exit 0
}

reason() {
	grep -v '^W: ' "$1" | tail -n 1
}

# What the guest runs is a copy, so that it does not matter where we are.
share() {
	local tool
	rm -rf "$VM/share"
	mkdir -p "$VM/share/build"
	cp -r "$HERE/../../tests" "$HERE/../../mappings" "$VM/share" &&
		cp "${TAPDECK:-$BUILD/tapdeck}" "$VM/share/build/tapdeck" ||
		exit 70
	for tool in "$HERE"/*.c; do
		cp "$BUILD/$(basename "$tool" .c)" "$VM/share/build" || exit 70
	done
}
