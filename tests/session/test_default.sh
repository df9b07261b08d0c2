#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --grab new where the cable's priority does not make it the default sink, as
# on WirePlumber from 0.5.11 on for a user who has ever chosen one: it is
# written into the metadata, again when it is written over, and put back.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/short.wav" -t 1.5 -s 1

# More important than the cable: to the session manager as good as chosen.
first() {
	pw-cli create-node adapter '{ factory.name = support.null-audio-sink
		node.name = first media.class = Audio/Sink object.linger = true
		audio.position = [ FL FR ] priority.session = 2000000
		priority.driver = 2000 monitor.channel-volumes = false
		monitor.passthrough = true }' >/dev/null
	graph.py wait default-sink first
}

write_default() {
	pw-metadata 0 default.audio.sink "{ \"name\": \"$1\" }" \
		Spa:String:JSON >/dev/null
}

# by several at once: on a busy machine one alone is too slow to insist
fight() {
	local end=$((SECONDS + 30)) pids=() i
	for i in 1 2 3 4; do
		while :; do write_default first; done 2>/dev/null &
		pids+=($!)
	done
	until grep -q "as often as we do; left alone" "$DECK_LOG"; do
		[ $SECONDS -lt $end ] || break
		sleep 0.05
	done
	quit "${pids[@]}"
	[ $SECONDS -lt $end ]
}

journal() {
	cat "$XDG_STATE_HOME/tapdeck/journal" "$XDG_RUNTIME_DIR/tapdeck/journal" \
		2>/dev/null
}

configured() {
	graph.py metadata-get 0 default.configured.audio.sink
}

first || die "the sink is not the default one"
wpctl set-default "$(graph.py node-id other)"
wait_until 5 eval 'configured | grep -q other' || die "no choice was made"
state_settled
chosen=$(configured)
deck_start --grab new
check "Tapdeck is the default sink" graph.py wait default-sink tapdeck.cable
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
play deck "$WORK/short.wav"
check "a new program is taken" deck_taken deck
wait "$PID"
quit "$loop"
check "from its first frame on, bit by bit" \
	from_first "$WORK/short.wav" "$WORK/loop.wav" 24000
same "the user's choice is left alone" "$chosen" "$(configured)"
for _ in 1 2 3; do
	write_default first
	check "written over, it is written again" \
		graph.py wait -t 2 default-sink tapdeck.cable
done
check "what was there is kept" eval 'journal | grep -q "^default.*first"'

graph.py wait -t 3 default-sink first &
wait=$!
kill -s KILL "$(deck_engine)"
wait $wait
same "the engine killed: it is the user's meanwhile" 0 $?
check "and Tapdeck is it again with the next one" \
	graph.py wait default-sink tapdeck.cable
deck_stop
same "tapdeck ends well" 0 $?
check "the default sink is the user's again" \
	graph.py wait -t 1 default-sink first
same "nothing is left to be put back" "" "$(journal)"

deck_start --grab new
graph.py wait default-sink tapdeck.cable || die "not the default again"
check "another who insists is given way, and it is said" fight
check "the default sink is the other's" graph.py wait default-sink first
deck_stop
graph.py wait -t 1 default-sink first || die "not put back"

deck_start --grab new
graph.py wait default-sink tapdeck.cable || die "not the default again"
engine=$(deck_engine)
kill -s STOP "$engine" # it could put things right, if it saw its parent die
kill -s KILL "$DECK" "$engine"
wait "$DECK" 2>/dev/null
graph.py wait no-node tapdeck.cable || die "the cable is still there"
deck_start
check "all killed: the next run puts it back" \
	graph.py wait -t 2 default-sink first
deck_stop
state_settled
same "the user's choice is what it was" "$chosen" "$(configured)"
same "nothing remembers the cable" "" "$(grep -r tapdeck.cable \
	"$XDG_STATE_HOME/wireplumber")"
finish
