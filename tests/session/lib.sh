# SPDX-License-Identifier: GPL-3.0-or-later
# What the session tests share. A test is a bash script that begins with
#
#	SESSION="-s room2"              # options of session.sh, if any
#	. "$(dirname "$0")/lib.sh"      # goes into a session of its own
#
# then plays, records and checks, and ends with `finish`. Files go to $WORK,
# which is removed with the session.
# shellcheck shell=bash

PYTHON3=/usr/bin/python3
[ -x "$PYTHON3" ] || PYTHON3=python3
TOOLS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd) || exit 70
if [ -z "$TAPDECK_SESSION_DIR" ]; then
	# shellcheck disable=SC2086 # a list of options
	exec "$TOOLS/session.sh" $SESSION "$0" "$@"
fi
WORK=$TAPDECK_SESSION_DIR/work
mkdir -p "$WORK"
# What the session manager remembers of programs: up to WirePlumber 0.4 a line
# for each word, then a line of JSON for each program.
RESTORE_STREAM=$XDG_STATE_HOME/wireplumber/restore-stream
[ -d "$WIREPLUMBER_DATA_DIR/main.lua.d" ] ||
	RESTORE_STREAM=$XDG_STATE_HOME/wireplumber/stream-properties
# shellcheck disable=SC2034 # for the tests
DEFAULT_NODES=$XDG_STATE_HOME/wireplumber/default-nodes

passed=0
failed=0

ok() {
	passed=$((passed + 1))
	echo "ok $((passed + failed)) - $*"
}

not_ok() {
	failed=$((failed + 1))
	echo "not ok $((passed + failed)) - $*"
}

# check TEXT COMMAND...: the text is a sentence that is true when it succeeds.
# What a failed command printed is shown.
check() {
	local text=$1 out
	shift
	if out=$("$@" 2>&1); then
		ok "$text"
	else
		not_ok "$text"
		printf '%s: %s\n' "$*" "$out" | sed 's/^/# /'
	fi
}

# same TEXT WANT GOT
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf 'want: %s\ngot:  %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

# The last line is the count; the status says whether all is well.
finish() {
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
	exit
}

die() {
	echo "$(basename "$0"): $*" >&2
	exit 70
}

# wait_until SECONDS COMMAND...: for what sends no event. For nodes and links
# `graph.py wait` wakes up by itself.
wait_until() {
	local end=$((${EPOCHREALTIME/[.,]/} / 1000 + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((${EPOCHREALTIME/[.,]/} / 1000)) -lt $end ] || return 1
		sleep 0.02
	done
}

# copy_player NAME PLAYER: BIN is a copy of the program, called NAME
copy_player() {
	BIN=$TAPDECK_SESSION_DIR/bin/$2/$1
	[ ! -x "$BIN" ] || return 0
	mkdir -p "$(dirname "$BIN")"
	cp "$(readlink -f "$(command -v "$2")")" "$BIN" ||
		die "$1: could not copy $2"
}

# play NAME FILE [ARG...]: the file, as the program NAME; PID is its process. A
# test that is to hold for every kind of program runs once with PLAYER=native
# and once with PLAYER=pulse. ARGs are pw-play's; of them play_pulse knows
# --target, --media-role and --latency FRAMES. In the first place --dont-remix
# may stand, for six channels: the session manager leaves them as they are.
play() {
	"play_${PLAYER:-native}" "$@"
}

# Client and node both have that identity: pw-play's own properties reach the
# node only, and the client is called like the executable.
play_native() {
	local name=$1 file=$2 bin remix=
	copy_player "$1" pw-play
	bin=$BIN
	shift 2
	if [ "$1" = --dont-remix ]; then
		remix='stream.dont-remix = true'
		shift
	fi
	(
		exec -a pw-play "$bin" \
			-P "{ application.name = \"$name\" node.name = \"$name\" $remix }" \
			"$@" "$file"
	) &
	PID=$!
}

# By the pulse server, as most of a desktop does it.
play_pulse() {
	local name=$1 file=$2 bin args=()
	copy_player "$1" paplay
	bin=$BIN
	shift 2
	if [ "$1" = --dont-remix ]; then
		# gen.py writes no map, and paplay would guess another order
		args+=("--property=stream.dont-remix=true" "--channel-map=\
front-left,front-right,front-center,lfe,rear-left,rear-right")
		shift
	fi
	while [ $# -gt 0 ]; do
		case $1 in
		--target) args+=("--device=$2") ;;
		--media-role) args+=("--property=media.role=$2") ;;
		--latency) args+=("--latency-msec=$(($2 / 48))") ;;
		*) die "play_pulse: $1: not known" ;;
		esac
		shift 2
	done
	# by its name it knows that it is to play
	(exec -a paplay "$bin" --client-name="$name" "${args[@]}" "$file") &
	PID=$!
}

# play_mpv NAME FILE [MPV-ARG...]
play_mpv() {
	local name=$1 file=$2
	shift 2
	mpv --no-config --no-terminal --no-video --ao=pipewire \
		--audio-client-name="$name" "$@" "$file" </dev/null &
	PID=$!
}

# play_looped OUTPUT NAME FILE: for ever, by mpv; OUTPUT is pipewire or pulse
play_looped() {
	mpv --no-config --no-terminal --no-video --loop --ao="$1" \
		--audio-client-name="$2" "$3" </dev/null >/dev/null 2>&1 &
	PID=$!
}

# fds_of PID, kib_of PID: what a process holds
fds_of() {
	find "/proc/$1/fd" -mindepth 1 | wc -l
}

kib_of() {
	awk '/^VmRSS/ { print $2 }' "/proc/$1/status"
}

# quit PID...: ends programs that this test started
quit() {
	local p
	for p in "$@"; do
		kill "$p" 2>/dev/null
		wait "$p" 2>/dev/null
	done
	return 0
}

# record FILE NODE [PW-RECORD-ARG...]: float frames of a source, or of a sink's
# monitor; returns when it is linked. PID is its process; `quit` closes the
# file. The recorder's node is called like the file.
record() {
	local file=$1 node=$2 rec class
	rec=$(basename "$file" .wav)
	shift 2
	class=$(graph.py node-prop "$node" media.class) ||
		die "record: $node: no such node"
	case $class in
	Audio/Sink*) class=true ;;
	*) class=false ;;
	esac
	pw-record --format f32 --rate "${RATE:-48000}" --channels 2 \
		--target "$node" -P "{ node.name = \"$rec\" application.name = \
\"$rec\" stream.capture.sink = $class }" "$@" "$file" &
	PID=$!
	graph.py wait linked "$node" "$rec" || die "record: $node: not linked"
}

# record_beside FILE PROGRAM NODE...: what a program gives and what each node has,
# two channels each, in one recording: a cycle that the player or the recorder
# has missed is missing in all of them. PID is its process.
record_beside() {
	local file=$1 rec node i outs=() ins=()
	rec=$(basename "$file" .wav)
	shift
	pw-record --format f32 --rate 48000 --channels $((2 * $#)) --target 0 \
		-P "{ node.name = \"$rec\" node.autoconnect = false }" "$file" &
	PID=$!
	wait_until 5 has_ports "$rec" $((2 * $#)) || die "record_beside: $rec"
	mapfile -t ins < <(pw-link -i | grep "^$rec:")
	for node in "$@"; do
		mapfile -t -O ${#outs[@]} outs < <(pw-link -o | grep "^$node:")
	done
	for i in "${!ins[@]}"; do
		pw-link "${outs[i]}" "${ins[i]}"
	done
}

has_ports() {
	[ "$(pw-link -i | grep -c "^$1:")" = "$2" ]
}

# has_port NODE:PORT
has_port() {
	{ pw-link -o && pw-link -i; } | grep -qx "$1"
}

# pw-record closes its file on SIGINT, which bash keeps from a background
# process; on SIGTERM it does the same.

# played_in NODE NAME: NAME plays into NODE
played_in() {
	graph.py wait -t "${WAIT_S:-5}" linked "$2" "$1"
}

# silent RECORDING
silent() {
	! measure.py first "$1"
}

# from_first SOURCE RECORDING FRAMES: identical from the source's first frame. A
# cycle that its program misses behind them makes no difference.
from_first() {
	compare.py --json "$1" "$2" | python3 -c 'import json, sys
found = json.load(sys.stdin)["segments"]
print(found)
sys.exit(not any(s[1] == 0 and s[2] >= int(sys.argv[1]) for s in found))' "$3"
}

# late RECORDING N [FRAME]: how many of $WORK/0.wav to N-1.wav, noise of 16 bits,
# are not in it from their first frame on, or from this one
late() {
	"$PYTHON3" - "$TOOLS" "$1" "$WORK" "$2" "${3:-0}" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav

FRAMES = 64  # no others are like these
recording = wav.read(sys.argv[2])
samples = recording.samples.tobytes()
late = []
first = 2 * int(sys.argv[5])
for i in range(int(sys.argv[4])):
    source = wav.read("%s/%d.wav" % (sys.argv[3], i))
    if samples.find(source.samples[first:first + 2 * FRAMES].tobytes()) < 0:
        late.append(i)
print(len(late))
print("# not from its first frame on:", late or "none", file=sys.stderr)
END
}

# state_text FILE: a state file of WirePlumber's, to be compared: 0.5 writes the
# words of a line in another order each time
state_text() {
	python3 -c 'import json, sys
for line in open(sys.argv[1]):
    key, sign, value = line.rstrip("\n").partition("=")
    try:
        value = json.dumps(json.loads(value), sort_keys=True)
    except ValueError:
        pass
    print(key + sign + value)' "$1"
}

# remembers NAME SINK: the session manager, of the program of that role or name
remembers() {
	state_text "$RESTORE_STREAM" | grep -q \
		-e "^Output/Audio:media.role:$1:target=$2\$" \
		-e "^Output/Audio:[a-z.]*:$1={.*\"target\": \"$2\""
}

# choose NAME SINK: as a user does it, in pavucontrol
choose() {
	pw-metadata "$(graph.py node-id "$1")" target.node \
		"$(graph.py node-id "$2")" Spa:Id >/dev/null
	graph.py wait target "$1" "$2"
}

# input_of PROGRAM: its number at the pulse server
input_of() {
	pactl list sink-inputs | awk -v name="\"$1\"" '
		/^Sink Input/ { n = substr($3, 2) }
		$1 == "node.name" && $3 == name { print n; found = 1 }
		END { exit !found }'
}

# session_script FILE: the session's WirePlumber runs it when it starts next
session_script() {
	local conf=$WIREPLUMBER_CONFIG_DIR name
	name=$(basename "$1" .lua)
	if [ -d "$conf/main.lua.d" ]; then
		echo "load_script('$1')" > "$conf/main.lua.d/95-$name.lua"
		return
	fi
	cat > "$conf/wireplumber.conf.d/95-$name.conf" <<END
wireplumber.components = [
    { name = "$1", type = script/lua, provides = session.$name }
]
wireplumber.profiles = { main = { session.$name = required } }
END
}

# state_settled: WirePlumber writes its state files 1 s after the last change
state_settled() {
	local old='' new
	while new=$(cat "$XDG_STATE_HOME"/wireplumber/* 2>/dev/null | sha1sum) &&
		[ "$new" != "$old" ]; do
		old=$new
		sleep 1.2
	done
}

# metadata_mute: PipeWire tells nobody any word from then on, until the session
# manager is restarted, since one has died while he bound to the metadata
metadata_mute() {
	local manager reader told try status
	stdbuf -oL pw-metadata -m >"$WORK/told" &
	told=$!
	manager=$(session-ctl pid wireplumber)
	kill -s STOP "$manager"
	for try in 1 2 3; do
		stdbuf -oL pw-metadata >"$WORK/reader.$try" 2>&1 &
		reader=$!
		wait_until 5 grep -q Found "$WORK/reader.$try" ||
			die "nobody binds to the metadata"
		kill -s KILL "$reader"
		wait "$reader" 2>/dev/null
	done
	kill -s CONT "$manager"
	pw-metadata 0 test.told yes >/dev/null
	pw-metadata >/dev/null
	! grep test.told "$WORK/told"
	status=$?
	quit "$told"
	return $status
}
