/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/devices_own.h"
#include "control/devices/device.h"
#include "control/devices/devices_learn.h"
#include "control/devices/devices_scan.h"
#include "control/devices/midi_learned.h"

#define SAVER_NS UINT64_C(2000000) /* how often it is asked */

static bool
is_one_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == '"' || *text == '\\')
			return false;
	return true;
}

/* What is learned moves nothing, so what is held would not end meanwhile; and
 * what was moved in vain is shown where it belongs again. */
static void
learning_set(struct devices *all, bool learning)
{
	bool was = all->learning;

	all->learning = learning;
	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		d->reflex_stale = true;
		device_reflex(d);
		if (!d->surface || learning == was)
			continue;
		if (learning)
			surface_let_go(d->surface);
		else
			surface_repaint(d->surface);
	}
	timer_sooner(&all->timer, 0);
}

static bool
is_any(const struct devices *all)
{
	for (uint32_t i = 0; i < all->devices; i++)
		if (all->device[i]->present)
			return true;
	return false;
}

/* What there is for a button to do. A press would send a level to the end of
 * its range: +12 dB in front of an audience. */
struct asked {
	bool range, choices;
};

static struct asked
asked_for(const struct devices *all)
{
	uint32_t max = param_count(all->config.params), n = 0;
	uint32_t *ids = calloc(max, sizeof(*ids));
	struct asked asked = {false, false};

	if (ids)
		n = param_match(all->config.params, all->address, ids, max);
	for (uint32_t i = 0; i < n; i++) {
		struct param_info info;

		param_info(all->config.params, ids[i], &info);
		asked.range |= info.type == PARAM_FLOAT;
		asked.choices |= info.type == PARAM_TEXT ||
				 (info.type == PARAM_INT && info.max > 1.0);
	}
	free(ids);
	return asked;
}

int
devices_learn(struct devices *all, const char *address, char *why)
{
	char near[PARAM_ADDRESS_MAX];
	struct param_info info;
	uint32_t id;

	if (strlen(address) >= sizeof(all->address) || !is_one_line(address) ||
		param_match(all->config.params, address, &id, 1) == 0) {
		bool known = param_nearest(all->config.params, address, near);

		snprintf(why, MAPPING_WHY_MAX, "%.80s: no such address%s%s%s",
			address, known ? "; did you mean " : "",
			known ? near : "", known ? "?" : "");
		return -EINVAL;
	}
	param_info(all->config.params, id, &info);
	if (info.read_only || (info.type == PARAM_TEXT && !info.choices)) {
		snprintf(why, MAPPING_WHY_MAX, "%s: no control can move it",
			address);
		return -EINVAL;
	}
	snprintf(all->address, sizeof(all->address), "%s", address);
	snprintf(all->text, sizeof(all->text), "%smove the %s for %s",
		is_any(all) ? "" : "plug in a MIDI device, then ",
		asked_for(all).range ? "fader or knob"
				     : "fader, knob or button",
		address);
	all->state = "move";
	all->keeping = false;
	learning_set(all, true);
	all->learn_ns = loop_now_ns();
	for (uint32_t i = 0; i < all->devices; i++)
		learn_start(&all->device[i]->learn, loop_now_ns());
	devices_open_wanted(all);
	timer_sooner(&all->timer, MIDI_POLL_NS);
	return 0;
}

void
devices_learn_cancel(struct devices *all)
{
	learning_set(all, false);
	all->keeping = false;
	all->state = "idle";
	all->address[0] = all->text[0] = '\0';
}

void
devices_learning(const struct devices *all, struct devices_learning *out)
{
	out->state = all->state;
	out->address = all->address;
	out->text = all->text;
}

static void
fail(struct devices *all, const char *why)
{
	learning_set(all, false);
	all->state = "failed";
	snprintf(all->text, sizeof(all->text), "%s", why);
}

static void
keep(struct devices *all, const struct device *d)
{
	char why[MAPPING_WHY_MAX], message[64];
	const struct learn *l = &d->learn;
	struct asked asked = asked_for(all);
	enum mapping_as as = l->as;
	int rc = -EINVAL;

	if (as == MAPPING_TOGGLE && asked.choices)
		as = MAPPING_CYCLE;
	if (as != MAPPING_VALUE && asked.range)
		snprintf(why, sizeof(why),
			"%s has a whole range: a knob or fader can move it, a "
			"button cannot",
			all->address);
	else if (as == MAPPING_LATCH && asked.choices)
		snprintf(why, sizeof(why),
			"%s has several choices: this button, which the device "
			"keeps pressed, cannot go through them",
			all->address);
	else
		rc = midi_learned_add(&all->saver, d->name, all->address,
			&l->message, as, l->coding, all->config.params, why);
	if (rc < 0) {
		fail(all, why);
		return;
	}
	midi_learned_message(&l->message, message, sizeof(message));
	snprintf(all->kept, sizeof(all->kept), "%s%s: %s moves %s",
		device_is_alike(d) ? "every " : "", d->name, message,
		all->address);
	all->saving = all->keeping = true;
}

/* The disk has it: it holds from now on. */
static uint64_t
saved(struct devices *all)
{
	int rc;

	if (!all->saving)
		return UINT64_MAX;
	if (!file_saver_done(&all->saver, &rc))
		return SAVER_NS;
	all->saving = false;
	if (rc < 0)
		devices_say(all, "MIDI: what was learned is not saved: %s",
			strerror(-rc));
	if (all->keeping && rc < 0)
		fail(all, strerror(-rc));
	if (all->keeping && rc == 0) {
		learning_set(all, false);
		all->state = "done";
		snprintf(all->text, sizeof(all->text), "%s", all->kept);
	}
	all->keeping = false;
	mapping_store_refresh(all->store);
	return UINT64_MAX;
}

bool
devices_learn_event(
	struct device *d, const struct midi_event *e, uint64_t now_ns)
{
	struct devices *all = d->all;

	if (!all->learning)
		return false;
	if (d->learn.state == LEARN_IDLE) /* it came meanwhile */
		learn_start(&d->learn, now_ns);
	learn_event(&d->learn, e, now_ns);
	if (d->surface)
		surface_feel(d->surface, e, now_ns);
	return true;
}

/* What to do now. */
static void
tell(struct devices *all, bool left, bool twice, const char *note)
{
	bool asked =
		!strcmp(all->state, "left") || !strcmp(all->state, "twice");

	if (left) {
		all->state = "left";
		snprintf(all->text, sizeof(all->text),
			"let the knob rest, then turn it slowly to the left");
	} else if (twice) {
		all->state = "twice";
		snprintf(all->text, sizeof(all->text),
			"let the button go, then press it twice more");
	} else if (asked) { /* it was something else after all */
		all->state = "move";
		snprintf(all->text, sizeof(all->text),
			"that was not clear; move it once more");
	} else if (note) {
		snprintf(all->text, sizeof(all->text),
			"%s cannot be learned, only written into a mapping; "
			"waiting for another control",
			note);
	}
}

uint64_t
devices_learn_run(struct devices *all, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns - all->learn_ns, next_ns = LEARN_NS;
	uint32_t asked = 0, twice = 0;
	const char *note = NULL;

	if (all->saving)
		return saved(all);
	if (!all->learning)
		return UINT64_MAX;
	if (passed_ns < LEARN_NS)
		next_ns -= passed_ns;
	for (uint32_t i = 0; i < all->devices; i++) {
		struct device *d = all->device[i];

		next_ns = timer_first(next_ns, learn_run(&d->learn, now_ns));
		if (d->learn.state == LEARN_DONE) {
			keep(all, d);
			return all->saving ? SAVER_NS : UINT64_MAX;
		}
		if (d->learn.state == LEARN_FAILED && d->learn.why) {
			fail(all, d->learn.why);
			return UINT64_MAX;
		}
		asked += d->learn.state == LEARN_LEFT;
		twice += d->learn.state == LEARN_TWICE;
		if (d->learn.state == LEARN_WAIT && d->learn.note)
			note = d->learn.note;
	}
	tell(all, asked > 0, twice > 0, note);
	if (passed_ns < LEARN_NS)
		return next_ns;
	fail(all, is_any(all) ? "for a minute no control was clearly moved"
			      : "for a minute there was no MIDI device");
	return UINT64_MAX;
}

int
devices_forget(struct devices *all, const char *address, char *why)
{
	int n = midi_learned_forget(&all->saver, address, why);

	if (n > 0) {
		all->saving = true;
		timer_sooner(&all->timer, 0);
	}
	return n;
}
