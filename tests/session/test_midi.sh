#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The MIDI ports of tapdeck's node: a JACK client plays sound and messages from
# one clock, so the frame at which a message is heard can be read off.
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
bank: 2
controls:
  - {on: cc 7, to: "/strip/{1}/gain", range: [-90, 0], light: same}
  - {on: bend, to: "/strip/{1}/fader"}
  - {on: cc 8, to: "/strip/{1}/fader", takeover: pickup}
  - {on: cc 9, to: "/strip/{1}/gain", relative: twos}
  - {on: note 1, to: "/strip/{1}/mute", as: toggle, light: same}
  - {on: note 2, to: "/strip/{1}/mute", as: momentary}
  - {on: note 3, to: "/strip/{1}/route", as: radio, value: none, light: same}
  - {on: note 4, to: "/strip/{1}/route", as: radio, value: both}
  - {on: note 5, as: bank-left}
  - {on: note 6, as: bank-right}
END

gen.py noise "$WORK/a.wav" -t 3 -s 11
deck_start

# jack_play EVENT...: a.wav on strip 1 (STRIP) with these messages; what tapdeck
# sends goes to $WORK/got, what it mixes to $WORK/loop.wav
jack_play() {
	local strip=strip${STRIP:-1} loop
	record "$WORK/loop.wav" tapdeck.loop
	loop=$PID
	pw-jack "${TAPDECK%/*}/jackplay" "$WORK/a.wav" "$@" \
		>"$WORK/got" &
	PID=$!
	wait_until 5 has_port jackplay:midi_in || die "no JACK client" # its last
	pw-link jackplay:out_2 "tapdeck:${strip}_FR"
	pw-link tapdeck:midi_out jackplay:midi_in
	[ $# = 0 ] || pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 "tapdeck:${strip}_FL"
	wait "$PID" || echo "# the player missed a cycle"
	quit "$loop"
}

heard_moves() {
	measure.py moves -f "$WORK/a.wav" "$WORK/loop.wav" 2>&1
}

# ---- each message is heard at its frame: in its own block ----

jack_play 20011:B00740 40000:B0077F 60001:900140 60005:800100 80003:900240 \
	90007:900200 100096:900340 101000:800300 119999:900440 121000:800400
same "a message is heard at its frame" \
"20011: 1.0000 to 0.0059 in 480 frames
40000: 0.0059 to 1.0000 in 480 frames
60001: 1.0000 to 0.0000 in 480 frames
90007: 0.0000 to 1.0000 in 480 frames
100096: 1.0000 to 0.0000 in 480 frames
119999: 0.0000 to 1.0000 in 480 frames" "$(heard_moves)"
check "and its parameter is what it says" is /strip/1/route both

# Where a block begins and ends, and bend with its 14 bits: 0.75 is 0 dB.
block=$(deck_status block_frames)
jack_play "$((20 * block)):E00040" "$((40 * block - 1)):E07F5F" \
	"$((60 * block + 1)):E00000"
same "so it is at the first frame of a block, the last, and by pitch bend" \
"$((20 * block)): 1.0000 to
$((40 * block - 1)): 0.
$((60 * block + 1)): 0.9999 to 0.0000 in 480 frames" \
	"$(heard_moves | sed -E '1s/to .*/to/; 2s/ 0\..*/ 0./')"
"$TAPDECK" set /strip/1/fader 0.75

# ---- takeover: a fader that is not where its strip is moves nothing ----

jack_play 20000:B00805 30000:B00810 50000:B0085E 70000:B0085F 90000:B00860
"$TAPDECK" get /strip/1/fader >"$WORK/fader"
same "a fader that was not caught moves nothing, then in its own block" \
	"70000 90000" "$(heard_moves | cut -d: -f1 | tail -n 2 | xargs)"
check "and the strip is where the fader went" is /strip/1/fader 0.7559055
"$TAPDECK" set /strip/1/fader 0.75

# ---- what the audio thread cannot know yet, control puts right ----

# The bank moves and the fader after it, in one block: that is strip 3's.
jack_play 40000:900640 40001:800600 40002:B00700 80000:900540 80001:800500
same "after a bank button in the same block the old strip is left alone" "" \
	"$(heard_moves)"
check "the new one has it" is /strip/3/gain -90
check "the old one has not" is /strip/1/gain 0
# Two presses in one block are two presses.
jack_play 40000:900140 40010:800100 40020:900140 40030:800100 \
	90000:900140 90100:800100
check "two presses in one block are two" is /strip/1/mute 1
same "and the last of three is heard at its frame" 90000 \
	"$(heard_moves | tail -n 1 | cut -d: -f1)"
"$TAPDECK" set /strip/1/mute 0
# An encoder: each step hangs on where the last one led.
jack_play 40000:B00901 41000:B00901 42000:B0097F
check "an encoder that turns two up and one down" \
	is /strip/1/gain 0.8031496

# ---- what comes back ----

"$TAPDECK" set /strip/1/gain -45
jack_play &
played=$!
wait_until 5 grep -q . "$WORK/got"
"$TAPDECK" set /strip/1/mute 1
"$TAPDECK" set /strip/1/route none
wait_until 5 grep -q '90 03 7F' "$WORK/got"
wait "$played"
same "a JACK program is shown all, and then each change" \
"90 01 7F
90 03 7F
B0 07 40" "$(grep -x '90 01 7F\|90 03 7F\|B0 07 40' "$WORK/got" | sort -u)"
"$TAPDECK" set /strip/1/mute 0
"$TAPDECK" set /strip/1/route both
"$TAPDECK" set /strip/1/gain 0
check "tapdeck midi says that nobody is linked" \
	grep -q "PipeWire.*not linked.*Ports" <<<"$("$TAPDECK" midi)"

# ---- who is slow to be linked ----
# Nothing of a link is there before both ends have answered.

"$TAPDECK" set /strip/1/mute 1
stdbuf -oL pw-mididump >"$WORK/dump" 2>&1 &
dump=$!
midi_input() { pw-link -i | grep -i '^pw-mididump:\|^midi-dump:' | head -n 1; }
wait_until 5 midi_input || die "no pw-mididump"
listener=$(midi_input)
lamps_are() { [ "$(grep -ci 'note on' "$WORK/dump")" -gt "$1" ]; }
not_linked() { "$TAPDECK" midi | grep -q "PipeWire.*not linked"; }
# from 1.4 on it takes UMP only
pw-link tapdeck:midi_out "$listener" || die "pw-mididump cannot be linked"
check "who is linked is shown all" wait_until 5 lamps_are 0
pw-link -d tapdeck:midi_out "$listener"
wait_until 5 not_linked || die "it is still linked"
kill -STOP "$dump"
shown=$(grep -ci 'note on' "$WORK/dump")
pw-link tapdeck:midi_out "$listener" &
linker=$!
wait_until 5 sh -c '"$TAPDECK" midi | grep -q "PipeWire.*open"'
deck_plays 24000
kill -CONT "$dump"
wait "$linker"
check "and who answers late, too" wait_until 5 lamps_are "$shown"
quit "$dump"
"$TAPDECK" set /strip/1/mute 0

# ---- a player of standard MIDI files ----

python3 - "$WORK/file.mid" <<'END'
import struct, sys
track = b"\x83\x00\xb0\x07\x10\x60\xb0\x07\x20\x60\x90\x01\x40\0\x80\x01\0\x60\xff\x2f\0"
with open(sys.argv[1], "wb") as f:
    f.write(b"MThd" + struct.pack(">IHHH", 6, 0, 1, 96))
    f.write(b"MTrk" + struct.pack(">I", len(track)) + track)
END
pw-midiplay --target 0 "$WORK/file.mid" 2>"$WORK/midiplay.log" &
player=$!
wait_until 5 sh -c 'pw-link -o | grep -q ^pw-midiplay:' &&
	pw-link "$(pw-link -o | grep ^pw-midiplay: | head -n 1)" tapdeck:midi_in
check "pw-midiplay moves a strip" wait_until 5 is /strip/1/gain -67.32284
check "and mutes it" wait_until 5 is /strip/1/mute 1
quit "$player"
"$TAPDECK" set /strip/1/mute 0
"$TAPDECK" set /strip/1/gain 0

# ---- what is sent comes back: a link from midi_out to midi_in ----

pw-link tapdeck:midi_out tapdeck:midi_in
wait_until 5 sh -c '"$TAPDECK" midi | grep -q "PipeWire.*open"'
deck_plays 24000 # it is shown all, twice
looped() { # ADDRESS VALUE EVENT: came round, and the value is as it was set
	"$TAPDECK" set "$1" "$2" && wait_until 5 heard_last "$3" && is "$1" "$2"
}
heard_last() {
	"$TAPDECK" midi | grep -q "PipeWire.*$1,"
}
for i in 1 2 3; do
	check "what comes back does not press a button ($i)" \
		looped /strip/1/mute 1 "note 1 = 127"
	check "nor let it go ($i)" looped /strip/1/mute 0 "note 1 = 0"
	check "nor move a knob ($i)" \
		looped /strip/1/gain "-3$i.3" "cc 7 = 8."
done
pw-link -d tapdeck:midi_out tapdeck:midi_in
"$TAPDECK" set /strip/1/gain 0

# ---- learning, and a file that is saved ----

"$TAPDECK" learn /strip/2/mute >"$WORK/learned" 2>&1 &
learner=$!
wait_until 5 grep -q . "$WORK/learned"
jack_play 2000:904040 7000:804000 12000:904040 17000:804000
wait "$learner"
same "a button of the ports is learned" 0 $?
jack_play 30000:904040 30100:804000
check "and moves what it was learned for" is /strip/2/mute 1
sed -i 's/cc 7, to: .*gain"/cc 7, to: "\/strip\/{1}\/trim"/; s/\[-90, 0\]/[-12, 12]/' \
	"$MINE/ports.yaml"
wait_until 5 grep -q "MIDI: PipeWire: Ports.*learned" "$DECK_LOG"
jack_play 30000:B00700 60000:B0077F
same "a mapping that is saved is in force, also in the block" \
"30000: 1.0000 to 0.2512 in 480 frames
60000: 0.2512 to 3.9811 in 480 frames" "$(heard_moves)"
"$TAPDECK" set /strip/1/trim 0

# ---- the engine is killed: knobs are not dead after it ----

gen.py noise "$WORK/long.wav" -t 20 -s 13
pw-jack "${TAPDECK%/*}/jackplay" "$WORK/long.wav" 0:F8 >"$WORK/got" &
player=$!
wait_until 5 has_port jackplay:midi_out
pw-link jackplay:midi_out tapdeck:midi_in
pw-link tapdeck:midi_out jackplay:midi_in
links() {
	graph.py links-to tapdeck | grep -c 'jackplay:midi_out -> tapdeck:midi_in'
	graph.py links-from tapdeck | grep -c 'tapdeck:midi_out -> jackplay:midi_in'
}
links_are() {
	[ "$(links | xargs)" = "$*" ]
}
# engine_dies: returns when the next one runs
engine_dies() {
	local old
	old=$(deck_engine)
	kill -KILL "$old"
	wait_until 10 engine_is_other "$old" && deck_runs 10
}
wait_until 5 links_are 1 1
engine_dies
check "its MIDI links are made again" wait_until 5 links_are 1 1
pw-link -d jackplay:midi_out tapdeck:midi_in
wait_until 5 links_are 0 1
check "and are their user's" links_are 0 1
engine_dies
check "who takes one away has it taken away" wait_until 5 links_are 0 1
quit "$player"

# ---- PipeWire begins anew ----

session-ctl restart pipewire
check "tapdeck is back" deck_runs 10
wait_until 5 has_port tapdeck:midi_out
jack_play 30011:900140 30100:800100
same "and so are its ports, with what they do" \
	"30011: 1.0000 to 0.0000 in 480 frames" "$(heard_moves)"

# ---- a program that gets MIDI from us is no loop of sound ----

gen.py noise "$WORK/drums.wav" -t 6 -s 12
pw-jack "${TAPDECK%/*}/jackplay" "$WORK/drums.wav" >"$WORK/got" &
drums=$!
wait_until 5 has_port jackplay:midi_in
pw-link tapdeck:midi_out jackplay:midi_in
wait_until 5 grep -q . "$WORK/got"
check "a drum machine that hears our MIDI can be copied" \
	grep -q "jackplay.*can be copied" <<<"$("$TAPDECK" apps)"
quit "$drums"
same "nothing was lost on the way" 0 "$(deck_status midi_lost)"
deck_stop
same "tapdeck ends well" 0 $?
finish
