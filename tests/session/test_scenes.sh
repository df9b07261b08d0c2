#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Scenes: everything once from the shell, by OSC and by MIDI, and a fade as it
# is heard.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

SCENES=$XDG_STATE_HOME/tapdeck/scenes
MINE=$XDG_CONFIG_HOME/tapdeck/mappings
mkdir -p "$MINE"
cat >"$MINE/ports.yaml" <<'END'
name: Ports
device: PipeWire
port: pipewire
controls:
  - {on: note 1-2, to: "/scene/f{1-2}/recall", light: same}
  - {on: note 11-12, to: "/scene/f{1-2}/save"}
  - {on: note 21, to: /scene/undo}
  - {on: note 22, to: /scene/finish}
  - {on: note 23, to: /scene/stop}
END
cat >"$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml" <<'END'
scenes:
  safe: [/strip/*/trim]
  fade: 0
END
gen.py tone "$WORK/tone.wav" -t 60 --hz 997
deck_start
play_native player "$WORK/tone.wav"
deck_taken player || die "player is not taken"

scene() {
	"$TAPDECK" scene "$@"
}

# osc ADDRESS [ARGUMENT...]: a datagram, as a tablet sends it; numbers are f
osc() {
	python3 -B - "$TAPDECK_PORT" "$@" <<'EOF'
import socket, struct, sys

def padded(text):
    text = text.encode() + b"\0"
    return text + b"\0" * (-len(text) % 4)

types, data = ",", b""
for word in sys.argv[3:]:
    try:
        data += struct.pack(">f", float(word))
        types += "f"
    except ValueError:
        data += padded(word)
        types += "s"
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(padded(sys.argv[2]) + padded(types) + data,
         ("127.0.0.1", int(sys.argv[1])))
EOF
}

fades() { # ADDRESS FROM TO
	"$TAPDECK" get "$1" | awk -v a="$2" -v b="$3" '
		{ exit !($NF >= a && $NF < a + (b - a) / 2) }'
}

becomes() {
	wait_until 5 is "$@"
}

has() { # SCENE
	wait_until 5 test -s "$SCENES/$1.yaml"
}

# ---- from the shell ----

check "a scene is saved" scene save full
check "and is a file that people can read" \
	grep -q '^    gain: 0$' "$SCENES/full.yaml"
"$TAPDECK" set /strip/player/gain -20 /strip/player/trim 3
check "it is recalled" scene recall full
check "at once" is /strip/player/gain 0
check "but for what is safe" is /strip/player/trim 3
check "and tells that it is there" is /scene full
"$TAPDECK" get >/dev/null
check "to read all values undoes nothing" is /strip/player/gain 0
"$TAPDECK" get /scene/undo 2>/dev/null
check "nor does asking for undo" is /strip/player/gain 0
"$TAPDECK" set /scene/undo 0
check "to set undo does it once" is /strip/player/gain -20
scene undo
check "undone" scene undo
check "it is as before" is /strip/player/gain -20
scene undo
"$TAPDECK" set /strip/player/trim 0
check "a part is saved, with a fade" scene save quiet 30 /strip/player/gain
"$TAPDECK" set /strip/player/gain -12
scene recall quiet
check "which it takes" fades /strip/player/gain -12 0
check "the fade is finished" scene finish
check "and is where it goes" is /strip/player/gain 0
scene recall quiet 0
check "renamed" scene rename quiet loud
check "listed" test "$(scene list | awk 'NR > 1 { print $1 }' | xargs)" = \
	"full loud"
check "shown" test "$(scene show loud | tail -n 1)" = "    gain: 0"
check "deleted" scene delete loud
check "and is no more" test ! -e "$SCENES/loud.yaml"
echo "strips: {player: {gian: 1}}" >"$SCENES/bad.yaml"
same "one that is wrong is told with its line" "tapdeck scene: \
$SCENES/bad.yaml:1:19: strips.player.gian: no parameter; did you mean gain?" \
	"$(scene recall bad 2>&1)"
scene delete bad

# ---- by OSC ----

"$TAPDECK" set /strip/player/gain -6
osc /scene/six/save
check "saved by OSC" has six
"$TAPDECK" set /strip/player/gain 0
osc /scene/six/recall
check "recalled by OSC" becomes /strip/player/gain -6
osc /scene/undo
check "undone by OSC" becomes /strip/player/gain 0
osc /scene/six/recall 1000
check "a long fade" becomes /scene six
osc /scene/finish
check "finished by OSC" becomes /strip/player/gain -6
osc /scene/full/recall 1000
check "another" becomes /scene full
osc /scene/stop
"$TAPDECK" get /strip/player/gain >"$WORK/one"
osc /scene/six/rename sept
check "renamed by OSC" has sept
osc /scene/sept/delete
check "deleted by OSC" wait_until 5 test ! -e "$SCENES/sept.yaml"
same "stopped by OSC it has stood still" "$(cat "$WORK/one")" \
	"$("$TAPDECK" get /strip/player/gain)"

# ---- by MIDI ----

"$TAPDECK" set /strip/player/gain -3
gen.py noise "$WORK/a.wav" -t 0.2 -s 1
# press NOTE: on the ports of tapdeck's node
press() {
	local hex
	hex=$(printf '%02X' "$1")
	pw-jack "${TAPDECK%/*}/jackplay" "$WORK/a.wav" \
		"100:90${hex}7F" "4000:80${hex}00" >"$WORK/got" &
	PID=$!
	wait_until 5 has_port jackplay:midi_in || die "no JACK client"
	pw-link tapdeck:midi_out jackplay:midi_in
	pw-link jackplay:midi_out tapdeck:midi_in
	pw-link jackplay:out_1 tapdeck:strip9_FL
	wait "$PID" || echo "# the player missed a cycle"
}
press 11
check "saved by MIDI" has f1
"$TAPDECK" set /strip/player/gain -9
press 12
check "another one" has f2
press 1
check "recalled by MIDI" becomes /strip/player/gain -3
check "its lamp is lit" grep -q '90 01 7F' "$WORK/got"
press 21
check "undone by MIDI" becomes /strip/player/gain -9
sed -i '1i fade: 1000' "$SCENES/f1.yaml"
press 1
check "with a fade" becomes /scene f1
press 22
check "finished by MIDI" becomes /strip/player/gain -3
press 23

# ---- as it is heard ----

scene recall full 0
"$TAPDECK" set /strip/player/gain -90
scene save silence 0 /strip/player/gain
scene recall full 0
record "$WORK/fade.wav" tapdeck.loop
deck_plays 9600
scene recall silence 1.5
deck_plays 96000
quit "$PID"
check "a fade goes evenly on the fader's scale" \
	env PYTHONPATH="$TOOLS" python3 -B - "$WORK/fade.wav" <<'EOF'
import sys, wav

w = wav.read(sys.argv[1])
x = w.samples[::w.channels]
# one step of a fade is far below a tone's: peaks of 2 ms, a period or two
peak = [max(map(abs, x[i:i + 96])) for i in range(0, len(x) - 96, 96)]
full = max(peak)
start = max(i for i, p in enumerate(peak) if p > 0.98 * full)
exponent = 0.4350745317123817
for part in (0.25, 0.5, 0.75, 0.9):
    way = 0.75 * (1 - part)
    want = 10 ** ((-90 + 102 * way ** exponent) / 20)
    got = peak[start + round(part * 1.5 * w.rate_hz / 96)] / full
    print("%.2f of it: %.4f, %.4f is right" % (part, got, want))
    if not 0.9 < got / want < 1.1:
        sys.exit(1)
if max(peak[start + round(1.6 * w.rate_hz / 96):]) > 1e-6:
    sys.exit("it is not silent in the end")
EOF

# ---- panic ----

osc /panic
check "panic mutes where there is no scene for it" becomes \
	/strip/player/mute 1
"$TAPDECK" set /strip/player/mute 0 /strip/player/gain -30
scene save safe 0 /strip/player/gain /strip/player/mute
scene recall full 0
osc /panic
check "or recalls the scene safe" becomes /strip/player/gain -30
deck_stop
finish
