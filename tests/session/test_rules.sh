#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Which program lands on which strip: rules of tapdeck.yaml, in their order.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

CONFIG=$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml
mkdir -p "${CONFIG%/*}"
gen.py noise "$WORK/a.wav" -t 60 -s 1
gen.py noise "$WORK/b.wav" -t 60 -s 2

cat >"$CONFIG" <<'END'
rules:
  - {match: {role: notification}, ignore: yes}
  - {match: {binary: "/^fox(y)?$/", media.name: "*/b.wav"}, strip: 6}
  - {match: {binary: splits}, split: node, pair: 1}
  - {match: [{id: "*never*"}, "/^dec/"], strip: 4}
strip:
  - {number: 2, name: Decks, match: {name: "d*"}}
END

goes_to() {
	check "$3" wait_until 5 is_on "$1" "$2"
}

check "the file is good" "$TAPDECK" config check
deck_start
play_native deck "$WORK/a.wav"
DECKS=$PID
goes_to deck 4 "the first rule that fits decides"
play_mpv disc "$WORK/a.wav"
goes_to disc 2 "then come the patterns of strips"
play_pulse bell "$WORK/a.wav" --media-role event
goes_to 'bell#ignored' 0 "what is ignored is on no strip"
check "and is heard as without tapdeck" played_in room bell
play_native fox "$WORK/a.wav"
goes_to fox 1 "a stream that a rule does not fit goes where it would"
play_native fox "$WORK/b.wav"
goes_to 'fox#6' 6 "one of the same program that it fits goes elsewhere"
for i in 1 2 3; do
	play_native twins "$WORK/a.wav"
done
check "the streams of a program are one app" \
	wait_until 5 deck_is twins streams 3
copy_player splits pw-play
split() {
	(exec -a pw-play "$BIN" -P "{ application.name = splits \
node.name = $1 }" "$WORK/a.wav") &
}
split one
goes_to splits/one 5 "unless a rule splits them"
split two
goes_to splits/two 7 "each to a strip of its own"
check "which is called by both" deck_is "splits: one" slug splits-one

# ---- why ----

# explained KEY WORD TEXT: a stream of it says so
explained() {
	"$TAPDECK" apps --explain --json | python3 -c 'import json, sys
key, word, text = sys.argv[1:]
for s in json.load(sys.stdin):
    if s["key"] == key and text in s.get(word, s["properties"].get(word, "")):
        sys.exit(0)
    print(s)
sys.exit(1)' "$@"
}

check "why: by a rule, which is told with its line" explained 'fox#6' why \
	"the rule in line 3 of tapdeck.yaml (application.process.binary = "
check "ignored, by which" explained 'bell#ignored' why \
	"ignored by the rule in line 2 of tapdeck.yaml"
check "by none" explained twins why "it was free; no rule names the program"
check "by a rule that splits, where there was room" \
	explained splits/two why "it was free; the rule in line 4"
check "with what could be asked" explained 'fox#6' media.name b.wav
"$TAPDECK" apps --explain >"$WORK/explained"
check "also for people" grep -q "^  binary: fox\$" "$WORK/explained"

# ---- a file out of what plays ----

check "a file is made of what plays" "$TAPDECK" config init "$WORK/now.yaml"
check "which is good" "$TAPDECK" config check "$WORK/now.yaml"
check "and has who is on which strip" grep -A2 "number: 4" "$WORK/now.yaml"
same "by its key" "    match: ['deck']" \
	"$(grep -A2 "number: 4" "$WORK/now.yaml" | tail -n 1)"
"$TAPDECK" config init "$WORK/now.yaml" 2>/dev/null
same "a file that is there is left alone" 73 $?

# ---- a program that comes back finds its values before its first sample ----

"$TAPDECK" set /strip/4/gain -20
quit "$DECKS"
check "it has quit" graph.py wait no-node deck
same "an empty strip keeps its name and its values" "/strip/deck/gain -20" \
	"$("$TAPDECK" get /strip/deck/gain)"
for s in 1 2 3 5 6 7; do
	"$TAPDECK" set /strip/$s/mute 1
done
record "$WORK/back.wav" tapdeck.loop
RECORDER=$PID
play_native deck "$WORK/b.wav"
goes_to deck 4 "it comes back to its strip"
deck_plays 24000
quit "$RECORDER"
echo "0 /strip/1/gain -20" >"$WORK/moves"
"$TAPDECK" render --app "deck=$WORK/b.wav" --osc "$WORK/moves" \
	--out "$WORK/want.wav"
check "and its first sample is as soft as it was left, to the bit" \
	from_first "$WORK/want.wav" "$WORK/back.wav" 9600
deck_stop
same "tapdeck ends well" 0 $?
finish
