#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What cannot be done is refused in one line that says what, where, why and
# what is allowed, with the exit code that scripts expect.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

# refused TEXT CODE WORD... -- COMMAND...: one line with all these words
refused() {
	local text=$1 code=$2 words=() out got
	shift 2
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	shift
	out=$(timeout 10 "$@" 2>&1 </dev/null)
	got=$?
	check "$text" is_refusal "$code" "$got" "$out" "${words[@]}"
}

is_refusal() {
	local code=$1 got=$2 out=$3 word
	shift 3
	printf '%s\nexit code %s\n' "$out" "$got"
	[ "$got" = "$code" ] || return 1
	[ "$(wc -l <<< "$out")" = 1 ] || return 1
	for word in "$@"; do
		[[ $out == *"$word"* ]] || return 1
	done
}

mkdir -p "$WORK/empty" && chmod 700 "$WORK/empty"
nowhere=(env XDG_RUNTIME_DIR="$WORK/empty" PIPEWIRE_RUNTIME_DIR="$WORK/empty")

# ---- nothing to talk to ----

refused "no PipeWire session" 69 "make demo" "systemctl --user start" -- \
	"${nowhere[@]}" "$TAPDECK" run --osc-port "$TAPDECK_PORT"
refused "no runtime directory" 69 XDG_RUNTIME_DIR -- \
	env -u XDG_RUNTIME_DIR -u PIPEWIRE_RUNTIME_DIR "$TAPDECK" run \
	--osc-port "$TAPDECK_PORT"
for command in apps status retake watch "get /strip/1/gain" "set /strip/1/gain 0"; do
	# shellcheck disable=SC2086 # words
	refused "$command without tapdeck" 69 "no tapdeck is running" \
		"$TAPDECK_PORT" "tapdeck run" -- "$TAPDECK" $command
done
refused "record without tapdeck" 69 "tapdeck run" -- \
	"$TAPDECK" record "$WORK/x.wav"
check "which leaves no file" test ! -e "$WORK/x.wav"

# ---- somebody else is there ----

deck_start
other=$(free_port)
refused "a second tapdeck in this session" 75 "$DECK" "already running" -- \
	"$TAPDECK" run --osc-port "$other"
check "the first one goes on" deck_cycles

# a session of its own, but the same port, and the same home: that is shared
mkdir -p "$WORK/run" && chmod 700 "$WORK/run"
refused "a port that another tapdeck holds" 75 "$TAPDECK_PORT" \
	"$(deck_engine)" tapdeck --osc-port -- \
	env XDG_RUNTIME_DIR="$WORK/run" \
	"$TAPDECK" run --osc-port "$TAPDECK_PORT"
deck_stop
same "tapdeck ends well" 0 $?

python3 -c 'import os, socket, sys
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.bind(("127.0.0.1", int(sys.argv[1])))
open(sys.argv[2], "w").close()
sys.stdin.read()' "$TAPDECK_PORT" "$WORK/bound" < <(sleep 60) &
holder=$!
wait_until 5 test -e "$WORK/bound"
refused "a port that another program holds" 75 "$TAPDECK_PORT" "$holder" \
	python3 -- "$TAPDECK" run --osc-port "$TAPDECK_PORT"
kill "$holder"
check "nothing is left of it" sh -c \
	'! graph.py nodes | grep -q "tapdeck\.\(park\|cable\)"'

# ---- options ----

bad() {
	refused "$1" 64 "${@:2}"
}
bad "an unknown option" --nonsense -- "$TAPDECK" run --nonsense
bad "an operand too many" one -- "$TAPDECK" run one
bad "no strips" --strips 1..64 -- "$TAPDECK" run --strips 0
bad "too many strips" --strips 1..64 -- "$TAPDECK" run --strips 65
bad "half a strip" --strips 1..64 -- "$TAPDECK" run --strips 1.5
bad "a block too small" --block 16..8192 -- "$TAPDECK" run --block 15
bad "a port too high" --osc-port 0..65535 -- "$TAPDECK" run --osc-port 65536
bad "a missing value" --block -- "$TAPDECK" run --block
bad "a bus with a bad name" --bus a-z -- "$TAPDECK" run --bus 'Main!'
bad "the same bus twice" --bus "twice" -- \
	"$TAPDECK" run --bus main --bus main
bad "nine buses" --bus 8 -- "$TAPDECK" run --bus a --bus b --bus c --bus d \
	--bus e --bus f --bus g --bus h --bus i
bad "a route to no bus" --route nowhere -- "$TAPDECK" run --route x=nowhere
bad "a rule for no strip" --rule 1..16 -- "$TAPDECK" run --rule 'a=17'
bad "a strange tap" --tap take copy off -- "$TAPDECK" run --tap steal
bad "a strange grab" --grab none new -- "$TAPDECK" run --grab all
bad "a grab without the cable" --grab --no-cable -- \
	"$TAPDECK" run --grab new --no-cable
bad "a name for an address" --osc-bind numeric -- \
	"$TAPDECK" run --osc-bind localhost
bad "a slip in an option" "did you mean --strips" -- "$TAPDECK" run --strps 8
bad "a slip in a command" "did you mean status" -- "$TAPDECK" stauts
bad "an unknown command" steal "tapdeck --help" -- "$TAPDECK" steal
bad "nothing to set" set -- "$TAPDECK" set
bad "no file to record to" record -- "$TAPDECK" record
bad "a file of an unknown kind" mp3 wav -- "$TAPDECK" record "$WORK/x.mp3"

# ---- what the running one refuses ----

# A port file that somebody reads just now: it stays as it is.
PORT_FILE=$XDG_RUNTIME_DIR/tapdeck/port
echo 1 >"$PORT_FILE"
ln "$PORT_FILE" "$PORT_FILE.read"
deck_start
same "the port file is written anew" "$TAPDECK_PORT" "$(cat "$PORT_FILE")"
same "and never in part" 1 "$(cat "$PORT_FILE.read")"
check "with nothing left over" test ! -e "$PORT_FILE.new"
rm "$PORT_FILE.read"
refused "an unknown address" 65 /strip/1/colour "no such address" -- \
	"$TAPDECK" set /strip/1/colour 1
refused "a slip in an address" 65 "did you mean /strip/1/gain" -- \
	"$TAPDECK" set /strip/1/gian 1
refused "a slip in what is read" 65 "did you mean /strip/1/gain" -- \
	"$TAPDECK" get /strip/1/gian
refused "a number without an end" 65 inf -90 12 /strip/1/gain -- \
	"$TAPDECK" set /strip/1/gain inf
same "it has set nothing" 0 "$("$TAPDECK" get /strip/1/gain | cut -d ' ' -f 2)"
refused "a value that is none" 65 -90 12 /strip/1/gain -- \
	"$TAPDECK" set /strip/1/gain loud
refused "a bus that is not recorded" 66 nope loop -- \
	"$TAPDECK" record --bus nope "$WORK/x.wav"
refused "a folder that is not there" 73 "$WORK/none/x.wav" -- \
	"$TAPDECK" record "$WORK/none/x.wav"
touch "$WORK/there.wav"
refused "a file that is there" 73 there.wav --force -- \
	"$TAPDECK" record "$WORK/there.wav"
deck_stop
same "tapdeck ends well again" 0 $?

# ---- help is no error ----

for command in run render record apps get set watch status retake device \
	midi learn map layout; do
	check "$command --help explains itself" sh -c \
		"'$TAPDECK' $command --help | grep -q '^Usage: tapdeck $command'"
done
check "help COMMAND is the same" sh -c "'$TAPDECK' help layout |
	grep -q '^Usage: tapdeck layout'"
refused "help for an unknown command" 64 "did you mean layout" -- \
	"$TAPDECK" help layuot
check "tapdeck --help lists the commands" sh -c "'$TAPDECK' --help |
	grep -q '^  record '"
finish
