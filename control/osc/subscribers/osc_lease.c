/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/subscribers/osc_lease.h"

#include <errno.h>
#include <string.h>

#include "control/osc/subscribers/osc_subs.h"

#define LEASES_MAGIC   0x7461706c65617365u /* "taplease" */
#define LEASES_VERSION 2u
#define LEASE_MAX_NS   UINT64_C(86400000000000)
#define METER_MIN_NS   UINT64_C(10000000)

size_t
osc_leases_bytes(void)
{
	return sizeof(struct osc_leases);
}

void
osc_leases_open(struct osc_leases *leases)
{
	if (leases->magic == LEASES_MAGIC &&
		leases->version == LEASES_VERSION &&
		leases->size_bytes == sizeof(*leases))
		return;
	memset(leases, 0, sizeof(*leases));
	leases->version = LEASES_VERSION;
	leases->size_bytes = sizeof(*leases);
	leases->magic = LEASES_MAGIC;
}

static void
live_put(struct osc_lease *lease, uint32_t live)
{
	/* seq_cst: neither what was stored before comes behind it, nor what is
	 * stored next before it: a kill between them shows a lease that is
	 * whole, or none */
	atomic_store_explicit(&lease->live, live, memory_order_seq_cst);
	atomic_signal_fence(memory_order_seq_cst);
}

void
osc_lease_clear(struct osc_lease *lease)
{
	live_put(lease, 0);
	lease->text_bytes = 0;
}

/* Memory that another process wrote: every field that could do harm. */
static bool
is_sound(const struct osc_lease *lease)
{
	uint64_t now_ns = loop_now_ns();
	const uint8_t *flag = (const uint8_t *)lease->meters.wanted;
	const uint8_t *blob = (const uint8_t *)lease->meters.blob;

	if (lease->text_bytes > sizeof(lease->text) ||
		(lease->text_bytes > 0 && lease->text[lease->text_bytes - 1]))
		return false;
	for (uint32_t i = 0; i < lease->text_bytes; i++) {
		unsigned char c = (unsigned char)lease->text[i];

		if (c && (c <= ' ' || c > '~'))
			return false;
	}
	for (size_t i = 0; i < sizeof(lease->meters.wanted); i++)
		if (flag[i] > 1)
			return false;
	for (size_t i = 0; i < sizeof(lease->meters.blob); i++)
		if (blob[i] > 1)
			return false;
	return *(const uint8_t *)&lease->single <= 1 && lease->peer.way == 0 &&
	       lease->peer.client == 0 && lease->peer.port &&
	       lease->peer.reply_port && lease->peer.place <= OSC_PLACES_MAX &&
	       lease->end_ns > now_ns &&
	       lease->end_ns - now_ns <= LEASE_MAX_NS &&
	       (lease->meters.period_ns == 0 ||
		       lease->meters.period_ns >= METER_MIN_NS);
}

bool
osc_lease_read(const struct osc_lease *lease, struct osc_lease *out)
{
	/* acquire: pairs with the store in live_put() */
	if (atomic_load_explicit(&lease->live, memory_order_acquire) != 1)
		return false;
	memcpy((void *)out, (const void *)lease, sizeof(*out));
	return is_sound(out);
}

const char *
osc_lease_next(const struct osc_lease *lease, const char *pattern)
{
	const char *end = lease->text + lease->text_bytes;

	pattern = pattern ? pattern + strlen(pattern) + 1 : lease->text;
	return pattern < end ? pattern : NULL;
}

int
osc_lease_add(struct osc_lease *lease, const char *pattern)
{
	size_t bytes = strlen(pattern) + 1;

	for (const char *p = NULL; (p = osc_lease_next(lease, p));)
		if (!strcmp(p, pattern))
			return 0;
	if (lease->text_bytes + bytes > sizeof(lease->text))
		return -ENOSPC;
	live_put(lease, 0);
	memcpy(lease->text + lease->text_bytes, pattern, bytes);
	lease->text_bytes += (uint32_t)bytes;
	return 0;
}

void
osc_lease_keep(struct osc_sub *sub)
{
	struct osc_lease *lease = sub->lease;

	live_put(lease, 0);
	lease->peer = sub->peer;
	lease->end_ns = sub->lease_end_ns;
	lease->single = sub->out->single;
	lease->meters = sub->meters;
	live_put(lease,
		sub->peer.way == 0 && sub->peer.client == 0 && !sub->push);
}
