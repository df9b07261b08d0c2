#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How long a MIDI message takes to its parameter, and what an idle tapdeck with
# a device costs; in the guest that run.sh boots. Prints rows for bench.sh. An
# emulated processor is many times slower than a real one: what holds here holds
# on a desk, what is missed here may yet hold there. So the same is done by OSC,
# whose time on a real processor has a row of its own, and wake-ups are counted.
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"
# shellcheck source=tests/vm/midi.sh
. "$TOOLS/../vm/midi.sh"

ROUNDS=3
WINDOW_S=5 # CPU is counted over this long

mapping bench <<'END'
name: Bench
device: [Bench, "VirMIDI 0-0"]
takeover: jump
controls:
  - {on: cc 0-7, to: "/strip/{1-8}/fader"}
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

cd "$WORK" || exit 70
deck_start
ENGINE=$(deck_engine) || die "no engine"
devices_load || die "no sequencer"
for ((round = 1; round <= ROUNDS; round++)); do
	[ $round = 1 ] || plug 0 || die "no device"
	[ $round = 1 ] || plug 1 || die "no device"
	back=$((round - 1))
	wait_until 5 said "VirMIDI 1-0 is back" $back &&
		wait_until 5 said "VirMIDI 0-0: Bench" 1 ||
		die "no device: $(<"$DECK_LOG")"
	measure with
	unplug 0
	unplug 1
	wait_until 5 said "VirMIDI 1-0 is gone" $round || die "not gone"
	measure without
done
echo "# MIDI through the ALSA sequencer, on an emulated processor"
midi_time "$TAPDECK_PORT" || die "midi_time failed"
cpu_row
deck_stop TERM
