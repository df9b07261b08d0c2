#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# render_same.sh [COMMIT]: makes tests/render_same.h, the hashes of what COMMIT
# (HEAD) renders. For a change that is meant to be heard, and for no other.
set -euo pipefail

commit=${1:-HEAD}
cd "$(dirname "$0")/.."
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
git archive "$commit" | tar -x -C "$tree"
cp tests/test_render_same.c "$tree/tests/"

table() {
	echo '/* SPDX-License-Identifier: GPL-3.0-or-later */'
	echo "/* Made by tests/render_same.sh. See tests/test_render_same.c. */"
	echo '#ifndef RENDER_SAME_H'
	echo '#define RENDER_SAME_H'
	echo
	echo '#include <stdint.h>'
	echo
	echo 'static const uint64_t render_same[] = {'
	cat
	echo '};'
	echo
	echo '#endif'
}

echo '	0' | table >"$tree/tests/render_same.h"
make -s -C "$tree" build/test_render_same >&2
RENDER_SAME_PRINT=1 "$tree/build/test_render_same" | table >tests/render_same.h
