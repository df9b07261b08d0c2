#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# EasyEffects, which sends every program to a sink of its own, beside tapdeck,
# which takes them: main goes through it when its user asks for that.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

for p in easyeffects Xvfb; do
	command -v "$p" >/dev/null && continue
	echo "# SKIPPED: $p is not installed ('make deps-programs')"
	ok "nothing to be tested"
	finish
done

# heard TEXT: without effects EasyEffects changes nothing
heard() {
	local recorder
	record "$WORK/room.wav" room
	recorder=$PID
	deck_plays 48000
	quit "$recorder"
	check "$1" compare.py -n 9600 "$WORK/a.wav" "$WORK/room.wav"
}

gen.py noise "$WORK/a.wav" -t 60 -s 1
Xvfb -displayfd 5 -screen 0 640x480x24 5>"$WORK/display" 2>/dev/null &
screen=$!
wait_until 10 grep -q . "$WORK/display" || die "no screen"
DISPLAY=:$(<"$WORK/display")
export DISPLAY
GSETTINGS_BACKEND=memory easyeffects --gapplication-service \
	>"$WORK/effects.log" 2>&1 &
effects=$!
graph.py wait -t 20 node easyeffects_sink || die "$(cat "$WORK/effects.log")"
graph.py wait -t 20 linked ee_soe_output_level room ||
	die "EasyEffects does not play"
play deck "$WORK/a.wav"
deck=$PID
check "EasyEffects has the program" graph.py wait -t 10 linked deck \
	easyeffects_sink

deck_start --bus main=easyeffects_sink --bus loop
"$TAPDECK" set "/strip/$(deck_app deck strip)/tap" take
check "tapdeck takes it" deck_taken deck
check "main goes through EasyEffects" graph.py wait linked tapdeck \
	easyeffects_sink
heard "and is heard in the room, once"
deck_stop
same "tapdeck ends well" 0 $?
check "the program is where EasyEffects had it" graph.py wait target deck \
	easyeffects_sink
quit "$deck"

wpctl set-default "$(graph.py node-id easyeffects_sink)"
deck_start --grab new
check "so does main when it is the default sink" graph.py wait linked tapdeck \
	easyeffects_sink
play deck "$WORK/a.wav"
deck=$PID
check "a new program is taken" deck_taken deck
heard "and heard, though Tapdeck is the default meanwhile"
quit "$deck"
deck_stop
same "tapdeck ends well after that" 0 $?
quit "$effects" "$screen"
finish
