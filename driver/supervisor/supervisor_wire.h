/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the supervisor and the engine say to each other, on a SOCK_SEQPACKET
 * pair: one message a packet, in the machine's own byte order, since both ends
 * are the same program. The hang-up is a message too: the other is gone. */
#ifndef SUPERVISOR_WIRE_H
#define SUPERVISOR_WIRE_H

#include <stdint.h>

#include "driver/supervisor/supervisor.h"

#define SUPERVISOR_ENV_SOCKET "TAPDECK_SUPERVISOR_FD"
#define SUPERVISOR_ENV_LOG    "TAPDECK_SUPERVISOR_LOG"
#define SUPERVISOR_ENV_MEMORY "TAPDECK_SUPERVISOR_MEM"

enum supervisor_word {
	SUPERVISOR_PARK,      /* to the supervisor: a stream's serial */
	SUPERVISOR_PARK_SENT, /* its user has sent it somewhere */
	SUPERVISOR_RESTORE,   /* to the supervisor: a stream's serial */
	SUPERVISOR_QUIT,      /* to the engine */
	SUPERVISOR_WAKE,      /* to the engine: there is room to say more */
};

/* Without a gap, which would be sent as it is. */
struct supervisor_message {
	uint64_t word; /* an enum supervisor_word */
	uint64_t serial;
};

#endif
