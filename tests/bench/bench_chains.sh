#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# bench_chains.sh BUILD: EQ and filter of 16 programs in tapdeck, and in 16
# filter-chains of PipeWire, with its own biquads in the same order: what each
# takes of one processor, with the daemon, in blocks of 64 frames. Prints rows
# for bench.sh.
# shellcheck disable=SC2034 # read by lib.sh
SESSION="-q 64"
SESSION_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")/../session" && pwd) || exit 70
BENCH_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 70
# shellcheck source=tests/session/lib.sh
. "$SESSION_LIB/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"
# shellcheck source=tests/bench/load.sh
. "$BENCH_LIB/load.sh"

ROUNDS=3

# The crossovers and the filter of one channel: of more it is made anew.
graph() {
	cat <<-'END'
		nodes = [
		  { type = builtin name = in label = copy }
		  { type = builtin name = l1 label = bq_lowpass control = { Freq = 250 Q = 0.7071 } }
		  { type = builtin name = l2 label = bq_lowpass control = { Freq = 250 Q = 0.7071 } }
		  { type = builtin name = la label = bq_allpass control = { Freq = 2500 Q = 0.7071 } }
		  { type = builtin name = r1 label = bq_highpass control = { Freq = 250 Q = 0.7071 } }
		  { type = builtin name = r2 label = bq_highpass control = { Freq = 250 Q = 0.7071 } }
		  { type = builtin name = m1 label = bq_lowpass control = { Freq = 2500 Q = 0.7071 } }
		  { type = builtin name = m2 label = bq_lowpass control = { Freq = 2500 Q = 0.7071 } }
		  { type = builtin name = h1 label = bq_highpass control = { Freq = 2500 Q = 0.7071 } }
		  { type = builtin name = h2 label = bq_highpass control = { Freq = 2500 Q = 0.7071 } }
		  { type = builtin name = sum label = mixer control = { "Gain 1" = 0.5 "Gain 2" = 1.0 "Gain 3" = 0.5 } }
		  { type = builtin name = knob label = bq_lowpass control = { Freq = 5000 Q = 1.0 } }
		]
		links = [
		  { output = "in:Out" input = "l1:In" }
		  { output = "l1:Out" input = "l2:In" }
		  { output = "l2:Out" input = "la:In" }
		  { output = "la:Out" input = "sum:In 1" }
		  { output = "in:Out" input = "r1:In" }
		  { output = "r1:Out" input = "r2:In" }
		  { output = "r2:Out" input = "m1:In" }
		  { output = "m1:Out" input = "m2:In" }
		  { output = "m2:Out" input = "sum:In 2" }
		  { output = "r2:Out" input = "h1:In" }
		  { output = "h1:Out" input = "h2:In" }
		  { output = "h2:Out" input = "sum:In 3" }
		  { output = "sum:Out" input = "knob:In" }
		]
		inputs = [ "in:In" ]
		outputs = [ "knob:Out" ]
	END
}

chains_config() {
	local i
	echo "context.modules = ["
	echo "{ name = libpipewire-module-rt flags = [ ifexists nofail ] }"
	for i in protocol-native client-node adapter; do
		echo "{ name = libpipewire-module-$i }"
	done
	for ((i = 1; i <= APPS; i++)); do
		echo "{ name = libpipewire-module-filter-chain args = {"
		echo "audio.rate = 48000 audio.channels = 2"
		echo "audio.position = [ FL FR ] filter.graph = {"
		graph
		echo "} capture.props = { node.name = fc$i"
		echo "media.class = Audio/Sink node.latency = 64/48000 }"
		echo "playback.props = { node.name = fc$i.out"
		echo "target.object = room node.latency = 64/48000 } } }"
	done
	echo "]"
}

# All in one process, which costs least.
measure_chains() {
	local i chains
	pipewire -c "$WORK/chains.conf" 2>"$WORK/chains.log" &
	chains=$!
	for ((i = 1; i <= APPS; i++)); do
		graph.py wait -t 15 linked "fc$i.out" room ||
			die "filter-chain $i does not play into the room:" \
				"$(cat "$WORK/chains.log")"
	done
	apps_play fc
	for ((i = 1; i <= APPS; i++)); do
		graph.py wait -t 15 linked "app$i" "fc$i" ||
			die "app$i does not play into its filter-chain"
	done
	measure "$WORK/chains" "$chains"
	quit "${apps[@]}" "$chains"
	graph.py wait -t 10 no-node fc1 || die "the filter-chains do not end"
}

# Every band and the filter of every strip away from where they rest.
knobs_turn() {
	local i
	for ((i = 1; i <= APPS; i++)); do
		"$TAPDECK" set "/strip/$i/eq/low" -6
		"$TAPDECK" set "/strip/$i/eq/high" -6
		"$TAPDECK" set "/strip/$i/filter" -0.3
	done
}

measure_deck() {
	deck_start --quiet --block 64
	apps_play
	wait_until 20 all_taken || die "not all apps were taken"
	wait_until 10 all_linked || die "not all apps are linked"
	knobs_turn
	measure "$WORK/deck" "$DECK" "$(deck_engine)"
	quit "${apps[@]}"
	deck_stop TERM
}

echo "# CPU of one processor: EQ and filter of $APPS programs, 64-frame blocks"
gen.py noise -t 60 "$NOISE" || die "no noise"
"$TAPDECK" device add >/dev/null || die "no loop device"
chains_config >"$WORK/chains.conf"
for ((round = 0; round < ROUNDS; round++)); do
	measure_deck
	measure_chains
done
load_row "tapdeck run, main and loop" deck
load_row "$APPS x filter-chain in one process, room" chains
row "tapdeck to filter-chain, of $ROUNDS, with the daemon" "" - \
	"$(awk -v a="$(column deck 1)" -v b="$(column deck 2)" \
		-v c="$(column chains 1)" -v d="$(column chains 2)" \
		'BEGIN { printf "%.2f", (a + b) / (c + d) }')"
row "blocks a second of a program (750 is all)" "" - \
	"$(column deck 4); with filter-chain $(column chains 4)"
