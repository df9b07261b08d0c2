#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is lost is counted, and told to whoever records; what may be lost is
# said: memory that could not be locked.
SESSION="-q 1024"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

# As somebody who may lock very little: root may lock all.
poor() {
	local set=
	[ "$(id -u)" != 0 ] || set="setpriv --bounding-set=-ipc_lock"
	# shellcheck disable=SC2086 # a command
	exec prlimit --memlock=65536 $set "$@"
}

json() {
	python3 -c 'import json, sys
print(json.load(open(sys.argv[2]))[sys.argv[1]])' "$@"
}

poor "$TAPDECK" run --osc-port "$TAPDECK_PORT" >"$DECK_LOG" 2>&1 &
DECK=$!
deck_runs 10 || die "tapdeck does not run: $(cat "$DECK_LOG")"
check "memory that is not locked is said, with the limit" \
	grep -q "not locked.*64 KiB.*memlock" "$DECK_LOG"
same "once" 1 "$(grep -c "not locked" "$DECK_LOG")"
deck_stop
same "tapdeck ends well" 0 $?
: >"$DECK_LOG"

gen.py noise "$WORK/a.wav" -t 30 -s 1
play app "$WORK/a.wav"
app=$PID
deck_start
deck_taken app || die "the program is not taken"
check "where the limit is enough nothing is said of it" \
	test -z "$(grep "not locked" "$DECK_LOG")"

# ---- blocks that the graph goes on without ----

(cd "$WORK" && exec "$TAPDECK" record --json set.wav) \
	>"$WORK/set.json" 2>"$WORK/set.log" &
set=$!
wait_until 5 test -e "$WORK/set.wav"
deck_plays 4800
before=$(deck_status xruns)
engine=$(deck_engine)
kill -STOP "$engine"
sleep 0.1 # several blocks, and less than a hung engine is given
kill -CONT "$engine"
deck_plays 4800
after=$(deck_status xruns)
check "the status counts them" test "${after%.*}" -gt "${before%.*}"
quit $set
check "the recorder is told where" \
	grep -q "at [0-9.]* s: the audio graph missed a block" "$WORK/set.log"
check "and how many" test "$(json xruns "$WORK/set.json")" -gt 0
same "no frame of the ring was lost" 0 "$(json lost_frames "$WORK/set.json")"
same "the engine is the same" "$engine" "$(deck_engine)"
deck_stop
same "tapdeck ends well" 0 $?
quit $app
finish
