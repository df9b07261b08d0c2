/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HASH_H
#define HASH_H

#include <stddef.h>
#include <stdint.h>

/* any: 32 bits of FNV-1a */
static inline uint32_t
hash_bytes(const void *bytes, size_t n)
{
	uint32_t hash = 2166136261u;

	for (const unsigned char *at = bytes; n > 0; n--)
		hash = (hash ^ *at++) * 16777619u;
	return hash;
}

#endif
