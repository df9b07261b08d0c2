#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a MIDI message takes from the byte that comes in to the sample that
# goes out, and what an idle tapdeck with devices costs; in the guest that
# um_bench.sh boots. Prints rows for bench.sh.
# shellcheck disable=SC2034 # read by lib.sh
SESSION="-q 64"
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"
# shellcheck source=tests/vm/midi.sh
. "$TOOLS/../vm/midi.sh"

ROUNDS=3
WINDOW_S=5  # CPU is counted over this long
SETTLE_S=14 # WirePlumber and tapdeck's supervisor look at what has come

mapping bench <<'END'
name: Bench
device: "VirMIDI 0-0"
takeover: jump
controls:
  - {on: cc 7, to: /strip/1/fader}
END

# used: ns of processor and wake-ups so far, of the engine's control thread,
# where MIDI is
used() {
	local task=/proc/$ENGINE/task/$ENGINE
	echo "$(cut -d' ' -f1 "$task/schedstat") $(awk \
		'$1 == "voluntary_ctxt_switches:" { print $2 }' "$task/status")"
}

# measure FILE: appends a line: per cent of a processor, wake-ups a second
measure() {
	local from
	from=$(used)
	sleep "$WINDOW_S"
	echo "$from $(used)" | awk -v s="$WINDOW_S" \
		'{ printf "%.2f %.0f\n", ($3 - $1) / s / 1e7, ($4 - $2) / s }' \
		>>"$1"
}

# median FILE N: of a column
median() {
	cut -d' ' -f"$2" "$1" | sort -g |
		awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'
}

has_port() {
	{ pw-link -o && pw-link -i; } | grep -qx "$1"
}

bench_sound() {
	local pid
	pw-jack midi_sound /dev/snd/midiC0D0 &
	pid=$!
	wait_until 5 has_port player:out && wait_until 5 has_port listener:in ||
		die "no JACK clients"
	pw-link tapdeck:main_FL listener:in
	pw-link player:out tapdeck:strip1_FL
	wait $pid
}

cpu_row() {
	awk -v with="$(median with 1)" -v without="$(median without 1)" \
		-v wakes="$(median with 2)" -v fewer="$(median without 2)" \
		'BEGIN {
		more = with - without
		printf "CPU of two devices that are open, nothing moves\t"
		printf "%.2f %% of a core (%s - %s); ", more, with, without
		printf "%d wake-ups a second\t<= 0.5 %%\t%s\n", wakes - fewer,
			more <= 0.5 ? "met" : "MISSED" }'
}

# devices_open N: both, for the n-th time
devices_open() {
	wait_until 5 said "VirMIDI 0-0: Bench" 1 &&
		wait_until 5 said "VirMIDI 1-0 is back" $(($1 - 1)) ||
		die "no device: $(<"$DECK_LOG")"
}

bench_cpu() {
	local round
	for ((round = 1; round <= ROUNDS; round++)); do
		devices_open $round
		measure with
		unplug 0
		unplug 1
		wait_until 5 said "VirMIDI 1-0 is gone" $round || die "not gone"
		measure without
		plug 0 && plug 1 || die "no device"
	done
	cpu_row
}

cd "$WORK" || exit 70
deck_start --block 64
ENGINE=$(deck_engine) || die "no engine"
devices_load || die "no sequencer"
devices_open 1
echo "# MIDI by ALSA's sequencer and PortMidi: from byte to sample, 64-frame blocks"
sleep $SETTLE_S
bench_sound || die "midi_sound failed"
bench_cpu
deck_stop TERM
