#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A smart filter of the user's (an equaliser before the sound card) is before
# main as it is before every program. From WirePlumber 0.5 on.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

if [ -d "$WIREPLUMBER_DATA_DIR/main.lua.d" ]; then
	echo "# SKIPPED: WirePlumber 0.4 knows no smart filters"
	ok "nothing to be tested"
	finish
fi

# eq NAME PROPERTY...: a loopback that is one, and halves nothing
eq() {
	local name=$1
	shift
	pw-loopback --capture-props="{ node.name = $name
		node.link-group = $name media.class = Audio/Sink
		filter.smart = true filter.smart.name = $name
		audio.position = [ FL FR ] $* }" \
		--playback-props="{ node.name = $name.out
		node.link-group = $name node.passive = true
		audio.position = [ FL FR ] }" &
	EQ=$!
	graph.py wait node "$name" || die "no filter $name"
}

main_is() {
	grep -q "main plays into $1\$" <(grep 'main plays' "$DECK_LOG" |
		tail -n 1)
}

# off SINK: nothing of tapdeck plays into it
off() {
	! graph.py links-from tapdeck | grep -q -- "-> $1:"
}

# heard TEXT: what the program plays arrives in the room, whole
heard() {
	record "$WORK/room.wav" room
	deck_plays 48000
	quit "$PID"
	check "$1" compare.py -n 9600 "$WORK/a.wav" "$WORK/room.wav"
}

deck_start
play deck "$WORK/a.wav"
deck=$PID
check "a program is taken" deck_taken deck
check "main plays into the room" graph.py wait linked tapdeck room

eq eq
eq=$EQ
check "a filter comes: main plays into it" graph.py wait linked tapdeck eq
check "and into nothing else" wait_until 5 off room
check "it plays into the room" graph.py wait linked eq.out room
same "its far end is no program" "" "$("$TAPDECK" apps | grep -w eq)"
heard "the program is heard through it"

pw-metadata -n filters "$(graph.py node-id eq)" filter.smart.disabled true \
	Spa:String:JSON >/dev/null
check "the user switches it off: main passes it by" \
	graph.py wait linked tapdeck room
pw-metadata -n filters "$(graph.py node-id eq)" filter.smart.disabled false \
	Spa:String:JSON >/dev/null
check "and on again" graph.py wait linked tapdeck eq

eq first 'filter.smart.before = [ eq ]'
check "another one that is to be before it is" \
	graph.py wait linked tapdeck first
quit "$EQ"
check "it goes: main plays into the one behind" graph.py wait linked tapdeck eq

eq phones 'filter.smart.target = { node.name = other }' \
	'filter.smart.before = [ eq ]'
graph.py wait linked phones.out other || die "phones do not play into other"
deck_plays 24000
check "one of another sink is left alone" main_is eq
check "and so nothing of ours plays into it" off phones
quit "$EQ"
quit "$eq"
check "the last one goes: main plays into the room" \
	graph.py wait linked tapdeck room
deck_stop
same "tapdeck ends well" 0 $?

# ---- with Tapdeck as the default sink, which is where WirePlumber brings the
# far ends of filters and of virtual sinks ----

deck_start --grab new
check "Tapdeck is the default sink" graph.py wait default-sink tapdeck.cable
eq eq
check "main plays into the filter" graph.py wait linked tapdeck eq
check "which is heard in the room" graph.py wait linked eq.out room
check "the program is taken" deck_taken deck
heard "and is heard there through it"
quit "$EQ" "$deck"
deck_stop
same "tapdeck ends well after that" 0 $?
finish
