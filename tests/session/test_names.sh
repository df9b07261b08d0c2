#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Programs are called what people call them, whatever they say of themselves and
# whoever came first.
. "$(dirname "$0")/lib.sh"

export XDG_DATA_DIRS=$WORK/share
mkdir -p "$WORK/share/applications"
cat > "$WORK/share/applications/game.desktop" <<'END'
[Desktop Entry]
Type=Application
Name=Some Game
Exec=/usr/games/bin.x86_64 %U
END
cat > "$WORK/share/applications/org.box.Radio.desktop" <<'END'
[Desktop Entry]
Type=Application
Name=Box Radio
Exec=/usr/bin/flatpak run org.box.Radio
END
. "$TOOLS/deck.sh"

gen.py noise "$WORK/a.wav" -t 60 -s 1

# says BINARY NAME: a pulse program whose file is BINARY and that calls itself
# NAME
says() {
	copy_player "$1" paplay
	(exec -a paplay "$BIN" --client-name="$2" "$WORK/a.wav") &
	PIDS+=($!)
}

boxed_says() {
	PULSE_PROP=pipewire.access.portal.app_id=org.box.Radio says "$@"
}

# by_key KEY FIELD
by_key() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
print("".join(a[sys.argv[2]] for a in json.load(sys.stdin)
              if a["key"] == sys.argv[1]))' "$@"
}

taken() {
	[ "$(by_key "$1" tap)" = take ]
}

called() {
	local now
	now="$(by_key "$1" slug), $(by_key "$1" name)"
	[ "$now" = "$2, $3" ] && return
	echo "$1 is $now"
	return 1
}

programs() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
sys.exit(len(json.load(sys.stdin)) != int(sys.argv[1]))' "$1"
}

# The same six in two orders: what each is called must not change.
all_called() {
	check "$1: all are there" wait_until 10 programs 8
	check "$1: a browser" called chrome chrome chrome
	check "$1: a chat, by its file" called Discord discord Discord
	check "$1: a player made of a browser" \
		called pocket-casts pocket-casts pocket-casts
	check "$1: a game, by its desktop file" \
		called bin.x86_64 some-game "Some Game"
	check "$1: a flatpak, by its desktop file" \
		called org.box.Radio box-radio "Box Radio"
	check "$1: a name that is not Latin" \
		called netease-cloud-music netease-cloud-music 网易云音乐
	check "$1: one in Cyrillic" called muz yandeks-muzyka "Яндекс Музыка"
	check "$1: a version is no name" called vlc vlc-media-player \
		"VLC media player"
}

sounds=(
	"says chrome Chromium"
	"says Discord 'WEBRTC VoiceEngine'"
	"says pocket-casts Chromium"
	"says bin.x86_64 'SDL Application'"
	"boxed_says radio Chromium"
	"says netease-cloud-music 网易云音乐"
	"says muz 'Яндекс Музыка'"
	"says vlc 'VLC media player (LibVLC 3.0.24)'"
)

deck_start
PIDS=()
for ((i = 0; i < ${#sounds[@]}; i++)); do
	eval "${sounds[i]}"
done
says Discord Chromium
all_called "in one order"
check "both streams of the chat are one program" \
	test "$(by_key Discord slug)" = discord
quit "${PIDS[@]}"
deck_stop
same "tapdeck ends well" 0 $?

deck_start
PIDS=()
for ((i = ${#sounds[@]} - 1; i >= 0; i--)); do
	eval "${sounds[i]}"
	check "number $i is seen" wait_until 10 programs $((${#sounds[@]} - i))
done
all_called "the other way round"
quit "${PIDS[@]}"

# ---- inputs that are brought in by PipeWire's own programs ----

pactl load-module module-null-sink media.class=Audio/Source/Virtual \
	sink_name=mic channel_map=front-left,front-right >/dev/null
PIDS=()
for name in MicTalk Turntable; do
	pw-loopback -n "$name" -C mic &
	PIDS+=($!)
done
pactl load-module module-loopback source=mic sink=room >/dev/null
check "a microphone is called as its user has called it" \
	wait_until 5 called MicTalk mictalk MicTalk
check "so is a turntable, on a strip of its own" \
	wait_until 5 called Turntable turntable Turntable
check "a loopback without a name is called by what it brings" \
	wait_until 5 called "loopback of mic" loopback-of-mic "loopback of mic"
for key in MicTalk Turntable "loopback of mic"; do
	check "$key is taken" wait_until 5 taken "$key"
done
quit "${PIDS[@]}"
deck_stop
same "tapdeck ends well" 0 $?
finish
