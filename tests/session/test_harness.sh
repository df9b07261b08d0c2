#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Proves the harness itself: what plays into the room is recorded to the bit,
# a broken recording is noticed, and what is started is ended.
SESSION="-s room2"
. "$(dirname "$0")/lib.sh"

gen.py noise "$WORK/f32.wav" -t 2 -s 1
gen.py noise "$WORK/s16.wav" -t 2 -s 2 -f s16
gen.py counter "$WORK/counter.wav" -t 2

same "the room is the default sink" room "$(graph.py default-sink)"

record "$WORK/rec.wav" room
rec=$PID
for f in f32 s16 counter; do
	play deck "$WORK/$f.wav"
	wait "$PID"
done
play_mpv radio "$WORK/s16.wav"
check "mpv plays into the room" played_in room radio
wait "$PID"
quit "$rec"

# pw-play 0.3.65 leaves before its last buffers are played
for f in f32 s16 counter; do
	check "$f is recorded bit by bit" \
		compare.py -n 86000 "$WORK/$f.wav" "$WORK/rec.wav"
done
same "both players' s16 are found" 2 "$(compare.py -s "$WORK/s16.wav" \
	"$WORK/rec.wav" | awk '$1 == "recording" && $6 > 80000' | wc -l)"

sox -D "$WORK/rec.wav" -e float -b 32 "$WORK/quiet.wav" vol 0.9999 2>/dev/null
compare.py "$WORK/f32.wav" "$WORK/quiet.wav" >/dev/null
same "a recording 0.001 dB down is not identical" 1 $?

play deck "$WORK/f32.wav" --target room2
p=$PID
check "a player with a target plays there" played_in room2 deck
same "and nowhere else" room2 "$(graph.py target-of deck)"
same "its client is called like it" deck "$(graph.py clients | awk \
	'$2 == "deck" { print $2 }')"
quit "$p"
check "and leaves when it is ended" graph.py wait no-node deck

session-ctl restart pipewire
same "the sinks come back with PipeWire" 2 \
	"$(graph.py nodes | grep -c Audio/Sink)"
session-ctl kill wireplumber
check "a killed daemon is gone" sh -c '! session-ctl pid wireplumber'
session-ctl start wireplumber
play deck "$WORK/f32.wav"
check "and plays again when started" played_in room deck
quit "$PID"

# An inner session whose command leaves a daemon behind.
inner=$(env -u TAPDECK_SESSION_DIR "$TOOLS/session.sh" bash -c '
	setsid -f sh -c "trap \"\" TERM HUP; echo \$\$ > $0; exec sleep 600"
	until [ -s "$0" ]; do :; done
	echo "$TAPDECK_SESSION_DIR"' "$WORK/stray.pid")
check "a stray process is ended with its session" \
	sh -c "! kill -0 $(cat "$WORK/stray.pid")"
check "the directory is removed with its session" test ! -e "${inner:-/}"
env -u TAPDECK_SESSION_DIR "$TOOLS/session.sh" sh -c 'exit 23'
same "the command's status is the session's" 23 $?

finish
