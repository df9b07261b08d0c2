#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_take.sh with programs of the pulse server.
export PLAYER=pulse
. "$(dirname "$0")/test_take.sh"
