#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program whose user has sent it to the room, and that ends as soon as it is
# taken: the session manager remembers it there still, also when PipeWire has
# told nobody where it belongs.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

STEPS=14 # of 50 ms: tapdeck would look 100 ms after it has taken it

gen.py noise "$WORK/a.wav" -t 60 -s 1
export PULSE_PROP=media.role=short # what it is remembered by
play_looped pulse app "$WORK/a.wav"
app=$PID
played_in room app || die "app does not play"
pw-metadata "$(graph.py node-id app)" target.node "$(graph.py node-id room)" \
	Spa:Id >/dev/null
wait_until 5 remembers short room || die "where it is sent is not remembered"
quit "$app"
state_settled
check "nobody is told any word" metadata_mute
deck_start
for ((i = 1; i <= STEPS; i++)); do
	play_looped pulse app "$WORK/a.wav"
	app=$PID
	sleep "$(printf '0.%02d' $((i * 5)))"
	quit "$app"
done
play_looped pulse app "$WORK/a.wav"
app=$PID
check "it is taken" deck_taken app
state_settled
check "where its user has sent it is not forgotten" remembers short room
quit "$app"
deck_stop
same "tapdeck ends well" 0 $?
finish
