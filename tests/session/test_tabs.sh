#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The tabs of a browser are one strip, unless a rule splits them. Here they are
# frames of three sites, which the browser keeps apart as it does tabs: each is
# a process and a stream of its own.
. "$(dirname "$0")/lib.sh"
. "$TOOLS/deck.sh"
. "$TOOLS/programs.sh"

CONFIG=$XDG_CONFIG_HOME/tapdeck/tapdeck.yaml
mkdir -p "${CONFIG%/*}"

# chromium_is PROGRAMS STREAMS STRIPS
chromium_is() {
	"$TAPDECK" apps --json | python3 -c 'import json, sys
found = [a for a in json.load(sys.stdin) if a["key"].startswith("chromium")]
now = [len(found), sum(a["streams"] for a in found),
       len({a["strip"] for a in found} - {0})]
print(now, found)
sys.exit(now != [int(n) for n in sys.argv[1:]])' "$@"
}

have chromium || finish_programs
gen.py tone "$WORK/a.wav" -t 60
cd "$WORK" || exit 70
echo "<audio src=a.wav autoplay loop></audio>" >tab.html
python3 - >port 2>/dev/null <<'END' &
import http.server
import threading

port = 0
for host in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
    s = http.server.ThreadingHTTPServer(
        (host, port), http.server.SimpleHTTPRequestHandler)
    port = s.server_address[1]
    threading.Thread(target=s.serve_forever).start()
print(port, flush=True)
END
SERVER=$!
wait_until 5 test -s port || die "no server for the pages"
for i in 1 2 3; do
	echo "<iframe allow=autoplay src=http://127.0.0.$i:$(cat port)/tab.html>
</iframe>"
done >all.html

deck_start
start_chromium "http://127.0.0.1:$(cat port)/all.html"
BROWSER=$PID
check "three tabs are one program on one strip" \
	wait_until 20 chromium_is 1 3 1
echo "rules: [{match: {binary: chromium}, split: object.serial}]" >"$CONFIG"
check "and three on as many where a rule splits them" \
	wait_until 5 chromium_is 3 3 3
echo "rules: [{match: {binary: /^chrom/}, strip: 5}]" >"$CONFIG"
check "and one again without it, where another rule has it" \
	wait_until 5 chromium_is 1 3 1
check "by its slug" wait_until 5 deck_is Chromium strip 5
check "it is taken with all of them" wait_until 5 deck_is Chromium tap take
quit "$BROWSER"
check "its strip keeps its name when it is gone" \
	test "$("$TAPDECK" get /strip/chromium/name)" = \
	"/strip/chromium/name Chromium"
quit "$SERVER"
deck_stop
same "tapdeck ends well" 0 $?
finish
