/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is told what, as the server sees it. Control thread only. */
#ifndef OSC_SUBSCRIBERS_H
#define OSC_SUBSCRIBERS_H

#include "control/osc/osc_own.h"

int osc_subs_open(struct osc *o, struct osc_leases *leases);
/* Those of a process that was killed go on; once it is known who may speak. */
void osc_subs_take_leases(struct osc *o,
	bool (*hears)(struct osc *o, const struct osc_peer *from));
void osc_subs_close(struct osc *o);
/* What param_apply() is told about a change of this peer. */
uint32_t osc_subs_source(const struct osc *o, const struct osc_peer *from);
/* This peer sends back, late, what it was told. */
bool osc_subs_is_echo(struct osc *o, const struct osc_peer *from, uint32_t id,
	const struct param_value *value);
/* It is told of every change, from now on, and not any more. */
int osc_subs_push(struct osc *o, const struct osc_peer *peer);
void osc_subs_unpush(struct osc *o, const struct osc_peer *peer);
void osc_subs_client_gone(struct osc *o, const struct osc_peer *peer);
/* Its machine has said that nobody listens at this port. */
void osc_subs_unreached(struct osc *o, const struct osc_peer *peer);
bool osc_subs_has(struct osc *o, const struct osc_peer *peer);
void osc_subs_reply_port(
	struct osc *o, const struct osc_peer *from, uint16_t reply_port);
uint32_t osc_subs_count(const struct osc *o);
/* It has a lease with a port for the answers: that is where they go. */
bool osc_subs_answers_to(struct osc *o, struct osc_peer *from);

#endif
