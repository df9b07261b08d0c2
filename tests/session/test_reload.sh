#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# tapdeck.yaml is saved while it is in force: what can change changes, the rest
# is said, and a mistake changes nothing.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

CONFIG=$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml
LIMIT_FRAMES=480
gen.py noise "$WORK/a.wav" -t 60 -s 1

# save: as editors do it, a file that takes the place of the other
save() {
	mkdir -p "${CONFIG%/*}"
	cat >"$CONFIG.new"
	mv "$CONFIG.new" "$CONFIG"
}

said() {
	wait_until 5 grep -q -e "$1" "$DECK_LOG"
}

off_port() {
	! graph.py links | grep -q "strip$1_FL"
}

deck_start --rule '*option*=9'
play_native deck "$WORK/a.wav"
check "without a file it is on the first strip" wait_until 5 is_on deck 1
check "taken" deck_taken deck
record_beside "$WORK/loop.wav" deck tapdeck.loop
LOOP=$PID
deck_plays 9600

save <<END
rules:
  - {match: deck, strip: 4}
strip:
  - {number: 4, name: Decks}
END
check "a file that is new is read" said "in force now: rules, names of strips"
check "its rules move what plays" wait_until 5 is_on deck 4
same "its names are shown" "/strip/decks/name Decks" \
	"$("$TAPDECK" get /strip/decks/name)"
check "off the other strip" wait_until 5 off_port 1
deck_plays 9600

save <<END
rules: [{match: deck, strip: 5}
END
check "a mistake is said with line and column" \
	said "tapdeck.yaml:2:1: not YAML.*nothing is changed"
save <<END
rules: [{match: "/(/", strip: 5}]
END
check "also in a pattern" said "tapdeck.yaml:1:20: .*nothing is changed"
check "and nothing is changed" is_on deck 4

sed -i 's/.*/rules: [{match: deck, strip: 6}]/' "$CONFIG"
cat >>"$CONFIG" <<END
strips: 20
block: 512
END
check "what needs a restart is said" \
	said "when tapdeck is started again: strips, block"
check "and the rest is in force" wait_until 5 is_on deck 6
check "off the other strip" wait_until 5 off_port 4
deck_plays 9600
quit "$LOOP"
check "nothing of it was missing on the way" measure.py beside \
	-n $LIMIT_FRAMES -l 24000 "$WORK/loop.wav" 2

play_native option "$WORK/a.wav"
check "the options still go with the file" wait_until 5 is_on option 9
kill -KILL "$(deck_engine)"
deck_runs 10
check "the next engine has what was saved last" wait_until 5 is_on deck 6
save <<END
rules: [{match: deck, strip: 6}]
scenes: {safe: [/strip/*/gain]}
END
check "what scenes are of can change" said "in force now: .*scenes"
"$TAPDECK" set /strip/6/gain -10 /strip/6/trim 2
"$TAPDECK" scene save look
"$TAPDECK" set /strip/6/gain -5 /strip/6/trim 0
"$TAPDECK" scene recall look
check "a recall goes by it" wait_until 5 is /strip/6/trim 2
check "and leaves what is safe" is /strip/6/gain -5

"$TAPDECK" set /tempo/offset 7
save <<END
rules: [{match: deck, strip: 6}]
scenes: {safe: [/strip/*/gain]}
tempo: {bpm: 128, source: own}
quantise: bar
END
check "so can the tempo" said "in force now: tempo and quantise"
check "it is set" wait_until 5 is /tempo 128
check "and runs" wait_until 5 is /tempo/running 1
check "as is what waits for a beat" is /quantise bar
check "a hand's stays where the file says what it said" is /tempo/offset 7
"$TAPDECK" set /quantise beat
kill -KILL "$(deck_engine)"
deck_runs 20
check "also in the next engine" is /tempo/offset 7
check "and where it has set another since" is /quantise beat

save <<END
unlisted: ignore
END
check "without its rule it is left alone" wait_until 5 is_on deck 0
check "and heard as without tapdeck" played_in room deck
deck_stop
same "tapdeck ends well" 0 $?
finish
