# SPDX-License-Identifier: GPL-3.0-or-later
# MIDI in the guest: devices, hands and ears. A script sources it after deck.sh.
# shellcheck shell=bash

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 70
DRIVER=/sys/bus/platform/drivers/snd_virmidi
export TAPDECK_MAPPINGS=$VM/../../mappings
PATH=$(cd "$VM/../../build" && pwd):$PATH

# Midi Through, and two cards with a device each: what a program writes to the
# device comes to tapdeck, what tapdeck sends can be read from it.
devices_load() {
	modprobe -d /run/modules -a snd-seq-dummy snd-seq-midi &&
		modprobe -d /run/modules snd-virmidi enable=1,1 midi_devs=1,1
}

# plug CARD, unplug CARD: the file is the driver's own
plug() {
	echo "snd_virmidi.$1" >"$DRIVER/bind"
}

unplug() {
	echo "snd_virmidi.$1" >"$DRIVER/unbind"
}

# mapping NAME: a file of the user's, from stdin
mapping() {
	mkdir -p "$XDG_CONFIG_HOME/tapdeck/mappings"
	cat >"$XDG_CONFIG_HOME/tapdeck/mappings/$1.yaml"
}

# value ADDRESS
value() {
	"$TAPDECK" get "$1" | awk '{ print $2 }'
}

value_is() {
	[ "$(value "$1")" = "$2" ]
}

# moved TEXT ADDRESS VALUE: it has this value, now or in a moment
moved() {
	wait_until 5 value_is "$2" "$3"
	same "$1" "$3" "$(value "$2")"
}

# midi_row PATTERN: tapdeck midi has such a row
midi_row() {
	"$TAPDECK" midi | tee "$WORK/midi" | grep -Eq "^$1" && return
	cat "$WORK/midi"
	return 1
}

# midi_field NAME FIELD: of a device
midi_field() {
	"$TAPDECK" midi --json | python3 -c 'import json, sys
for device in json.load(sys.stdin):
    if device["name"] == sys.argv[1]:
        print(device[sys.argv[2]])' "$@"
}

# said TEXT COUNT: so often by now, in the log
said() {
	[ "$(grep -cF "$1" "$DECK_LOG")" -ge "$2" ] && return
	cat "$DECK_LOG"
	return 1
}

# within SECONDS COMMAND...: and it shows why not
within() {
	wait_until "$@" && return
	shift
	"$@"
}

# hear CARD FILE: appends all that tapdeck sends the device, from the moment
# that there is one. EAR is the process; it ends with the device.
hear() {
	local node=/dev/snd/midiC$1D0
	until [ -c "$node" ] && { exec 5<"$node"; } 2>/dev/null; do
		read -r -t 0.005 <>"$QUIET"
	done
	read -r -t 0 -u 5 # the driver gives nothing before it is asked
	cat <&5 >>"$2" 2>/dev/null &
	EAR=$!
	exec 5<&-
}

QUIET=$WORK/quiet # nobody writes to it: a pause without a process
mkfifo "$QUIET"

# is_heard CARD: somebody has the device open and reads
is_heard() {
	sed '1,/^Input 0/d' "/proc/asound/card$1/midi0" | grep -q 'Owner PID'
}

# heard FILE: in hexadecimal
heard() {
	od -An -v -tx1 "$1" | tr -s '\n ' ' ' | sed 's/^ //; s/ $//' |
		tr a-f A-F
}

heard_is() {
	[ "$(heard "$1")" = "$2" ]
}
