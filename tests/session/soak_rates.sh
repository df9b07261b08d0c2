#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak_rates.sh [N]: the graph's rate and block change N times under programs
# that play. Values stay, nothing grows, and sound goes on.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

N=${1:-${RATES:-100}}
GROWTH_FDS=4
GROWTH_KIB=4096
case $N in
'' | *[!0-9]*) die "usage: soak_rates.sh [N], a number" ;;
esac
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$}"
RATES=(44100 48000 96000)
BLOCKS=(128 256 512 1024 2048)

setting() {
	pw-metadata -n settings 0 "$1" "$2" >/dev/null
}

is_so() {
	[ "$(deck_status rate_hz)" = "$1" ] && deck_cycles &&
		[ "$(deck_status block_frames)" = "$2" ]
}

# change I: another rate, then another block
change() {
	rate=${RATES[($1 + RANDOM % 2) % 3]}
	block=${BLOCKS[RANDOM % 5]}
	setting clock.force-rate "$rate"
	setting clock.force-quantum "$block"
	wait_until 10 is_so "$rate" "$block" || {
		echo "$rate Hz, $block frames are wanted; it is" \
			"$(deck_status rate_hz) Hz, $(deck_status block_frames)"
		return 1
	}
}

# How large it is at 48 kHz, when its ring has been written once around.
at_rest() {
	setting clock.force-rate 48000
	setting clock.force-quantum 1024
	wait_until 10 is_so 48000 1024 && deck_plays 262144
}

taken() {
	deck_is native tap take && deck_is pulse tap take
}

gen.py noise "$WORK/a.wav" -t 60 -s 1 -f s16
play_looped pipewire native "$WORK/a.wav"
native=$PID
play_looped pulse pulse "$WORK/a.wav"
pulse=$PID
played_in room native && played_in room pulse || die "they do not play"
deck_start
deck_taken native && deck_taken pulse || die "they are not taken"
"$TAPDECK" set /strip/native/gain -3
"$TAPDECK" set /strip/pulse/trim 2.5
"$TAPDECK" set /strip/pulse/route loop
"$TAPDECK" set /bus/main/gain -1
all='/strip/*/{gain,mute,trim,name,route,tap} /bus/*/{gain,mute}'
# shellcheck disable=SC2086 # patterns for tapdeck
want=$("$TAPDECK" get $all)
engine=$(deck_engine)
for ((i = 0; i < 6; i++)); do
	change $i || die "it does not change"
done
at_rest || die "it is not at rest"
before_fds=$(fds_of "$engine") before_kib=$(kib_of "$engine")
for ((i = 0; i < N; i++)); do
	change $i && wait_until 10 taken || break
done
same "rate and block have changed $N times" "$N" "$i"
check "it comes to rest" at_rest
same "the engine is the same" "$engine" "$(deck_engine)"
# shellcheck disable=SC2086
same "so are all values" "$want" "$("$TAPDECK" get $all)"
echo "# $before_fds to $(fds_of "$engine") descriptors, $before_kib to" \
	"$(kib_of "$engine") KiB"
check "it holds no more descriptors" \
	test $(($(fds_of "$engine") - before_fds)) -le $GROWTH_FDS
check "it has not grown" \
	test $(($(kib_of "$engine") - before_kib)) -le $GROWTH_KIB
check "both are taken still" wait_until 10 taken
record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 48000
quit "$loop"
check "both are recorded" measure.py first "$WORK/loop.wav"
same "no link of its own was taken for another's" 0 \
	"$(deck_status foreign_links)"
deck_stop
same "tapdeck ends well" 0 $?
check "the native program is where it was" graph.py wait target native room
check "that of the pulse server, too" graph.py wait target pulse room
quit "$native" "$pulse"
finish
