#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench_ports.sh BUILD: how late a message at tapdeck's MIDI port is heard, and
# what asking for messages costs while none comes. Prints rows for bench.sh.
# shellcheck disable=SC2034 # read by lib.sh
SESSION="-q 256"
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"

BUILD=$1
EVENTS=200
APART=1201 # frames: more than a ramp, and another place of the block each time
WINDOW_S=10
RUNS=8

row() {
	printf '%s\t%s\t%s\t%s\n' "$1" "$4" "$2" "$3"
}

mapping() {
	local folder=$XDG_CONFIG_HOME/tapdeck/mappings
	mkdir -p "$folder"
	cat >"$folder/ports.yaml" <<-'END'
		name: Ports
		device: PipeWire
		port: pipewire
		takeover: jump
		controls:
		  - {on: cc 7, to: /strip/1/gain}
	END
}

events() {
	local i
	for ((i = 1; i <= EVENTS; i++)); do
		printf '%d:B007%02X ' $((i * APART)) $((i % 2 ? 80 : 108))
	done
}

has_port() {
	pw-link -o | grep -qx "$1"
}

play_events() {
	local loop
	"$TAPDECK" set /strip/1/gain 0 || die "no gain" # moved by the last
	record "$WORK/loop.wav" tapdeck.loop
	loop=$PID
	# shellcheck disable=SC2046 # a list
	pw-jack "$BUILD/jackplay" "$WORK/a.wav" $(events) >"$WORK/got" \
		2>"$WORK/player" &
	PID=$!
	wait_until 5 has_port jackplay:midi_out || die "no JACK client"
	pw-link jackplay:out_2 tapdeck:strip1_FR
	pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 tapdeck:strip1_FL
	wait "$PID"
	quit "$loop"
}

# Cycles that the player missed, by the frames that it saw; tapdeck, by its
# clock; and whether the recording has left the source behind, which says that
# one of them, or the recorder, missed some that nobody counted.
missed() {
	local player xruns until
	player=$(awk '/cycles missed/ { print $2 }' "$WORK/player")
	xruns=$(($(deck_status xruns) - $1))
	until=$(measure.py until "$WORK/a.wav" "$WORK/loop.wav" 2>/dev/null)
	[ "${player:-0}" = 0 ] && [ "$xruns" = 0 ] &&
		[ "${until:-0}" -gt $((EVENTS * APART)) ] && return 1
	echo "player ${player:-0}, tapdeck $xruns, recorded until event\
 $((${until:-0} / APART))"
}

# Until no cycle was missed: what was heard otherwise has proved nothing.
play_whole() {
	local xruns
	for ((runs = 1; runs <= RUNS; runs++)); do
		xruns=$(deck_status xruns)
		play_events
		why=$(missed "$xruns") || return 0
	done
	return 1
}

# What was heard at its frame, and the latest of the others.
judge() {
	measure.py moves -f "$WORK/a.wav" "$WORK/loop.wav" 2>/dev/null |
		awk -F: -v apart=$APART -v events=$EVENTS '
			{ late = $1 % apart; n = int($1 / apart) }
			n < 1 || n > events { next }
			late == 0 { exact++ }
			late > most { most = late }
			END { print exact + 0, most + 0 }'
}

bench_late() {
	local exact most verdict=MISSED runs why measured
	gen.py noise "$WORK/a.wav" -t $((EVENTS * APART / 48000 + 2)) -s 3
	if play_whole; then
		read -r exact most <<<"$(judge)"
		[ "$exact" = $EVENTS ] && [ "$most" = 0 ] && verdict=met
		measured="$exact of $EVENTS, latest by $most frames"
		[ "$runs" = 1 ] ||
			measured+="; left out, for missed cycles: $((runs - 1))"
	else
		measured="cycles missed in all $RUNS runs; the last: $why"
	fi
	echo "# MIDI ports of the graph: from the message to the sample, 256-frame blocks"
	row "messages heard at their frame" \
		"$EVENTS of $EVENTS" $verdict "$measured"
}

engine_ticks() {
	local stat
	local -a field
	stat=$(<"/proc/$(deck_engine)/task/$(deck_engine)/stat") || exit 70
	read -r -a field <<<"${stat##*) }"
	echo $((field[11] + field[12]))
}

idle() {
	local from
	from=$(engine_ticks)
	sleep $WINDOW_S
	echo $(($(engine_ticks) - from))
}

bench_idle() {
	local without with player
	without=$(idle)
	pw-jack "$BUILD/jackplay" "$WORK/a.wav" 0:F8 >"$WORK/got" &
	player=$!
	wait_until 5 has_port jackplay:midi_out || die "no JACK client"
	pw-link jackplay:midi_out tapdeck:midi_in
	with=$(idle)
	quit "$player"
	row "CPU of the idle control thread, port linked" "<= 0.5 %" \
		"$([ "$with" -le $((WINDOW_S / 2)) ] &&
			echo met || echo MISSED)" \
		"$(awk -v a="$with" -v b="$without" -v s=$WINDOW_S \
			-v hz="$(getconf CLK_TCK)" 'BEGIN {
			printf "%.2f %% of a core; not linked %.2f %%",
				100 * a / hz / s, 100 * b / hz / s }')"
}

mapping
deck_start --quiet --block 256
bench_late
bench_idle
deck_stop TERM
