#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A page that begins a new stream for each track: each track is recorded, once,
# whole, and heard in the room.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

TRACKS=${TRACKS:-12}

# browser NAME APP PROGRAM
browser() {
	have "$3" || return
	record "$WORK/loop-$1.wav" tapdeck.loop
	local loop=$PID room
	record "$WORK/room-$1.wav" room
	room=$PID
	check "$2 plays $TRACKS tracks to their end" \
		play_tracks "$1" "$TRACKS" $((30 + TRACKS))
	quit "$loop" "$room"
	for rec in loop room; do
		check "$2: each is in $rec-$1.wav, once and whole" \
			tracks.py check "$WORK/$rec-$1.wav" "$TRACKS"
	done
	check "$2 leaves" wait_until 10 no_app "$2"
}

no_app() {
	! "$TAPDECK" apps | grep -q "$1"
}

deck_start
browser chromium Chromium chromium
browser firefox Firefox firefox-esr
deck_stop
finish_programs
