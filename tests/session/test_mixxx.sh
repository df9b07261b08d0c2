#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Mixxx on JACK, with the room on its outputs 1 and 2 and the headphones on 3 and
# 4: what the room hears is recorded, and what the DJ hears is not.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

have mixxx && have Xvfb && have xdotool && have pw-jack || finish_programs

# A sound card with four outputs, called Quad by JACK.
quad() {
	pw-cli create-node adapter '{ factory.name = support.null-audio-sink
		node.name = quad node.description = Quad
		media.class = Audio/Sink object.linger = true
		audio.position = [ FL FR RL RR ]
		priority.session = 3000 priority.driver = 3000
		monitor.channel-volumes = false monitor.passthrough = true
	}' >/dev/null
	graph.py wait default-sink quad
}

mixxx_config() {
	mkdir -p "$WORK/mixxx"
	cat > "$WORK/mixxx/soundconfig.xml" <<'END'
<!DOCTYPE SoundManagerConfig>
<SoundManagerConfig api="JACK Audio Connection Kit" samplerate="48000"
 latency="5" sync_buffers="2" deck_count="2" force_network_clock="0">
 <SoundDevice name="Quad" portAudioIndex="0">
  <output type="Master" channel="0" channel_count="2" index="0"/>
  <output type="Headphones" channel="2" channel_count="2" index="0"/>
 </SoundDevice>
</SoundManagerConfig>
END
	# no key that stops it when it is pressed once more
	cat > "$WORK/mixxx/Custom.kbd.cfg" <<'END'
[Channel2]
start_play l
END
}

display_start() {
	Xvfb -displayfd 3 -screen 0 1280x800x24 3>"$WORK/display" \
		>"$WORK/xvfb.log" 2>&1 &
	wait_until 10 test -s "$WORK/display" || die "no display"
	DISPLAY=:$(cat "$WORK/display")
	export DISPLAY QT_QPA_PLATFORM=xcb LIBGL_ALWAYS_SOFTWARE=1
}

# levels FILE: the peak of each channel
levels() {
	python3 - "$TOOLS" "$1" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import wav
rec = wav.read(sys.argv[2])
print(*("%.3f" % max(rec.samples[c::rec.channels], default=0)
        for c in range(rec.channels)))
END
}

# hear NODE CHANNELS: the peaks of half a second of it
hear() {
	record "$WORK/hear.wav" "$1" --channels "$2"
	local rec=$PID
	deck_plays 24000
	quit "$rec"
	levels "$WORK/hear.wav"
}

# What it asks when it starts: for a folder of music, and from 2.5 on whether its
# menu may be hidden.
refuse() {
	local window
	for window in $(xdotool search --onlyvisible --name .); do
		[[ $(xdotool getwindowname "$window") = *Mixxx ]] ||
			xdotool windowfocus "$window" key Escape
	done
}

opens() {
	refuse
	graph.py wait -t 1 links Mixxx quad 4
}

plays() {
	refuse
	# nobody else says whom the keys are for
	xdotool search --onlyvisible --name 'Mixxx$' windowfocus key l
	hear quad 4 | awk '{ exit !($1 > 0.01 && $2 > 0.01) }'
}

sounds() {
	hear tapdeck.loop 2 | awk '{ exit !($1 > 0.01 && $2 > 0.01) }'
}

gen.py noise "$WORK/track.wav" -t 120 -s 1 -f s16
quad || die "no sound card of four outputs"
mixxx_config
display_start
deck_start
pw-jack mixxx --settingsPath "$WORK/mixxx" "$WORK/track.wav" \
	"$WORK/track.wav" >"$WORK/mixxx.log" 2>&1 </dev/null &
check "Mixxx opens its four outputs" wait_until 60 opens
check "it plays" wait_until 30 plays
check "tapdeck names it" wait_until 5 sh -c '"$TAPDECK" apps | grep -qi mixxx'
check "it can be copied" "$TAPDECK" set /strip/mixxx/tap copy
check "its first two outputs are recorded" wait_until 10 sounds
check "what is left out is said" sh -c '"$TAPDECK" apps | grep -i mixxx |
	grep -q -i output'
"$TAPDECK" apps | sed 's/^/# /'
deck_stop
same "tapdeck ends well" 0 $?
check "it plays on as before" graph.py wait links Mixxx quad 4
finish_programs
