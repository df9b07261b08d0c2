/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scripts that go into layouts: the files of control/layout, as they are.
 */
#ifndef LAYOUT_SCRIPT_H
#define LAYOUT_SCRIPT_H

extern const char layout_touchosc_root[];
extern const char layout_touchosc_fader[];

#endif
