#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program that the session manager remembers on another sink than the room's
# begins there: its first block is not heard in the room, and its user's choice
# is not forgotten.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

STARTS=10 # of each kind; at every other one the session manager is late
# Of a program's beginning, what the later one of its two links may miss: two
# blocks on a busy machine, and some more where the session manager sleeps.
MISSED=6000

gen.py noise "$WORK/long.wav" -t 60 -s 99
for ((i = 0; i < STARTS; i++)); do
	gen.py noise "$WORK/$i.wav" -t 0.3 -s $((i + 1)) -f s16
done

memory() {
	state_text "$RESTORE_STREAM" | grep target
}

# As busy as on a slow machine: it sleeps some time after it has let a program
# in, which makes its stream meanwhile; how long after is in the program's name.
cat > "$WORK/late.lua" <<'END'
clients = ObjectManager { Interest { type = "client" } }
clients:connect("object-added", function (_, client)
  local name = client.properties["application.name"] or ""
  local after_ms = tonumber(name:match("^late(%d)$"))
  local function sleep ()
    local till = os.clock() + 0.05
    while os.clock() < till do end
    return false
  end

  if after_ms == 0 then
    Core.sync(sleep)
  elseif after_ms then
    Core.timeout_add(after_ms, sleep)
  end
end)
clients:activate()
END
session_script "$WORK/late.lua"
session-ctl restart wireplumber >/dev/null || die "no session manager"

for kind in native pulse; do
	PLAYER=$kind
	play "$kind" "$WORK/long.wav" --media-role "$kind"
	pid=$PID
	played_in room "$kind" || die "$kind does not play"
	choose "$kind" other || die "$kind does not move"
	quit "$pid"
done
state_settled
remembers native other || die "the session manager remembers nothing"
remembers pulse other || die "the session manager forgets the pulse program"
memory > "$WORK/before"

deck_start
for kind in native pulse; do
	PLAYER=$kind
	pids=()
	for node in room other tapdeck.loop; do
		record "$WORK/from-$node.wav" "$node"
		pids+=("$PID")
	done
	for ((i = 0; i < STARTS; i++)); do
		name=$kind
		[ $((i % 2)) -eq 0 ] || name=late$((i / 2))
		play "$name" "$WORK/$i.wav" --media-role "$kind"
		wait "$PID"
	done
	quit "${pids[@]}"
	check "$kind: the room has not heard one block of it" \
		silent "$WORK/from-room.wav"
	for node in other tapdeck.loop; do
		same "$kind: each time it is in $node" 0 \
			"$(late "$WORK/from-$node.wav" "$STARTS" $MISSED 2>/dev/null)"
	done
done
state_settled
check "the session manager remembers what it did" \
	diff "$WORK/before" <(memory)
deck_stop
same "tapdeck ends well" 0 $?
finish
