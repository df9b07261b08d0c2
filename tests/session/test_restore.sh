#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# When tapdeck has ended nothing is left of it: what the session manager
# remembers is what it was, and who comes next plays where it should.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

# app NAME [ROLE]: the session manager remembers a program by its role
app() {
	play "$1" "$WORK/a.wav" --media-role "${2:-$1}"
}

# remembered DIR: both of its files, as texts that can be compared
remembered() {
	mkdir -p "$1" && state_text "$RESTORE_STREAM" > "$1/all" &&
		state_text "$DEFAULT_NODES" > "$1/default-nodes" || return
	# `fresh` is heard of meanwhile, as any new program would be
	grep -v ':fresh[:=]' "$1/all" > "$1/streams"
}

keep() {
	state_settled
	remembered "$WORK/before" || die "the session manager remembers nothing"
	remembers "${1:-chosen}" other || die "it has not heard of the choice"
	sink=$(graph.py default-sink)
	configured=$(graph.py metadata-get 0 default.configured.audio.sink)
}

as_it_was() {
	state_settled
	check "$1: the session manager's files are there" \
		remembered "$WORK/now"
	check "$1: it remembers of programs what it did" \
		diff "$WORK/before/streams" "$WORK/now/streams"
	check "$1: and of default nodes" \
		diff "$WORK/before/default-nodes" "$WORK/now/default-nodes"
	same "$1: the default sink is what it was" "$sink" \
		"$(graph.py default-sink)"
	same "$1: so is what the user has configured" "$configured" \
		"$(graph.py metadata-get 0 default.configured.audio.sink)"
	check "$1: no journal is left" \
		test ! -e "$XDG_RUNTIME_DIR/tapdeck/journal"
	same "$1: no sink is left" "" "$(graph.py nodes | grep tapdeck |
		grep -v 'tapdeck\.loop$')"
}

home() {
	check "$1: the program with a choice is where its user had it" \
		graph.py wait target chosen other
	check "$1: the one without is on the default sink" \
		graph.py wait target plain room
	same "$1: it has no target" "" \
		"$(graph.py metadata-get plain target.object)$(graph.py \
			metadata-get plain target.node)"
}

# the file of default nodes is there from the user's first choice on
wpctl set-default "$(graph.py node-id room)"
app chosen
chosen=$PID
app plain
plain=$PID
played_in room chosen || die "chosen does not play"
played_in room plain || die "plain does not play"
choose chosen other || die "chosen does not move"
keep

# ---- ended by SIGTERM ----

deck_start
check "both are taken" deck_take chosen "chosen (Other)"
deck_taken plain || die "plain is not taken"
deck_plays 24000
deck_stop TERM
same "SIGTERM ends it well" 0 $?
home SIGTERM
as_it_was SIGTERM

# ---- ended by Ctrl-C, which the terminal sends to the whole group ----

setsid env --default-signal=INT "$TAPDECK" run --osc-port "$TAPDECK_PORT" \
	--grab new >>"$DECK_LOG" 2>&1 &
DECK=$!
deck_runs 10 || die "tapdeck does not run: $(cat "$DECK_LOG")"
check "--grab new makes Tapdeck the default sink" \
	graph.py wait default-sink tapdeck.cable
deck_take chosen "chosen (Other)" || die "chosen is not taken"
deck_taken plain || die "plain is not taken"
app fresh
fresh=$PID
check "a new program is taken" deck_taken fresh
quit "$fresh"
kill -s INT -- "-$DECK"
wait "$DECK"
same "Ctrl-C ends it well" 0 $?
home Ctrl-C
check "the default sink is put back" graph.py wait default-sink room
as_it_was Ctrl-C

# ---- who comes next ----

app next
next=$PID
check "an unrelated program plays on the default sink" \
	graph.py wait target next room
quit "$next" "$plain" "$chosen"
graph.py wait no-node chosen
deck_start
graph.py wait node tapdeck.cable
deck_plays 24000
same "without --grab the default sink stays what it is" "$sink" \
	"$(graph.py default-sink)"
deck_stop
app chosen
check "the program with a choice comes back to its sink" \
	graph.py wait target chosen other
quit "$PID"
app plain
check "and the other one to the default sink" graph.py wait target plain room
quit "$PID"

# ---- two programs that the session manager takes for one ----

app chosen Music
chosen=$PID
app plain Music
plain=$PID
played_in room plain || die "plain does not play"
choose chosen other || die "chosen does not move"
keep Music
deck_start
deck_take chosen "chosen (Other)" || die "chosen is not taken"
deck_taken plain || die "plain is not taken"
deck_stop
home "one role"
as_it_was "one role"
quit "$chosen" "$plain"
finish
