#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A page that begins a new stream for each track: each track is recorded, once, and
# heard in the room. A browser that gets no processor leaves pauses inside of tracks
# and goes on where it was: they are in what it gives away, where the silent sink
# has it. Nothing is to be worse than that, but for what recorders of the same
# differ in without tapdeck; and hardly more of the tracks have holes than without
# it. On a busy machine both are a matter of chance: then once more, at most four
# times.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

TRACKS=${TRACKS:-10}
CHANCE=$((TRACKS / 10)) # of tracks
MONO=2 # the silent sink adds left and right, which are equal here

# record_all NAME=NODE...: into NAME.wav; RECORDERS are their processes
record_all() {
	local what
	RECORDERS=()
	for what; do
		record "$WORK/${what%%=*}.wav" "${what#*=}"
		RECORDERS+=("$PID")
	done
}

# count NAME NAME GIVEN GAIN: of the two recordings the greater counts are HOLES
# and WORSE
count() {
	local name
	HOLES=0 WORSE=0
	for name in "$1" "$2"; do
		more HOLES "$(tracks.py holes "$WORK/$name.wav" "$TRACKS")"
		more WORSE "$(tracks.py worse "$WORK/$name.wav" \
			"$WORK/$3.wav" --gain "$4")"
	done
}

# more NAME NUMBER
more() {
	[ "$2" -le "${!1}" ] || printf -v "$1" %s "$2"
}

# alone BROWSER: with as many recorders: they need the processor too
alone() {
	record_all first=room second=room third=room
	play_tracks "$1" "$TRACKS" $((30 + TRACKS))
	quit "${RECORDERS[@]}"
	count first second third 1
}

# with BROWSER APP
with() {
	local name
	record_all loop=tapdeck.loop room=room "given=$(park_sink)"
	check "$2 plays $TRACKS tracks to their end" \
		play_tracks "$1" "$TRACKS" $((30 + TRACKS))
	quit "${RECORDERS[@]}"
	for name in loop room; do
		check "$2: each is in the $name, once" \
			tracks.py check "$WORK/$name.wav" "$TRACKS"
	done
	count loop room given "$MONO"
	check "$2 leaves" wait_until 10 no_app "$2"
}

no_app() {
	! "$TAPDECK" apps | grep -q "$1"
}

# browser NAME APP PROGRAM
browser() {
	local try holes worse
	have "$3" || return
	for try in 1 2 3 4 5; do
		alone "$1"
		holes=$HOLES worse=$WORSE
		deck_start
		with "$1" "$2"
		deck_stop
		echo "# $2: $HOLES of $TRACKS have holes, $holes without tapdeck;" \
			"$WORSE are worse than they were given, $worse without"
		[ "$HOLES" -gt $((holes + CHANCE)) ] ||
			[ "$WORSE" -gt $((worse + CHANCE)) ] || break
	done
	check "$2: no more have holes than without tapdeck and $CHANCE" \
		test "$HOLES" -le $((holes + CHANCE))
	check "$2: no more are worse than they were given, and $CHANCE" \
		test "$WORSE" -le $((worse + CHANCE))
}

browser chromium Chromium chromium
browser firefox Firefox firefox-esr
finish_programs
