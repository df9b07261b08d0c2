#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The feedback guard judges streams by what the server knows of them: sandboxes
# that all are process 2, modules of one daemon, two processes of one name.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

log_says() {
	grep -qF "$1" "$DECK_LOG" && return
	tail -n 5 "$DECK_LOG"
	return 1
}

# boxed APP COMMAND...: a pulse program as from a flatpak: what it says of its
# process is true inside of its sandbox only
boxed() {
	local app=$1
	shift
	PULSE_PROP="application.process.id=2 \
pipewire.access.portal.app_id=$app" "$@" &
	PID=$!
}

# records NODE: a native recorder of it that says it is process 2 as well
records() {
	pw-record --target "$1" -P '{ application.name = taper
		node.name = taper application.process.id = 2 }' "$WORK/taper.wav" &
	PID=$!
	check "a recorder records $1" graph.py wait linked "$1" taper
}

pulse_records() {
	boxed "$1" parec --device="$2" --client-name=taper /dev/null
	check "a recorder of pulse records $2" \
		graph.py wait linked "$2" taper
}

deck_start

# ---- two flatpaks ----

play_native deck "$WORK/a.wav" -P \
	'{ application.name = deck node.name = deck application.process.id = 2 }'
native=$PID
boxed org.box.Player paplay --client-name=boxed "$WORK/a.wav"
pulse=$PID
check "a native program is taken" deck_taken deck
check "one of pulse is taken" deck_taken boxed
records tapdeck.loop
taper=$PID
pulse_records org.box.Taper tapdeck.loop
pulse_taper=$PID
deck_plays 9600
check "the native one is taken, though both say they are process 2" \
	deck_is deck tap take
check "the one of pulse, too" deck_is boxed tap take
quit "$taper" "$pulse_taper"
pulse_records org.box.Player tapdeck.loop
check "who may be the recorder itself is not tapped" \
	wait_until 5 deck_is boxed tap off
check "the log says that, and which recorder" log_says \
	"boxed is not tapped: taper records tapdeck.loop"
check "it has no strip" deck_is boxed strip 0
check "another one still is" deck_is deck tap take
quit "$PID"
check "when the recorder is gone it is taken again" deck_taken boxed
check "the log says that" log_says "boxed may be tapped again"
quit "$native" "$pulse"

# ---- one program, two processes ----

cp "${TAPDECK%/*}/echo" "$WORK/twin"
mkfifo "$WORK/a" "$WORK/b"
"$WORK/twin" twin < "$WORK/a" &
first=$!
exec 3> "$WORK/a"
"$WORK/twin" twin < "$WORK/b" &
second=$!
exec 4> "$WORK/b"
check "two processes are one program" wait_until 5 deck_is twin streams 2
check "and taken" wait_until 5 deck_is twin tap take
echo "record tapdeck.loop" >&4
check "the one that does not record stays" wait_until 5 log_says \
	"twin is not tapped whole: 1 of 2 streams is left out: twin.in records \
tapdeck.loop"
check "it is taken" wait_until 5 deck_is twin tap take
links_of_strip() {
	[ "$(graph.py links | grep -c "twin.*tapdeck:strip$1_")" = 2 ]
}
check "its two channels are all that its strip hears" \
	wait_until 5 links_of_strip "$(deck_app twin strip)"
exec 3>&- 4>&-
wait "$first" "$second"

# ---- modules of the daemon ----

pactl load-module module-null-sink media.class=Audio/Source/Virtual \
	sink_name=mic channel_map=front-left,front-right >/dev/null
pactl load-module module-loopback source=mic sink=room \
	source_output_properties=node.name=mic.in >/dev/null
pactl load-module module-loopback source=tapdeck.loop sink=room \
	sink_input_properties=node.name=echo.out >/dev/null
pactl load-module module-combine-sink sink_name=both slaves=room >/dev/null
check "a loopback of the daemon is taken" wait_until 5 deck_is mic.in tap take
check "another one, which records the loop, is not" \
	wait_until 5 deck_is echo.out tap off
check "and has no strip" deck_is echo.out strip 0
check "the combined sink is there" graph.py wait node output.both_room
deck_plays 4800
same "its far end is no program" "" "$("$TAPDECK" apps | grep -w both)"

deck_stop
same "tapdeck ends well" 0 $?
finish
