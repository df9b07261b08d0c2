#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Surfaces find tapdeck by themselves: a real Avahi daemon, in a network
# namespace, on a bus of its own.

# shellcheck source=tests/session/network.sh
. "$(dirname "$0")/network.sh"
# shellcheck source=tests/session/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/session/deck.sh
. "$TOOLS/deck.sh"

# A network: two ends of a cable, both ours.
ip link add deck0 type veth peer name tab0 || die "no veth"
ip addr add 192.168.78.1/24 dev deck0
ip link set deck0 up
ip link set tab0 up

SYSTEM=$WORK/system
mkdir -p "$SYSTEM"
export DBUS_SYSTEM_BUS_ADDRESS=unix:path=$SYSTEM/bus

system_bus() {
	cat >"$SYSTEM/bus.conf" <<END
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <keep_umask/>
  <listen>unix:path=$SYSTEM/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*" eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
END
	dbus-daemon --config-file="$SYSTEM/bus.conf" --nofork --nopidfile \
		2>"$SYSTEM/bus.log" &
	BUS=$!
	wait_until 5 test -S "$SYSTEM/bus"
}

# With a /run of its own: that of the system's daemon is left alone.
avahi() {
	cat >"$SYSTEM/avahi.conf" <<END
[server]
host-name=deckhost
use-ipv4=yes
use-ipv6=no
allow-interfaces=deck0
[wide-area]
enable-wide-area=no
END
	unshare --mount bash -c 'mount -t tmpfs tmpfs /run && exec "$@"' - \
		avahi-daemon --no-drop-root --no-chroot --no-rlimits \
		--file="$SYSTEM/avahi.conf" >"$SYSTEM/avahi.log" 2>&1 &
	AVAHI=$!
	wait_until 5 avahi-browse -t _osc._udp
}

found() {
	avahi-browse -rtp "$1" 2>/dev/null |
		grep -q "^=;deck0;IPv4;$2;$1;.*;192.168.78.1;$TAPDECK_PORT;"
}

NAME='tapdeck\\032on\\032deckhost'

system_bus || die "no system bus"
deck_start --network
check "without a daemon it says so" \
	wait_until 5 grep -q "zeroconf: no Avahi daemon runs here" "$DECK_LOG"
same "in one line" 1 "$(grep -c zeroconf "$DECK_LOG")"
avahi || die "no Avahi daemon: $(tail -n 3 "$SYSTEM/avahi.log")"
check "a daemon that starts later is told" \
	wait_until 20 grep -q 'tablets find it as tapdeck on deckhost' "$DECK_LOG"
check "a tablet finds it for UDP" wait_until 10 found _osc._udp "$NAME"
check "and for TCP" wait_until 10 found _osc._tcp "$NAME"
# unshare(1) has become the daemon.
kill $AVAHI
wait $AVAHI
avahi || die "no second Avahi daemon"
check "a daemon that starts anew is told again" \
	wait_until 20 found _osc._udp "$NAME"
deck_stop
check "when it has ended nobody finds it" \
	wait_until 10 eval '! found _osc._udp "$NAME"'

# Its calls wait: nobody waits with them.
kill -STOP $AVAHI
deck_start --osc-bind 192.168.78.1
check "a daemon that hangs keeps nobody from mixing" \
	"$TAPDECK" set /strip/1/gain -6
begun=${EPOCHREALTIME/[.,]/}
deck_stop
took=$(((${EPOCHREALTIME/[.,]/} - begun) / 1000))
check "nor from ending ($took ms)" test $took -lt 5000
kill -KILL $AVAHI
kill $BUS
finish
