#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The supervisor on a real PipeWire and WirePlumber: what it parks comes home,
# whoever dies, and WirePlumber's files are afterwards what they were.
#
#   test_supervisor.sh [TEST...]
#
# The engine is build/fake_engine, or $FAKE_ENGINE.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"

FAKE=${FAKE_ENGINE:-$TOOLS/../../build/fake_engine}
[ -x "$FAKE" ] || die "$FAKE is not there: make $FAKE"
JOURNAL=$XDG_RUNTIME_DIR/tapdeck/journal
TONE=$WORK/tone.wav
LOG=$WORK/supervisor.log
LIMIT_MS=500

say() { echo "# $*"; }
fail() {
	say "FAILED: $*"
	bad=1
}

await() { wait_until 5 "$@"; }

plays() { [ -n "$(graph.py target-of "$1")" ]; }
is_there() { park_name | grep -q .; }
journal_gone() { [ ! -e "$JOURNAL" ]; }
no_engine() { ! pgrep -f "^$FAKE engine" >/dev/null; }
follows() { [ "$(value "$1" target.node)" = "$(node_id tapdeck.cable)" ]; }
word_is_ours() { [ "$(value "$1" target.object)" = "$(park_name)" ]; }

# app NAME TARGET [ROLE]: a program; TARGET is what its user chooses, "" none
app() {
	pw-play --media-role "${3:-$1}" \
		-P "{ node.name = $1 application.name = ${3:-$1} }" \
		"$TONE" >/dev/null 2>&1 &
	app=$!
	graph.py wait node "$1" || fail "$1 does not play"
	await plays "$1"
	[ -z "$2" ] || choose "$1" "$2"
}

node_id() { graph.py node-id "$1"; }

# as pavucontrol does it for target.node; WirePlumber remembers it
choose() {
	pw-metadata "$(node_id "$1")" target.node "$(node_id "$2")" Spa:Id \
		>/dev/null
	graph.py wait target "$1" "$2" || fail "$1 did not go to $2"
}

supervisor() {
	: > "$LOG"
	"$FAKE" run "$@" 2>>"$LOG" &
	supervisor=$!
}

park_name() {
	graph.py nodes | awk '$3 ~ /^tapdeck\.park-/ { print $3 }' | tail -n 1
}

parked() {
	local park
	await is_there
	park=$(park_name)
	graph.py wait target "$1" "$park" || fail "$1 is not parked"
}

engine_pid() { pgrep -P "$supervisor" | head -n 1; }

end_supervisor() {
	kill -TERM "$supervisor"
	wait "$supervisor"
	local status=$?
	[ $status -eq 0 ] || fail "the supervisor ended with $status"
	[ ! -e "$JOURNAL" ] || fail "a journal is left: $(cat "$JOURNAL")"
	graph.py nodes | grep -q 'tapdeck\.park\|tapdeck\.cable' &&
		fail "sinks are left"
}

end_app() {
	kill "$app" 2>/dev/null
	wait "$app" 2>/dev/null
}

settle() { state_settled; }

# What WirePlumber keeps. A file that it has not written yet is empty.
memory() {
	local file
	for file in "$RESTORE_STREAM" "$DEFAULT_NODES"; do
		[ ! -e "$file" ] || state_text "$file"
	done
}

keep() {
	settle
	memory > "$WORK/memory"
}

same_state() {
	settle
	memory | diff "$WORK/memory" - > "$WORK/memory.diff" ||
		fail "WirePlumber's memory, ${1:-at the end}: \
$(cat "$WORK/memory.diff")"
}

# ms STREAM SINK SIGNAL PID: prints how long, fails when too long
home_in() {
	local ms
	ms=$("$FAKE" time "$@") || { fail "$1 is not heard on $2 again"; return; }
	say "$1 is heard on $2 after $ms ms"
	awk "BEGIN { exit !($ms < $LIMIT_MS) }" || fail "$ms ms is too long"
}

value() { graph.py metadata-get "$1" "$2" 2>/dev/null; }

# ---- the tests ----

a_released_stream_is_where_its_user_had_it() {
	app chosen other
	local target
	target=$(value chosen target.node)
	keep
	supervisor
	parked chosen
	end_supervisor
	graph.py wait target chosen other || fail "it is not on other"
	[ "$(value chosen target.node)" = "$target" ] || fail "target.node"
	[ -z "$(value chosen target.object)" ] || fail "target.object is left"
	same_state
	end_app
}

a_stream_without_a_choice_has_none_afterwards() {
	app plain ""
	keep
	supervisor
	parked plain
	end_supervisor
	graph.py wait target plain room || fail "it is not on room"
	[ -z "$(value plain target.object)" ] || fail "target.object is left"
	[ -z "$(value plain target.node)" ] || fail "target.node is left"
	same_state
	end_app
}

a_choice_by_serial_comes_back_too() {
	app serial ""
	local other
	other=$(graph.py node-prop other object.serial)
	pw-metadata "$(node_id serial)" target.object "$other" Spa:Id >/dev/null
	graph.py wait target serial other || fail "not on other"
	keep
	supervisor
	parked serial
	end_supervisor
	graph.py wait target serial other || fail "it is not on other"
	[ "$(value serial target.object)" = "$other" ] || fail "target.object"
	[ -z "$(value serial target.node)" ] || fail "target.node is left"
	same_state
	end_app
}

a_choice_shared_with_a_stream_without_one_is_kept() {
	app with "" Shared
	local with=$app
	# younger, so that it is written over after the other one
	app without "" Shared
	choose with other
	keep
	remembers Shared other || fail "not remembered at all"
	supervisor
	parked without
	parked with
	same_state "while parked"
	end_supervisor
	graph.py wait target with other || fail "it is not on other"
	graph.py wait target without room || fail "it is not on room"
	same_state
	kill "$with"
	wait "$with" 2>/dev/null
	end_app
}

an_app_that_quits_while_parked_keeps_its_choice() {
	app quits other
	keep
	supervisor
	parked quits
	same_state "while parked"
	end_app
	graph.py wait no-node quits
	settle
	end_supervisor
	same_state
	app quits ""
	graph.py wait target quits other || fail "it forgot its sink"
	end_app
}

a_choice_made_while_parked_is_kept() {
	app moves ""
	supervisor
	parked moves
	pw-metadata "$(node_id moves)" target.node "$(node_id other)" Spa:Id \
		>/dev/null
	pw-metadata "$(node_id moves)" target.object \
		"$(graph.py node-prop other object.serial)" Spa:Id >/dev/null
	parked moves
	end_supervisor
	graph.py wait target moves other || fail "the user's word is lost"
	settle
	remembers moves other || fail "it is not remembered"
	end_app
}

a_killed_engine_gives_its_apps_back() {
	app killed other
	keep
	supervisor
	parked killed
	home_in killed other 9 "$(engine_pid)"
	parked killed # by the next engine
	end_supervisor
	graph.py wait target killed other || fail "it is not on other"
	same_state
	end_app
}

a_stopped_engine_gives_its_apps_back() {
	app stopped other
	supervisor
	parked stopped
	home_in stopped other 19 "$(engine_pid)"
	parked stopped
	end_supervisor
	end_app
}

both_killed_is_put_right_by_the_next_start() {
	app both other
	local target
	target=$(value both target.node)
	keep
	supervisor
	parked both
	kill -STOP "$(engine_pid)" # so that it cannot do it
	local engine
	engine=$(engine_pid)
	kill -KILL "$supervisor"
	kill -KILL "$engine"
	wait "$supervisor" 2>/dev/null
	[ -s "$JOURNAL" ] || fail "no journal"
	graph.py wait target both room || fail "WirePlumber left it silent"
	"$FAKE" recover || fail "recover failed"
	graph.py wait target both other || fail "it is not on other"
	[ "$(value both target.node)" = "$target" ] || fail "target.node"
	[ -z "$(value both target.object)" ] || fail "target.object is left"
	[ ! -e "$JOURNAL" ] || fail "a journal is left"
	same_state
	end_app
}

an_orphaned_engine_puts_things_right() {
	app orphan other
	keep
	supervisor
	parked orphan
	kill -KILL "$supervisor"
	wait "$supervisor" 2>/dev/null
	graph.py wait target orphan other || fail "it is not on other"
	await journal_gone || fail "a journal is left"
	await no_engine ||
		fail "the engine goes on"
	same_state
	end_app
}

a_second_run_is_refused() {
	supervisor
	await is_there
	local said
	said=$("$FAKE" run 2>&1)
	[ $? -eq 75 ] || fail "not refused with 75"
	[ "$said" = "tapdeck run: already running as process $supervisor in this session" ] ||
		fail "it says: $said"
	end_supervisor
}

an_engine_that_refuses_is_not_started_again() {
	FAKE_ENGINE_EXIT=78 "$FAKE" run
	[ $? -eq 78 ] || fail "the code is not passed on"
}

the_default_sink_is_grabbed_and_given_back() {
	local before configured
	before=$(graph.py default-sink)
	configured=$(value 0 default.configured.audio.sink)
	keep
	supervisor --cable --grab
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	[ "$(value 0 default.configured.audio.sink)" = "$configured" ] ||
		fail "what the user has configured is changed"
	end_supervisor
	graph.py wait default-sink "$before" || fail "$before is not back"
	same_state
}

a_default_sink_chosen_meanwhile_is_kept() {
	supervisor --cable --grab
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	wpctl set-default "$(node_id other)"
	await configured_is other || fail "the user's choice is not there"
	settle
	[ "$(graph.py default-sink)" = tapdeck.cable ] || fail "not grabbed"
	end_supervisor
	graph.py wait default-sink other || fail "the user's is not back"
	wpctl set-default "$(node_id room)"
	graph.py wait default-sink room
}

a_killed_engine_gives_the_default_sink_back() {
	supervisor --cable --grab
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	app late ""
	home_in late room 9 "$(engine_pid)"
	graph.py wait default-sink tapdeck.cable || fail "not grabbed again"
	end_supervisor
	end_app
}

microphone() {
	pw-cli create-node adapter '{ factory.name = support.null-audio-sink
		node.name = mic media.class = Audio/Source/Virtual
		audio.position = [ FL FR ] priority.session = 2000
		object.linger = true }' >/dev/null
	await source_is mic || fail "mic is not the default source"
}

# The monitor of the default sink would be the default source.
a_microphone_stays_the_default_source() {
	microphone
	supervisor --cable --grab
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	await source_is mic || fail "the default source is not mic"
	end_supervisor
	pw-cli destroy "$(node_id mic)" >/dev/null
	graph.py wait no-node mic
}
configured_is() { value 0 default.configured.audio.sink | grep -qw "$1"; }
source_is() { value 0 default.audio.source | grep -qw "$1"; }

a_stream_whose_user_chose_the_cable_stays_audible() {
	supervisor --cable
	graph.py wait node tapdeck.cable || fail "no cable"
	[ "$(graph.py default-sink)" != tapdeck.cable ] ||
		fail "the cable is the default sink by itself"
	app cabled ""
	parked cabled
	local cable
	cable=$(node_id tapdeck.cable)
	pw-metadata "$(node_id cabled)" target.node "$cable" Spa:Id >/dev/null
	pw-metadata "$(node_id cabled)" target.object \
		"$(graph.py node-prop tapdeck.cable object.serial)" Spa:Id >/dev/null
	parked cabled
	home_in cabled room 9 "$(engine_pid)"
	parked cabled
	graph.py wait node tapdeck.cable || fail "no cable again"
	# the new one is what its user has chosen now
	await follows cabled ||
		fail "it does not follow: $(value cabled target.node)"
	end_supervisor
	graph.py wait target cabled room || fail "it is not on room"
	end_app
}

wireplumber_restarts_while_the_default_sink_is_grabbed() {
	microphone
	supervisor --cable --grab
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	TAPDECK_SESSION_DEFAULT=tapdeck.cable \
		session-ctl restart wireplumber || fail "wireplumber"
	await source_is mic || fail "the default source is not mic"
	end_supervisor
	graph.py wait default-sink room || fail "room is not back"
	pw-cli destroy "$(node_id mic)" >/dev/null
}

# Its metadata is a new one. (0.4.13 links no stream that is older than itself,
# with or without us, so the words are all that can be looked at.)
wireplumber_restarts() {
	app wp other
	supervisor
	parked wp
	session-ctl restart wireplumber || fail "wireplumber"
	await word_is_ours wp ||
		fail "not parked again"
	[ "$(value wp target.node)" = "$(node_id other)" ] ||
		fail "the user's choice is not there"
	sleep 2 # it says the choice again
	keep
	remembers wp other || fail "the user's choice is forgotten"
	end_supervisor
	[ -z "$(value wp target.object)" ] || fail "target.object is left"
	[ "$(value wp target.node)" = "$(node_id other)" ] || fail "target.node"
	same_state
	end_app
}

pipewire_restarts() {
	supervisor --cable --grab
	await is_there
	graph.py wait default-sink tapdeck.cable || fail "not grabbed"
	local old
	old=$(park_name)
	session-ctl restart pipewire || fail "pipewire"
	await is_there || fail "no parking sink again"
	[ "$(park_name)" = "$old" ] || fail "another name"
	app after ""
	graph.py wait target after "$old" || fail "it is not parked"
	graph.py wait default-sink tapdeck.cable || fail "not grabbed again"
	end_supervisor
	graph.py wait default-sink room || fail "the default sink is not back"
	end_app
}

# Ids are used again at once: a word too late would park the next stream.
many_streams_come_and_go_and_nothing_is_left() {
	local i pids=()
	supervisor
	await is_there
	for ((i = 0; i < 60; i++)); do
		pw-play --media-role many \
			-P "{ node.name = many application.name = many }" "$TONE" >/dev/null 2>&1 &
		pids+=($!)
		if [ ${#pids[@]} -gt 4 ]; then
			kill "${pids[0]}"
			pids=("${pids[@]:1}")
		fi
		sleep 0.0$((RANDOM % 10))
	done
	quit "${pids[@]}"
	graph.py wait no-node many || fail "they do not go"
	await no_targets || fail "left: $(pw-metadata)"
	end_supervisor
	app next ""
	graph.py wait target next room || fail "it is not on room"
	end_app
}
no_targets() { ! pw-metadata | grep -q "key:'target"; }

sox -n -r 48000 -c 2 "$TONE" synth 300 sine 440 vol 0.1 2>/dev/null
if [ $# -eq 0 ]; then
	mapfile -t all < <(declare -F |
		awk '$3 ~ /^(a|an|the|both|many|wireplumber|pipewire)_/ { print $3 }')
	set -- "${all[@]}"
fi
for t in "$@"; do
	bad=
	"$t"
	if [ -z "$bad" ]; then
		ok "${t//_/ }"
	else
		not_ok "${t//_/ }"
		sed 's/^/# log: /' "$LOG"
	fi
done
finish
