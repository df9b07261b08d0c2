#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# deps.sh [-o] PACKAGE...: installs those of the named Debian packages that are
# missing, and says so. -o: one that cannot be had is said, and is no failure.
set -eu

optional=
[ "$1" != -o ] || { optional=1 && shift; }
missing=
for package; do
	# shellcheck disable=SC2016 # dpkg's own variable
	dpkg-query -W -f='${Status}' "$package" 2>/dev/null |
		grep -q '^install ok installed' || missing="$missing $package"
done
if [ -z "$missing" ]; then
	echo "deps: nothing is missing"
	exit 0
fi

if ! command -v apt-get >/dev/null; then
	echo "deps: no apt-get here; install what these Debian packages hold:$missing" >&2
	exit 1
fi
root=
[ "$(id -u)" = 0 ] || root=sudo
echo "deps: missing:$missing"
echo "deps: installing with${root:+ $root} apt-get"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# shellcheck disable=SC2086 # a list of words
if ! $root apt-get update -q >"$log" 2>&1 && [ -z "$optional" ]; then
	cat "$log" >&2
	exit 1
fi
install() {
	$root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends "$@" >"$log" 2>&1
}
# shellcheck disable=SC2086
if ! install $missing; then
	[ -n "$optional" ] || { cat "$log" >&2 && exit 1; }
	for package in $missing; do
		install "$package" || echo "deps: $package cannot be had here"
	done
fi
echo "deps: done"
