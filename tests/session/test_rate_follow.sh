#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# --rate: where PipeWire's settings allow several rates, the graph goes to that
# of the program that begins alone, or of the program that records; by default
# it stays.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"

BEGIN_MAX=22050 # frames of the source that may be gone at a change

gen.py noise "$WORK/cd.wav" -t 30 -r 44100 -s 1
gen.py noise "$WORK/film.wav" -t 30 -r 48000 -s 2
gen.py noise "$WORK/hires.wav" -t 30 -r 96000 -s 3
pw-metadata -n settings 0 clock.allowed-rates '[ 44100 48000 ]' >/dev/null

rate_is() {
	[ "$(deck_status rate_hz)" = "$1" ] && deck_cycles
}

stays_at() {
	deck_plays 24000
	same "$1" "$2" "$(deck_status rate_hz)"
}

nobody_plays() {
	[ "$("$TAPDECK" apps)" = "no program plays" ]
}

hush() {
	quit "$@"
	wait_until 5 nobody_plays || die "programs do not go"
}

# identical FILE FRAMES BEGIN: so many in one stretch, the first of all from
# BEGIN or before
identical() {
	compare.py --json "$WORK/cd.wav" "$1" | python3 -c 'import json, sys
found = json.load(sys.stdin)
begin = found["segments"][0][1] if found["segments"] else 1 << 30
print(found["frames"], "in one stretch, from", begin, "on")
sys.exit(found["frames"] < int(sys.argv[1]) or begin > int(sys.argv[2]))' \
		"$2" "$3"
}

# From PipeWire 1.x on a sink that once had a forced rate goes to any program's,
# even while it runs, until that is another one. So what forces none is first.

# ---- keep ----

deck_start
play cd "$WORK/cd.wav"
cd=$PID
deck_taken cd || die "cd is not taken"
stays_at "by default the rate stays" 48000
quit $cd
deck_stop

# ---- match-daw ----

deck_start --rate match-daw
play cd "$WORK/cd.wav"
cd=$PID
deck_taken cd || die "cd is not taken"
stays_at "match-daw does not ask programs that play" 48000
RATE=44100 record "$WORK/daw.wav" tapdeck.loop
daw=$PID
check "but the one that records" wait_until 5 rate_is 44100
deck_taken cd || die "cd is not taken at 44100 Hz"
quit $daw
check "and gives the rate back after" wait_until 5 rate_is 48000
hush $cd
deck_stop

# ---- follow ----

deck_start --rate follow
same "it begins at the graph's own rate" 48000 "$(deck_status rate_hz)"
"$TAPDECK" record --quiet "$WORK/ring.wav" &
ring=$!
wait_until 5 ring_is_read || die "nobody reads the ring"
play cd "$WORK/cd.wav"
cd=$PID
check "the program that begins alone has the graph at its rate" \
	wait_until 5 rate_is 44100
deck_taken cd || die "cd is not taken"
RATE=44100 record "$WORK/loop.wav" tapdeck.loop
loop=$PID
deck_plays 66150
quit "$loop"
kill -INT "$ring"
wait "$ring"
check "each bit of it arrives" identical "$WORK/loop.wav" 22050 9999999
check "from soon after its beginning on" \
	identical "$WORK/ring-2.wav" 22050 $BEGIN_MAX
echo "# $(identical "$WORK/ring-2.wav" 0 9999999)"
play film "$WORK/film.wav"
film=$PID
deck_taken film || die "film is not taken"
stays_at "another one that begins meanwhile does not" 44100
deck_plays 44100
quit $cd
stays_at "nor when it goes on alone" 44100
hush $film
play film "$WORK/film.wav"
film=$PID
check "the next one alone does" wait_until 5 rate_is 48000
hush $film
record "$WORK/daw.wav" tapdeck.loop
daw=$PID
play cd "$WORK/cd.wav"
cd=$PID
deck_taken cd || die "cd is not taken"
stays_at "but not while the device is recorded" 48000
hush $cd
quit $daw
play hires "$WORK/hires.wav"
hires=$PID
deck_taken hires || die "hires is not taken"
stays_at "nor to a rate that is not allowed" 48000
deck_stop
same "tapdeck ends well" 0 $?
forced=$(pw-metadata -n settings 0 clock.force-rate |
	grep -o "value:'[0-9]*'")
same "the settings are what they were" "value:'0'" "$forced"
quit $hires
finish
