#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# in.sh ROOT [-n] COMMAND...: runs a command inside of another Debian's files.
# What is mounted for it, and whatever it leaves running, goes with it. -n: with
# a network of its own, where all ports are free and nobody is reached. DEBS in
# the environment: where apt keeps its downloads.
set -u

root=$(cd "$1" && pwd) || exit 70
shift
net=
if [ "$1" = -n ]; then
	net=--net
	shift
fi

# Runs in the new namespaces, as their first process.
inside() {
	local name
	mount --make-rprivate / || return
	# itself a mount, or nobody inside can have mounts of his own
	mount --bind "$root" "$root" && mount -t proc proc "$root/proc" || return
	# a network that is not ours has no sysfs of its own to give
	mount -t sysfs -o ro sysfs "$root/sys" 2>/dev/null ||
		mount --rbind -o ro /sys "$root/sys" || return
	mount -t tmpfs -o mode=755 tmpfs "$root/dev" || return
	for name in null zero full random urandom tty; do
		touch "$root/dev/$name" &&
			mount --bind "/dev/$name" "$root/dev/$name" || return
	done
	mkdir "$root/dev/pts" "$root/dev/shm" || return
	mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts" &&
		mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm" &&
		mount -t tmpfs -o mode=1777 tmpfs "$root/tmp" &&
		mount -t tmpfs -o mode=755 tmpfs "$root/run" || return
	[ -z "${DEBS:-}" ] ||
		mount --bind "$DEBS" "$root/var/cache/apt/archives" || return
	ln -s pts/ptmx "$root/dev/ptmx"
	ln -s /proc/self/fd "$root/dev/fd"
	ip link set lo up || return
	cp /etc/resolv.conf "$root/etc/resolv.conf" || return
	exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} \
		${https_proxy:+https_proxy="$https_proxy"} \
		DEBIAN_FRONTEND=noninteractive chroot "$root" "$@"
}

export root
export -f inside
exec unshare --mount --pid --fork $net --kill-child \
	bash -c 'inside "$@"; exit 71' _ "$@"
