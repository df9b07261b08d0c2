#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a DJ has set is there again when everything was killed at once, before a
# program's first sample; a file that is not to be trusted is set aside.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

values() {
	"$TAPDECK" get '/strip/*/{gain,mute,name,route}' '/strip/*/eq/low' \
		'/bus/*/gain' /crossfader
}

kept() {
	grep -q "$1" "$DECK_STATE"
}

# peak FILE: of all its samples
peak() {
	"$PYTHON3" - "$TOOLS" "$1" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav
print(max(abs(x) for x in wav.read(sys.argv[2]).samples))
END
}

killed() {
	local engine
	engine=$(deck_engine)
	kill -s STOP "$engine" # it could put things right, if it saw its parent die
	kill -s KILL "$DECK"
	kill -s KILL "$engine"
	wait "$DECK" 2>/dev/null
}

play a "$WORK/a.wav"
a=$PID
deck_start --strips 4
deck_taken a || die "a is not taken"
first=$(values)
# nothing but the last strip: it is not the one that an app gets first
"$TAPDECK" set /strip/1/gain -30
"$TAPDECK" set /strip/1/name "Deck A"
"$TAPDECK" set /strip/3/route loop
"$TAPDECK" set /bus/loop/gain -1.5
"$TAPDECK" set /crossfader 0.25
"$TAPDECK" set /strip/4/eq/low -90
check "a move is in the file within a second" wait_until 1 kept 'eq/low: -90'
want=$(values)

# ---- killed, all of it ----

killed
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_goes_on --strips 4
check "the program is taken again" deck_taken a
same "values and names are there again" "$want" "$(values)"
same "and the program is on its strip" 1 "$(deck_app a strip)"
deck_plays 24000
quit "$loop"
check "not one sample was heard without them" awk -v peak="$(peak \
	"$WORK/loop.wav")" 'BEGIN { print peak; exit !(peak > 0 && peak < 0.03) }'

# ---- ended as asked, at once after a move ----

"$TAPDECK" set /strip/2/gain -7
want=$(values)
deck_stop
same "it ends well" 0 $?
deck_goes_on --strips 4
same "what was set last of all is there as well" "$want" "$(values)"
deck_stop

# ---- fresh ----

cp "$DECK_STATE" "$WORK/before"
deck_goes_on --strips 4 --fresh
check "it is taken by a fresh start" deck_taken a
same "which has first values" "$first" "$(values)"
"$TAPDECK" set /strip/1/gain -3
deck_plays 48000
deck_stop
check "and leaves the file as it was" cmp "$DECK_STATE" "$WORK/before"

# ---- a file that is not whole, and one that cannot be ----

head -c 200 "$WORK/before" >"$DECK_STATE"
head -c 200 "$WORK/before" >"$WORK/cut"
deck_goes_on --strips 4
check "a file that is cut is said to be" grep -q \
	"$DECK_STATE.*set aside as $DECK_STATE.bad-1" "$DECK_LOG"
check "and kept" cmp "$DECK_STATE.bad-1" "$WORK/cut"
check "and there is a new one" wait_until 2 kept '^sum: '
deck_stop
mv "$XDG_STATE_HOME/tapdeck" "$WORK/elsewhere"
echo "no folder" >"$XDG_STATE_HOME/tapdeck"
deck_goes_on --strips 4
check "where nothing can be saved it says so, and runs" grep -q \
	"values are not saved" "$DECK_LOG"
"$TAPDECK" set /strip/1/gain -3
deck_stop
same "and ends well" 0 $?
quit "$a"
finish
