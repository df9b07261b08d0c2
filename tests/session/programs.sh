# SPDX-License-Identifier: GPL-3.0-or-later
# Programs that nobody here wrote. Sourced after lib.sh.
# shellcheck shell=bash

# have PROGRAM: or it is said to be left out. WITHOUT in the environment: those
# that are, a list of words.
have() {
	if [[ " ${WITHOUT:-} " == *" $1 "* ]]; then
		echo "# SKIPPED: without $1, as was asked for"
		return 1
	fi
	command -v "$1" >/dev/null && return
	echo "# SKIPPED: $1 is not installed ('make deps-programs')"
	return 1
}

# finish, also where every program was left out
finish_programs() {
	# shellcheck disable=SC2154 # lib.sh's
	if [ $((passed + failed)) = 0 ]; then
		ok "SKIPPED: none of these programs is installed"
	fi
	finish
}

# start_vlc FILE: VLC plays it and ends; PID is its process. It refuses to run
# as root; nothing else of it is changed.
start_vlc() {
	local vlc=$WORK/vlc
	[ -x "$vlc" ] || {
		sed 's/geteuid/getppid/' "$(command -v vlc)" > "$vlc"
		chmod +x "$vlc"
	}
	"$vlc" -q -I dummy --aout=pulse --play-and-exit "$1" \
		>"$WORK/vlc.log" 2>&1 </dev/null &
	PID=$!
}

# start_chromium ADDRESS, start_firefox ADDRESS: with a new profile; PID is its
# process. Neither asks anybody but ADDRESS.
start_chromium() {
	local profile
	profile=$(mktemp -d "$WORK/chromium.XXXXXX")
	chromium --headless --no-sandbox --disable-gpu --disable-quic \
		--no-first-run --disable-background-networking \
		--disable-component-update --disable-sync \
		--autoplay-policy=no-user-gesture-required \
		--user-data-dir="$profile" "$1" \
		>"$WORK/chromium.log" 2>&1 </dev/null &
	PID=$!
}

start_firefox() {
	local profile
	profile=$(mktemp -d "$WORK/firefox.XXXXXX")
	cat > "$profile/user.js" <<'END'
user_pref("media.autoplay.default", 0);
user_pref("media.autoplay.blocking_policy", 0);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.aboutwelcome.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("app.update.enabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "http://127.0.0.1:9/");
user_pref("browser.safebrowsing.downloads.remote.enabled", false);
END
	firefox-esr --headless --no-remote --profile "$profile" "$1" \
		>"$WORK/firefox.log" 2>&1 </dev/null &
	PID=$!
}

# play_tracks BROWSER COUNT SECONDS: all of the page's tracks; fails when it did
# not come to its end in time
play_tracks() {
	local browser=$1 count=$2 seconds=$3 server address status
	rm -f "$WORK/$browser.address"
	tracks.py serve > "$WORK/$browser.address" &
	server=$!
	wait_until 5 test -s "$WORK/$browser.address" || return 1
	address=$(cat "$WORK/$browser.address")
	"start_$browser" "$address?count=$count"
	wait_until "$seconds" pid_ended "$server"
	status=$?
	quit "$PID" "$server"
	return $status
}

pid_ended() {
	! kill -0 "$1" 2>/dev/null
}
