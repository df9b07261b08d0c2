#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# run.sh BUILD: MIDI on the real ALSA sequencer, which a machine for
# tests has not: Debian's kernel is booted in qemu, with the host's files for a
# root. The guest cannot write to the host. All is emulated: a KVM that is there
# and does not work, as inside of other virtual machines, never comes to an end.
#
# Prints a line, and the whole log where it failed. Where a guest cannot be had
# it is skipped, which is said. DEPS_VM in the environment: the packages that
# are needed. NO_VM: why it is left out.
set -u

HERE=$(cd "$(dirname "$0")" && pwd) || exit 70
BUILD=$(cd "$1" && pwd) || exit 70
VM=$BUILD/vm
NAME=check_midi.sh
LIMIT_S=${TAPDECK_VM_LIMIT_S:-300}
# shellcheck source=tests/vm/guest.sh
. "$HERE/guest.sh"

folder() {
	echo "local,path=$1,mount_tag=$2,security_model=none,readonly=on,\
multidevs=remap"
}

# TSC: the kernel trusts no emulated one, and asks a far slower clock.
boot() {
	rm -f "$VM/console.log" "$VM/guest.log"
	timeout -k 5 "$LIMIT_S" qemu-system-x86_64 \
		-accel tcg,thread=multi -cpu max -smp 2 -m 1024 \
		-nodefaults -nic none -display none -no-reboot \
		-serial "file:$VM/console.log" -serial "file:$VM/guest.log" \
		-virtfs "$(folder / host)" -virtfs "$(folder "$VM/share" tapdeck)" \
		-kernel "$VM/vmlinuz" -initrd "$VM/initrd.gz" -append \
		"console=ttyS0 quiet panic=-1 tsc=reliable GUEST=tests/vm/$NAME" \
		</dev/null >"$VM/qemu.log" 2>&1
	QEMU=$?
}

# The guest's last word is the status of what it ran.
passed() {
	[ "$QEMU" = 0 ] && [ "$(tail -n 1 "$VM/guest.log")" = "status 0" ]
}

show_failure() {
	local log
	[ "$QEMU" != 124 ] || echo "---- the guest took more than $LIMIT_S s"
	for log in guest qemu console; do
		[ -s "$VM/$log.log" ] || continue
		echo "---- $VM/$log.log"
		tail -n 200 "$VM/$log.log"
	done
}

[ -z "${NO_VM:-}" ] || skip "$NO_VM"
start=$(date +%s%N)
prepare "${DEPS_VM:-}" "$HERE/image.sh" "$VM"
share
boot
took=$((($(date +%s%N) - start) / 100000000))
result=$(grep ' passed, .* failed$' "$VM/guest.log" | tail -n 1)
if passed && [ -n "$result" ]; then
	printf '%-7s %-28s %3d.%d s  (%s)\n' ok "vm/$NAME" \
		$((took / 10)) $((took % 10)) "$result"
	exit 0
fi
printf '%-7s %-28s %3d.%d s\n' FAILED "vm/$NAME" $((took / 10)) $((took % 10))
show_failure
exit 1
