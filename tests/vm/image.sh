#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# image.sh DIR: makes DIR/vmlinuz and DIR/initrd.gz, Debian's kernel and the
# little that boots it: busybox, the modules named below and what they need. The
# kernel's package is downloaded and unpacked, never installed; what is taken
# from it stays in DIR. Status 69: there is no such package to be had, and the
# last line says why.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "$0")" && pwd)

# The host's files, then the sequencer and its devices.
MODULES="virtio_pci 9pnet_virtio 9p snd-seq snd-seq-midi snd-seq-dummy
	snd-virmidi snd-aloop"

# modules_take ROOT TO VERSION: those and what they need, as depmod finds it
modules_take() {
	local root=$1 to=$2 version=$3 file
	depmod -b "$root" "$version"
	# shellcheck disable=SC2086 # a list of words
	modprobe -d "$root" -S "$version" --show-depends -a $MODULES |
		awk '$1 == "insmod" { print $2 }' | sort -u |
		while read -r file; do
			install -D -m 644 "$file" "$to${file#"$root"}"
		done
	cp "$root/lib/modules/$version"/modules.{order,builtin*} \
		"$to/lib/modules/$version"
	depmod -b "$to" "$version"
}

# kernel_make DIR: DIR/vmlinuz and DIR/modules, all or nothing
kernel_make() {
	local new=$1/new version
	rm -rf "$new" "$1/kernel" "$1/modules" "$1/vmlinuz"
	mkdir -p "$new/tree"
	(cd "$new" && "$HERE/download.sh" linux-image-amd64 linux-image-) ||
		exit 69
	dpkg -x "$new"/linux-image-*.deb "$new/tree"
	version=$(basename "$new"/tree/lib/modules/*)
	modules_take "$new/tree" "$new/modules" "$version"
	mv "$new/modules" "$1/modules"
	mv "$new/tree/boot/vmlinuz-$version" "$1/vmlinuz"
	# shellcheck disable=SC2086 # a list of words
	echo $MODULES >"$1/kernel"
	rm -rf "$new"
}

dir=$1
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# shellcheck disable=SC2086 # a list of words
[ "$(cat "$dir/kernel" 2>/dev/null)" = "$(echo $MODULES)" ] ||
	kernel_make "$dir"
rm -rf "$dir/root"
mkdir -p "$dir/root/bin" "$dir/root/host"
cp /bin/busybox "$dir/root/bin"
cp "$HERE/init" "$dir/root"
cp -r "$dir/modules/lib" "$dir/root"
(cd "$dir/root" && find . | busybox cpio -o -H newc 2>/dev/null |
	gzip -1) >"$dir/initrd.gz"
