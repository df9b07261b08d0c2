# SPDX-License-Identifier: GPL-3.0-or-later
# tapdeck in a session of the tests: started, asked, ended. A test sources this
# after lib.sh.
# shellcheck shell=bash

TAPDECK=${TAPDECK:-$TOOLS/../../build/tapdeck}
[ -x "$TAPDECK" ] || die "$TAPDECK: not built; 'make' builds it"
TAPDECK=$(readlink -f "$TAPDECK")
export TAPDECK
DECK_LOG=$WORK/tapdeck.log

# A port that nobody has, over UDP and TCP; nor does the system give it away
# meanwhile to one who asks for any.
free_port() {
	python3 -c 'import random, socket
while True:
    there = "127.0.0.1", random.randrange(10240, 32768)
    u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    t = socket.socket()
    try:
        u.bind(there)
        t.bind(there)
        break
    except OSError:
        pass
print(there[1])'
}

TAPDECK_PORT=$(free_port) || die "no free port"
export TAPDECK_PORT # the client commands look here

# What it keeps of a run for the next.
DECK_STATE=$XDG_STATE_HOME/tapdeck/state.yaml

# deck_start [OPTION...]: as if it had never run; returns when its audio runs.
# DECK is its process, the supervisor.
deck_start() {
	rm -f "$DECK_STATE"
	deck_goes_on "$@"
}

# deck_goes_on [OPTION...]: the same, with what the last run left
deck_goes_on() {
	"$TAPDECK" run --osc-port "$TAPDECK_PORT" "$@" >>"$DECK_LOG" 2>&1 &
	DECK=$!
	deck_runs 10 || die "tapdeck does not run: $(cat "$DECK_LOG")"
}

# deck_runs SECONDS: until its audio thread has been seen at work
deck_runs() {
	wait_until "$1" deck_cycles
}

deck_cycles() {
	local n
	n=$(deck_status cycles 2>/dev/null) && [ "${n%.*}" -gt 0 ]
}

# deck_stop [SIGNAL]: ends it; the status is its exit code
deck_stop() {
	kill -s "${1:-TERM}" "$DECK"
	wait "$DECK"
}

# deck_status NAME: one counter
deck_status() {
	"$TAPDECK" status | awk -v name="$1" '
		$1 == name { $1 = ""; print substr($0, 2); found = 1 }
		END { exit !found }'
}

# deck_engine: the process id of the engine
deck_engine() {
	pgrep -P "$DECK" | head -n 1 | grep .
}

# engine_is_other PID: and at work
engine_is_other() {
	local now
	now=$(deck_engine) && [ "$now" != "$1" ] && deck_cycles
}

ring_is_read() {
	[ "$(deck_status ring_readers)" = 1 ]
}

# main_is SINK
main_is() {
	[ "$(deck_status main_sink)" = "$1" ]
}

# is ADDRESS VALUE
is() {
	local now
	now=$("$TAPDECK" get "$1") && [ "${now##* }" = "$2" ] && return
	echo "$now"
	return 1
}

# is_on KEY STRIP; 0: on none
is_on() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
found = [a["strip"] for a in json.load(sys.stdin) if a["key"] == sys.argv[1]]
print(sys.argv[1], "is on", found)
sys.exit(found != [int(sys.argv[2])])' "$@"
}

# deck_app NAME FIELD: strip, slug, name, key, streams, tap or note of an app
deck_app() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
for app in json.load(sys.stdin):
    if app["name"] == sys.argv[1]:
        print(app[sys.argv[2]])
        sys.exit(0)
sys.exit(1)' "$@"
}

# deck_is NAME FIELD VALUE
deck_is() {
	local now
	now=$(deck_app "$1" "$2") && [ "$now" = "$3" ] && return
	echo "$2 of $1 is '$now'"
	return 1
}

# deck_taken NODE [NAME]: waits until it is heard through its strip alone
deck_taken() {
	wait_until 5 deck_is "${2:-$1}" tap take &&
		graph.py wait -t 5 target "$1" "tapdeck,$(park_sink)"
}

# deck_take NODE NAME: asks for a program that its user has on another sink
deck_take() {
	wait_until 5 deck_app "$2" strip &&
		"$TAPDECK" set "/strip/$(deck_app "$2" strip)/tap" take &&
		deck_taken "$1" "$2"
}

# play_pair SECONDS: what most tests have to hold for, a native program and one
# of the pulse server, called so; NATIVE and PULSE are their processes. They play
# noise, $WORK/a.wav and b.wav.
play_pair() {
	gen.py noise "$WORK/a.wav" -t "$1" -s 1
	gen.py noise "$WORK/b.wav" -t "$1" -s 2
	play_native native "$WORK/a.wav"
	NATIVE=$PID
	play_pulse pulse "$WORK/b.wav"
	PULSE=$PID
}

# pair_taken: both are heard through their strips alone
pair_taken() {
	deck_taken native || die "native is not taken"
	deck_taken pulse || die "pulse is not taken"
}

park_sink() {
	graph.py nodes | awk '$3 ~ /^tapdeck\.park-/ { print $3 }' | tail -n 1
}

# deck_plays FRAMES: so many frames later
deck_plays() {
	local end
	end=$(($(deck_status mixer_frames | cut -d. -f1) + $1))
	wait_until 10 deck_is_past "$end"
}

deck_is_past() {
	[ "$(deck_status mixer_frames | cut -d. -f1)" -ge "$1" ]
}
