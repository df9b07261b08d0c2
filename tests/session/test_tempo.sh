#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Tempo in a running graph: a JACK client sends a MIDI clock and plays, from one
# clock, so the frame on which a mute lands can be read off; and hears the clock
# that tapdeck sends.
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
controls:
  - {on: note 1, to: /strip/1/mute, light: same}
  - {on: note 2, to: /tempo/tap}
END

FIRST=2500 # frame of the clock's first beat
BEAT=24000 # frames: 120 BPM

# clock SECONDS: the messages of a MIDI clock that starts
clock() {
	echo "100:FA"
	seq -f '%.0f:F8' $FIRST 1000 $((FIRST + $1 * 48000))
}

# jack_play SECONDS EVENT...: noise on strip 1 with these messages; what tapdeck
# sends goes to $WORK/got, what it mixes to $WORK/loop.wav. Meanwhile: meanwhile
jack_play() {
	local loop
	gen.py noise "$WORK/a.wav" -t "$1" -s 11
	shift
	record "$WORK/loop.wav" tapdeck.loop
	loop=$PID
	pw-jack "${TAPDECK%/*}/jackplay" -f "$WORK/a.wav" "$@" >"$WORK/got" &
	PID=$!
	wait_until 5 has_port jackplay:midi_in || die "no JACK client" # its last
	pw-link tapdeck:midi_out jackplay:midi_in
	pw-link jackplay:out_2 tapdeck:strip1_FR
	[ $# = 0 ] || pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 tapdeck:strip1_FL
	meanwhile
	wait "$PID" || echo "# the player missed a cycle"
	quit "$loop"
}

# off_beat: how many frames each move of the loop is from the clock's beats
off_beat() {
	measure.py moves -f "$WORK/a.wav" "$WORK/loop.wav" 2>&1 |
		awk -F: -v first=$FIRST -v beat=$BEAT '
			{ off = ($1 - first) % beat
			  print (off > beat / 2 ? off - beat : off) }'
}

gen.py noise "$WORK/a.wav" -t 1 -s 11
deck_start

# ---- a clock comes: what is pressed, set and sent lands on its beat ----

meanwhile() {
	wait_until 5 is /tempo/running 1
	"$TAPDECK" get /tempo | grep -q ' 120$' && touch "$WORK/tempo"
	"$TAPDECK" set /strip/1/mute 1 # by the command line
	is /strip/1/mute 0 && touch "$WORK/waited"
	"$TAPDECK" get /strip/1/pending >"$WORK/pending"
	wait_until 5 is /strip/1/mute 1
	oscsend localhost "$TAPDECK_PORT" /strip/1/mute i 0
	wait_until 5 is /strip/1/mute 0
	"$TAPDECK" status >"$WORK/status"
}
"$TAPDECK" set /quantise beat
# A press on each of two beats, and one that is taken back before its own.
{
	clock 7
	printf '%s\n' 245000:900140 245100:800100 270000:900140 270100:800100 \
		294000:900140 294100:800100 303000:900140 303100:800100
} | sort -n >"$WORK/events"
# shellcheck disable=SC2046 # words
jack_play 7 $(cat "$WORK/events")
same "by command line, OSC and MIDI a mute lands on the beat's sample" \
	"0 0 0 0" "$(off_beat | xargs)"
# Its lamp is lit and dark by turns for a beat at least: 24,000 frames.
lamp=$(awk '$1 > 245000 && $1 < 266500 && $2 == "90" && $3 == "01"' \
	"$WORK/got" | wc -l)
check "its lamp blinks until then" [ "$lamp" -ge 1 ]
check "and waited until then" [ -e "$WORK/waited" ]
check "the tempo is told" [ -e "$WORK/tempo" ]
same "and that a strip waits" "/strip/1/pending 1" "$(cat "$WORK/pending")"
check "tapdeck status tells the tempo" grep -q "^tempo_bpm *120" "$WORK/status"
wait_until 5 is /tempo/running 0
check "a clock that falls silent is none any more" is /tempo/running 0
check "without a clock a mute is at once" sh -c \
	'"$TAPDECK" set /strip/1/mute 1 && "$TAPDECK" get /strip/1/mute | grep -q " 1$"'
"$TAPDECK" set /strip/1/mute 0

# ---- a clock leaves ----

meanwhile() {
	"$TAPDECK" set /tempo 133.7
	"$TAPDECK" set /tempo/clock-out 1
}
jack_play 4
"$TAPDECK" set /tempo/clock-out 0
awk '$2 == "F8" && $1 > 10000 { if (last) print $1 - last; last = $1 }' "$WORK/got" |
	sort -n | uniq -c >"$WORK/gaps"
# 133.7 BPM at 48 kHz: 897.53 frames
same "each tick leaves on its frame" "897 898" \
	"$(awk '{ print $2 }' "$WORK/gaps" | xargs)"
check "and there are many" awk '{ n += $1 } END { exit n < 150 }' "$WORK/gaps"
same "with a start before a bar" 1 "$(grep -c ' FA$' "$WORK/got")"

# ---- taps ----

"$TAPDECK" set /tempo/source off
check "a source that is off has no beat" is /tempo/running 0
"$TAPDECK" set /tempo/source own
meanwhile() { :; }
# shellcheck disable=SC2046 # words
jack_play 3 $(seq -f '%.0f:900240' 4000 20000 124000)
check "a button taps the tempo" sh -c \
	'"$TAPDECK" get /tempo | awk "{ exit \$2 < 142 || \$2 > 146 }"'


# ---- a scene ----

"$TAPDECK" set /tempo 60
"$TAPDECK" scene save x
"$TAPDECK" set /quantise bar
wait_until 10 is /beat 2 # two beats and more are left
same "a scene that is recalled waits for its bar" \
	"x waits for the beat that /quantise says" "$("$TAPDECK" scene recall x)"
check "and is pending" is /quantise/pending 1
same "once more takes it back" '{"name": "x", "pending": false}' \
	"$("$TAPDECK" scene recall x --json)"
check "and nothing is" is /quantise/pending 0
"$TAPDECK" set /quantise off
same "without it it is at once" "" "$("$TAPDECK" scene recall x)"

deck_stop
finish
