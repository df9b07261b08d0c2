#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nobody reads the log: a terminal after Ctrl-S, a pager, a full pipe. Programs
# are sent home all the same, and in the usual time; what was lost is said when
# somebody reads again.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

LIMIT_MS=500

DECK_LOG=$WORK/log.fifo
mkfifo "$DECK_LOG"
exec 7<>"$DECK_LOG"

# Until not one byte more goes in.
fill() {
	python3 -c 'import os
os.set_blocking(7, False)
try:
    while True:
        os.write(7, b"#\n" * 500)
except BlockingIOError:
    pass
try:
    while True:
        os.write(7, b"\n")
except BlockingIOError:
    pass
os.set_blocking(7, True)'
}

# What comes until a line matches, into $WORK/read
read_log() {
	# a reader that stops by itself, so that the pipe is left alone
	timeout 10 sed -u "/$1/q" <&7 >>"$WORK/read"
	grep -q "$1" "$WORK/read"
}

room_was_silent() {
	local ms
	ms=$(measure.py gap "$WORK/$1.wav")
	echo "$ms ms"
	awk -v ms="${ms:-99999}" -v max=$LIMIT_MS 'BEGIN { exit !(ms < max) }'
}

# strikes SIGNAL NAME TEXT
strikes() {
	record "$WORK/$2.wav" room
	room=$PID
	deck_plays 9600
	engine=$(deck_engine)
	kill -s "$1" "$engine"
	check "$3: a new engine runs" wait_until 10 engine_is_other "$engine"
	check "$3: the programs are taken again" deck_taken native
	check "$3: that of the pulse server, too" deck_taken pulse
	deck_plays 24000
	quit "$room"
	check "$3: the room was silent for less than $LIMIT_MS ms" \
		room_was_silent "$2"
}

# the descriptor stays open for reading and writing: opening it again would not
# wait, and nothing is lost when nobody else reads
# A reader that is not there would also stop `die`.
deck_start() {
	"$TAPDECK" run --osc-port "$TAPDECK_PORT" >>"$DECK_LOG" 2>&1 &
	DECK=$!
	deck_runs 10 || die "tapdeck does not run"
}

deck_start
play_pair 90
pair_taken

fill
strikes STOP stop "nobody reads, the engine is stopped"
strikes KILL kill "nobody reads, the engine is killed"
check "the log comes when somebody reads" read_log "was ended by signal 9"
check "with what was before" grep -q "the engine hangs" "$WORK/read"
deck_stop
same "it ends well" 0 $?

# A talkative library fills all that there is.
fill
export PIPEWIRE_DEBUG=4
deck_start
unset PIPEWIRE_DEBUG
pair_taken
strikes STOP loud "all is full, the engine is stopped"
check "that lines were dropped is said" read_log "dropped here"
fill
kill "$DECK"
SECONDS=0
wait "$DECK"
same "it ends well, and nobody reads" 0 $?
check "it has not waited for long" test "$SECONDS" -lt 3

# ---- the supervisor is killed, and its log with it ----

cat <&7 >/dev/null &
reader=$!
deck_start
deck_taken native || die "native is not taken"
quit "$reader"
: >"$WORK/read"
kill -s KILL "$DECK"
wait "$DECK" 2>/dev/null
check "an engine that is left alone has a log of its own" \
	read_log "the supervisor is gone; gave its programs back"
check "and did so" graph.py wait target native room
quit "$NATIVE" "$PULSE"
finish
