/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/layout/layout_script.h"

/* The assembler reads the file: C has no way to before C23. A NUL ends it. */
#define SCRIPT(name, file)                                                     \
	__asm__(".section .rodata\n"                                           \
		".global " #name "\n" #name ":\n"                              \
		".incbin \"control/layout/" file "\"\n"                        \
		".byte 0\n"                                                    \
		".previous\n")

SCRIPT(layout_touchosc_root, "touchosc_root.lua");
SCRIPT(layout_touchosc_fader, "touchosc_fader.lua");
