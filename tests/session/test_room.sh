#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Where main plays: rooms of one speaker and of six, a sink by its name that
# comes and goes, another pair of speakers.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/long.wav" -t 60 -s 1

# sink NAME PRIORITY CHANNEL...
sink() {
	local name=$1 priority=$2
	shift 2
	pw-cli create-node adapter "{ factory.name = support.null-audio-sink
		node.name = $name media.class = Audio/Sink
		audio.position = [ $* ] object.linger = true
		priority.session = $priority priority.driver = $priority
		monitor.channel-volumes = false
		monitor.passthrough = true }" >/dev/null
	graph.py wait node "$name" || die "$name: not there"
}

no_sink() {
	pw-cli destroy "$(graph.py node-id "$1")" >/dev/null
	graph.py wait no-node "$1" || die "$1: still there"
}

# brings_deck SINK CHANNEL: a sink which deck then plays into by itself.
# WirePlumber 0.5 gives up a link that fails while the sink still makes its ports.
brings_deck() {
	local try
	for try in 1 2 3 4 5; do
		sink "$1" 3000 "$2"
		! WAIT_S=2 played_in "$1" deck || return 0
		no_sink "$1"
	done
	return 1
}

# levels NODE CHANNELS: the rms of each, over 0.6 s
levels() {
	local size
	record "$WORK/levels.wav" "$1" --channels "$2"
	size=$((48000 * 4 * $2))
	wait_until 10 is_long "$WORK/levels.wav" "$size"
	quit "$PID"
	PYTHONPATH=$TOOLS python3 -B - "$WORK/levels.wav" <<'EOF'
import sys, wav
w = wav.read(sys.argv[1])
n = 28800 * w.channels
for c in range(w.channels):
    x = w.samples[-n:][c::w.channels]
    print("%.4f" % (sum(s * s for s in x) / len(x)) ** 0.5)
EOF
}

is_long() {
	[ "$(stat -c %s "$1")" -ge "$2" ]
}

# close_to A B: within 2 %
close_to() {
	python3 -c 'import sys
a, b = map(float, sys.argv[1:])
sys.exit(not (a > 0 and abs(a - b) < 0.02 * b))' "$@"
}

said() {
	grep -qF "$1" "$DECK_LOG"
}

times_said() {
	grep -cF "$1" "$DECK_LOG"
}

# ---- one speaker ----

declare -A before
play deck "$WORK/long.wav"
deck=$PID
for room in MONO FC; do
	brings_deck "one-$room" $room || die "deck does not play into one-$room"
	before[$room]=$(levels "one-$room" 1)
	no_sink "one-$room"
done
deck_start
deck_taken deck
for room in MONO FC; do
	sink "one-$room" 3000 $room
	graph.py wait links tapdeck "one-$room" 2 || die "main did not move"
	now=$(levels "one-$room" 1)
	check "into one channel, $room, it is as loud as without tapdeck" \
		close_to "$now" "${before[$room]}"
	record "$WORK/loop.wav" tapdeck.loop
	deck_plays 48000
	quit "$PID"
	check "while the loop has every sample as it was" \
		compare.py -n 24000 "$WORK/long.wav" "$WORK/loop.wav"
	no_sink "one-$room"
done
graph.py wait links tapdeck room 2 || die "main is not back"
record "$WORK/room.wav" room
deck_plays 48000
quit "$PID"
check "and two speakers have every sample as it was again" \
	compare.py -n 24000 "$WORK/long.wav" "$WORK/room.wav"

# ---- six of them ----

sink cinema 3000 FL FR FC LFE RL RR
graph.py wait links tapdeck cinema 2 || die "main did not move"
check "of six channels main plays on two, and that is said" wait_until 5 said \
	"main is stereo: of the 6 channels of cinema it plays on two, playback_FL and playback_FR"
sink other 1 FL FR
no_sink other
same "once" 1 "$(times_said "main is stereo")"
deck_stop
kill "$deck"

# ---- a sink by its name ----

: >"$DECK_LOG"
deck_start --bus main=rear --bus cue=phones --bus loop
play deck "$WORK/long.wav"
deck=$PID
deck_taken deck
for bus in main=rear cue=phones; do
	check "a sink that is not there is waited for" wait_until 5 said \
		"${bus%=*} plays into nothing: it waits for the sink ${bus#*=}"
done
same "no other takes its place" "" "$(graph.py target-of tapdeck |
	grep -v '^tapdeck')"
for _ in 1 2; do
	sink phones 1 FL FR
	check "it plays when it is there" \
		graph.py wait links tapdeck phones 2
	no_sink phones
done
same "each time that it comes is said" 2 "$(times_said "cue plays into phones")"
same "and each time that it goes" 3 "$(times_said "for the sink phones")"

# ---- another pair of speakers, by a sink that passes on to them ----

module=$(pactl load-module module-remap-sink sink_name=rear master=cinema \
	remix=no channels=2 channel_map=front-left,front-right \
	master_channel_map=rear-left,rear-right) || die "no remap sink"
check "main plays into a remap sink of the user's" \
	graph.py wait links tapdeck rear 2
check "which plays into the room" graph.py wait linked output.rear cinema
deck_plays 9600
mapfile -t now < <(levels cinema 6)
same "it is heard behind, and nowhere else" "0.0000 0.0000 0.0000 0.0000" \
	"${now[*]:0:4}"
check "on the left" close_to "${now[4]:-0}" "${before[FC]}"
check "and on the right" close_to "${now[5]:-0}" "${before[FC]}"
check "what leaves it is not taken for a program" \
	test "$(graph.py target-of output.rear)" = cinema
quit "$deck"
deck_stop
pactl unload-module "$module"
finish
