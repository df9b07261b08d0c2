#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Layouts for surfaces: made for the strips that there are, read as their apps
# read them, and played.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

export TAPDECK_MAPPINGS=$WORK/mappings
mkdir -p "$TAPDECK_MAPPINGS"
cat >"$TAPDECK_MAPPINGS/knobbox.yaml" <<'END'
name: KnobBox
device: PipeWire
port: pipewire
takeover: jump
controls:
  - {on: cc 7, to: /strip/2/fader, light: same}
END

layout() { # FILE OPTION...
	local file=$1
	shift
	"$TAPDECK" layout "$@" >"$file" 2>"$WORK/err"
}

# count COMMAND...: its lines of ok and not ok are ours
count() {
	local text
	while IFS= read -r text; do
		case $text in
		'ok - '*) ok "${text#ok - }" ;;
		'not ok - '*) not_ok "${text#not ok - }" ;;
		*) echo "$text" ;;
		esac
	done < <("$@" 2>&1 || echo "not ok - $(basename "$1") ended with $?")
}

layout "$WORK/a" touchosc
same "without a tapdeck there is none to make it for: 69" 69 $?
check "which is said" grep -q "no tapdeck is running on port" "$WORK/err"
check "unless it is for so many strips" layout "$WORK/a" touchosc --strips 9
check "and that is said" grep -q "fits any" "$WORK/err"
check "a terminal gets no binary" "$PYTHON3" -c '
import os, pty, sys
out = []
def read(fd):
    out.append(os.read(fd, 4096))
    return out[-1]
status = pty.spawn(sys.argv[1:], read)
sys.exit(status != 64 << 8 or b"touchosc >my.tosc" not in b"".join(out))
' "$TAPDECK" layout touchosc --general
for options in "" --phone "--strips 1" "--strips 64" "--strips 7 --phone"; do
	# shellcheck disable=SC2086 # words
	layout "$WORK/a" touchosc --general $options
	check "touchosc $options: as the app writes them" \
		tosc.py check "$WORK/a"
done

for options in "" "--strips 1" "--strips 64"; do
	# shellcheck disable=SC2086
	layout "$WORK/a" m4l --general $options
	check "m4l $options: as Max writes them" amxd.py check "$WORK/a"
done

gen.py noise "$WORK/a.wav" -t 60 -s 1
deck_start --rule 'Deck=2'
play Deck "$WORK/a.wav"
wait_until 5 deck_is Deck strip 2
"$TAPDECK" set /strip/1/name 'A & <b> ]]> "é'\'

layout "$WORK/my.tosc" touchosc --reply-port "$(free_port)"
"$TAPDECK" get --list --json >"$WORK/list.json"
check "its addresses are those of the parameters" \
	tosc.py check "$WORK/my.tosc" "$WORK/list.json"
for kind in m4l touchosc; do
	layout "$WORK/b" $kind --reply-port 9002
	layout "$WORK/c" $kind --reply-port 9002
	check "$kind: the same strips give the same bytes" \
		cmp "$WORK/b" "$WORK/c"
done
check "the names are in it, as they are" "$PYTHON3" -c '
import sys
sys.path.insert(0, sys.argv[1])
import tosc
names = [n.values["text"] for n in tosc.load(sys.argv[2]).all()
         if n.type == "LABEL" and n.name.endswith("/name")]
print(names)
sys.exit(names[:2] != ["A & <b> ]] > \"é\x27", "Deck"] or len(names) != 16)
' "$TOOLS" "$WORK/b"

receive=$(free_port)
layout "$WORK/my.tosc" touchosc --reply-port "$receive"
count touchosc_play.py "$WORK/my.tosc" "$TAPDECK_PORT" "$receive"
layout "$WORK/my.amxd" m4l --reply-port "$(free_port)"
check "m4l: of the strips that there are" amxd.py check "$WORK/my.amxd"
count amxd_play.py "$WORK/my.amxd" "$TAPDECK_PORT"

# All at once: a tablet, a Live set, and a MIDI controller with a motor fader,
# which is a JACK program here.
tablet=$(free_port) live=$(free_port)
layout "$WORK/my.tosc" touchosc --reply-port "$tablet"
layout "$WORK/my.amxd" m4l --reply-port "$live"
"$TAPDECK" set /strip/2/fader 0.75
surfaces.py 127.0.0.1 "$TAPDECK_PORT" "$WORK/my.tosc" "$tablet" \
	"$WORK/my.amxd" "$live" 0.503937 >"$WORK/surfaces" 2>&1 &
surfaces=$!
wait_until 20 grep -q shown "$WORK/surfaces"
gen.py noise "$WORK/b.wav" -t 8 -s 2
pw-jack "${TAPDECK%/*}/jackplay" "$WORK/b.wav" 4800:B00740 >"$WORK/got" &
box=$!
has_box() {
	{ pw-link -o && pw-link -i; } | grep -qx jackplay:midi_in
}
wait_until 5 has_box || die "no JACK client"
pw-link tapdeck:midi_out jackplay:midi_in
pw-link jackplay:midi_out tapdeck:midi_in
pw-link jackplay:out_1 tapdeck:strip3_FL
wait "$surfaces"
count cat "$WORK/surfaces"
check "and the controller's own fader follows" \
	wait_until 2 grep -q "B0 07 4C" "$WORK/got" # 0.6
quit "$box"
deck_stop
finish
