#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Clients as people have them: Pure Data gets the whole state of 64 strips and
# every last value, liblo's oscdump what oscsend has asked for, and both go on
# hearing when the engine was killed.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

STRIPS=64

# A patch that subscribes for a minute and prints what comes.
patch() {
	cat <<END
#N canvas 0 0 600 400 10;
#X obj 10 10 loadbang;
#X obj 10 40 t b b;
#X msg 150 70 connect 127.0.0.1 $TAPDECK_PORT;
#X msg 10 70 60;
#X obj 10 100 oscformat subscribe;
#X obj 10 130 list prepend send;
#X obj 10 160 list trim;
#X obj 10 190 netsend -u -b;
#X obj 10 220 oscparse;
#X obj 10 250 print OSC;
#X connect 0 0 1 0;
#X connect 1 1 2 0;
#X connect 1 0 3 0;
#X connect 2 0 7 0;
#X connect 3 0 4 0;
#X connect 4 0 5 0;
#X connect 5 0 6 0;
#X connect 6 0 7 0;
#X connect 7 1 8 0;
#X connect 8 0 9 0;
END
}

# pd_values: "/strip/1/gain 0", the last of each
pd_values() {
	sed -n 's/^OSC: list //p' "$WORK/pd.log" | awk -v all="$WORK/all" '
		BEGIN { while ((getline a < all) > 0) is[a] = 1 }
		{ a = ""; n = 0
		  for (i = 1; i <= NF; i++) {
			a = a "/" $i
			if (a in is) { n = i; address = a }
		  }
		  if (!n) { # then it is one too many
			last["/" $1 "?"] = ""
			next
		  }
		  v = ""; for (i = n + 1; i <= NF; i++) v = v (i > n + 1 ? " " : "") $i
		  last[address] = v }
		END { for (a in last) print a, last[a] }' | sort
}

pd_has_all() {
	pd_values | cut -d' ' -f1 > "$WORK/pd.has"
	cmp "$WORK/all" "$WORK/pd.has" && return
	echo "$(wc -l < "$WORK/pd.has") of $(wc -l < "$WORK/all")"
	return 1
}

pd_says() {
	pd_values | grep -qxF "$1"
}

dump_listens() {
	grep -q ":$(printf %04X "$dump_port") " /proc/net/udp /proc/net/udp6
}

dump_says() {
	grep -q "$1" "$WORK/dump.log"
}

deck_start --strips $STRIPS
"$TAPDECK" get --list | awk '$1 ~ /^\// { print $1 }' | sort > "$WORK/all"
check "there is much to tell" [ "$(wc -l < "$WORK/all")" -gt 640 ]

patch > "$WORK/surface.pd"
pd -nogui -nosound -nomidi -noadc -stderr -open "$WORK/surface.pd" \
	> "$WORK/pd.log" 2>&1 &
pd=$!
dump_port=$(free_port)
oscdump -L "$dump_port" > "$WORK/dump.log" 2>&1 &
dump=$!

check "Pure Data gets every value of $STRIPS strips" wait_until 10 pd_has_all
for i in $(seq 40); do
	"$TAPDECK" set "/strip/$((i % 16 + 1))/gain" "-$i" /strip/64/mute $((i % 2))
done
check "and the last of many" wait_until 3 pd_says "/strip/9/gain -40"
check "of all of them" wait_until 3 pd_says "/strip/8/gain -39"
check "and of a button" wait_until 3 pd_says "/strip/64/mute 0"

wait_until 5 dump_listens || die "oscdump does not listen"
oscsend 127.0.0.1 "$TAPDECK_PORT" /subscribe sfi /strip/radio/gain 60 "$dump_port"
"$TAPDECK" set /strip/7/name Radio
check "oscdump hears by a name that came later, at the port that was given" \
	wait_until 3 dump_says "/strip/radio/gain f -38"

engine=$(deck_engine)
kill -s KILL "$engine"
check "a killed engine has a successor" wait_until 10 engine_is_other "$engine"
"$TAPDECK" set /strip/7/gain -1.5
check "Pure Data goes on hearing" wait_until 5 pd_says "/strip/7/gain -1.5"
check "and oscdump" wait_until 5 dump_says "/strip/radio/gain f -1.5"

quit "$pd" "$dump"
deck_stop
same "tapdeck ends well" 0 $?
finish
