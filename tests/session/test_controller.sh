#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The mapping of a DJ's controller, as it is installed, in the hands of a JACK
# client that turns its knobs while three tones play: what is recorded is what
# the knobs say.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

TAPDECK_MAPPINGS=$(readlink -f "$TOOLS/../../mappings")
export TAPDECK_MAPPINGS
MINE=$XDG_CONFIG_HOME/tapdeck/mappings
mkdir -p "$MINE"
sed 's/^device:.*/device: PipeWire\nport: pipewire/' \
	"$TAPDECK_MAPPINGS/pioneer-ddj-400.yaml" >"$MINE/ports.yaml"

PYTHONPATH=$TOOLS python3 -B - "$WORK/tones.wav" <<'EOF' || die "no tones"
import array, math, sys, wav
x = array.array("f")
for i in range(4 * 48000):
    y = sum(math.sin(2 * math.pi * hz * i / 48000) for hz in (60, 800, 8000))
    x.extend((y / 8, y / 8))
wav.write(sys.argv[1], x, 2, 48000)
EOF
deck_start

# turn FRAME CHANNEL KNOB FROM TO: caught where it is, then turned; upper and
# lower halves. Places: 0000, 4000 (the middle), 7F7F
turn() {
	local frame=$1 on lsb
	on=B$(($2 - 1))
	lsb=$(printf '%02X' $((0x$3 + 32)))
	echo "$frame:$on$3${4:0:2} $((frame + 9)):$on$lsb${4:2}" \
		"$((frame + 2000)):$on$3${5:0:2}" \
		"$((frame + 2009)):$on$lsb${5:2}"
}

record "$WORK/loop.wav" tapdeck.loop
loop=$PID
# shellcheck disable=SC2046
pw-jack "${TAPDECK%/*}/jackplay" "$WORK/tones.wav" \
	$(turn 10000 1 0F 4000 0000) $(turn 40000 1 0F 0000 4000) \
	$(turn 42100 1 0B 4000 0000) $(turn 65000 1 0B 0000 4000) \
	$(turn 67100 1 07 4000 0000) $(turn 90000 1 07 0000 4000) \
	$(turn 115000 7 17 4000 0000) $(turn 140000 7 17 0000 4000) \
	164000:97057F 164100:970500 $(turn 165000 7 1F 4000 7F7F) \
	>"$WORK/got" &
player=$!
wait_until 5 sh -c '{ pw-link -o && pw-link -i; } | grep -q jackplay:midi_in' ||
	die "no JACK client"
pw-link jackplay:midi_out tapdeck:midi_in
pw-link tapdeck:midi_out jackplay:midi_in
pw-link jackplay:out_2 tapdeck:strip1_FR
pw-link jackplay:out_1 tapdeck:strip1_FL
wait "$player" || echo "# the player missed a cycle"
quit "$loop"

# Each window's levels at 60 Hz, 800 Hz and 8 kHz, 1 as they came: 0 below -26
# dB, 1 within 0.1 dB, or as it is: of a low pass at 40 Hz and Q 1, 0.51 at 60
# Hz. A killed band has -49 to -31 dB left of the tone in
# its middle.
same "low, mid and high are killed one by one, and flat in the middle; a low
pass takes all but the lows, and nothing in the middle; at B side A is silent" \
"lows 0 1 1
mids 1 0 1
highs 1 1 0
flat 1 1 1
filtered 0.51 0 0
middle 1 1 1
crossed 0 0 0" "$(PYTHONPATH=$TOOLS python3 -B - "$WORK/loop.wav" <<'EOF'
import cmath, math, sys, wav
w = wav.read(sys.argv[1])
x = w.samples[::w.channels]
start = next(i for i, s in enumerate(x) if abs(s) > 1e-4)
def level(at, hz):
    turn = cmath.exp(-2j * math.pi * hz / 48000)
    z, total = 1, 0
    for s in x[start + at:start + at + 8000]:
        total += s * z
        z *= turn
    return abs(total) / 8000 * 2 * 8
def word(v):
    if v < 0.05:
        return "0"
    return "1" if 0.9885 < v < 1.0116 else "%.2f" % v
for name, at in (("lows", 28000), ("mids", 54000), ("highs", 80000),
                 ("flat", 104000), ("filtered", 128000), ("middle", 152000),
                 ("crossed", 180000)):
    print(name, *(word(level(at, hz)) for hz in (60, 800, 8000)))
EOF
)"
check "the pad of side A was lit" grep -qx '97 05 7F' "$WORK/got"
value() { [ "$("$TAPDECK" get "$1" | awk '{ print $NF }')" = "$2" ]; }
check "the EQ is at 0 dB to the bit" value /strip/1/eq/low 0
check "and the crossfader at its end" value /crossfader 1
"$TAPDECK" set /strip/1/eq/low/knob 0
check "the shell has the knob as well: its left end kills" \
	value /strip/1/eq/low -90
deck_stop
finish
