#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command inside of an audio session of its own.
#
# Nothing of the user's session is read or touched: sockets, configuration and
# state lie in one temporary directory. WirePlumber runs its stock scripts, so
# that restored streams, default nodes and moves behave as on a desk; only what
# looks for hardware is off.
#
# This program is a child subreaper: whatever the command leaves behind, even
# a daemon in a session of its own, becomes our child and is ended with us.

SESSION_TOOLS=$(cd "$(dirname "$(readlink -f "$0")")" && pwd) || exit 70
# shellcheck source=tests/session/daemons.sh
. "$SESSION_TOOLS/daemons.sh"

usage() {
	cat <<'END'
usage: session.sh [OPTION...] COMMAND [ARG...]

Starts a private D-Bus, PipeWire, WirePlumber and pulse server in a temporary
directory, with a null sink "room" as the default sink; runs COMMAND; ends them
all.
The exit status is COMMAND's; 69 when the session could not be started.

  -s, --sink NAME      one more null sink (may be given several times)
  -r, --rate HZ        the graph's rate (default 48000)
  -q, --quantum N      the graph's default quantum (default 1024)
      --no-room        no sink at all, but for those of -s
      --no-pulse       no pulse server
      --state DIR      start with a copy of DIR as XDG_STATE_HOME
      --keep-logs DIR  copy the daemons' logs to DIR at the end
  -h, --help           this text

COMMAND finds in its environment
  TAPDECK_SESSION_DIR  all of the session: run/ config/ state/ home/ log/
  PATH                 with session-ctl (restart, stop, kill a daemon),
                       graph.py (nodes, links, wait for a change),
                       compare.py (recording against source), gen.py (sources)
  PIPEWIRE_DEBUG and other PIPEWIRE_*, WIREPLUMBER_* are the session's own;
  for a louder daemon: TAPDECK_SESSION_DEBUG=4 session.sh ...
END
}

die() {
	echo "session: $2" >&2
	exit "$1"
}

number() {
	case $2 in
	'' | *[!0-9]*) die 64 "$1: $2: not a number; $3 to $4 is allowed" ;;
	esac
	if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		die 64 "$1: $2: out of range; $3 to $4 is allowed"
	fi
}

parse() {
	sinks=() rate=48000 quantum=1024 room=1 pulse=1
	keep_logs='' state_from=''
	while [ $# -gt 0 ]; do
		case $1 in
		-h | --help) usage && exit 0 ;;
		--no-room) room= ;;
		--no-pulse) pulse= ;;
		--) shift && break ;;
		-s | --sink | -r | --rate | -q | --quantum | --keep-logs | --state)
			[ $# -gt 1 ] || die 64 "$1: a value is missing"
			case $1 in
			-s | --sink) sinks+=("$2") ;;
			-r | --rate) rate=$2 ;;
			-q | --quantum) quantum=$2 ;;
			--keep-logs) keep_logs=$2 ;;
			--state) state_from=$2 ;;
			esac
			shift
			;;
		-*) die 64 "$1: no such option; see --help" ;;
		*) break ;;
		esac
		shift
	done
	[ $# -gt 0 ] || die 64 "no command; see --help"
	number --rate "$rate" 8000 384000
	number --quantum "$quantum" 16 8192
	command=("$@")
}

need() {
	local p missing=
	for p in dbus-daemon pipewire wireplumber pipewire-pulse pactl \
		pw-dump setsid setpriv; do
		command -v "$p" >/dev/null || missing="$missing $p"
	done
	[ -z "$missing" ] ||
		die 69 "not installed:$missing; 'make deps' installs what is needed"
}

# make_sink NAME DESCRIPTION PRIORITY: it lives in PipeWire's configuration, so
# that it comes back with PipeWire, as a sound card does.
make_sink() {
	cat <<END
    { factory = adapter
      args = {
        factory.name     = support.null-audio-sink
        node.name        = "$1"
        node.description = "$2"
        media.class      = Audio/Sink
        audio.rate       = $rate
        audio.channels   = 2
        audio.position   = [ FL FR ]
        priority.session = $3
        priority.driver  = $3
        monitor.channel-volumes = false
        monitor.passthrough     = true
      }
    }
END
}

make_pipewire_config() {
	local conf=$1/config/pipewire name priority=900
	mkdir -p "$conf/pipewire.conf.d" "$conf/client.conf.d"
	cp "${TAPDECK_SESSION_PIPEWIRE:-/usr/share/pipewire}"/*.conf "$conf"
	{
		# A virtual machine's quantum is 1024 at least, unless told.
		echo "context.properties = {"
		echo "    default.clock.rate        = $rate"
		echo "    default.clock.quantum     = $quantum"
		echo "    default.clock.min-quantum = 16"
		[ "$quantum" -le 2048 ] ||
			echo "    default.clock.max-quantum = $quantum"
		echo "    vm.overrides = { default.clock.min-quantum = 16 }"
		echo "}"
		# the same to PipeWire 1.x, where the last rule wins
		echo "context.properties.rules = [ {"
		echo "    matches = [ { cpu.vm.name = !null } ]"
		echo "    actions = { update-props = {"
		echo "        default.clock.min-quantum = 16 } }"
		echo "} ]"
		echo "context.objects = ["
		[ -z "$room" ] || make_sink room Room 1000
		for name in "${sinks[@]}"; do
			make_sink "$name" "${name^}" $priority
			priority=$((priority - 10))
		done
		echo "]"
	} > "$conf/pipewire.conf.d/50-session.conf"
	# From 1.2 on pw-play and pw-record run beside the graph, which does not
	# wait for them: what they are late with is a hole. In the cycle and in
	# the data thread they are what they were, and what a DAW is.
	cat > "$conf/client.conf.d/50-session.conf" <<'END'
stream.rules = [ {
    matches = [ { node.async = true } ]
    actions = { update-props = {
        node.async = false
        node.loop.class = data.rt
    } }
} ]
END
}

make_wireplumber_config() {
	local conf=$1/config/wireplumber
	mkdir -p "$conf"
	cp "$WIREPLUMBER_DATA_DIR"/*.conf "$conf"
	if [ -d "$WIREPLUMBER_DATA_DIR/main.lua.d" ]; then
		make_wireplumber_lua "$conf"
		return
	fi
	mkdir "$conf/wireplumber.conf.d"
	cat > "$conf/wireplumber.conf.d/60-session.conf" <<'END'
wireplumber.profiles = { main = {
    hardware.audio = disabled
    hardware.bluetooth = disabled
    hardware.video-capture = disabled
} }
END
}

# before 0.5 its configuration is programs
make_wireplumber_lua() {
	local conf=$1
	cp -r "$WIREPLUMBER_DATA_DIR"/*.lua.d "$WIREPLUMBER_DATA_DIR"/common \
		"$conf"
	cat > "$conf/main.lua.d/60-session.lua" <<'END'
alsa_monitor.enabled = false
v4l2_monitor.enabled = false
libcamera_monitor.enabled = false
END
	echo "bluez_monitor.enabled = false" \
		> "$conf/bluetooth.lua.d/60-session.lua"
}

make_dbus_config() {
	cat > "$1/config/dbus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path=$1/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
}

make_dir() {
	local d name base=${TMPDIR:-/tmp}
	# a socket's path has room for 107 bytes
	[ ${#base} -le 60 ] || base=/tmp
	dir=$(mktemp -d "$base/tapdeck-session.XXXXXX") || exit 73
	for d in run config state cache data home log; do
		mkdir -m 700 "$dir/$d"
	done
	[ -z "$state_from" ] || cp -r "$state_from/." "$dir/state" || exit 66
	for name in $(compgen -e); do
		case $name in
		PIPEWIRE_* | WIREPLUMBER_* | PULSE_* | JACK_* | DISPLAY | \
			WAYLAND_DISPLAY | XDG_SESSION_* | XDG_CONFIG_DIRS)
			unset "$name"
			;;
		esac
	done
	export TAPDECK_SESSION_DIR=$dir HOME=$dir/home
	export XDG_RUNTIME_DIR=$dir/run XDG_CONFIG_HOME=$dir/config
	export XDG_STATE_HOME=$dir/state XDG_CACHE_HOME=$dir/cache
	export XDG_DATA_HOME=$dir/data
	export DBUS_SESSION_BUS_ADDRESS=unix:path=$dir/run/bus
	export PIPEWIRE_RUNTIME_DIR=$dir/run
	export PULSE_RUNTIME_PATH=$dir/run/pulse PULSE_SERVER=unix:$dir/run/pulse/native
	export PIPEWIRE_CONFIG_DIR=$dir/config/pipewire
	export WIREPLUMBER_CONFIG_DIR=$dir/config/wireplumber
	export WIREPLUMBER_DATA_DIR=${TAPDECK_SESSION_WIREPLUMBER:-/usr/share/wireplumber}
	export TAPDECK_SESSION_DEFAULT=room
	[ -n "$room" ] || TAPDECK_SESSION_DEFAULT=${sinks[0]:-auto_null}
	export PATH=$SESSION_TOOLS:$PATH
	make_dbus_config "$dir"
	make_pipewire_config "$dir"
	make_wireplumber_config "$dir"
}

# Every living process below us, but for the daemons.
strays() {
	local stat pid ppid state p daemons=" " more=1 found=" $$ " out=
	local -A parent=()
	for p in dbus pipewire wireplumber pulse; do
		daemons="$daemons$(daemon_pid "$p") "
	done
	for p in /proc/[0-9]*/stat; do
		{ read -r stat < "$p"; } 2>/dev/null || continue
		pid=${stat%% *}
		stat=${stat##*) }
		read -r state ppid _ <<< "$stat"
		[ "$state" = Z ] || [ "$pid" = $$ ] || parent[$pid]=$ppid
	done
	while [ -n "$more" ]; do
		more=
		for pid in "${!parent[@]}"; do
			[[ $found == *" ${parent[$pid]} "* ]] || continue
			unset "parent[$pid]"
			[[ $daemons == *" $pid "* ]] && continue
			found="$found$pid "
			out="$out $pid"
			more=1
		done
	done
	echo "$out"
}

no_strays() {
	stray=$(strays)
	# strays() itself runs in a subshell that has gone by now
	for pid in $stray; do
		pid_gone "$pid" || return 1
	done
}

end_strays() {
	for sig in TERM KILL; do
		no_strays && return
		# shellcheck disable=SC2086 # a list
		kill -s $sig $stray 2>/dev/null
		# shellcheck disable=SC2086
		[ "$sig" = TERM ] && kill -s CONT $stray 2>/dev/null
		poll 2 no_strays && return
	done
	# between two looks a process may have forked
	while ! no_strays; do
		# shellcheck disable=SC2086
		kill -s KILL $stray 2>/dev/null
		sleep 0.01
	done
}

teardown() {
	local status=$?
	trap '' INT TERM HUP
	trap - EXIT
	end_strays
	daemon_end pulse
	daemon_end wireplumber
	daemon_end pipewire
	daemon_end dbus
	if [ -n "$keep_logs" ]; then
		mkdir -p "$keep_logs" && cp "$dir"/log/*.log "$keep_logs"
	fi
	cd / && rm -rf "$dir"
	exit "$status"
}

start() {
	export PIPEWIRE_DEBUG=${TAPDECK_SESSION_DEBUG:-2}
	export WIREPLUMBER_DEBUG=${TAPDECK_SESSION_DEBUG:-2}
	export SESSION_DEATHSIG=TERM
	start_dbus && start_pipewire && start_wireplumber &&
		{ [ -z "$pulse" ] || start_pulse; }
	local ok=$?
	unset PIPEWIRE_DEBUG WIREPLUMBER_DEBUG
	export -n SESSION_DEATHSIG
	return $ok
}

# The command is told once; a command that goes on regardless is ended by
# teardown. A terminal's Ctrl-C has reached it before us: give it a moment.
interrupt() {
	signal=$1
	if [ -z "$command_pid" ]; then
		exit $((128 + $(kill -l "$1")))
	fi
	[ "$1" != INT ] || poll 1 pid_gone "$command_pid" ||
		kill -s INT "$command_pid" 2>/dev/null
	[ "$1" = INT ] || kill -s "$1" "$command_pid" 2>/dev/null
	poll 3 pid_gone "$command_pid" ||
		kill -s KILL "$command_pid" 2>/dev/null
}

run() {
	local status
	# bash starts a background command deaf to INT and without an input
	env --default-signal=INT,QUIT setpriv --pdeathsig TERM \
		"${command[@]}" <&0 &
	command_pid=$!
	# a signal ends a wait early; the next one then has the real status
	while wait "$command_pid"; status=$?; [ -n "$signal" ]; do
		signal=
	done
	exit "$status"
}

main() {
	parse "$@"
	need
	command_pid='' signal=''
	trap teardown EXIT
	trap 'interrupt INT' INT
	trap 'interrupt TERM' TERM
	trap 'interrupt HUP' HUP
	make_dir
	start || exit 69
	run
}

# 36 is PR_SET_CHILD_SUBREAPER. It survives the exec, and our children do not
# inherit it.
if [ "$1" != --reaper ]; then
	exec "$PYTHON" -c 'import ctypes, os, signal, sys
ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)
# a script that starts us in the background has made us deaf to it
signal.signal(signal.SIGINT, signal.SIG_DFL)
signal.signal(signal.SIGPIPE, signal.SIG_DFL) # python ignores it
os.execv("/bin/bash", ["bash"] + sys.argv[1:])' "$0" --reaper "$@"
fi
shift
main "$@"
