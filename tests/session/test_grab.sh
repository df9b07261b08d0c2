#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --grab new: a new program is taken from its first frame, main plays where the
# user wants it, and the default sink is the user's again whoever dies.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/short.wav" -t 1.5 -s 1
gen.py noise "$WORK/long.wav" -t 60 -s 2

configured_is() {
	graph.py metadata-get 0 default.configured.audio.sink | grep -qw "$1"
}

deck_start --grab new
check "Tapdeck is the default sink" graph.py wait default-sink tapdeck.cable
check "main plays into the one before" wait_until 5 main_is room

record "$WORK/loop.wav" tapdeck.loop
loop=$PID
record "$WORK/room.wav" room
room=$PID
play deck "$WORK/short.wav"
check "a new program is taken" deck_taken deck
wait "$PID"
quit "$loop" "$room"
for rec in loop room; do
	check "it is in $rec.wav from its first frame on, bit by bit" \
		from_first "$WORK/short.wav" "$WORK/$rec.wav" 66000
done

wpctl set-default "$(graph.py node-id other)"
check "the user's choice meanwhile stands" wait_until 5 configured_is other
check "main follows it" wait_until 5 main_is other
check "by its links, too" graph.py wait linked tapdeck other
state_settled
same "Tapdeck is still the default sink" tapdeck.cable \
	"$(graph.py default-sink)"

play deck "$WORK/long.wav"
app=$PID
deck_taken deck || die "deck is not taken"
engine=$(deck_engine)
kill -s STOP "$engine" # it could put things right, if it saw its parent die
kill -s KILL "$DECK" "$engine"
wait "$DECK" 2>/dev/null
check "both killed: the default sink is the user's at once" \
	graph.py wait -t 1 default-sink other
check "the program is heard there" graph.py wait -t 1 target deck other

deck_start
check "the next start takes it again" deck_taken deck
same "without --grab the default sink stays the user's" other \
	"$(graph.py default-sink)"
deck_stop
same "tapdeck ends well" 0 $?
check "the program is back on the user's" graph.py wait target deck other
quit "$app"

# ---- who is not taken is heard by main's sink, though Tapdeck is the default ----

deck_start --grab new
graph.py wait default-sink tapdeck.cable || die "Tapdeck is not the default"
cable=$(graph.py node-id tapdeck.cable)
play alone "$WORK/long.wav"
alone=$PID
deck_taken alone || die "alone is not taken"
"$TAPDECK" set "/strip/$(deck_app alone strip)/tap" off
check "a program that is to be left alone is" graph.py wait target alone \
	other,tapdeck.cable
record "$WORK/alone.wav" other
there=$PID
deck_plays 24000
quit "$there"
check "and heard where its user would hear it" \
	compare.py -n 9600 "$WORK/long.wav" "$WORK/alone.wav"
# made anew, it would send who records the default sink elsewhere
same "who plays into the cable leaves it as it is" "$cable" \
	"$(graph.py node-id tapdeck.cable)"
same "without a monitor" "" "$(pw-link -o | grep "^tapdeck.cable:")"
"$TAPDECK" set "/strip/$(deck_app alone strip)/tap" take
check "it can be taken again" deck_taken alone
quit "$alone"
pw-loopback --capture-props='{ node.name = virtual media.class = Audio/Sink
	audio.position = [ FL FR ] }' --playback-props='{ node.name = far
	audio.position = [ FL FR ] }' &
virtual=$!
check "so is the far end of a virtual sink" graph.py wait linked far other
quit "$virtual"
deck_stop
same "tapdeck ends well with that" 0 $?

state_settled
same "nothing remembers the cable" "" "$(grep -r tapdeck.cable \
	"$XDG_STATE_HOME/wireplumber")"
finish
