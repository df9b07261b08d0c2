#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A program whose user moves it to another sink, and that begins anew at once,
# as a browser does with each track, begins there. The session manager writes
# its file only a second after the last change: the file does not know yet.
SESSION="-s other"
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

TURNS=3

gen.py noise "$WORK/a.wav" -t 60 -s 1

# The session manager sleeps some time after it has let a program in: it is late
# to say where its stream belongs.
cat > "$WORK/late.lua" <<'LUA'
clients = ObjectManager { Interest { type = "client" } }
clients:connect("object-added", function (_, client)
  if client.properties["application.name"] == "late" then
    Core.sync(function ()
      local till = os.clock() + 0.05
      while os.clock() < till do end
      return false
    end)
  end
end)
clients:activate()
LUA
session_script "$WORK/late.lua"
session-ctl restart wireplumber >/dev/null || die "no session manager"

# begin KIND
begin() {
	PLAYER=$1
	play late "$WORK/a.wav" --media-role "$1"
	pid=$PID
}

# move PROGRAM SINK: by a mixer that its user has open
move() {
	local answer

	echo "$(input_of "$1") $2" >&"${MIXER[1]}"
	read -r -t 5 answer <&"${MIXER[0]}"
	[ "$answer" = ok ] || die "the mixer does not move it"
	deck_plays 4800 # it comes back meanwhile, where it is taken
}

copied() {
	wait_until 5 deck_is "$1 (Other)" tap copy &&
		graph.py wait -t 5 target "$1" other,tapdeck
}

coproc MIXER { exec mixer.py 2>/dev/null; }
deck_start
for kind in native pulse; do
	for ((i = 1; i <= TURNS; i++)); do
		begin "$kind"
		deck_taken late || not_ok "$kind: it is not taken"
		move late other
		quit "$pid"
		record "$WORK/room.wav" room
		room=$PID
		begin "$kind"
		check "$kind: it begins where it was moved to ($i)" copied late
		quit "$room"
		check "$kind: and the room hears not one block ($i)" \
			silent "$WORK/room.wav"
		move late room
		quit "$pid"
		begin "$kind"
		check "$kind: and again in the room ($i)" deck_taken late
		quit "$pid"
	done
done
quit "$MIXER_PID"
deck_stop
same "tapdeck ends well" 0 $?
finish
