#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# download.sh META NAME: downloads, into the working directory, the package that
# Debian's META stands for: the first of those it depends on whose name begins
# with NAME. Nothing is installed. The last line says why it could not be done.
set -euo pipefail

package_name() {
	apt-cache depends "$1" 2>/dev/null |
		awk -v name="$2" '$1 == "Depends:" && index($2, name) == 1 {
			print $2; exit }'
}

fetch() {
	local name
	name=$(package_name "$@")
	[ -n "$name" ] && apt-get download -q "$name"
}

fetch "$@" && exit
# An old list names packages that are no longer there.
root=
[ "$(id -u)" = 0 ] || root=sudo
$root apt-get update -q
[ -n "$(package_name "$@")" ] || {
	echo "no package $1" >&2
	exit 1
}
fetch "$@"
