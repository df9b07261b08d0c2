/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/osc/answers/osc_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "control/osc/answers/osc_ways.h"
#include "control/osc/answers/osc_out.h"

#define FREE_BYTES 200
#define ASK_BYTES  24 /* "/prove", ",s", eight digits */
#define KEEP_BYTES ASK_BYTES
#define ASK_NS	   UINT64_C(200000000)
#define CROWD_NS   UINT64_C(10000000000)

static bool
is_free(struct osc *o, const struct osc_out *out)
{
	return out->proof.proved || out->to.client || !osc_is_far(o, &out->to);
}

/* Its entry, made from the one that was used the longest ago. Where there are
 * more than can be counted, all but those may be forged, and one that comes
 * back would begin anew: it gets nothing but for what it sends. */
static struct osc_proof_host *
host_of(struct osc *o, const struct osc_peer *peer)
{
	struct osc_proof_host *oldest = &o->proof_host[0];
	bool crowd;

	for (uint32_t i = 0; i < OSC_PROOF_HOSTS; i++) {
		struct osc_proof_host *h = &o->proof_host[i];

		if (h->used_ns && memcmp(&h->ip, &peer->ip, sizeof(h->ip)) == 0)
			return h;
		if (h->used_ns < oldest->used_ns)
			oldest = h;
	}
	crowd = oldest->used_ns && loop_now_ns() - oldest->used_ns < CROWD_NS;
	*oldest = (struct osc_proof_host){
		.ip = peer->ip, .free_bytes = crowd ? 0 : FREE_BYTES};
	return oldest;
}

static bool
has_room(struct osc *o, const struct osc_out *out, size_t size_bytes)
{
	struct osc_proof_host *h = host_of(o, &out->to);

	h->used_ns = loop_now_ns();
	return h->sent_bytes + size_bytes <= h->got_bytes + h->free_bytes;
}

static void
new_token(struct osc_proof *proof)
{
	proof->token = 0;
	if (getrandom(&proof->token, sizeof(proof->token), GRND_NONBLOCK) < 0 ||
		proof->token == 0)
		proof->token = (uint32_t)loop_now_ns() | 1;
}

static void
ask(struct osc *o, struct osc_out *out)
{
	static const char head[16] = "/prove\0\0,s\0";
	uint64_t now_ns = loop_now_ns();
	char packet[ASK_BYTES + 4];
	size_t size_bytes = sizeof(head) - 4;

	if (now_ns - out->proof.asked_ns < ASK_NS ||
		!has_room(o, out, ASK_BYTES))
		return;
	new_token(&out->proof);
	out->proof.asked_ns = now_ns;
	memset(packet, 0, sizeof(packet));
	memcpy(packet, head, size_bytes);
	snprintf(packet + size_bytes, 9, "%08" PRIx32, out->proof.token);
	osc_proof_sent(o, out, ASK_BYTES);
	osc_transmit(o, &out->to, packet, ASK_BYTES);
}

bool
osc_proof_allows(struct osc *o, struct osc_out *out, size_t size_bytes)
{
	if (is_free(o, out) || has_room(o, out, size_bytes + KEEP_BYTES))
		return true;
	ask(o, out);
	return false;
}

bool
osc_proof_lacks(struct osc *o, const struct osc_out *out)
{
	return !is_free(o, out);
}

void
osc_proof_sent(struct osc *o, struct osc_out *out, size_t size_bytes)
{
	if (!is_free(o, out))
		host_of(o, &out->to)->sent_bytes += size_bytes;
}

void
osc_proof_heard(struct osc *o, const struct osc_peer *from, size_t size_bytes)
{
	struct osc_proof_host *h;

	if (!osc_is_far(o, from))
		return;
	h = host_of(o, from);
	h->got_bytes += size_bytes;
	h->used_ns = loop_now_ns();
}
