#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two buses play into one sink, which gives the clock: main leaves it and comes
# back, and the other bus plays on.
SESSION="-q 1024 -s two"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

CHANGES=6
MAX_FRAMES=9600 # a pause costs 4800 with each change

default() {
	pw-metadata 0 default.configured.audio.sink "{ \"name\": \"$1\" }" \
		Spa:String:JSON >/dev/null
	wait_until 5 main_is "$1" || not_ok "main follows to $1"
}

# behind: frames of time that have passed without being played
behind() {
	local now=${EPOCHREALTIME/[.,]/} played
	played=$(deck_status mixer_frames | cut -d. -f1)
	echo $((now * 48 / 1000 - played))
}

gen.py noise "$WORK/a.wav" -t 30 -s 1
deck_start --bus main --bus cue=room --route both=main+cue
play app "$WORK/a.wav"
app=$PID
deck_taken app || die "the program is not taken"
deck_plays 4800
before=$(behind)
for ((i = 0; i < CHANGES; i++)); do
	for sink in two room; do
		default $sink
		deck_plays 9600
	done
done
lost=$(($(behind) - before))
check "no clock stands still as main leaves it ($lost frames)" \
	test $lost -lt $MAX_FRAMES
deck_stop
same "tapdeck ends well" 0 $?
quit "$app"
finish
