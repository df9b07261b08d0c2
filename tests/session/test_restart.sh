#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# PipeWire goes and comes back under tapdeck, and so does WirePlumber alone.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

runs_again() {
	[ "$(deck_status running)" = 1 ] && deck_cycles
}

nobody_plays() {
	[ "$("$TAPDECK" apps)" = "no program plays" ]
}

has_lost() {
	[ "$(deck_status running)" = 0 ]
}

deck_start
engine=$(deck_engine)
play deck "$WORK/a.wav"
check "a program is taken" deck_taken deck
"$TAPDECK" set /strip/deck/gain -3
"$TAPDECK" set /strip/deck/name "Deck one"
want=$("$TAPDECK" get '/strip/*/{gain,name,mute}')
"$TAPDECK" record --bus loop "$WORK/ring.wav" 2>"$WORK/ring.log" &
ring=$!
wait_until 5 ring_is_read
deck_plays 24000

# ---- PipeWire ----

session-ctl stop wireplumber
session-ctl stop pipewire
check "without PipeWire OSC still answers" wait_until 5 has_lost
same "the values are still there" "$want" \
	"$("$TAPDECK" get '/strip/*/{gain,name,mute}')"
check "and can be changed" "$TAPDECK" set /strip/1/gain -6
same "no program is listed" "no program plays" "$("$TAPDECK" apps)"
session-ctl start pipewire
session-ctl start wireplumber
check "when PipeWire is back, audio runs again" wait_until 10 runs_again
same "in the same process" "$engine" "$(deck_engine)"
check "the recording device is there" graph.py wait node tapdeck.loop
check "main plays into the room" graph.py wait linked tapdeck room
play deck "$WORK/a.wav"
deck=$PID
check "the program is taken when it plays again" deck_taken deck
same "on its strip, as loud as was set meanwhile" "/strip/1/gain -6" \
	"$("$TAPDECK" get /strip/1/gain)"
check "tapdeck record has attached itself again" wait_until 5 ring_is_read
deck_plays 48000
kill -INT "$ring"
wait "$ring"
same "and ends with the code of one that has lost something" 1 $?
sox -D "$WORK/ring.wav" -e float -b 32 "$WORK/tail.wav" reverse trim 0 0.5 \
	2>/dev/null
check "with the new sound in its file" measure.py first "$WORK/tail.wav"

# ---- WirePlumber alone ----
# It makes a sound card's node itself, and a new WirePlumber makes a new one. Where
# the sinks stay, see test_manager.sh.

cat > "$WIREPLUMBER_CONFIG_DIR/card.lua" <<'END'
card = Node("adapter", {
  ["factory.name"] = "support.null-audio-sink",
  ["node.name"] = "card",
  ["media.class"] = "Audio/Sink",
  ["audio.position"] = "FL,FR",
  ["priority.session"] = 2000,
  ["priority.driver"] = 2000,
  ["monitor.channel-volumes"] = false,
  ["monitor.passthrough"] = true,
})
card:activate(Features.ALL)
END
deck_stop
same "tapdeck ends well" 0 $?
quit "$deck"
session_script "$WIREPLUMBER_CONFIG_DIR/card.lua"
export TAPDECK_SESSION_DEFAULT=card
session-ctl restart pipewire || die "no session with a card"

deck_start
play deck "$WORK/a.wav"
deck=$PID
check "a program is taken, with a card" deck_taken deck
check "main plays into the card" graph.py wait linked tapdeck card
session-ctl restart wireplumber || die "WirePlumber does not come back"
check "main plays into the new card" graph.py wait linked tapdeck card
same "OSC answers" "/strip/1/mute 0" "$("$TAPDECK" get /strip/1/mute)"
"$TAPDECK" record --bus loop "$WORK/alone.wav" 2>/dev/null &
ring=$!
wait_until 5 ring_is_read
deck_plays 24000
kill -INT "$ring"
wait "$ring"
check "the program is still heard through its strip" \
	compare.py -n 9600 "$WORK/a.wav" "$WORK/alone.wav"
check "its strip still is where OSC sets it" \
	"$TAPDECK" set /strip/1/mute 1
quit "$deck"
check "and it can leave" wait_until 5 nobody_plays
play deck "$WORK/a.wav"
deck=$PID
check "a program that starts then is taken" deck_taken deck
quit "$deck"
deck_stop
same "tapdeck ends well after that" 0 $?
finish
