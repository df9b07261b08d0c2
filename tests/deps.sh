#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs those of the named Debian packages that are missing, and says so.
set -eu

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
if ! { $root apt-get update -q && $root env DEBIAN_FRONTEND=noninteractive \
	apt-get install -q -y --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	exit 1
fi
echo "deps: done"
