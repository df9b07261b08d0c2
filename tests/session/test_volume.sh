#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The cable's volume and mute are those of the sink that main plays into, both
# ways: what the desktop's keys do to the default sink is heard in the room, and
# what is recorded stays as it is.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

CARD=$TOOLS/../../build/card
[ -x "$CARD" ] || die "$CARD: not built; 'make test' builds it"

# volume NODE: 0.20, or 0.20 MUTED, on the scale that people see
volume() {
	wpctl get-volume "$(graph.py node-id "$1")" |
		sed 's/Volume: //; s/\[//; s/\]//'
}

volume_is() {
	[ "$(volume "$1")" = "$2" ]
}

set_volume() {
	wpctl set-volume "$(graph.py node-id "$1")" "$2"
}

set_mute() {
	wpctl set-mute "$(graph.py node-id "$1")" "$2"
}

channels() {
	pactl list sinks | awk -v name="$1" '$1 == "Name:" { in_it = $2 == name }
		in_it && $1 == "Volume:" { print $5, $12; exit }'
}

channels_are() {
	[ "$(channels "$1")" = "$2" ]
}

is_another() {
	local now
	now=$(graph.py node-id tapdeck.cable) && [ "$now" != "$1" ]
}

key() {
	wpctl set-volume @DEFAULT_AUDIO_SINK@ "$1"
}

# mostly SOURCE RECORDING: a machine may be late for a block, now and then
mostly() {
	compare.py --json "$1" "$2" | python3 -c 'import json, sys
found = json.load(sys.stdin)
same = sum(s[2] for s in found["segments"])
print(same, "of", found["recording_frames"])
sys.exit(same < 0.9 * found["recording_frames"])'
}

gen.py noise "$WORK/a.wav" -t 60 -s 1
set_volume room 0.6
set_volume other 0.9
deck_start --grab new
graph.py wait default-sink tapdeck.cable || die "no cable"
check "the cable begins as loud as the room" \
	wait_until 5 volume_is tapdeck.cable 0.60
play deck "$WORK/a.wav"
deck_taken deck || die "deck is not taken"
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 48000

key 0.2
check "a volume key turns the room down" wait_until 5 volume_is room 0.20
wpctl set-mute @DEFAULT_AUDIO_SINK@ 1
check "the mute key silences it" wait_until 5 volume_is room "0.20 MUTED"
wpctl set-mute @DEFAULT_AUDIO_SINK@ toggle
check "and again lets it be heard" wait_until 5 volume_is room 0.20
pactl set-sink-volume @DEFAULT_SINK@ 35%
check "a pulse program does it too" wait_until 5 volume_is room 0.35
for _ in $(seq 30); do key 1%+; done
check "a key that is held goes all its way" wait_until 5 volume_is room 0.65
deck_plays 48000
same "and nothing comes back to the cable" 0.65 "$(volume tapdeck.cable)"
set_volume room 0.7
check "the room's own volume is shown" \
	wait_until 5 volume_is tapdeck.cable 0.70
set_mute room 1
check "and its mute" wait_until 5 volume_is tapdeck.cable "0.70 MUTED"
set_mute room 0
wait_until 5 volume_is tapdeck.cable 0.70
pactl set-sink-volume tapdeck.cable 40% 80%
check "the sides are kept" wait_until 5 channels_are room "40% 80%"
quit "$loop"
check "none of it is in the recording" mostly "$WORK/a.wav" "$WORK/loop.wav"

wpctl set-default "$(graph.py node-id other)"
check "another sink behind it: its volume is shown" \
	wait_until 5 volume_is tapdeck.cable 0.90
key 0.5
check "and set" wait_until 5 volume_is other 0.50
same "the first one keeps its own" "40% 80%" "$(channels room)"

old=$(graph.py node-id tapdeck.cable)
kill -s KILL "$(deck_engine)"
wait_until 10 is_another "$old" || die "no second cable"
check "a new engine's cable is as loud" \
	wait_until 5 volume_is tapdeck.cable 0.50
same "and changes nothing" 0.50 "$(volume other)"

"$CARD" card >"$WORK/card.log" 2>&1 &
card=$!
graph.py wait node card || die "no card: $(cat "$WORK/card.log")"
wpctl set-default "$(graph.py node-id card)"
check "a card's volume is that of its route" \
	wait_until 5 volume_is tapdeck.cable 0.80
said=$(wc -l <"$WORK/card.log")
key 0.333
check "the keys turn the knob of the hardware, and it is remembered" \
	wait_until 5 grep -q "0.33 0.33 on save" "$WORK/card.log"
# faster than the card's answers come
for _ in $(seq 30); do key 1%+; done
check "a key that is held is followed to its end" \
	wait_until 5 grep -q "0.63 0.63 on save" "$WORK/card.log"
deck_plays 48000
same "and there the knob stays" "0.63 0.63 on save" \
	"$(tail -n 1 "$WORK/card.log")"
same "as the cable does" 0.63 "$(volume tapdeck.cable)"
check "no turn was said twice" \
	[ $(($(wc -l <"$WORK/card.log") - said)) -le 31 ]

deck_stop
same "tapdeck ends well" 0 $?
same "the sinks keep what their user set" "0.50 40% 80%" \
	"$(volume other) $(channels room)"
quit $card
state_settled
same "nothing remembers the cable" "" "$(grep -r tapdeck.cable \
	"$XDG_STATE_HOME/wireplumber")"
finish
