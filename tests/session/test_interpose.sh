#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The real audio thread, with programs that come and go, orders by OSC, links
# that change and a recorder, under an interposer that aborts the engine when
# that thread allocates, locks, waits or calls the kernel.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

INTERPOSE=${TAPDECK%/*}/interpose.so
VIOLATE=${TAPDECK%/*}/violate
JACKPLAY=${TAPDECK%/*}/jackplay
[ -e "$INTERPOSE" ] || die "$INTERPOSE: not built"
[ -x "$VIOLATE" ] || die "$VIOLATE: not built"
[ -x "$JACKPLAY" ] || die "$JACKPLAY: not built"

# ---- the interposer itself ----

violate() {
	LD_PRELOAD=$INTERPOSE timeout 10 "$VIOLATE" "$1"
}

check "what does nothing wrong is left alone" violate none
for wrong in malloc:malloc free:free lock:pthread_mutex_lock printf:printf \
	file:fopen write:write sleep:nanosleep; do
	out=$(violate ${wrong%:*} 2>&1)
	same "${wrong#*:}() in a cycle ends the program" \
		"134 interpose: the audio thread calls ${wrong#*:}() inside of its cycle" \
		"$? $(grep -o 'interpose:.*' <<< "$out")"
done

# ---- tapdeck's own ----

# Some hundred messages per second of every kind, and a storm in each second;
# what is sent goes back to the player, and to ourselves.
midi_events() {
	awk 'BEGIN {
		split("B000 B001 B003 B004 B024 E000 9000 9001 9004 9005", of)
		for (i = 0; i < 3000; i++) {
			frame = int(i / 600) * 48000 + (i % 600 < 300 ? \
				i % 600 * 100 : 40000 + i % 600)
			printf "%d:%s%02X\n", frame, of[i % 10 + 1], \
				i * 7 % 128
		}
		print "239000:F0" sprintf("%400s", "") "F7"
	}' | tr ' ' 1
}

midi_flood() {
	mapfile -t events < <(midi_events)
	pw-jack "$JACKPLAY" "$WORK/midi.wav" "${events[@]}" >"$WORK/got" &
	MIDI=$!
	wait_until 5 sh -c 'pw-link -i | grep -qx jackplay:midi_in' ||
		die "no JACK client"
	pw-link tapdeck:midi_out jackplay:midi_in
	pw-link tapdeck:midi_out tapdeck:midi_in
	pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 tapdeck:strip16_FL
}

gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/wide.wav" -t 20 -c 6 -s 2
gen.py noise "$WORK/midi.wav" -t 5 -s 3
mkdir -p "$XDG_CONFIG_HOME/tapdeck/mappings"
cat >"$XDG_CONFIG_HOME/tapdeck/mappings/ports.yaml" <<'END'
name: Ports
device: PipeWire
port: pipewire
takeover: jump
bank: 4
controls:
  - {on: cc 0-3, to: "/strip/{1-4}/fader", light: same}
  - {on: cc14 4, to: "/strip/{1}/trim"}
  - {on: bend, to: "/strip/*/gain"}
  - {on: note 0-3, to: "/strip/{1-4}/mute", as: toggle, light: same}
  - {on: note 4, as: bank-right}
  - {on: note 5, as: bank-left}
END
LD_PRELOAD=$INTERPOSE deck_start
"$TAPDECK" record --bus loop "$WORK/ring.wav" 2>/dev/null &
ring=$!
play one "$WORK/a.wav" --latency 256
one=$PID
check "a program is taken" deck_taken one
"$TOOLS/osc_flood.py" "$TAPDECK_PORT" 6 > "$WORK/sent" &
flood=$!
midi_flood
for _ in 1 2 3; do
	play two "$WORK/a.wav"
	two=$PID
	play wide "$WORK/wide.wav" \
		-P '{ node.name = wide stream.dont-remix = true }'
	wide=$PID
	deck_taken two || not_ok "two is not taken"
	deck_taken wide || not_ok "wide is not taken"
	for tap in copy take off take; do
		"$TAPDECK" set /strip/one/tap $tap
		pw-link two:output_FL tapdeck.loop:input_FL 2>/dev/null
		deck_plays 4800
	done
	quit "$two" "$wide"
done
wait "$flood"
echo "# $(cat "$WORK/sent") messages by OSC"
wait "$MIDI" || echo "# the player of MIDI missed a cycle"
check "the player of MIDI was sent lamps" test "$(wc -l <"$WORK/got")" -gt 20
heard=$("$TAPDECK" midi | grep "^PipeWire")
check "MIDI was heard: $heard" grep -q " ago" <<<"$heard"
kill -INT "$ring"
wait "$ring" 2>/dev/null
same "the engine has not been aborted" 1 "$(deck_status engine_starts)"
cycles=$(deck_status cycles)
deck_stop
same "and ends well" 0 $?
quit "$one"
watched=$(awk '/cycles were watched/ { print $2; exit }' "$DECK_LOG")
echo "# $watched cycles were watched"
check "all of its cycles were watched" test "${watched:-0}" -ge "${cycles%.*}"
check "which are some" test "${watched:-0}" -gt 500
same "nothing was found" "" "$(grep 'interpose: the' "$DECK_LOG")"
finish
