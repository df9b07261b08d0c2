#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# soak.sh [LINKS [APPS]]: so many links of tapdeck's inputs made and removed,
# and so many programs started and ended, under one running engine. Then every
# strip that was used must still carry a signal to the bit, and neither the
# engine nor the supervisor may have grown.
SESSION="-q 128"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

LINKS=${1:-${LINKS:-20000}}
APPS=${2:-${APPS:-1000}}
CHURN=${TAPDECK%/*}/churn
ECHO=${TAPDECK%/*}/echo
[ -x "$CHURN" ] || die "$CHURN: not built"
[ -x "$ECHO" ] || die "$ECHO: not built"
case $LINKS$APPS in
*[!0-9]*) die "usage: soak.sh [LINKS [APPS]]; both are numbers" ;;
esac

PARTIES=3 # of programs that start at the same time
NAMES=2	  # in each party
PROBED=8  # strips whose ports are linked by others
GROWTH_KIB=4096
GROWTH_FDS=4

size() {
	local pid=$1
	echo "$(find "/proc/$pid/fd" -mindepth 1 | wc -l)" \
		"$(awk '/^VmRSS/ { print $2 }' "/proc/$pid/status")"
}

# churn N M: links and programs at the same time
churn() {
	local pids=() p ports=()
	for ((p = 1; p <= PROBED; p++)); do
		ports+=("strip$((8 + p))_FL" "strip$((8 + p))_FR")
	done
	"$CHURN" links "$1" feeder tapdeck "${ports[@]}" &
	pids=($!)
	for ((p = 1; p <= PARTIES; p++)); do
		"$CHURN" apps $((($2 + PARTIES - 1) / PARTIES)) $NAMES \
			"party$p" >"$WORK/party$p.log" 2>&1 &
		pids+=($!)
	done
	local bad=0
	for p in "${pids[@]}"; do
		wait "$p" || bad=1
	done
	cat "$WORK"/party*.log
	return $bad
}

grown() {
	local name=$1 fds kib before_fds before_kib
	read -r before_fds before_kib <<< "$2"
	read -r fds kib <<< "$3"
	echo "# $name: $before_fds to $fds descriptors, $before_kib to $kib KiB"
	check "the $name holds no more descriptors" \
		test $((fds - before_fds)) -le $GROWTH_FDS
	check "the $name has not grown" \
		test $((kib - before_kib)) -le $GROWTH_KIB
}

only_feeder() {
	[ "$("$TAPDECK" apps --json | grep -c '"strip"')" = 1 ]
}

deck_is_empty() {
	[ "$("$TAPDECK" apps --json | grep -c '"strip"')" = 0 ]
}

rules=()
for ((i = 1; i <= PROBED; i++)); do
	rules+=(--rule "probe$i=$((8 + i))")
done
for ((i = 0; i < PROBED + PARTIES * NAMES; i++)); do
	gen.py noise "$WORK/probe$i.wav" -t 0.7 -s "$i"
done
deck_start --strips 16 "${rules[@]}"
mkfifo "$WORK/feeder"
"$ECHO" feeder < "$WORK/feeder" &
exec 3> "$WORK/feeder"
deck_taken feeder || die "feeder is not taken"
"$TAPDECK" set /strip/feeder/route main # the loop is for what comes later

# What is allocated once is allocated by now.
churn $((LINKS / 20 + 100)) $((APPS / 20 + 12)) >/dev/null || die "$(cat \
	"$WORK"/party*.log)"
wait_until 10 only_feeder
engine=$(deck_engine)
engine_before=$(size "$engine")
supervisor_before=$(size "$DECK")

start=$SECONDS
check "$LINKS links and $APPS programs" churn "$LINKS" "$APPS"
took=$((SECONDS - start))
cat "$WORK"/party*.log | sed 's/^/# /'

check "all programs have left" wait_until 20 only_feeder
same "the engine is the same" "$engine" "$(deck_engine)"
grown engine "$engine_before" "$(size "$engine")"
grown supervisor "$supervisor_before" "$(size "$DECK")"

# ---- every port still carries sound ----

record "$WORK/room.wav" room
room=$PID
deck_plays 48000
quit "$room"
# A virtual machine misses some of so short blocks: identical for a while.
check "the program that has played all the time is heard" \
	measure.py counter -n 2048 "$WORK/room.wav"

record "$WORK/loop.wav" tapdeck.loop
loop=$PID
names=()
for ((i = 1; i <= PROBED; i++)); do
	names+=("probe$i")
done
for ((p = 1; p <= PARTIES; p++)); do
	for ((i = 0; i < NAMES; i++)); do
		names+=("party$p-$i")
	done
done
strips=()
for ((i = 0; i < ${#names[@]}; i++)); do
	play "${names[i]}" "$WORK/probe$i.wav"
	wait_until 5 deck_app "${names[i]}" strip
	strips+=("$(deck_app "${names[i]}" strip)")
	wait "$PID"
done
quit "$loop"
same "each of them is on a strip of its own" ${#names[@]} \
	"$(printf '%s\n' "${strips[@]}" | sort -u | wc -l)"
for ((i = 0; i < ${#names[@]}; i++)); do
	check "strip ${strips[i]} carries ${names[i]} to the bit" \
		compare.py -n 4800 "$WORK/probe$i.wav" "$WORK/loop.wav"
done

# ---- what it has counted ----

for counter in bad_samples refused_blocks osc_malformed foreign_links; do
	same "$counter is 0" 0 "$(deck_status $counter)"
done
echo "# dead ports made anew: $(deck_status dead_buffers)," \
	"xruns: $(deck_status xruns), cycles: $(deck_status cycles)"
same "one engine did it all" 1 "$(deck_status engine_starts)"
grep 'tapdeck run:' "$DECK_LOG" | sed 's/^/# /'
exec 3>&-
wait_until 5 deck_is_empty
deck_stop
same "tapdeck ends well" 0 $?
echo "$LINKS link changes and $APPS program starts in $took s"
finish
