/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For reflex*.c only. */
#ifndef REFLEX_OWN_H
#define REFLEX_OWN_H

/* In reflex.middle: audio has not seen this table. */
#define REFLEX_FRESH 4u

#endif
