#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that quits and comes back has its strip and its values, whoever
# came meanwhile.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/b.wav" -t 60 -s 2

values() {
	"$TAPDECK" get "/strip/$1/"'{gain,mute,trim,route,name}'
}

deck_start
play first "$WORK/a.wav"
first=$PID
check "a program is on a strip" deck_taken first
same "it is the first strip" 1 "$(deck_app first strip)"
"$TAPDECK" set /strip/first/gain -12.5
"$TAPDECK" set /strip/first/trim 3
"$TAPDECK" set /strip/first/mute 1
"$TAPDECK" set /strip/first/route loop
want=$(values 1)
same "its values are set" 5 "$(wc -l <<< "$want")"

quit "$first"
check "it has left" wait_until 5 sh -c '! "$TAPDECK" apps | grep -q first'
same "its strip keeps the values" "$want" "$(values 1)"
same "and nobody is on it" "" \
	"$("$TAPDECK" get /strip/1/app | awk '{ print $2 }')"

play second "$WORK/b.wav"
second=$PID
check "another program gets a strip" deck_taken second
same "which is the next one" 2 "$(deck_app second strip)"
same "with values of its own" 0 \
	"$("$TAPDECK" get /strip/2/gain | awk '{ print $2 }')"

play first "$WORK/a.wav"
first=$PID
check "the first one comes back" deck_taken first
same "it has its strip" 1 "$(deck_app first strip)"
same "and its values" "$want" "$(values 1)"
check "the second one has kept its own" deck_is second strip 2

# heard as set: -12.5 dB and 3 dB of trim, muted until now
quit "$second"
graph.py wait no-node second
deck_plays 9600
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
"$TAPDECK" set /strip/first/mute 0
deck_plays 24000
quit "$loop" "$first"
want=$(awk 'BEGIN { printf "%.4f", 10 ^ (-9.5 / 20) }')
same "its sound has them too" "$want" "$(python3 -c '
import sys
sys.path.insert(0, sys.argv[1])
import wav
# the noise is within 0.125 and 0.25; the loudest frame tells the gain
peak = max(abs(x) for x in wav.read(sys.argv[2]).samples)
print("%.4f" % (peak / 0.25))' "$TOOLS" "$WORK/loop.wav")"

# both at once
play first "$WORK/a.wav"
first=$PID
play second "$WORK/b.wav"
second=$PID
deck_taken first
deck_taken second
same "both are where they were" "1 2" \
	"$(deck_app first strip) $(deck_app second strip)"
quit "$first" "$second"

deck_stop
same "tapdeck ends well" 0 $?
finish
