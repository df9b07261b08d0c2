#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A tablet on another machine, by the steps of the README: here the other
# machine is a network namespace.

# shellcheck source=tests/session/network.sh
. "$(dirname "$0")/network.sh"
# shellcheck source=tests/session/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"

HERE=192.168.77.1
there() {
	nsenter --target "$TABLET" --net "$@"
}
tablet() {
	local what=$1
	shift
	there "$PYTHON3" "$TOOLS/tablet.py" "$what" "$HERE" "$TAPDECK_PORT" "$@"
}
other_network() {
	[ "$(readlink "/proc/$TABLET/ns/net")" != "$(readlink /proc/self/ns/net)" ]
}

unshare --net sleep 1000 &
TABLET=$!
wait_until 5 other_network || die "no second network"
ip link add deck0 type veth peer name tab0 netns "$TABLET" || die "no veth"
ip addr add $HERE/24 dev deck0
ip addr add 203.0.113.1/24 dev deck0
ip link set deck0 up
there ip addr add 192.168.77.2/24 dev tab0
there ip addr add 203.0.113.2/24 dev tab0
there ip link set tab0 up

deck_start --network
check "it says what to type into the tablet" \
	grep -q "host $HERE, port $TAPDECK_PORT" "$DECK_LOG"
check "no QR code goes into a log file" \
	bash -c "! grep -q █ '$DECK_LOG'"

# Before it has proved that it is there.
more=$(tablet bytes)
check "nobody gets more than it sent and 200 bytes ($more)" \
	test "$more" -le 200

# A strip's fader to and fro.
tablet play >"$WORK/play" &
PLAY=$!
check "the tablet is told every value" wait_until 20 grep -q all "$WORK/play"
fader_is() {
	[ "$("$TAPDECK" get /strip/1/fader)" = "/strip/1/fader $1" ]
}
check "its fader moves the strip" wait_until 5 fader_is 0.5
"$TAPDECK" set /strip/1/fader 0.75
wait $PLAY
same "it follows what others move" 0.750 "$(tail -n 1 "$WORK/play")"

# The layouts themselves, opened there.
layout() { # KIND PORT
	"$TAPDECK" layout "$1" --reply-port "$2" >"$WORK/my.$1"
}
layout touchosc 9001
layout m4l 9002
there surfaces.py $HERE "$TAPDECK_PORT" "$WORK/my.touchosc" 9001 \
	"$WORK/my.m4l" 9002 >"$WORK/surfaces" 2>&1
grep -q "^ok" "$WORK/surfaces" || not_ok "a layout there"
while IFS= read -r text; do
	case $text in
	'ok - '*) ok "${text#ok - }" ;;
	'not ok - '*) not_ok "${text#not ok - }" ;;
	*) echo "$text" ;;
	esac
done <"$WORK/surfaces"
"$TAPDECK" set /strip/1/fader 0.75

# The shell of another machine.
check "a command of another machine reaches it over TCP" \
	there "$TAPDECK" get --host $HERE --port "$TAPDECK_PORT" /strip/1/gain
exec 3<>"/dev/tcp/127.0.0.1/$TAPDECK_PORT"
check "a link that dies is noticed by keepalive" \
	bash -c "ss -tnoH 'sport = :$TAPDECK_PORT' | grep -q 'timer:(keepalive'"
exec 3>&-

# Strangers: their address is of no private network of this machine.
HERE=203.0.113.1
same "a stranger hears nothing" 0 "$(tablet silent)"
check "nor is it heard" fader_is 0.75
check "over TCP neither" \
	bash -c "TABLET=$TABLET; $(declare -f there); ! there \
	'$TAPDECK' get --host $HERE --port $TAPDECK_PORT /strip/1/gain"
strangers=$(deck_status osc_strangers)
check "it is counted ($strangers)" test "${strangers%.*}" -ge 3

# A tablet that asks for everything, and a stranger that does.
tablet flood 4 >"$WORK/flood1" &
F1=$!
HERE=192.168.77.1
tablet flood 4 >"$WORK/flood2" &
F2=$!
late=$("$PYTHON3" "$TOOLS/tablet.py" late 127.0.0.1 "$TAPDECK_PORT" 200)
wait $F1 $F2
echo "# 99 of 100 answers within $late ms; $(cat "$WORK/flood1") questions of" \
	"a stranger, $(cat "$WORK/flood2") of a tablet"
check "the others are served while they flood it ($late ms)" \
	test "${late%.*}" -lt 200
deck_stop

# On a terminal there is the code.
: >"$WORK/tty"
script -qfec "exec '$TAPDECK' run --network --osc-port $TAPDECK_PORT" \
	"$WORK/tty" >/dev/null </dev/null &
SCRIPT=$!
check "a terminal is shown the code" wait_until 10 grep -q '▄▄▄▄▄▄▄█' "$WORK/tty"
pkill -TERM -P $SCRIPT
wait $SCRIPT

# Which peers are heard can be said.
: >"$DECK_LOG"
deck_start --network --osc-peer 203.0.113.0/24
same "a subnet that is named is heard alone" 0 "$(tablet silent)"
HERE=203.0.113.1
check "and others are not" test "$(tablet silent)" -gt 0
deck_stop

: >"$DECK_LOG"
deck_start --osc-bind 0.0.0.0
check "who hears nobody is told what to add" \
	grep -q "hears no other machine.*--network" "$DECK_LOG"
deck_stop
kill $TABLET
finish
