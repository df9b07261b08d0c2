/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Universal MIDI Packets, which PipeWire 1.4 and later speak, as the bytes that
 * MIDI has had before. Format: MIDI Association, M2-104-UM 1.1, "Universal MIDI
 * Packet (UMP) Format and MIDI 2.0 Protocol". */
#ifndef UMP_H
#define UMP_H

#include <stdint.h>

#include "core/rt.h"

#define UMP_WORDS_MAX 4
#define UMP_BYTES_MAX 8

/* any: words of the packet that begins with this one, 1..UMP_WORDS_MAX */
RT uint32_t ump_words(uint32_t first);

/* any: the bytes of a packet, 0 where MIDI has none for it. A system exclusive
 * message comes in several packets; their bytes follow each other. Values of
 * MIDI 2.0 lose what has no room in 7 or 14 bits. word[ump_words(word[0])] */
RT uint32_t ump_bytes(const uint32_t *word, uint8_t out[UMP_BYTES_MAX]);

#endif
