#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_desktop.sh [SECONDS]: a desktop of an hour. Programs of every kind come
# and go, are moved and stand still; the default sink changes; the sound server,
# the session manager and the pulse server are restarted. Nothing but that is in
# the log, no engine has ended, and each program is heard where its user had it.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

SECONDS_WANTED=${1:-${DESKTOP:-3600}}
GROWTH_FDS=6
PROGRAMS=8
case $SECONDS_WANTED in
'' | *[!0-9]*) die "usage: soak_desktop.sh [SECONDS], a number" ;;
esac
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"

declare -A pid=()    # of a program by its name, "" while it does not run
declare -A chosen=() # the sink that its user sent it to the last time, or ""
declare -A tap=()    # what tapdeck is to do with it
declare -A times=()  # how often something happened
default=room

# ---- what happens ----

# begin NAME: of the kind that its number says. The session manager remembers
# each by a key of its own.
begin() {
	case $1 in
	p0 | p4 | p6)
		play_native "$1" "$WORK/a.wav" --media-role "$1" \
			>/dev/null 2>&1
		;;
	p2) play_looped pipewire "$1" "$WORK/a.wav" ;;
	p3 | p7) play_looped pulse "$1" "$WORK/a.wav" ;;
	*) play_pulse "$1" "$WORK/a.wav" >/dev/null 2>&1 ;;
	esac
	pid[$1]=$PID
	begins "$1"
	event "$1 begins"
}

# A stream whose user has it elsewhere is copied; see the manual.
begins() {
	tap[$1]=take
	is_in_room "$1" && return
	tap[$1]=copy
	happens copied
}

is_in_room() {
	[ "${chosen[$1]:-$default}" = "$default" ]
}

end() {
	kill -s CONT "${pid[$1]}" 2>/dev/null
	quit "${pid[$1]}"
	pid[$1]=
	event "$1 ends"
}

# Those whose server went away end by themselves.
forget_the_dead() {
	local name
	for name in "${!pid[@]}"; do
		if [ -n "${pid[$name]}" ] && ! kill -0 "${pid[$name]}" 2>/dev/null
		then
			wait "${pid[$name]}" 2>/dev/null
			pid[$name]=
			event "$name has ended"
		fi
	done
}

happens() {
	times[$1]=$((${times[$1]:-0} + 1))
}

event() {
	echo "$SECONDS.${EPOCHREALTIME#*[.,]} $*" >> "$WORK/events"
}

some_name() {
	echo "p$((RANDOM % PROGRAMS))"
}

other_of() {
	if [ "$1" = room ]; then echo other; else echo room; fi
}

# sink_input NAME: its number for the pulse server
sink_input() {
	pactl --format=json list sink-inputs 2>/dev/null | python3 -c 'import json, sys
for i in json.load(sys.stdin):
    if i["properties"].get("application.name") == sys.argv[1]:
        print(i["index"])
        break' "$1"
}

# send INDEX SINK: by a mixer that its user has open
send() {
	local answer
	if ! kill -0 "$MIXER_PID" 2>/dev/null; then
		coproc MIXER { exec mixer.py 2>/dev/null; }
	fi
	echo "$1 $2" >&"${MIXER[1]}" && read -r -t 5 answer <&"${MIXER[0]}" &&
		[ "$answer" = ok ]
}

close_mixer() {
	quit "$MIXER_PID" 2>/dev/null
}

# mpv on PipeWire says its role only when its stream is there. WirePlumber 0.4,
# which remembers it by that, then looks for another key: of 100 that began where
# they had been sent, 18 began elsewhere, without tapdeck.
is_remembered() {
	[ "$1" != p2 ]
}

# Somebody chooses an output, and mostly thinks better of it.
move() {
	local name input to
	name=$(some_name)
	input=$(sink_input "$name")
	[ -n "$input" ] && settles || return 0
	for to in "$(other_of "$default")" "$default"; do
		send "$input" "$to" || return 0
		chosen[$name]=$to
		if [ "$to" = "$default" ]; then
			chosen[$name]=
			tap[$name]=take
		fi
		happens moved
		event "$name is moved to $to"
		[ $((RANDOM % 3)) != 0 ] || ! is_remembered "$name" || break
		sleep 0.3
	done
	settles
}

pause() {
	local name
	name=$(some_name)
	[ -n "${pid[$name]}" ] || return 0
	kill -s STOP "${pid[$name]}"
	sleep "0.$((2 + RANDOM % 7))"
	kill -s CONT "${pid[$name]}" 2>/dev/null
	happens "$name hangs"
	event "$name was stopped"
}

# What is on another sink than the new one stays there; what is taken is taken.
default_changes() {
	local name
	settles
	default=$(other_of "$default")
	wpctl set-default "$(graph.py node-id "$default")" 2>/dev/null
	event "$default is to be the default"
	wait_until 10 default_is "$default" || die "$default is not the default"
	for name in "${!pid[@]}"; do
		! is_in_room "$name" || tap[$name]=take
	done
	settles
}

default_is() {
	[ "$(graph.py default-sink)" = "$1" ]
}

comes_back() {
	TAPDECK_SESSION_DEFAULT=$default timeout -k 5 40 \
		session-ctl restart "$1" >/dev/null 2>&1
}

# is_of NAME DAEMON: without it, its stream is another one afterwards
is_of() {
	case $2:$1 in
	pipewire:* | pulse:p[13579]) return 0 ;;
	*) return 1 ;;
	esac
}

# The session manager writes down a second later what was chosen.
#
# On PipeWire 0.3.65 and a busy machine one that starts may wait for ever for a
# program of the pulse server that waits for it (3 starts were enough, without
# tapdeck: it restores a stream's volume while the stream's client binds to its
# metadata). Then all is restarted, as its user has to do.
restart() {
	local name which=$1
	settles
	[ "$1" = pulse ] || state_settled
	[ "$1" = wireplumber ] || close_mixer
	echo "# $1 is restarted at $SECONDS s"
	happens "$1"
	event "$1 is restarted"
	if ! comes_back "$1"; then
		[ "$1" = wireplumber ] || die "$1 does not come back"
		echo "# PipeWire and $1 wait for each other: all is restarted"
		which=pipewire
		happens pipewire
		happens stuck
		close_mixer
		comes_back pipewire || die "PipeWire does not come back"
	fi
	wait_until 10 deck_cycles || die "audio does not come back after $1"
	for name in "${!pid[@]}"; do
		! is_of "$name" "$which" || begins_again "$name"
	done
}

# A player may live on and never play again: whose server has gone, its sound is.
begins_again() {
	forget_the_dead
	[ -n "${pid[$1]}" ] || return 0
	if wait_until 5 graph.py node-id "$1"; then
		begins "$1"
	else
		happens "$1 has given up"
		end "$1"
	fi
}

# once: mostly programs that come and go, and now and then something rare
once() {
	local name
	case $((RANDOM % 40)) in
	[0-9] | 1[0-9] | 2[0-3])
		name=$(some_name)
		if [ -n "${pid[$name]}" ]; then end "$name"; else begin "$name"; fi
		;;
	2[4-8]) pause ;;
	29 | 3[0-4]) move ;;
	3[5-6]) default_changes ;;
	37) restart pulse ;;
	38) restart wireplumber ;;
	39) restart pipewire ;;
	esac
	forget_the_dead
}

# ---- what must be so ----

# app_of NAME: what tapdeck calls it
app_of() {
	if [ "${tap[$1]}" = copy ]; then
		echo "$1 (${chosen[$1]^})"
	else
		echo "$1"
	fi
}

# each program that runs is on its strip, taken or copied
all_right() {
	local name
	forget_the_dead
	for name in "${!pid[@]}"; do
		[ -z "${pid[$name]}" ] ||
			deck_is "$(app_of "$name")" tap "${tap[$name]}" || {
			echo "$name is not as it is to be"
			return 1
		}
	done
}

settles() {
	wait_until 20 all_right && return
	not_ok "at $SECONDS s: $(all_right)"
	{
		declare -p tap chosen default
		tail -n 30 "$WORK/events"
		"$TAPDECK" apps
		grep target "$RESTORE_STREAM"
		pw-metadata | grep target
		graph.py links
	} 2>&1 | sed 's/^/# /'
	return 1
}

# plays_in NAME SINK[,SINK]
plays_in() {
	local to
	to=$(graph.py target-of "$1" | paste -sd ,)
	[ "$to" = "$2" ] && return
	echo "$1 plays into $to, and $2 is wanted"
	return 1
}

# heard NAME SINKS
heard() {
	wait_until 5 plays_in "$1" "$2" || plays_in "$1" "$2"
}

# What the log may say: what was done to it. Everything else is shown.
unexplained() {
	local said=(-e 'OSC on' -e 'main plays into') name
	[ -z "${times[pipewire]}" ] || said+=(-e 'audio stops: PipeWire'
		-e 'PipeWire is gone; waiting' -e 'PipeWire has gone; waiting'
		-e 'no audio cycle for' -e 'audio goes on after'
		-e 'audio runs now' -e 'the graph does not run')
	[ -z "${times[copied]}" ] || said+=(-e 'share one clock while')
	for ((name = 0; name < PROGRAMS; name++)); do
		[ -z "${times[p$name hangs]}" ] ||
			said+=(-e "p$name\\( (.*)\\)\\? hangs, and nothing of ours ran for"
				-e "p$name\\( (.*)\\)\\? goes on after")
	done
	grep -v "${said[@]}" "$DECK_LOG"
}

gen.py noise "$WORK/a.wav" -t 30 -s 1 -f s16
deck_start
engine=$(deck_engine)
before=$(fds_of "$engine")
begin p0
begin p1
SECONDS=0
while [ $SECONDS -lt "$SECONDS_WANTED" ]; do
	once
	sleep "0.$((1 + RANDOM % 8))"
done
close_mixer
same "no engine has ended in $SECONDS_WANTED s" 1 \
	"$(deck_status engine_starts)"
check "every program is on its strip" settles
for name in "${!pid[@]}"; do
	[ -n "${pid[$name]}" ] || continue
	if [ "${tap[$name]}" = copy ]; then
		check "$name is heard where its user had it" \
			heard "$name" "$(printf '%s\n' tapdeck "${chosen[$name]}" |
				sort | paste -sd ,)"
	else
		check "$name is heard through tapdeck alone" \
			heard "$name" "tapdeck,$(park_sink)"
	fi
done
check "audio runs" sh -c '"$TAPDECK" status | grep -q "^running *1"'
begin p9
check "one that comes now is taken" deck_taken p9
echo "# $before to $(fds_of "$engine") descriptors"
check "the engine holds no more descriptors" \
	test $(($(fds_of "$engine") - before)) -le $((GROWTH_FDS + 4 * PROGRAMS))
same "the log has nothing but what happened" "" "$(unexplained)"
deck_stop
same "tapdeck ends well" 0 $?
forget_the_dead
for name in "${!pid[@]}"; do
	[ -z "${pid[$name]}" ] || check "$name is where its user had it" \
		heard "$name" "${chosen[$name]:-$default}"
done
for name in "${!times[@]}"; do
	echo "# $name: ${times[$name]} times"
done
sort "$DECK_LOG" | sed 's/[0-9.]* s/N s/; s/[0-9.]* ms/N ms/' | uniq -c |
	sort -rn | head -n 20 | sed 's/^/# /'
finish
