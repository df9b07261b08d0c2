#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a program plays is what a DAW records: to the bit, from its first frame,
# with no frame added, and as loud as the strip says.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/f32.wav" -t 1.5 -s 1
gen.py noise "$WORK/s16.wav" -t 1.5 -s 2 -f s16
gen.py noise "$WORK/mono.wav" -t 1.5 -c 1 -s 3
gen.py noise "$WORK/wide.wav" -t 2.5 -c 6 -s 4
gen.py noise "$WORK/long.wav" -t 5 -s 5 -f s16
gen.py noise "$WORK/under.wav" -t 9 -s 6 -f s16

# ring_record FILE: the loop bus from the ring; RING is its process
ring_record() {
	"$TAPDECK" record --bus loop "$1" &
	RING=$!
	wait_until 5 ring_readers 1
}

ring_readers() {
	[ "$(deck_status ring_readers)" = "$1" ]
}

deck_start

# ---- one program, from its first frame to its last ----

ring_record "$WORK/ring.wav"
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
record "$WORK/room.wav" room
room=$PID
for f in f32 s16; do
	play deck "$WORK/$f.wav"
	check "$f is on a strip" deck_taken deck
	same "$f plays into the silent sink and tapdeck only" 2 \
		"$(graph.py target-of deck | wc -l)"
	wait "$PID"
done
play deck "$WORK/mono.wav"
wait "$PID"
quit "$loop" "$room"
kill -INT "$RING"
wait "$RING"
same "tapdeck record ends well" 0 $?
# pw-play 0.3.65 leaves before its last buffers are played
for rec in loop ring room; do
	for f in f32 s16; do
		check "$f is in $rec.wav from its first frame on, bit by bit" \
			from_first "$WORK/$f.wav" "$WORK/$rec.wav" 66000
	done
	check "mono is on both sides of $rec.wav" \
		from_first "$WORK/mono.wav" "$WORK/$rec.wav" 42000
done

# ---- more than two channels ----
# Without stream.dont-remix the session manager makes two of them before they
# leave the program.

record "$WORK/folded.wav" tapdeck.loop
loop=$PID
play cinema "$WORK/wide.wav" --dont-remix
check "a program of six channels is taken" deck_taken cinema
wait "$PID"
quit "$loop"
check "5.1 is folded down by the ITU coefficients" measure.py downmix \
	-n 42000 "$WORK/wide.wav" "$WORK/folded.wav"

# ---- against a direct link, in one recording ----

pw-record --format f32 --rate 48000 --channels 4 --target 0 \
	-P '{ node.name = four node.autoconnect = false }' "$WORK/four.wav" &
four=$!
graph.py wait node four
play deck "$WORK/f32.wav"
deck_taken deck >/dev/null
mapfile -t in < <(pw-link -i | grep '^four:')
same "a recorder of four channels" 4 ${#in[@]}
pw-link deck:output_FL "${in[0]}"
pw-link deck:output_FR "${in[1]}"
pw-link tapdeck.loop:capture_FL "${in[2]}"
pw-link tapdeck.loop:capture_FR "${in[3]}"
wait "$PID"
quit "$four"
direct=$(compare.py -n 4800 --pick 0,1 "$WORK/f32.wav" "$WORK/four.wav" |
	cut -d: -f1)
mixed=$(compare.py -n 4800 --pick 2,3 "$WORK/f32.wav" "$WORK/four.wav" |
	cut -d: -f1)
check "both are in it" test -n "$direct"
same "tapdeck adds 0 frames to a direct link" "$direct" "$mixed"

# ---- two programs, and every move of a strip ----

record "$WORK/mix.wav" tapdeck.loop
loop=$PID
play radio "$WORK/under.wav"
under=$PID
check "a second program has a strip" deck_taken radio
check "which is another one" test "$(deck_app radio strip)" != \
	"$(deck_app deck strip)"
deck_plays 9600
play deck "$WORK/long.wav"
deck_taken deck >/dev/null
strip=/strip/$(deck_app deck strip)
deck_plays 48000
move() {
	"$@"
	deck_plays 4800
}
osc() {
	oscsend 127.0.0.1 "$TAPDECK_PORT" "$@"
}
move "$TAPDECK" set "$strip/gain" -6
move osc "$strip/gain" f 0
move "$TAPDECK" set "$strip/mute" 1
move osc "$strip/mute" i 0
move "$TAPDECK" set "$strip/route" main
move osc "$strip/route" s both
move osc /strip/deck/send/loop i 0
quit "$PID" "$loop"
record "$WORK/bus.wav" tapdeck.loop
loop=$PID
deck_plays 9600
move osc /bus/loop/gain f 3
move osc /bus/loop/mute i 1
move osc /bus/loop/mute i 0
quit "$under" "$loop"
same "each move is a straight line of 10 ms, by set and by OSC" \
"1.0000 to 0.5012 in 480 frames
0.5012 to 1.0000 in 480 frames
1.0000 to 0.0000 in 480 frames
0.0000 to 1.0000 in 480 frames
1.0000 to 0.0000 in 480 frames
0.0000 to 1.0000 in 480 frames
1.0000 to 0.0000 in 480 frames" \
	"$(measure.py moves -m "$WORK/under.wav" "$WORK/long.wav" \
		"$WORK/mix.wav" 2>&1 | head -n 7)"
same "so is each move of a bus" \
"1.0000 to 1.4125 in 480 frames
1.4125 to 0.0000 in 480 frames
0.0000 to 1.4125 in 480 frames" \
	"$(measure.py moves "$WORK/under.wav" "$WORK/bus.wav" 2>&1 |
		head -n 3)"
check "two programs are one plus the other, bit by bit" measure.py sum \
	-n 24000 "$WORK/long.wav" "$WORK/under.wav" "$WORK/mix.wav"

deck_stop
same "tapdeck ends well" 0 $?
finish
