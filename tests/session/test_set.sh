#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A set that is played with nothing but a controller, by its mapping as it is
# installed: programs find their strips, the EQ, the fader, the headphones, a
# scene and the crossfader move; a program goes and comes back; the sound server
# is restarted. The shell is only asked what is so.
SESSION="-s phones"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

TAPDECK_MAPPINGS=$(readlink -f "$TOOLS/../../mappings")
export TAPDECK_MAPPINGS
MINE=$XDG_CONFIG_HOME/tapdeck/mappings
mkdir -p "$MINE"
sed 's/^device:.*/device: PipeWire\nport: pipewire/' \
	"$TAPDECK_MAPPINGS/pioneer-ddj-400.yaml" >"$MINE/ports.yaml"
gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/b.wav" -t 60 -s 2
gen.py noise "$WORK/short.wav" -t 0.3 -s 3

becomes() {
	check "$1" wait_until 5 is "$2" "$3"
}

# near ADDRESS VALUE: as near as a knob of 14 bits comes
near() {
	"$TAPDECK" get "$1" | awk -v want="$2" \
		'{ print; d = $NF - want; exit !(d * d < 1e-6) }'
}

# hand FRAME:HEX...: somebody's hand on the controller
hand() {
	pw-jack "${TAPDECK%/*}/jackplay" "$WORK/short.wav" "$@" >"$WORK/got" &
	PID=$!
	wait_until 5 has_port jackplay:midi_in || die "no controller"
	pw-link tapdeck:midi_out jackplay:midi_in
	pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 tapdeck:strip9_FL # it waits for that
	wait "$PID" || echo "# the player missed a cycle"
}

# turn CHANNEL KNOB FROM TO: caught where it is, then turned; places as in
# 0000, 4000 (the middle), 7F7F
turn() {
	local on lsb
	on=B$(($1 - 1))
	lsb=$(printf '%02X' $((0x$2 + 32)))
	hand "100:$on$2${3:0:2}" "109:$on$lsb${3:2}" \
		"2000:$on$2${4:0:2}" "2009:$on$lsb${4:2}"
}

press() { # STATUS AND NOTE
	hand "100:$1""7F" "3000:$1""00"
}

# in_phones SOURCE: that is heard there
in_phones() {
	record "$WORK/phones.wav" phones
	deck_plays 24000
	quit "$PID"
	compare.py --json "$WORK/$1.wav" "$WORK/phones.wav" | python3 -c '
import json, sys
found = json.load(sys.stdin)
print(found["segments"])
sys.exit(found["frames"] < 9600)'
}

deck_start --bus main --bus cue=phones --bus loop
play_native one "$WORK/a.wav"
check "a program finds a strip" deck_taken one
play_pulse two "$WORK/b.wav"
two=$PID
check "the next one the next" deck_taken two
becomes "the first" /strip/1/app one
becomes "the second" /strip/2/app two

turn 1 0F 4000 0000
becomes "the left end of a knob kills the lows" /strip/1/eq/low -90
turn 1 0F 0000 4000
becomes "its middle is 0 dB" /strip/1/eq/low 0
turn 7 17 4000 2000
check "the filter moves" wait_until 5 near /strip/1/filter -0.5
turn 7 17 2000 4000
check "and is out in its middle" wait_until 5 near /strip/1/filter 0
press 9154
becomes "the second one is cued" /strip/2/cue 1
check "and in the headphones" in_phones b
press 9830
check "a scene is saved by a pad" \
	wait_until 5 test -e "$XDG_STATE_HOME/tapdeck/scenes/f1.yaml"
press 910B
becomes "the second one is muted" /strip/2/mute 1
press 9154
becomes "and cued no more" /strip/2/cue 0
press 9730
becomes "the scene brings it back" /strip/2/mute 0
becomes "and its cue" /strip/2/cue 1
press 9705
becomes "a pad puts the first to side A" /strip/1/side 1
turn 7 1F 4000 7F7F
becomes "the crossfader goes over" /crossfader 1

# ---- a program goes and comes back ----

quit "$two"
becomes "it is gone" /strip/2/app ""
play_pulse two "$WORK/b.wav"
two=$PID
check "it is taken again" deck_taken two
becomes "on its strip" /strip/2/app two
becomes "as it was" /strip/2/cue 1
check "to be heard in the headphones" in_phones b

# ---- the sound server is restarted ----

runs_again() {
	[ "$(deck_status running)" = 1 ] && deck_cycles
}
has_lost() {
	[ "$(deck_status running)" = 0 ]
}
session-ctl stop wireplumber
session-ctl stop pipewire
check "the sound server is gone" wait_until 5 has_lost
session-ctl start pipewire
session-ctl start wireplumber
check "and back" wait_until 10 runs_again
play_native one "$WORK/a.wav"
check "the first plays again" deck_taken one
becomes "on its strip" /strip/1/app one
becomes "on its side" /strip/1/side 1
check "the controller's ports are there" wait_until 5 has_port tapdeck:midi_in
turn 7 1F 7F7F 0000
becomes "and the crossfader comes back" /crossfader 0
deck_stop
same "tapdeck ends well" 0 $?
finish
