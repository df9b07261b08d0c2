#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The session manager stands still for a moment while a program is taken: the
# program is copied meanwhile, out of main, and taken when it can be.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

TWICE_MS=200

gen.py noise "$WORK/a.wav" -t 60 -s 1

has_note() {
	[[ "$(deck_app app note)" == *"$1"* ]]
}

# twice FILE: how long it is louder than the source (0.25) can be, in ms
twice() {
	python3 - "$TOOLS" "$1" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav
rec = wav.read(sys.argv[2])
loud = [n for n, x in enumerate(rec.samples) if abs(x) > 0.2505]
print((loud[-1] - loud[0]) * 1000 // 2 // rec.rate_hz if loud else 0)
END
}

play app "$WORK/a.wav"
app=$PID
played_in room app || die "app does not play"
deck_start --tap off
wait_until 5 deck_is app tap off || die "app is not seen"
record "$WORK/room.wav" room
room=$PID
record "$WORK/loop.wav" tapdeck.loop
loop=$PID

session-ctl signal wireplumber STOP
"$TAPDECK" set /strip/app/tap take
check "not moved, it is copied" wait_until 5 deck_is app tap copy
check "and that is said" wait_until 5 has_note "has not moved it yet"
deck_plays 96000
check "it is still copied" deck_is app tap copy
session-ctl signal wireplumber CONT
check "when the session manager goes on, it is taken" \
	wait_until 10 deck_is app tap take
check "by its strip alone" deck_taken app
same "the note is gone" "" "$(deck_app app note)"
check "the log says both" grep -q "it is taken now" "$DECK_LOG"
deck_plays 24000
quit "$room" "$loop"
ms=$(twice "$WORK/room.wav")
echo "# heard twice for $ms ms"
check "in the room it was heard twice for less than $TWICE_MS ms" \
	test "$ms" -lt $TWICE_MS
check "and never gone for long" awk -v ms="$(measure.py gap \
	"$WORK/room.wav")" 'BEGIN { print ms; exit !(ms < 60) }'
check "the recording has all of it" awk -v ms="$(measure.py gap \
	"$WORK/loop.wav")" 'BEGIN { print ms; exit !(ms < 60) }'

# ---- one that begins meanwhile ----

"$TAPDECK" set /strip/2/tap take
session-ctl signal wireplumber STOP
play late "$WORK/a.wav"
late=$PID
wait_until 5 deck_app late strip || die "late is not seen"
session-ctl signal wireplumber CONT
check "one that began meanwhile is taken as well" deck_taken late
same "and never heard in the room" "" "$(graph.py links-from late | grep room)"

# ---- several words that it hears at once ----

session-ctl signal wireplumber STOP
"$TAPDECK" set /strip/late/tap off
wait_until 5 deck_is late tap off || die "late is not let go"
"$TAPDECK" set /strip/late/tap take
session-ctl signal wireplumber CONT
check "let go and asked again meanwhile, it is taken in the end" \
	deck_taken late

# ---- the graph changes its rate meanwhile ----

# rms FILE: of its last second, in thousandths
rms() {
	python3 - "$TOOLS" "$1" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav
rec = wav.read(sys.argv[2])
last = rec.samples[-2 * rec.rate_hz:]
print(round((sum(x * x for x in last) / len(last)) ** 0.5 * 1000))
END
}

rate_is() {
	[ "$(deck_status rate_hz)" = "$1" ]
}

"$TAPDECK" set /strip/late/tap off
quit "$late"
wait_until 5 deck_taken app || die "app is not taken"
record "$WORK/one.wav" room
deck_plays 48000
quit "$PID"
"$TAPDECK" set /strip/app/tap off
check "let go, it is in the room" graph.py wait target app room
record "$WORK/rate.wav" room
room=$PID
session-ctl signal wireplumber STOP
"$TAPDECK" set /strip/app/tap take
check "not moved, it is copied" wait_until 5 deck_is app tap copy
pw-metadata -n settings 0 clock.force-rate 44100 >/dev/null
check "the rate changes" wait_until 5 rate_is 44100
deck_plays 66150
check "it is still copied" deck_is app tap copy
quit "$room"
one=$(rms "$WORK/one.wav") now=$(rms "$WORK/rate.wav")
echo "# $one thousandths alone, $now then"
check "and still not heard in main" test $((now * 10)) -lt $((one * 12))
session-ctl signal wireplumber CONT
check "when the session manager goes on, it is taken" deck_taken app
deck_stop
same "tapdeck ends well" 0 $?
quit "$app"
finish
