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

# prepare PACKAGES COMMAND...: the packages it needs, and its kernel, which the
# command makes; that ends with 69 where there can be none
prepare() {
	local packages=$1
	shift
	[ "$(uname -sm)" = "Linux x86_64" ] ||
		skip "it needs Linux on x86_64, this is $(uname -sm)"
	mkdir -p "$VM" || exit 73
	# shellcheck disable=SC2086 # a list of words
	"$HERE/../deps.sh" $packages >"$VM/deps.log" 2>&1 ||
		skip "packages are missing: $(reason "$VM/deps.log")"
	"$@" >"$VM/image.log" 2>&1
	case $? in
	0) ;;
	69) skip "no kernel for it: $(reason "$VM/image.log")" ;;
	*) cat "$VM/image.log" >&2 && exit 70 ;;
	esac
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
