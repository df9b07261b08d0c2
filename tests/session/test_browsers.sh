#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A page that begins a new stream for each track: each track is recorded, once, and
# heard in the room; and hardly more of them have holes than without tapdeck. A
# busy machine leaves some by itself, now in the one and now in the other: then
# once more, at most twice.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

TRACKS=${TRACKS:-10}
CHANCE=$((TRACKS / 10)) # of tracks with holes

# alone NAME: prints how many tracks the browser by itself leaves holes in
alone() {
	local room
	record "$WORK/alone-$1.wav" room
	room=$PID
	play_tracks "$1" "$TRACKS" $((30 + TRACKS)) >&2
	quit "$room"
	tracks.py holes "$WORK/alone-$1.wav" "$TRACKS"
}

# with NAME APP: $holes has how many it leaves then
with() {
	local loop room rec n
	record "$WORK/loop-$1.wav" tapdeck.loop
	loop=$PID
	record "$WORK/room-$1.wav" room
	room=$PID
	check "$2 plays $TRACKS tracks to their end" \
		play_tracks "$1" "$TRACKS" $((30 + TRACKS))
	quit "$loop" "$room"
	holes=0
	for rec in loop room; do
		check "$2: each is in $rec-$1.wav, once" \
			tracks.py check "$WORK/$rec-$1.wav" "$TRACKS" "$TRACKS"
		n=$(tracks.py holes "$WORK/$rec-$1.wav" "$TRACKS")
		holes=$((n > holes ? n : holes))
	done
	check "$2 leaves" wait_until 10 no_app "$2"
}

no_app() {
	! "$TAPDECK" apps | grep -q "$1"
}

# browser NAME APP PROGRAM
browser() {
	local try before
	have "$3" || return
	for try in 1 2 3; do
		before=$(alone "$1")
		deck_start
		with "$1" "$2"
		deck_stop
		echo "# $2: $holes of $TRACKS have holes, $before without tapdeck"
		[ "$holes" -gt $((before + CHANCE)) ] || break
	done
	check "$2: no more have holes than without tapdeck and $CHANCE" \
		test "$holes" -le $((before + CHANCE))
}

browser chromium Chromium chromium
browser firefox Firefox firefox-esr
finish_programs
