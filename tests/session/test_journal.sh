#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# No disk has room: tapdeck starts, takes programs and puts back what a killed
# one has left. Full folders are small ones of their own, seen by tapdeck alone.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

if ! unshare -m true 2>/dev/null; then
	echo "SKIPPED: a folder of its own needs unshare -m, and that is refused"
	exit 0
fi

gen.py noise "$WORK/a.wav" -t 90 -s 1
JOURNAL=$XDG_RUNTIME_DIR/tapdeck/journal

# deck_beside FOLDER full|read-only
deck_beside() {
	mkdir -p "$1" && chmod 700 "$1"
	# shellcheck disable=SC2016 # of the inner shell
	unshare -m --propagation private sh -c '
		mount -t tmpfs -o size=16k,mode=700 none "$1" || exit 70
		case $2 in
		full) dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null ;;
		*) mount -o remount,ro "$1" ;;
		esac
		shift 2
		exec "$@"' _ "$1" "$2" "$TAPDECK" run \
		--osc-port "$TAPDECK_PORT" >>"$DECK_LOG" 2>&1 &
	DECK=$!
	deck_runs 10 || die "tapdeck does not run: $(cat "$DECK_LOG")"
}

inside() {
	nsenter -t "$DECK" -m -r "$@"
}

# both_killed: with nobody who could put anything right
both_killed() {
	local engine
	engine=$(deck_engine)
	kill -s STOP "$engine"
	kill -s KILL "$DECK" "$engine"
	wait "$DECK" 2>/dev/null
	graph.py wait target chosen room || die "chosen is silent"
}

# It is on a sink that its user has chosen: it is taken when it is asked for.
take() {
	deck_take "$1" "$1 (Other)"
}

at_home() {
	check "$1: it is where its user had it" \
		graph.py wait target chosen other
	same "$1: and has no target of ours" "" \
		"$(graph.py metadata-get chosen target.object)"
}

play chosen "$WORK/a.wav"
chosen=$PID
played_in room chosen || die "chosen does not play"
pw-metadata "$(graph.py node-id chosen)" target.node \
	"$(graph.py node-id other)" Spa:Id >/dev/null
graph.py wait target chosen other || die "chosen does not move"

# ---- a full disk under the state folder ----

deck_start
take chosen || die "chosen is not taken"
same "the journal is the session's, and only its user's" "600 700" \
	"$(stat -c %a "$JOURNAL") $(stat -c %a "$(dirname "$JOURNAL")")"
check "nothing is written into the state folder" \
	test ! -e "$XDG_STATE_HOME/tapdeck/journal"
both_killed
check "a journal is left" test -s "$JOURNAL"
deck_beside "$XDG_STATE_HOME/tapdeck" full
check "a full state folder: it starts and takes" take chosen
deck_stop
same "a full state folder: it ends well" 0 $?
at_home "a full state folder"
check "no journal is left" test ! -e "$JOURNAL"

# ---- and under the session's own ----

for how in full read-only; do
	deck_beside "$(dirname "$JOURNAL")" $how
	check "a $how folder of the session: it takes" take chosen
	check "a $how folder of the session: it says so" \
		wait_until 5 grep "journal .*cannot be written" "$DECK_LOG"
	kill -s KILL "$(deck_engine)"
	check "a $how folder of the session: the next engine takes it, too" \
		deck_taken chosen "chosen (Other)"
	if [ $how = full ]; then
		inside rm "$(dirname "$JOURNAL")/fill"
		"$TAPDECK" set /strip/chosen-other/tap copy
		wait_until 5 deck_is "chosen (Other)" tap copy
		"$TAPDECK" set /strip/chosen-other/tap take
		check "when there is room again it is written, and said" \
			wait_until 5 grep "can be written again" "$DECK_LOG"
		deck_taken chosen "chosen (Other)"
		check "all of it" inside grep -q chosen "$JOURNAL"
	fi
	deck_stop
	same "a $how folder of the session: it ends well" 0 $?
	at_home "a $how folder of the session"
	: >"$DECK_LOG"
done
quit "$chosen"
finish
