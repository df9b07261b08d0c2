#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The silent sink: what mixers show of it, destroyed by somebody, and never the
# sink that programs play into because nothing else is there.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

park_serial() {
	graph.py node-prop "$(park_sink)" object.serial
}

# park_is_new SERIAL: there is one, and it is another one
park_is_new() {
	local now
	now=$(park_serial) && [ "$now" != "$1" ]
}

no_park() {
	[ -z "$(park_sink)" ]
}

default_is() {
	[ "$(graph.py default-sink)" = "$1" ]
}

# The session manager may name it in the moment before it goes.
default_is_real() {
	[[ "$(graph.py default-sink)" != tapdeck.park* ]]
}

# ---- destroyed ----

group_of() {
	graph.py node-prop "$1" node.group
}

deck_start
# Not in the mixer's group it would run a program before the links to its strip
# are there; on 0.3.65 it does not.
pipewire --version | grep -q 'libpipewire 0\.' ||
	same "one driver runs the mixer and the silent sink" tapdeck/tapdeck \
		"$(group_of "$(park_sink)")/$(group_of tapdeck)"
play app "$WORK/a.wav"
app=$PID
check "a program is taken" deck_taken app
same "mixers show the silent sink by what it is" "Tapdeck strips (silent)" \
	"$(pactl list sinks | grep -A1 'Name: tapdeck\.park-' |
		sed -n 's/.*Description: //p')"
same "it is not the default sink" room "$(graph.py default-sink)"
record "$WORK/room.wav" room
room=$PID
old=$(park_serial)
pw-cli destroy "$(park_sink)" >/dev/null
check "destroyed, it is made anew" wait_until 5 park_is_new "$old"
check "and the program taken anew" deck_taken app
deck_plays 24000
quit "$room"
twice=$(measure.py twice "$WORK/room.wav")
check "it was not heard twice for long ($twice ms)" \
	test "${twice%.*}" -lt 250
check "it is heard" measure.py first "$WORK/room.wav"
same "that is said once" 1 "$(grep -c 'removed the silent sink' "$DECK_LOG")"

# ---- by somebody who insists ----

insist() {
	pw-cli destroy "$(park_sink)" >/dev/null 2>&1
	grep -q 'as often as it is made' "$DECK_LOG"
}
check "who insists is left alone" wait_until 10 insist
check "the program is copied then" wait_until 5 deck_is app tap copy
check "and heard where it was" graph.py wait -t 5 linked app room
deck_stop
same "tapdeck ends well" 0 $?
quit "$app"

# ---- alone ----

deck_start --no-cable
play app "$WORK/a.wav"
app=$PID
check "without the cable a program is taken" deck_taken app
pw-cli destroy "$(graph.py node-id room)" >/dev/null
check "without any other sink there is no silent one" wait_until 5 no_park
pactl load-module module-null-sink sink_name=back >/dev/null
check "nor is that the default one" wait_until 5 default_is_real
check "it comes with the next sink" wait_until 5 park_serial
check "and the program is taken again" deck_taken app
check "main plays into that sink" graph.py wait -t 5 linked tapdeck back
check "it is the default sink" wait_until 5 default_is back
deck_stop
same "tapdeck ends well without the cable" 0 $?
quit "$app"
finish
