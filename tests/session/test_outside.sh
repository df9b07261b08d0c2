#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What others do to it from outside: links, nodes and clients of tapdeck are
# taken away, its threads are given another scheduler, and whoever reads its log
# goes.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

client_of() {
	pw-dump | python3 -c 'import json, sys
for o in json.load(sys.stdin):
    p = o.get("info", {}).get("props", {})
    if o["type"].endswith(":Client") and \
            str(p.get("pipewire.sec.pid")) == sys.argv[1]:
        print(o["id"])' "$1"
}

play app "$WORK/a.wav"
app=$PID
played_in room app || die "app does not play"
pw-metadata "$(graph.py node-id app)" target.object \
	"$(graph.py node-prop other object.serial)" Spa:Id >/dev/null
played_in other app || die "app does not play where its user has it"
want=$(graph.py metadata-get "$(graph.py node-id app)" target.object)
deck_start
deck_take app "app (Other)" || die "app is not taken"

for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do
	graph.py wait linked tapdeck room || break
	pw-link -d tapdeck:main_FL room:playback_FL 2>/dev/null
done
main_is_whole() {
	[ "$(graph.py links-from tapdeck | grep -c room)" = 2 ]
}
check "a link that is removed time and again comes back" \
	wait_until 5 main_is_whole

engine=$(deck_engine)
# As RTKit does it, while they run.
if chrt -a -o -p 0 "$engine" && chrt -a -r -p 20 "$engine"; then
	same "status says the scheduler that it was given" "SCHED_RR 20" \
		"$(deck_status scheduler)"
	chrt -a -o -p 0 "$engine"
	same "and the one after that" "SCHED_OTHER 0" "$(deck_status scheduler)"
else
	echo "# SKIPPED its scheduler: no right to set one"
fi
pw-cli destroy "$(graph.py node-id tapdeck)" >/dev/null
check "its node removed, it makes another one" graph.py wait linked tapdeck room
check "and takes the program again" deck_taken app "app (Other)"
same "in the same engine" "$engine" "$(deck_engine)"

pw-cli destroy "$(client_of "$DECK")" >/dev/null
check "the supervisor cut off, the program is taken again" deck_taken app "app (Other)"
deck_stop
same "tapdeck ends well" 0 $?
check "the program is where its user had it" played_in other app
same "by the same word" "$want" \
	"$(graph.py metadata-get "$(graph.py node-id app)" target.object)"

mkfifo "$WORK/log"
head -n 1 "$WORK/log" >/dev/null &
reader=$!
"$TAPDECK" run --osc-port "$TAPDECK_PORT" 2>"$WORK/log" &
DECK=$!
deck_runs 10 || die "tapdeck does not run"
wait $reader
session-ctl restart pipewire
# of another role than app, or it would be sent where that one was
play again "$WORK/a.wav" --media-role again
again=$PID
check "with nobody to read its log it goes on" deck_taken again
deck_stop
same "and ends well" 0 $?
quit $app $again
finish
