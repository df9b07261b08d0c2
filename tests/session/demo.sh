#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job, shown: two real programs play in a private session, tapdeck
# taps and mixes them, OSC moves them, the loop is recorded twice, and both
# recordings are checked against what the programs played.

case $1 in
-h | --help)
	cat <<'END'
usage: demo.sh [TAPDECK [DIR]]

Runs TAPDECK (build/tapdeck) in a session of its own and leaves loop.flac and
loop.png in DIR (build/demo). The machine's own sound is not touched. Takes
about 30 seconds; Ctrl-C cleans up.
END
	exit 0
	;;
esac
if [ -z "$TAPDECK_SESSION_DIR" ]; then
	top=$(cd "$(dirname "$0")/../.." && pwd) || exit 70
	set -- "$(readlink -f "${1:-$top/build/tapdeck}")" \
		"$(readlink -m "${2:-$top/build/demo}")"
	if [ ! -x "$1" ]; then
		echo "demo: $1: no such program; 'make' builds it" >&2
		exit 66
	fi
fi
# Long blocks, so that a busy machine does not make the players stumble.
SESSION="--quantum 2048"
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
tapdeck=$1
out=$2

TAPDECK_PORT=$("$PYTHON3" -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
export TAPDECK_PORT

osc() {
	oscsend 127.0.0.1 "$TAPDECK_PORT" "$@" || die "oscsend $*: failed"
}

# What the listener hears next, and for how long.
scene() {
	printf '  %-34s' "$2"
	echo "$3"
	sleep "$1"
}

start_tapdeck() {
	"$tapdeck" run --quiet --osc-port "$TAPDECK_PORT" \
		> "$WORK/tapdeck.log" 2>&1 &
	tapdeck_pid=$!
	wait_until 10 "$tapdeck" status || {
		cat "$WORK/tapdeck.log" >&2
		die "tapdeck run did not start"
	}
}

start_programs() {
	music.py beat "$WORK/beat.wav" -t 30 &
	music.py chords "$WORK/chords.wav" -t 30
	wait $!
	pw-play "$WORK/beat.wav" &
	play_mpv mpv "$WORK/chords.wav" --pipewire-buffer=100
	local name
	for name in pw-play mpv; do
		graph.py wait linked $name tapdeck ||
			die "$name: was not tapped"
		graph.py wait no-link $name room ||
			die "$name: was not taken"
	done
}

ring_is_read() {
	"$tapdeck" status | grep -q '^ring_readers *[1-9]'
}

start_recorders() {
	record "$WORK/device.wav" tapdeck.loop
	recorders=$PID
	record "$WORK/room.wav" room
	recorders="$recorders $PID"
	"$tapdeck" record --quiet "$WORK/loop.flac" &
	ring_pid=$!
	wait_until 5 ring_is_read || die "tapdeck record did not attach"
}

# A fade of 24 even steps, as a hand on a fader would send it.
fade() {
	local db
	for db in ${steps//,/ }; do
		osc /strip/pw-play/gain f "$db"
		sleep 0.07
	done
}

moves() {
	steps=$(awk 'BEGIN {
		for (i = 23; i > 0; i--)
			printf "%.4f,", 20 * log(i / 24) / log(10)
		print -90
	}')
	scene 2.2 "both play" ""
	echo "  pw-play fades out                 /strip/pw-play/gain, 24 times"
	fade
	scene 1.3 "mpv alone" ""
	osc /strip/pw-play/gain f 0
	scene 1.5 "pw-play is back" "/strip/pw-play/gain 0"
	osc /strip/mpv/mute i 1
	scene 1.8 "mpv is muted" "/strip/mpv/mute 1"
	osc /strip/mpv/mute i 0
	scene 1.5 "mpv is back" "/strip/mpv/mute 0"
	osc /strip/pw-play/route s main
	scene 1.8 "pw-play goes to the room only" "/strip/pw-play/route main"
	osc /strip/pw-play/route s both
	scene 1.8 "pw-play is recorded again" "/strip/pw-play/route both"
}

stop_all() {
	# shellcheck disable=SC2086 # a list
	quit $recorders
	kill -INT "$ring_pid"
	wait "$ring_pid" || die "tapdeck record: exit status $?"
	"$tapdeck" status > "$WORK/status.txt"
	kill -TERM "$tapdeck_pid"
	wait "$tapdeck_pid" || die "tapdeck run: exit status $?"
}

echo "A private session, a room without a sound card, two programs:"
start_tapdeck
start_programs
"$tapdeck" apps | sed 's/^/  /'
start_recorders
echo
echo "Moved by OSC, recorded from Tapdeck Loopback:"
moves
stop_all

echo
echo "Checked against what the programs played:"
demo_check.py "$WORK/beat.wav" "$WORK/chords.wav" "$WORK/device.wav" \
	--ring "$WORK/loop.flac" --room "$WORK/room.wav" --steps="$steps" \
	--out "$WORK/found.json"
status=$?
mkdir -p "$out" || exit 73
cp "$WORK/loop.flac" "$out/loop.flac"
[ ! -s "$WORK/found.json" ] ||
	plot.py "$WORK/found.json" "$WORK/beat.wav" "$WORK/chords.wav" \
		"$WORK/device.wav" "$out/loop.png" || status=1
if [ $status -ne 0 ]; then
	mkdir -p "$out/failed" && cp "$WORK"/*.wav "$WORK"/*.log "$WORK"/*.txt \
		"$WORK/loop.flac" "$out/failed"
	echo "demo: the recordings are in $out/failed" >&2
fi
echo
for f in "$out"/loop.*; do
	echo "  $f"
done
exit $status
