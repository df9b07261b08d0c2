#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The headphones on a sink of their own, which may go and come back; solo in
# place; and both on one output, split.
SESSION="-s phones"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

TAPDECK_MAPPINGS=$(readlink -f "$TOOLS/../../mappings")
export TAPDECK_MAPPINGS
MINE=$XDG_CONFIG_HOME/tapdeck/mappings
mkdir -p "$MINE"
cat >"$MINE/ports.yaml" <<'END'
name: Ports
device: PipeWire
port: pipewire
takeover: jump
controls:
  - {on: note 1, to: "/strip/{1}/cue", as: toggle, light: same}
  - {on: note 2, to: "/strip/{1}/solo", as: toggle, light: same}
  - {on: note 3, to: /cue/split, as: toggle}
  - {on: note 4, to: /solo/loop, as: toggle}
  - {on: cc 1, to: /cue/mix}
  - {on: cc 2, to: /cue/gain, range: [-90, 0]}
END

set_all() { # ADDRESS VALUE...
	while [ $# -gt 0 ]; do
		"$TAPDECK" set "$1" "$2" || die "set $1 $2"
		shift 2
	done
	deck_plays 4800 # the ramps are over
}

# heard NODE FRAMES: what is heard there from now on, in $WORK/heard.wav
heard() {
	record "$WORK/heard.wav" "$1"
	deck_plays "$2"
	quit "$PID"
}

# holds SIDE SOURCE: a side of what is heard is the left of that file, in one
# piece of 4096 frames at least; or, of "silence", holds nothing
holds() {
	PYTHONPATH=$TOOLS python3 -B - "$WORK/heard.wav" "$@" <<'END'
import sys, wav
heard = wav.read(sys.argv[1])
side = heard.samples[int(sys.argv[2])::2]
if sys.argv[3] == "silence":
    loud = sum(x != 0 for x in side)
    sys.exit("%d of %d frames are no silence" % (loud, len(side))
             if loud or not len(side) else 0)
source = wav.read(sys.argv[3])
source = source.samples[0::source.channels].tobytes()
at = len(side) - 4096
piece = side[at:at + 4096].tobytes()
at = source.find(piece)
sys.exit(at < 0 or at % 4)
END
}

phones_new() {
	pw-cli create-node adapter '{ factory.name = support.null-audio-sink
		node.name = phones media.class = Audio/Sink
		audio.position = "FL,FR" object.linger = true }' >/dev/null
}

said() { # WORDS COUNT
	[ "$(grep -c "$1" "$DECK_LOG")" = "$2" ]
}

# Mono: split hears of both sides the same, and so to the bit.
gen.py noise "$WORK/a.wav" -t 90 -s 1 -c 1
gen.py noise "$WORK/b.wav" -t 90 -s 2 -c 1
deck_start --bus main --bus cue=phones --bus loop
play one "$WORK/a.wav"
one=$PID
play two "$WORK/b.wav"
two=$PID
deck_taken one || die "one is not taken"
deck_taken two || die "two is not taken"

# ---- before the fader, on a sink of its own ----

set_all /strip/two/mute 1 /strip/one/gain -90 /strip/one/cue 1
heard phones 9600
check "what is cued is in the headphones to the bit, its fader down" \
	holds 0 "$WORK/a.wav"
check "on both sides" holds 1 "$WORK/a.wav"
heard room 4800
check "and not in the room" holds 0 silence
set_all /strip/one/gain 0 /strip/one/cue 0 /cue/mix 1
heard phones 9600
check "all main is main to the bit" holds 0 "$WORK/a.wav"
set_all /cue/mix 0
heard phones 4800
check "nothing is cued, and nothing is heard" holds 1 silence

# ---- solo in place ----

set_all /strip/two/mute 0 /strip/one/route main /strip/two/route both \
	/strip/one/solo 1
heard room 9600
check "who is soloed is alone in the room, to the bit" holds 0 "$WORK/a.wav"
heard tapdeck.loop 9600
check "the loop hears nothing of it" holds 0 "$WORK/b.wav"
set_all /solo/loop 1
heard tapdeck.loop 4800
check "unless it is asked to" holds 0 silence
set_all /solo/loop 0 /strip/one/solo 0

# ---- its sink goes and comes back ----

pw-cli destroy "$(graph.py node-id phones)" >/dev/null
check "without its sink the cue waits" wait_until 5 said \
	"cue plays into nothing: it waits for the sink phones" 1
check "and main plays on" graph.py wait linked tapdeck room
phones_new
check "it follows its sink back" graph.py wait -t 5 linked tapdeck phones
set_all /strip/two/mute 1 /strip/one/cue 1
heard phones 9600
check "and is heard there as before" holds 0 "$WORK/a.wav"
set_all /strip/one/cue 0 /strip/two/mute 0

# ---- main comes to the same sink, and leaves it ----

default() {
	pw-metadata 0 default.configured.audio.sink "{ \"name\": \"$1\" }" \
		Spa:String:JSON >/dev/null
}
default phones
check "that main has come to the cue's sink is said" wait_until 5 said \
	"cue and main both play into phones, one on top of the other" 1
default room
check "and main goes back" graph.py wait -t 5 linked tapdeck room

# ---- OSC and MIDI; the shell did it above ----

osc() { # ADDRESS TYPE VALUE
	oscsend osc.udp://127.0.0.1:"$TAPDECK_PORT" "$@"
}
osc /strip/1/cue i 1
osc /strip/1/solo i 1
osc /cue/mix f 0.25
osc /cue/gain f -6
osc /cue/split i 1
osc /solo/loop i 1
check "OSC sets them all" wait_until 5 is /solo/loop 1
same "each to its value" "1 1 0.25 -6 1" "$(for a in /strip/1/cue \
	/strip/1/solo /cue/mix /cue/gain /cue/split; do
	"$TAPDECK" get $a
done | awk '{ printf "%s%s", sep, $NF; sep = " " }')"
gen.py noise "$WORK/c.wav" -t 1
pw-jack "${TAPDECK%/*}/jackplay" "$WORK/c.wav" 4800:900140 4800:900240 \
	4800:900340 4800:900440 4800:B0017F 4800:B0027F >"$WORK/got" &
PID=$!
wait_until 5 has_port jackplay:midi_in || die "no JACK client"
pw-link tapdeck:midi_out jackplay:midi_in
pw-link jackplay:midi_out tapdeck:midi_in
pw-link jackplay:out_1 tapdeck:strip9_FL
wait "$PID"
check "MIDI sets them all" wait_until 5 is /cue/gain 0
same "each to its value" "0 0 1 0 0" "$(for a in /strip/1/cue \
	/strip/1/solo /cue/mix /cue/split /solo/loop; do
	"$TAPDECK" get $a
done | awk '{ printf "%s%s", sep, $NF; sep = " " }')"
check "and the lamps of cue and solo go out" \
	test "$(grep -cx "80 0[12] 40" "$WORK/got")" -ge 2
deck_stop

# ---- one output ----

: >"$DECK_LOG"
deck_start --bus main --bus cue=main --bus loop
check "the log says what one output means" \
	said "main plays into room by way of cue" 1
deck_taken one || die "one is not taken"
deck_taken two || die "two is not taken"
set_all /strip/one/gain -90 /strip/one/cue 1
heard room 9600
check "with one output what is cued is on the left" holds 0 "$WORK/a.wav"
check "and main on the right" holds 1 "$WORK/b.wav"
set_all /cue/gain -90 /cue/mix 0.7
heard room 9600
check "no knob of the headphones moves main" holds 1 "$WORK/b.wav"
heard tapdeck.loop 9600
check "and the loop is not split" holds 0 "$WORK/b.wav"
default phones
check "both follow the default sink" wait_until 5 said \
	"main plays into phones by way of cue" 1
deck_plays 9600
heard phones 9600
check "and are split there" holds 1 "$WORK/b.wav"
default room
deck_stop

# ---- another clock, and a large buffer ----

quit "$one" "$two"
: >"$DECK_LOG"
"${TAPDECK%/*}/late" far 480 far-clock &
far=$!
graph.py wait node far || die "no far"
deck_start --bus main --bus cue=far --bus loop
check "a cue on another clock is told, and how late it is" wait_until 5 said \
	"far and room have a clock each: PipeWire resamples cue to follow; cue is \
heard 10.5 ms after main" 1
same "the status has it as well" "far 1 10.5" "$(deck_status cue_sink) \
$(deck_status cue_resampled) $(deck_status cue_late_ms)"
deck_stop
quit "$far"
finish
