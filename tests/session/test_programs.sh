#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The players that people have, each by the way that it knows: what one plays
# from its start to its end while tapdeck runs is recorded and heard, bit by bit.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

FRAMES=72000 # of 1.5 s
SEED=100

# Who gives its last buffers away and leaves loses them by itself.
TAIL=12000

# A player that gets no processor loses samples before tapdeck sees them, and mpv
# loses its first block now and then, without tapdeck too.
TRIES=3

# take COMMAND...: one try; FILE in it is what it plays
take() {
	local file=$WORK/$((SEED += 1)).wav pid loop room ended=1
	gen.py noise "$file" -t 1.5 -s $SEED -f s16
	record "$WORK/loop.wav" tapdeck.loop
	loop=$PID
	record "$WORK/room.wav" room
	room=$PID
	if [ "$1" = start_vlc ]; then
		start_vlc "$file"
		pid=$PID
	else
		# what asks for a terminal has none
		"${@//FILE/$file}" >"$WORK/program.log" 2>&1 </dev/null &
		pid=$!
	fi
	wait_until 15 pid_ended "$pid" && ended=0
	kill -KILL "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	graph.py wait no-node "media.class=Stream/Output/Audio"
	quit "$loop" "$room"
	[ $ended = 0 ] || { echo "it does not come to its end" && return 1; }
	for rec in loop room; do
		from_first "$file" "$WORK/$rec.wav" $((FRAMES - TAIL)) ||
			{ echo "not so in $rec.wav" && return 1; }
	done
}

# program TEXT COMMAND...
program() {
	local text=$1 try=1
	shift
	until take "$@" >"$WORK/take.log" 2>&1 || [ $try = $TRIES ]; do
		sed "s/^/# $text: /" "$WORK/take.log"
		: $((try += 1))
	done
	check "$text is recorded and heard from its first frame on" \
		sh -c "cat '$WORK/take.log'; ! grep -q -e 'not so' -e 'does not' \
			'$WORK/take.log'"
}

deck_start
have paplay && program "paplay" paplay FILE
have mpv && program "mpv, by the pulse server" \
	mpv --no-config --no-terminal --no-video --ao=pulse FILE
have mpv && program "mpv, native" \
	mpv --no-config --no-terminal --no-video --ao=pipewire FILE
have ffplay && program "ffplay, by SDL and the pulse server" env \
	SDL_AUDIODRIVER=pulseaudio ffplay -nodisp -autoexit -loglevel quiet FILE
have ffplay && program "ffplay, by SDL and native" env \
	SDL_AUDIODRIVER=pipewire ffplay -nodisp -autoexit -loglevel quiet FILE
# `play` is sox's, and a function of ours; without -D it adds dither
have sox && program "sox" env play -q -D FILE -t pulseaudio
have gst-launch-1.0 && program "GStreamer" gst-launch-1.0 -q \
	filesrc location=FILE ! wavparse ! audioconvert ! pulsesink
have audacious && TAIL=36000 program "Audacious" env QT_QPA_PLATFORM=offscreen \
	audacious -H -q FILE
have vlc && program "VLC" start_vlc FILE
deck_stop
finish_programs
