#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_park.sh with programs of the pulse server.
export PLAYER=pulse
. "$(dirname "$0")/test_park.sh"
