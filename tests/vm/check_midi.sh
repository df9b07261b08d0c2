#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# MIDI devices of the real ALSA sequencer, in the guest that run.sh boots: they
# move a running tapdeck, it answers them, they are pulled out and put back.
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"
# shellcheck source=tests/vm/midi.sh
. "$TOOLS/../vm/midi.sh"

mapping knobs <<'END'
name: Knobs
device: "VirMIDI 0-0"
takeover: jump
start: [F0 7D 01 F7]
controls:
  - {on: cc 7, to: /strip/1/fader, light: same}
  - {on: note 16, to: /strip/1/mute, as: toggle, light: same}
END
mapping pads <<'END'
name: Pads
device: "VirMIDI 1-0"
takeover: jump
controls:
  - {on: cc 7, to: /strip/2/fader, light: same}
END
mapping through <<'END'
name: Through
device: "Midi Through*"
takeover: jump
controls:
  - {on: cc 20, to: /strip/4/fader, light: cc 21}
  - {on: cc 22, to: /strip/5/fader, light: same}
END

# ---- devices come ----

deck_start
check "tapdeck runs on a machine without MIDI, and says so" \
	grep -q 'no devices.*/dev/snd/seq' <<<"$("$TAPDECK" midi 2>&1)"
devices_load || die "no sequencer"
check "a sequencer that comes later is found within 2 s" \
	within 2 midi_row 'VirMIDI 0-0 +in\+out +open +Knobs '
check "tapdeck midi tells each device's mapping: another one" \
	midi_row 'VirMIDI 1-0 +in\+out +open +Pads '
check "tapdeck midi: Midi Through" \
	midi_row 'Midi Through Port-0 +in\+out +open +Through '
aconnect -l >"$WORK/aconnect"
check "aconnect shows the device beside PortMidi's client" \
	grep -q "'VirMIDI 0-0 *'" "$WORK/aconnect"
check "and their connection" awk "/^client/ { in_it = /VirMIDI|Virtual/ }
	in_it && /Connect(ed|ing)/ { found = 1 } END { exit !found }" \
	"$WORK/aconnect"

# ---- the hand moves parameters ----

amidi -p hw:0,0 -S B0077F
moved "what amidi sends a device moves its strip" /strip/1/fader 1
amidi -p hw:1,0 -S B00700
moved "the same message of another device moves another strip" /strip/2/fader 0
same "and that one alone" 1 "$(value /strip/1/fader)"
amidi -p hw:0,0 -S 901041801000
moved "a button toggles" /strip/1/mute 1

# A Standard MIDI File: one controller, 20 = 127, then its end.
printf 'MThd\0\0\0\6\0\0\0\1\0\x60MTrk\0\0\0\x08\0\xb0\x14\x7f\0\xff\x2f\0' \
	>"$WORK/knob.mid"
aplaymidi -d 0 -p 14:0 "$WORK/knob.mid"
moved "what aplaymidi plays moves a strip" /strip/4/fader 1
check "tapdeck midi tells what came last" \
	midi_row 'Midi Through .* cc 2[01] = 127, '

# ---- the strip answers ----

amidi -p hw:0,0 -d >"$WORK/amidi" &
ears=$!
wait_until 5 is_heard 0 || die "amidi does not listen"
amidi_heard() {
	tr -s '\n' ' ' <"$WORK/amidi" | sed 's/^ *//; s/ *$//'
}
amidi_is() {
	[ "$(amidi_heard)" = "$1" ]
}
"$TAPDECK" set /strip/1/fader 0.25
wait_until 5 amidi_is B00720
"$TAPDECK" set /strip/1/mute 0
want="B00720 901000"
wait_until 5 amidi_is "$want"
same "amidi reads what tapdeck sends back, and no more than that" "$want" \
	"$(amidi_heard)"
quit "$ears"

aseqdump -p 14:0 >"$WORK/aseqdump" &
ears=$!
wait_until 5 grep -q aseqdump /proc/asound/seq/clients
wait_until 5 awk "/aseqdump/ { in_it = 1 }
	in_it && /14:0/ { found = 1 } END { exit !found }" \
	/proc/asound/seq/clients || die "aseqdump does not listen"
# It is a program that came: the devices are looked at, their lamps lit anew.
wait_until 5 said "MIDI: aseqdump: " 1
dumped() {
	awk '/Control change/ { gsub(",", ""); print $6 "=" $8 }' \
		"$WORK/aseqdump" | tail -n 2 | tr '\n' ' '
}
dumped_is() {
	[ "$(dumped)" = "$1" ]
}
# So often that the echo is known for one.
for value in 0.9 0.8 0.7 0.6 0.5; do
	"$TAPDECK" set /strip/5/fader "$value"
done
wait_until 5 value_is /strip/5/fader 0.5
"$TAPDECK" set /strip/4/fader 0.25
wait_until 5 dumped_is "22=64 21=32 "
same "aseqdump reads what tapdeck sends Midi Through" "22=64 21=32 " "$(dumped)"
same "which comes back, and moves nothing" 0.5 "$(value /strip/5/fader)"
quit "$ears"

read -r ms bytes <<<"$("$VM/hand.py" fight /dev/snd/midiC0D0 \
	"$TAPDECK_PORT" /strip/1/fader)"
same "a moving hand is sent nothing, then how it ended" "B0 07 7F" "$bytes"
check "300 ms after its last move ($ms ms)" test "$ms" -ge 300

# ---- devices go and come back ----

# stream_start EVENT: the file EVENT of the driver is given the first card in
# the middle of what the other card's device sends; returns when that was done
stream_start() {
	events=$(midi_field "VirMIDI 1-0" events)
	"$VM/hand.py" stream /dev/snd/midiC1D0 100 "$DRIVER/$1" snd_virmidi.0 &
	hand=$!
	wait_until 5 is_"$1"
}

is_bind() {
	[ -e "$DRIVER/snd_virmidi.0" ]
}

is_unbind() {
	! is_bind
}

stream_end() {
	wait "$hand"
	wait_until 2 events_are $((events + 100))
	same "$1" "$((events + 100)), lost 0" "$(events_now)"
}

events_now() {
	echo "$(midi_field "VirMIDI 1-0" events), lost $(midi_field \
		"VirMIDI 1-0" lost)"
}

events_are() {
	[ "$(events_now)" = "$1, lost 0" ]
}

stream_start unbind
check "a device that is pulled out is missed within 2 s" \
	within 2 said "VirMIDI 0-0 is gone" 1
stream_end "the other one, in use meanwhile, loses nothing"
check "tapdeck midi tells which one is gone" \
	midi_row 'VirMIDI 0-0 +in\+out +gone '
"$TAPDECK" set /strip/1/fader 0.25
"$TAPDECK" set /strip/1/mute 1
amidi -p hw:1,0 -S B0077F
moved "the other device goes on" /strip/2/fader 1

hear 0 "$WORK/restored" &
stream_start bind
check "one that is put back is found within 2 s" \
	within 2 said "VirMIDI 0-0 is back" 1
stream_end "the other one, in use meanwhile, loses nothing"
want="F0 7D 01 F7 B0 07 20 90 10 7F"
wait_until 5 heard_is "$WORK/restored" "$want"
same "its greeting, fader and lamp are sent again" "$want" \
	"$(heard "$WORK/restored")"
amidi -p hw:0,0 -S B00740
moved "and it moves its strip" /strip/1/fader 0.503937

unplug 0
unplug 1
check "both are pulled out" within 2 said "VirMIDI 1-0 is gone" 1
check "their module is removed" rmmod snd_virmidi
devices_load
check "and put back: found again within 2 s" \
	within 2 said "VirMIDI 1-0 is back" 1
amidi -p hw:0,0 -S B00700
amidi -p hw:1,0 -S B00740
moved "one moves its strip" /strip/1/fader 0
moved "and so does the other" /strip/2/fader 0.503937

# ---- a known controller, and learning ----

mkfifo "$WORK/keys"
midi_device "nanoKONTROL2 MIDI 1" <"$WORK/keys" >"$WORK/lamps" &
exec 7>"$WORK/keys"
check "a known controller has its mapping at once" \
	within 2 midi_row 'nanoKONTROL2 MIDI 1 +in\+out +open +Korg nanoKONTROL2 '
midi_device "DAW out" <>"$QUIET" >/dev/null &
daw=$!
check "a program that is not known has none" \
	within 2 midi_row 'DAW out +in\+out +closed +- '
quit "$daw"
printf '%s\n' "B0 02 00" "B0 02 7F" >&7 # it picks the strip up
moved "and moves a strip" /strip/3/fader 1
"$TAPDECK" set /strip/3/mute 1
check "and its lamp is lit" wait_until 5 grep -qx 'B0 32 7F' "$WORK/lamps"

timeout 20 "$TAPDECK" learn /strip/6/gain >"$WORK/learn" 2>&1 &
learner=$!
wait_until 5 grep -q '^move the' "$WORK/learn" ||
	die "learn asks nothing"
amidi -p hw:0,0 -S "B0 09 10 B0 09 20 B0 09 30 B0 09 40 B0 09 50"
wait "$learner"
same "learn hears a knob of a device" 0 $?
same "and says which one" "VirMIDI 0-0: ch 1 cc 9 moves /strip/6/gain" \
	"$(tail -n 1 "$WORK/learn")"
amidi -p hw:0,0 -S "B0 09 00 B0 09 7F"
moved "which moves it from then on" /strip/6/gain 12
same "learn --list has it" "/strip/6/gain VirMIDI 0-0 ch 1 cc 9" \
	"$("$TAPDECK" learn --list | tail -n 1 | tr -s ' ')"
check "learn --forget takes it out" "$TAPDECK" learn --forget /strip/6/gain
amidi -p hw:0,0 -S "B0 09 00 B0 07 7F"
moved "the rest of the device's mapping stays" /strip/1/fader 1
same "and what was forgotten moves no more" 12 "$(value /strip/6/gain)"

exec 7>&-
check "a program that leaves is missed" \
	within 2 said "nanoKONTROL2 MIDI 1 is gone" 1
deck_stop TERM
same "tapdeck ends well" 0 $?
finish
