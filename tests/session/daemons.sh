# SPDX-License-Identifier: GPL-3.0-or-later
# The daemons of a private session: how each one is started, how to know that
# it is ready, how it is ended. Sourced by session.sh and by session-ctl.
# shellcheck shell=bash
#
# $TAPDECK_SESSION_DIR holds all of a session: run/ (sockets), config/, state/,
# cache/, home/, log/ and NAME.pid.

PYTHON=/usr/bin/python3
[ -x "$PYTHON" ] || PYTHON=python3

# seconds that anything may take to start or to end
READY_S=${TAPDECK_SESSION_READY_S:-15}
TERM_S=5

now_ms() {
	local t=${EPOCHREALTIME/[.,]/}
	echo $((t / 1000))
}

# poll SECONDS COMMAND...: until COMMAND succeeds, or fails after SECONDS
poll() {
	local end=$(($(now_ms) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now_ms)" -lt "$end" ] || return 1
		sleep 0.01
	done
}

# A zombie has ended, even though its parent has not heard of it yet.
pid_gone() {
	local stat
	{ read -r stat < "/proc/$1/stat"; } 2>/dev/null || return 0
	stat=${stat##*) }
	[ "${stat%% *}" = Z ]
}

daemon_pid() {
	cat "$TAPDECK_SESSION_DIR/$1.pid" 2>/dev/null
}

daemon_runs() {
	local pid
	pid=$(daemon_pid "$1") && [ -n "$pid" ] && ! pid_gone "$pid"
}

# daemon_spawn NAME COMMAND...: in a session of its own, so that a Ctrl-C at
# the terminal reaches the test first and not what it runs on.
daemon_spawn() {
	local name=$1 log=$TAPDECK_SESSION_DIR/log/$1.log
	shift
	setsid ${SESSION_DEATHSIG:+setpriv --pdeathsig "$SESSION_DEATHSIG"} \
		"$@" </dev/null >>"$log" 2>&1 &
	echo $! > "$TAPDECK_SESSION_DIR/$name.pid"
}

# Ready, or already dead: either way the waiting is over.
daemon_settled() {
	local name=$1
	shift
	"$@" || ! daemon_runs "$name"
}

daemon_failed() {
	echo "session: $1 did not start; its log:" >&2
	tail -n 40 "$TAPDECK_SESSION_DIR/log/$1.log" >&2
	if [ "$1" = wireplumber ] && daemon_runs wireplumber; then
		echo "session: it runs; what PipeWire has:" >&2
		# which may not answer either
		timeout 5 "$PYTHON" "$SESSION_TOOLS/graph.py" nodes >&2
		timeout 5 pw-metadata >&2
	fi
	return 1
}

daemon_await() {
	local name=$1
	poll "$READY_S" daemon_settled "$@"
	shift
	"$@" && return 0
	daemon_failed "$name"
}

start_dbus() {
	daemon_spawn dbus dbus-daemon --nofork --nopidfile --nosyslog \
		--config-file="$TAPDECK_SESSION_DIR/config/dbus.conf"
	daemon_await dbus test -S "$TAPDECK_SESSION_DIR/run/bus"
}

start_pipewire() {
	rm -f "$TAPDECK_SESSION_DIR/run/pipewire-0"
	daemon_spawn pipewire pipewire
	daemon_await pipewire test -S "$TAPDECK_SESSION_DIR/run/pipewire-0"
}

# Ready when its policy has chosen a default sink: then its metadata exists,
# and its scripts run.
start_wireplumber() {
	local wait_pid
	daemon_spawn wireplumber wireplumber
	"$PYTHON" "$SESSION_TOOLS/graph.py" wait -t "$READY_S" default-sink \
		"${TAPDECK_SESSION_DEFAULT:-room}" &
	wait_pid=$!
	poll $((READY_S + 1)) daemon_settled wireplumber pid_gone "$wait_pid"
	kill "$wait_pid" 2>/dev/null
	if wait "$wait_pid" 2>/dev/null && daemon_runs wireplumber; then
		return 0
	fi
	daemon_failed wireplumber
}

pulse_answers() {
	pactl info >/dev/null 2>&1
}

start_pulse() {
	rm -f "$PULSE_RUNTIME_PATH/native"
	daemon_spawn pulse pipewire-pulse
	daemon_await pulse pulse_answers
}

# daemon_end NAME [SIGNAL]: asks, waits, insists
daemon_end() {
	local pid
	pid=$(daemon_pid "$1") || return 0
	kill -s "${2:-TERM}" "$pid" 2>/dev/null
	# a stopped process hears nothing but KILL
	kill -s CONT "$pid" 2>/dev/null
	poll "$TERM_S" pid_gone "$pid" || kill -s KILL "$pid" 2>/dev/null
	poll "$TERM_S" pid_gone "$pid"
	rm -f "$TAPDECK_SESSION_DIR/$1.pid"
}
