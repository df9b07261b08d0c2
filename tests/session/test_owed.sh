#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The session manager stands still, then is killed, while it owes an answer:
# PipeWire serves nobody who has bound to its metadata before that. An engine
# that dies meanwhile is replaced, who was taken is heard again, and with the
# next session manager all is as it was.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1 -f s16

# cable: its serial. pw-dump waits for the session manager; pw-cli only does so
# before it ends.
cable() {
	timeout 1 pw-cli ls Node | awk '
		/object.serial =/ { serial = $3 }
		/node.name = "tapdeck.cable"/ { print serial }'
}

cable_after() {
	local now
	now=$(cable)
	[ -n "$now" ] && [ "$now" != "$1" ]
}

# is_heard NAME: its first output plays into a strip, and main into the room
is_heard() {
	pw-link -l | awk -v from="$1:output_FL" '
		/^[^ ]/ { port = $0 }
		port == from && /-> tapdeck:strip/ { strip = 1 }
		port == "room:playback_FL" && /<- tapdeck:main_/ { main = 1 }
		END { exit !(strip && main) }'
}

engine_after() {
	local engine
	engine=$(deck_engine) && [ "$engine" != "$1" ]
}

# owes TAP: the supervisor asks a moment after each word of its own
owes() {
	session-ctl signal wireplumber STOP
	"$TAPDECK" set "$address" "$1"
	sleep 0.3
}

deck_start
for kind in native pulse; do
	PLAYER=$kind
	play $kind "$WORK/a.wav"
	pids+=("$PID")
	deck_taken $kind || die "$kind is not taken"
done

address=/strip/$(deck_app pulse strip)/tap
engine=$(deck_engine)
before=$(cable)

owes off
kill -s KILL "$engine"
check "another engine comes" wait_until 5 engine_after "$engine"
check "its audio runs" deck_runs 5
check "it has a cable of its own" \
	wait_until 5 cable_after "$before"
check "and who was taken is heard" wait_until 5 is_heard native
engine=$(deck_engine)
session-ctl kill wireplumber
session-ctl start wireplumber || die "no session manager"
check "the next session manager is known: native is taken" deck_taken native
same "by the same engine" "$engine" "$(deck_engine)"

owes take
session-ctl kill wireplumber
session-ctl start wireplumber || die "no session manager"
engine=$(deck_engine)
kill -s KILL "$engine"
check "an engine that dies after that is replaced" \
	wait_until 5 engine_after "$engine"
for kind in native pulse; do
	check "$kind is taken again" deck_taken $kind
done
deck_stop
same "tapdeck ends well" 0 $?
for kind in native pulse; do
	check "$kind is where it was" graph.py wait -t 5 target $kind room
done
quit "${pids[@]}"

# One that has waited in vain does not go before it is told: PipeWire would tell
# nobody any word from then on.
stdbuf -oL pw-metadata -m >"$WORK/told" &
told=$!
wait_until 5 grep -q Found "$WORK/told" || die "nobody listens"
session-ctl signal wireplumber STOP
deck_start
kill -s TERM "$DECK"
sleep 0.3
session-ctl signal wireplumber CONT
wait "$DECK"
same "one that began while it stood still ends well" 0 $?
pw-metadata 0 test.told yes >/dev/null
check "and words are told afterwards" wait_until 5 grep -q test.told "$WORK/told"
quit "$told"
finish
