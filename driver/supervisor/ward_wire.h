/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the supervisor and the engine say to each other, on a SOCK_SEQPACKET
 * pair: one message a packet, in the machine's own byte order, since both ends
 * are the same program. The hang-up is a message too: the other is gone. */
#ifndef WARD_WIRE_H
#define WARD_WIRE_H

#include <stdint.h>

#include "driver/supervisor/ward.h"

#define WARD_ENV_SOCKET "TAPDECK_WARD_FD"
#define WARD_ENV_LOG	"TAPDECK_WARD_LOG"
#define WARD_ENV_MEMORY "TAPDECK_WARD_MEM"

enum ward_word {
	WARD_PARK,    /* to the supervisor: node_id, serial */
	WARD_RELEASE, /* to the supervisor: node_id, serial */
	WARD_QUIT,    /* to the engine */
	WARD_WAKE,    /* to the engine: there is room to say more */
};

struct ward_message {
	uint32_t word;
	uint32_t node_id;
	uint64_t serial;
};

#endif
