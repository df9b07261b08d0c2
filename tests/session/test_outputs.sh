#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Programs of more than two outputs that say of none where in a room it belongs:
# JACK programs (main and headphones), pro audio.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

JACKPLAY=${TAPDECK%/*}/jackplay
[ -x "$JACKPLAY" ] || die "$JACKPLAY: not built; 'make test' builds it"

gen.py noise "$WORK/four.wav" -t 1.5 -c 4 -s 1
PYTHONPATH=$TOOLS python3 -B - "$WORK" <<'EOF' || die "no sources"
import sys, wav
four = wav.read(sys.argv[1] + "/four.wav")
for n in 1, 2:
    pair = four.pick([2 * n - 2, 2 * n - 1])
    wav.write("%s/pair%d.wav" % (sys.argv[1], n), pair.samples, 2, pair.rate_hz)
EOF

has_note() {
	[ -n "$(deck_app "$1" note)" ]
}

# jack_recorded OUT: what tapdeck records of a JACK program of four outputs,
# which plays in the room as well; NOTE is what `tapdeck apps` said meanwhile
jack_recorded() {
	local status jack loop
	for _ in 1 2 3; do
		record "$1" tapdeck.loop
		loop=$PID
		pw-jack "$JACKPLAY" "$WORK/four.wav" >/dev/null &
		jack=$!
		wait_until 5 has_port jackplay:midi_out || die "no JACK client"
		graph.py wait -t 5 linked jackplay tapdeck
		pw-link jackplay:out_3 room:playback_FR 2>/dev/null
		pw-link jackplay:out_1 room:playback_FL 2>/dev/null
		wait_until 5 has_note jackplay
		NOTE=$(deck_app jackplay note)
		wait "$jack"
		status=$?
		quit "$loop"
		[ "$status" = 75 ] || break # a cycle was missed
	done
	return "$status"
}

# logged TEXT: how often
logged() {
	grep -cF "$1" "$DECK_LOG"
}

# ---- the first two are used, and that is said ----

deck_start --tap copy
jack_recorded "$WORK/loop.wav"
same "a JACK program of four outputs is copied" 0 $?
check "its outputs 1 and 2 are recorded from the first frame on, bit by bit" \
	from_first "$WORK/pair1.wav" "$WORK/loop.wav" 66000
same "tapdeck apps says so" \
	"outputs 1 and 2 of 4 are heard; a rule's pair chooses others" "$NOTE"
check "the log says it" test "$(logged "jackplay: outputs 1 and 2 of 4")" -gt 0
same "and not of three outputs, though they came one by one" \
	"$(logged "jackplay: outputs 1 and 2 of 4")" "$(logged "jackplay: ")"
deck_stop

# ---- another pair ----

deck_start --tap copy --rule '*jackplay*=3,pair=2'
jack_recorded "$WORK/loop.wav"
check "a rule has its outputs 3 and 4 recorded instead" \
	from_first "$WORK/pair2.wav" "$WORK/loop.wav" 66000
same "and tapdeck apps says which" \
	"outputs 3 and 4 of 4 are heard; a rule's pair chooses others" "$NOTE"
deck_stop

mkdir -p "$XDG_CONFIG_HOME/tapdeck"
cat >"$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml" <<'EOF'
tap: copy
strip:
  - {number: 2, match: ["jack*"], pair: 3}
EOF
deck_start
jack_recorded "$WORK/loop.wav"
check "where there is no such pair, the first is recorded" \
	from_first "$WORK/pair1.wav" "$WORK/loop.wav" 66000
same "and that is said" \
	"it has 4 outputs and no pair 3; its first are heard" "$NOTE"
deck_stop
rm "$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml"

# ---- pro audio ----

deck_start
record "$WORK/pro.wav" tapdeck.loop
loop=$PID
play pro "$WORK/four.wav" --dont-remix --channel-map AUX0,AUX1,AUX2,AUX3
check "a program of four numbered channels is taken" deck_taken pro
same "it is said what is left out" \
	"outputs 1 and 2 of 4 are heard; a rule's pair chooses others" \
	"$(deck_app pro note)"
wait "$PID"
quit "$loop"
check "its first two are recorded" \
	from_first "$WORK/pair1.wav" "$WORK/pro.wav" 66000
deck_stop
finish
