#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tapdeck device on a real PipeWire. The program is build/tapdeck, or $TAPDECK.
. "$(dirname "$0")/lib.sh"

TAPDECK=${TAPDECK:-$TOOLS/../../build/tapdeck}
[ -x "$TAPDECK" ] || die "$TAPDECK is not there: make"
FILE=$XDG_CONFIG_HOME/pipewire/pipewire.conf.d/50-tapdeck-loop

bad=
fail() {
	echo "# FAILED: $*"
	bad=1
}

is() { [ "$1" = "$2" ] || fail "$3: '$1' and not '$2'"; }

# what was looked at since the last one
so() {
	if [ -z "$bad" ]; then ok "$1"; else not_ok "$1"; fi
	bad=
}

is "$("$TAPDECK" device list)" "no loop device; tapdeck device add makes one" list
"$TAPDECK" device add >/dev/null || fail add
is "$(graph.py count-nodes tapdeck.loop)" 1 nodes
is "$("$TAPDECK" device add)" "tapdeck.loop is there already" "add again"
is "$(graph.py count-nodes tapdeck.loop)" 1 nodes
is "$(graph.py node-prop tapdeck.loop media.class)" Audio/Source/Virtual class
is "$(graph.py node-prop tapdeck.loop node.description)" "Tapdeck Loopback" name
"$TAPDECK" device add 2 >/dev/null || fail "add 2"
is "$(graph.py node-prop tapdeck.loop2 node.description)" "Tapdeck Loopback 2" name
so "a device is added once and outlives the command"

pw-metadata 0 default.audio.source | grep -q tapdeck && fail "default source"
state_settled
grep tapdeck -r "$XDG_STATE_HOME/wireplumber" && fail "WirePlumber has it"
so "it does not become the default source, and WirePlumber remembers nothing of it"

pw-record --target tapdeck.loop -P '{ node.name = recorder }' \
	"$WORK/out.wav" >/dev/null 2>&1 &
recorder=$!
graph.py wait linked tapdeck.loop recorder || fail "not recorded"
"$TAPDECK" device list --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
assert [x["name"] for x in d] == ["tapdeck.loop", "tapdeck.loop2"], d
assert d[0]["recorders"] and not d[1]["recorders"], d
assert d[0]["state"] == "running" and d[0]["persistent"] is False, d
' || fail "list --json"
"$TAPDECK" device list
kill -INT $recorder
wait $recorder 2>/dev/null
so "a program records it, and list says who"

"$TAPDECK" device remove >/dev/null || fail remove
is "$(graph.py count-nodes tapdeck.loop)" 0 nodes
said=$("$TAPDECK" device remove 2>&1)
is $? 1 "exit code"
is "$said" "tapdeck device: tapdeck.loop: no such device" message
"$TAPDECK" device remove 2 >/dev/null || fail "remove 2"
so "remove takes it away"

"$TAPDECK" device add --persistent >/dev/null || fail persistent
"$TAPDECK" device add 3 --persistent >/dev/null || fail "persistent 3"
[ -s "$FILE.conf" ] || fail "no file"
[ -s "${FILE}3.conf" ] || fail "no file for 3"
session-ctl restart pipewire || fail restart
graph.py wait node tapdeck.loop || fail "not there"
graph.py wait node tapdeck.loop3 || fail "3 not there"
for key in node.description media.class audio.position object.linger \
	node.pause-on-idle device.routes; do
	"$TAPDECK" device add 2 >/dev/null
	a=$(graph.py node-prop tapdeck.loop2 $key)
	b=$(graph.py node-prop tapdeck.loop $key)
	is "$b" "${a% 2}" "$key"
done
pw-record --target tapdeck.loop -P '{ node.name = recorder }' \
	"$WORK/out.wav" >/dev/null 2>&1 &
recorder=$!
graph.py wait linked tapdeck.loop recorder || fail "not recorded"
kill -INT $recorder
wait $recorder 2>/dev/null
"$TAPDECK" device remove >/dev/null || fail remove
"$TAPDECK" device remove 3 >/dev/null || fail "remove 3"
[ ! -e "$FILE.conf" ] || fail "the file is left"
[ ! -e "${FILE}3.conf" ] || fail "the file of 3 is left"
so "a persistent one is there when PipeWire starts"

said=$("$TAPDECK" device add 65 2>&1)
is "$? $said" "64 tapdeck device: 65: number must be 1..64" "a number too high"
said=$(XDG_RUNTIME_DIR=/nowhere PIPEWIRE_RUNTIME_DIR=/nowhere \
	"$TAPDECK" device list 2>&1)
is $? 69 "exit code without PipeWire"
is "$(wc -l <<< "$said")" 1 "lines without PipeWire"
[[ $said == *"make demo"* ]] || fail "it says: $said"
so "refusals are one line"

"$TAPDECK" device remove >/dev/null
"$TAPDECK" run --osc-port 0 2>"$WORK/run.log" &
run=$!
graph.py wait linked tapdeck tapdeck.loop || fail "tapdeck does not run"
quit $run
is "$(graph.py count-nodes tapdeck.loop)" 0 "nodes after a run"
"$TAPDECK" run --osc-port 0 2>"$WORK/run.log" &
run=$!
graph.py wait linked tapdeck tapdeck.loop || fail "tapdeck does not run"
"$TAPDECK" device add >/dev/null || fail "add while it runs"
graph.py wait linked tapdeck tapdeck.loop || fail "not linked again"
quit $run
is "$(graph.py count-nodes tapdeck.loop)" 1 "nodes after a run"
so "the device of a run goes with it, one that was added stays"

"$TAPDECK" device remove >/dev/null
"$TAPDECK" run --osc-port 0 2>"$WORK/run.log" &
run=$!
graph.py wait linked tapdeck tapdeck.loop || fail "tapdeck does not run"
record "$WORK/kept.wav" tapdeck.loop
quit $run
is "$(graph.py count-nodes tapdeck.loop)" 1 "nodes while recorded"
quit $PID
so "one that a program records stays, too"

"$TAPDECK" device remove >/dev/null
"$TAPDECK" device remove 2 >/dev/null
"$TAPDECK" run --bus main --bus loop2 --osc-port 0 2>"$WORK/run.log" &
run=$!
graph.py wait linked tapdeck tapdeck.loop2 || fail "tapdeck does not run"
logged() { grep -q "$1" "$WORK/run.log"; }
"$TAPDECK" device remove 2 >/dev/null || fail "remove while it runs"
wait_until 5 logged "somebody has removed tapdeck.loop2: loop2 plays into \
nothing; .tapdeck device add 2. makes it anew" || fail "it is not said"
"$TAPDECK" device add 2 >/dev/null || fail "add while it runs"
wait_until 5 logged "loop2 plays into tapdeck.loop2 again" ||
	fail "it is not said that it is there"
quit $run
is "$(grep -c tapdeck.loop2 "$WORK/run.log")" 2 "lines about it"
so "a device that is removed while tapdeck runs is said, and its return"

"$TAPDECK" device remove 2 >/dev/null
for name in loop-5 loop99 loopback loop2x; do
	said=$(timeout 5 "$TAPDECK" run --bus main --bus $name --osc-port 0 2>&1)
	is "$? $(wc -l <<< "$said")" "64 1" "exit code and lines of $name"
	[[ $said == *"loop, loop2, loop3 and so on to loop64"* ]] ||
		fail "it says: $said"
done
graph.py nodes | grep 'tapdeck\.loop' && fail "a refused run made a device"
"$TAPDECK" run --bus main --bus loop64 --bus loop2 --osc-port 0 \
	2>"$WORK/run.log" &
run=$!
graph.py wait linked tapdeck tapdeck.loop64 || fail "loop64 is not fed"
graph.py wait linked tapdeck tapdeck.loop2 || fail "loop2 is not fed"
is "$("$TAPDECK" device list | awk '{ print $1 }' | paste -sd ' ')" \
	"NAME tapdeck.loop2 tapdeck.loop64" "what is listed"
"$TAPDECK" record --quiet --bus loop64 --duration 0.1 "$WORK/64.wav" ||
	fail "loop64 has no ring"
quit $run
so "a loop bus has its device and its ring, other names with loop are refused"

finish
