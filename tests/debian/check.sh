#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check.sh SUITE DIR: make check on another Debian: its files, made once in
# DIR/SUITE, on this machine's kernel. SUITE is a name as apt knows it: trixie.
#
# Where it cannot be had this is said, and is no failure. DIR/SUITE.result is
# one line, for who reads the end only. DEPS_DEBIAN in the environment: the
# packages that are needed here; WITHOUT: programs that are not tried there.
set -u

HERE=$(cd "$(dirname "$0")" && pwd) || exit 70
SUITE=$1
mkdir -p "$2" && DIR=$(cd "$2" && pwd) || exit 73
ROOT=$DIR/$SUITE
RESULT=$ROOT.result
WITHOUT=${WITHOUT:-}
# its downloads, which outlive it
export DEBS=$ROOT.debs

result() {
	echo "$*" | tee "$RESULT"
}

skip() {
	result "SKIPPED make check on Debian $SUITE: $*"
	exit 0
}

fail() {
	result "FAILED make check on Debian $SUITE: $*"
	exit 1
}

last_line() {
	grep -v '^W: ' "$1" | tail -n 1
}

# Where this machine has Debian from, by what apt itself has read.
mirror() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(LABEL) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$1 == "Debian" && $2 == "main" { print $3; exit }'
}

have_mirror() {
	MIRROR=${MIRROR:-$(mirror)}
	[ -n "$MIRROR" ] && return
	apt-get update -q >"$ROOT.log" 2>&1
	MIRROR=$(mirror)
	[ -n "$MIRROR" ]
}

bootstrap() {
	local script=/usr/share/debootstrap/scripts/$SUITE
	# younger than the debootstrap here
	[ -e "$script" ] || script=/usr/share/debootstrap/scripts/sid
	rm -rf "$ROOT" "$ROOT.made"
	unshare --mount --pid --fork --kill-child debootstrap \
		--variant=minbase --cache-dir="$DEBS" \
		"$SUITE" "$ROOT" "$MIRROR" "$script" >"$ROOT.log" 2>&1 &&
		touch "$ROOT.made"
}

# A copy, with the times of the files: what is built there stays good.
copy() {
	mkdir -p "$ROOT/root/tapdeck" &&
		find "$ROOT/root/tapdeck" -mindepth 1 -maxdepth 1 ! -name build \
			-exec rm -rf {} + &&
		tar -C "$HERE/../.." --exclude=./build --exclude=./.git -c . |
		tar -C "$ROOT/root/tapdeck" -x
}

inside() {
	"$HERE/in.sh" "$ROOT" "$@"
}

# version PACKAGE: the upstream part
version() {
	inside dpkg-query -W -f='${source:Upstream-Version}' "$1"
}

rm -f "$RESULT"
[ "$(id -u)" = 0 ] || skip "only root can make and enter its files"
# shellcheck disable=SC2086 # a list of words
"$HERE/../deps.sh" ${DEPS_DEBIAN:-} >"$ROOT.log" 2>&1 ||
	skip "packages are missing: $(last_line "$ROOT.log")"
unshare --mount --pid --fork --net --kill-child true 2>"$ROOT.log" ||
	skip "no namespaces: $(last_line "$ROOT.log")"
mkdir -p "$DEBS"
if [ ! -e "$ROOT.made" ]; then
	have_mirror || skip "apt knows no mirror of Debian; MIRROR=URI names one"
	echo "debian: making $SUITE in $ROOT from $MIRROR"
	bootstrap || skip "debootstrap: $(last_line "$ROOT.log")"
fi
copy || fail "the sources could not be copied"
inside sh -c 'cd /root/tapdeck && tests/deps.sh make &&
	make deps deps-programs WITHOUT="$1"' _ "$WITHOUT" ||
	fail "its packages could not be installed"
inside -n make -C /root/tapdeck check WITHOUT="$WITHOUT" \
	NO_VM="the machine around this one boots it" || fail "see above"
result "ok make check on Debian $SUITE" \
	"(PipeWire $(version pipewire), WirePlumber $(version wireplumber));" \
	"SKIPPED there: make vm${WITHOUT:+, $WITHOUT}"
