#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The default sink changes often, and back at once, while a program plays: main
# follows, and what is recorded never holds a frame twice.
SESSION="-q 1024 -s two"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

CHANGES=12

default() {
	pw-metadata 0 default.configured.audio.sink "{ \"name\": \"$1\" }" \
		Spa:String:JSON >/dev/null
}

# in_order RECORDING: each frame's number is above that of the one before
in_order() {
	python3 -B - "$1" <<END
import sys
sys.path.insert(0, "$TOOLS")
import wav
rec = wav.read(sys.argv[1])
last = again = heard = 0
for i, x in enumerate(rec.samples[0::rec.channels]):
    n = round(x * (1 << 23))
    if n == 0:
        continue
    if n <= last:
        again += 1
        print("frame %d is number %d after %d" % (i, n, last))
    last = n
    heard += 1
print("%d of %d frames are heard" % (heard, rec.frames))
sys.exit(again > 0 or heard < rec.frames / 4)
END
}

# is_long RECORDING: half a second at least
is_long() {
	[ "$(stat -c %s "$1")" -gt 200000 ]
}

default_is() {
	pw-metadata 0 default.audio.sink | grep -q "\"$1\""
}

# ---- from its start main plays where its user has it ----

default two
check "the user has chosen a sink" wait_until 5 default_is two
deck_start
check "main plays there" wait_until 5 main_is two
same "and nowhere else before" "tapdeck: main plays into two" \
	"$(grep "main plays" "$DECK_LOG")"
deck_stop
default room
wait_until 5 default_is room
: >"$DECK_LOG"

# ---- changes under a program that plays ----

gen.py counter "$WORK/a.wav" -t 20
play app "$WORK/a.wav"
app=$PID
deck_start
deck_taken app || die "the program is not taken"
deck_plays 4800 # its strip has opened
(cd "$WORK" && exec "$TAPDECK" record set.wav) >"$WORK/set.log" 2>&1 &
set=$!
wait_until 5 test -e "$WORK/set.wav"
deck_plays 4800
for ((i = 0; i < CHANGES; i++)); do
	default two
	default room
	default two
	wait_until 5 main_is two || not_ok "main follows to two"
	default room
	wait_until 5 main_is room || not_ok "main follows to room"
done
check "main follows the default sink" main_is room
deck_plays 4800
quit $set
check "no frame is heard twice" in_order "$WORK/set.wav"
in_order "$WORK/set.wav" | tail -n 1 | sed 's/^/# /'
check "the program plays into its strip alone" deck_taken app

quit "$app"
graph.py wait no-node app

# ---- and each for itself ----

gen.py noise "$WORK/b.wav" -t 60 -s 2
play app "$WORK/b.wav"
app=$PID
deck_taken app || die "the program is not taken"
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 4800
for ((i = 0; i < CHANGES / 2; i++)); do
	for sink in two room; do
		default $sink
		wait_until 5 main_is $sink || not_ok "main follows to $sink"
		deck_plays 7200
	done
done
quit "$loop"
lost=$(measure.py gaps "$WORK/loop.wav" | grep -c ^0)
# One that falls into a cycle may lose it.
check "of $CHANGES changes not two cost the recording a block ($lost)" \
	test "$lost" -lt 2
check "main plays into one sink" graph.py wait no-link tapdeck two

# ---- a combined sink, which plays into every sink, the cable too ----

if pactl load-module module-combine-sink sink_name=combined >/dev/null 2>&1; then
	graph.py wait -t 5 linked output.combined_tapdeck.cable tapdeck.cable
	default combined
	check "main plays into the combined sink" wait_until 5 main_is combined
	deck_plays 9600
	same "and what it plays into the cable does not come back" \
		tapdeck.cable \
		"$(graph.py target-of output.combined_tapdeck.cable)"
else
	echo "# SKIPPED: a combined sink: pactl and a pulse server are needed"
fi
deck_stop
same "tapdeck ends well" 0 $?
quit $app

# ---- killed while the sink that main has left is paused ----

default room
wait_until 5 default_is room || die "the default sink is not room"
gen.py noise "$WORK/late.wav" -t 10 -s 1
deck_start
graph.py wait linked tapdeck room || die "main does not play into room"
deck_plays 9600
graph.py wait no-link tapdeck room &
left=$!
default two
wait $left
check "main leaves its sink" test $? = 0
kill -s KILL "$DECK" "$(deck_engine)"
wait "$DECK" 2>/dev/null
graph.py wait no-node tapdeck || die "the engine is still there"
play late "$WORK/late.wav" --target room
late=$PID
played_in room late || die "the program does not play"
record "$WORK/late.room.wav" room
wait_until 5 is_long "$WORK/late.room.wav" || die "nothing is recorded"
quit "$PID" "$late"
check "killed then, who comes to that sink is heard" \
	measure.py first "$WORK/late.room.wav"
finish
