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

declare -A pid=() # of a program by its name, "" while it does not run
default=room

# ---- what happens ----

# begin NAME: of the kind that its number says
begin() {
	case $((${1#p} % 4)) in
	0) play_native "$1" "$WORK/a.wav" >/dev/null 2>&1 ;;
	1) play_pulse "$1" "$WORK/a.wav" >/dev/null 2>&1 ;;
	2) play_looped pipewire "$1" "$WORK/a.wav" ;;
	3) play_looped pulse "$1" "$WORK/a.wav" ;;
	esac
	pid[$1]=$PID
}

end() {
	kill -s CONT "${pid[$1]}" 2>/dev/null
	quit "${pid[$1]}"
	pid[$1]=
}

# Those whose server went away end by themselves.
forget_the_dead() {
	local name
	for name in "${!pid[@]}"; do
		if [ -n "${pid[$name]}" ] && ! kill -0 "${pid[$name]}" 2>/dev/null
		then
			wait "${pid[$name]}" 2>/dev/null
			pid[$name]=
		fi
	done
}

some_name() {
	echo "p$((RANDOM % PROGRAMS))"
}

other_of() {
	if [ "$1" = room ]; then echo other; else echo room; fi
}

# Somebody chooses an output in a mixer, and thinks better of it.
move() {
	local input
	input=$(pactl list sink-inputs short 2>/dev/null | cut -f1 | shuf -n 1)
	[ -n "$input" ] || return 0
	pactl move-sink-input "$input" "$(other_of "$default")" 2>/dev/null
	sleep 0.3
	pactl move-sink-input "$input" "$default" 2>/dev/null
}

pause() {
	local name
	name=$(some_name)
	[ -n "${pid[$name]}" ] || return 0
	kill -s STOP "${pid[$name]}"
	sleep "0.$((2 + RANDOM % 7))"
	kill -s CONT "${pid[$name]}" 2>/dev/null
}

default_changes() {
	default=$(other_of "$default")
	wpctl set-default "$(graph.py node-id "$default")" 2>/dev/null
}

# The session manager writes down a second later what was chosen.
restart() {
	[ "$1" = pulse ] || state_settled
	echo "# $1 is restarted at $SECONDS s"
	TAPDECK_SESSION_DEFAULT=$default session-ctl restart "$1" >/dev/null ||
		die "$1 does not come back"
	wait_until 10 deck_cycles || die "audio does not come back after $1"
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

# each program that runs is on its strip
all_taken() {
	local name
	forget_the_dead
	for name in "${!pid[@]}"; do
		[ -z "${pid[$name]}" ] || deck_is "$name" tap take || return
	done
}

# home NAME
home() {
	local to
	to=$(graph.py target-of "$1")
	[ "$to" = "$default" ] && return
	echo "$1 plays into $to, and $default is wanted"
	return 1
}

is_home() {
	wait_until 5 home "$1" || home "$1"
}

# What the log may say: what was done to it. Everything else is shown.
unexplained() {
	grep -v -e 'OSC on' -e 'main plays into' -e 'audio stops: PipeWire' \
		-e 'PipeWire is gone; waiting' -e 'PipeWire has gone; waiting' \
		-e 'no audio cycle for' -e 'audio goes on after' \
		-e 'audio runs now' -e 'the graph does not run' \
		-e 'share one clock while' -e ' hangs, and nothing of ours ran for' \
		-e ' goes on after' "$DECK_LOG"
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
same "no engine has ended in $SECONDS_WANTED s" 1 \
	"$(deck_status engine_starts)"
check "every program is on its strip" wait_until 20 all_taken
check "and is recorded" sh -c '"$TAPDECK" status | grep -q "^running *1"'
begin p9
check "so is one that comes now" deck_taken p9
echo "# $before to $(fds_of "$engine") descriptors"
check "the engine holds no more descriptors" \
	test $(($(fds_of "$engine") - before)) -le $((GROWTH_FDS + 4 * PROGRAMS))
same "the log has nothing but what happened" "" "$(unexplained)"
deck_stop
same "tapdeck ends well" 0 $?
for name in "${!pid[@]}"; do
	[ -z "${pid[$name]}" ] ||
		check "$name is where its user had it" is_home "$name"
done
sort "$DECK_LOG" | sed 's/[0-9.]* s/N s/; s/[0-9.]* ms/N ms/' | uniq -c |
	sort -rn | head -n 20 | sed 's/^/# /'
finish
