#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The EQ against somebody else's crossovers, ffmpeg's in double precision, and
# under the hands of a program that plays.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

# rendered NAME CROSSOVERS MOVE...: what an impulse becomes at 48 kHz
rendered() {
	local out=$1 eq=$2
	shift 2
	printf '%s\n' "$@" >"$WORK/moves"
	"$TAPDECK" render --app "deck=$WORK/impulse.wav" --osc "$WORK/moves" \
		--eq "$eq" --out "$WORK/$out.wav" >/dev/null
}

# alike ONE OTHER: the responses at 20 frequencies, within 0.1 dB where they are
# above -80 dB
alike() {
	PYTHONPATH=$TOOLS python3 -B - "$WORK/$1.wav" "$WORK/$2.wav" <<'EOF'
import cmath, math, sys, wav

def level(w, hz):
    turn = cmath.exp(-2j * math.pi * hz / 48000)
    z, total = 1, 0
    for x in w.samples[::w.channels]:
        total += x * z
        z *= turn
    return abs(total)

one, other = (wav.read(name) for name in sys.argv[1:])
compared = 0
for i in range(20):
    hz = 20 * 1000 ** (i / 19)
    a, b = level(one, hz), level(other, hz)
    if b < 1e-4:
        continue
    compared += 1
    if a == 0 or abs(20 * math.log10(a / b)) > 0.1:
        sys.exit("%.0f Hz: %g, not %g" % (hz, a, b))
if compared < 5:
    sys.exit("only %d frequencies were above -80 dB" % compared)
EOF
}

PYTHONPATH=$TOOLS python3 -B - "$WORK/impulse.wav" <<'EOF' || die "no impulse"
import array, sys, wav
x = array.array("f", [0.0] * 32768)
x[0] = x[1] = 1.0
wav.write(sys.argv[1], x, 2, 48000)
EOF
# as_ffmpeg CROSSOVERS: each band as its
as_ffmpeg() {
	ffmpeg -y -v error -i "$WORK/impulse.wav" -filter_complex \
		"acrossover=split=${1/,/ }:order=4th:precision=double[l][m][h]" \
		-map "[l]" -c:a pcm_f32le "$WORK/ref-low.wav" \
		-map "[m]" -c:a pcm_f32le "$WORK/ref-mid.wav" \
		-map "[h]" -c:a pcm_f32le "$WORK/ref-high.wav" ||
		die "ffmpeg"
	rendered low "$1" '0 /strip/1/eq/mid -90' '0 /strip/1/eq/high -90'
	check "at $1 the low band is ffmpeg's" alike low ref-low
	rendered mid "$1" '0 /strip/1/eq/low -90' '0 /strip/1/eq/high -90'
	check "at $1 the mid band is ffmpeg's" alike mid ref-mid
	rendered high "$1" '0 /strip/1/eq/low -90' '0 /strip/1/eq/mid -90'
	check "at $1 the high band is ffmpeg's" alike high ref-high
}
if have ffmpeg; then
	as_ffmpeg 250,2500
	as_ffmpeg 110,6000
fi

# ---- live: a tone of 60 Hz ----

gen.py tone "$WORK/tone.wav" -t 60 --hz 60
mkdir -p "$XDG_CONFIG_HOME/tapdeck"
# at 250 Hz it would be killed by 49 dB only
echo 'eq: {low: 1000, high: 4000}' >"$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml"
deck_start
play_native player "$WORK/tone.wav"
deck_taken player || die "player is not taken"

# heard NAME: how loud the loop is from now on, 0.25 as it came
heard() {
	record "$WORK/$1.wav" tapdeck.loop
	deck_plays 24000
	quit "$PID"
	PYTHONPATH=$TOOLS python3 -B - "$WORK/$1.wav" <<'EOF'
import sys, wav
w = wav.read(sys.argv[1])
x = w.samples[-9600 * w.channels::w.channels]
print("%.4f" % (2 * sum(s * s for s in x) / len(x)) ** 0.5)
EOF
}

# is_heard NAME LEAST MOST
is_heard() {
	local level
	level=$(heard "$1")
	echo "$1: $level"
	awk -v l="$level" -v a="$2" -v b="$3" 'BEGIN { exit !(l >= a && l <= b) }'
}

"$TAPDECK" set /strip/player/eq/low -90
check "without its lows a bass drum is gone" is_heard killed 0 0.0001
"$TAPDECK" set /strip/player/eq/low 0
check "and comes back" is_heard back 0.249 0.251
"$TAPDECK" set /strip/player/filter 1
check "a high pass takes it as well" is_heard filtered 0 0.0001
"$TAPDECK" set /strip/player/filter 0
check "in the middle it is all there" is_heard unfiltered 0.249 0.251
deck_stop
finish
