#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# um_image.sh DIR: makes DIR/linux and DIR/modules, a kernel that is a program of
# this machine (User Mode Linux) and has the ALSA sequencer, from the source of
# Debian's kernel. Debian's own linux.uml has no sound. Takes minutes, once.
# Status 69: there is no source to be had, and the last line says why.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "$0")" && pwd)
unset MAKEFLAGS MAKELEVEL MFLAGS CFLAGS # of whoever calls
MODULES="snd-seq-dummy snd-seq-midi snd-virmidi"

# edit SCRIPT FILE: it has to change something
edit() {
	sed "$1" "$2" >"$2.new"
	cmp -s "$2" "$2.new" && {
		echo "$2 is not what is known of it"
		exit 69
	}
	mv "$2.new" "$2"
}

# User mode has no sound but the host's. The registers of some processors, all
# of which must be restored at once, are more than there is room for. And what a
# process has used is counted in ticks of 10 ms: the scheduler knows too little.
source_edit() {
	edit 's/^if !UML$/if y/' sound/Kconfig
	edit '/^config HZ$/,/default/s/100/1000/' arch/um/Kconfig
	edit 's/\(HOST_FP_SIZE\), 2696/\1, 12288/' arch/x86/um/user-offsets.c
}

# config_has: all that was asked for
config_has() {
	local line
	while read -r line; do
		grep -qx "$line" .config || {
			echo "the kernel's configuration has no $line"
			exit 69
		}
	done < <(grep ^CONFIG "$HERE/um.config")
}

# kernel_make SOURCE TO
kernel_make() {
	local make="make -s ARCH=um"
	cd "$1"
	source_edit
	$make KCONFIG_ALLCONFIG="$HERE/um.config" allnoconfig
	config_has
	$make -j"$(nproc)" linux modules
	$make modules_install INSTALL_MOD_PATH="$2/modules"
	mv linux "$2"
	cd "$2"
	# shellcheck disable=SC2086 # a list of words
	modprobe -d "$2/modules" -S "$(ls modules/lib/modules)" \
		--show-depends -a $MODULES
}

# What is there was made of the same things.
made_of() {
	cat "$0" "$HERE/um.config" | sha256sum
}

dir=$1
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
[ "$(cat "$dir/made" 2>/dev/null)" != "$(made_of)" ] || exit 0
rm -rf "$dir"
mkdir -p "$dir/new"
(cd "$dir/new" && "$HERE/download.sh" linux-source linux-source-) || exit 69
dpkg -x "$dir"/new/*.deb "$dir/new"
tar -C "$dir/new" -xf "$dir"/new/usr/src/linux-source-*.tar.*
rm "$dir"/new/*.deb
kernel_make "$dir"/new/linux-source-* "$dir"
rm -rf "$dir/new"
made_of >"$dir/made"
