/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/devices/midi_hub_own.h"
#include "control/devices/hub_device.h"
#include "control/devices/hub_learn.h"
#include "control/devices/hub_scan.h"
#include "control/devices/hub_wake.h"
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
learning_set(struct midi_hub *h, bool learning)
{
	bool was = h->learning;

	h->learning = learning;
	for (uint32_t i = 0; i < h->devices; i++) {
		struct device *d = h->device[i];

		d->reflex_stale = true;
		hub_device_reflex(d);
		if (!d->surface || learning == was)
			continue;
		if (learning)
			surface_let_go(d->surface);
		else
			surface_repaint(d->surface);
	}
	hub_wake(h, 0);
}

static bool
is_any(const struct midi_hub *h)
{
	for (uint32_t i = 0; i < h->devices; i++)
		if (h->device[i]->present)
			return true;
	return false;
}

/* What has more than on and off, or NULL. A press would send a level to the
 * end of its range: +12 dB in front of an audience. */
static const char *
too_much_for_a_button(const struct midi_hub *h)
{
	uint32_t max = param_count(h->params), n = 0;
	uint32_t *ids = calloc(max, sizeof(*ids));
	const char *what = NULL;

	if (ids)
		n = param_match(h->params, h->address, ids, max);
	for (uint32_t i = 0; i < n && !what; i++) {
		struct param_info info;

		param_info(h->params, ids[i], &info);
		what = info.type == PARAM_TEXT	  ? "several choices"
		       : info.type == PARAM_FLOAT ? "a whole range"
						  : NULL;
	}
	free(ids);
	return what;
}

int
midi_hub_learn(struct midi_hub *h, const char *address, char *why)
{
	char near[PARAM_ADDRESS_MAX];
	struct param_info info;
	uint32_t id;

	if (strlen(address) >= sizeof(h->address) || !is_one_line(address) ||
		param_match(h->params, address, &id, 1) == 0) {
		bool known = param_nearest(h->params, address, near);

		snprintf(why, MAPPING_WHY_MAX, "%.80s: no such address%s%s%s",
			address, known ? "; did you mean " : "",
			known ? near : "", known ? "?" : "");
		return -EINVAL;
	}
	param_info(h->params, id, &info);
	if (info.read_only || (info.type == PARAM_TEXT && !info.choices)) {
		snprintf(why, MAPPING_WHY_MAX, "%s: no control can move it",
			address);
		return -EINVAL;
	}
	snprintf(h->address, sizeof(h->address), "%s", address);
	snprintf(h->text, sizeof(h->text), "%smove the %s for %s",
		is_any(h) ? "" : "plug in a MIDI device, then ",
		too_much_for_a_button(h) ? "fader or knob"
					 : "fader, knob or button",
		address);
	h->state = "move";
	h->keeping = false;
	learning_set(h, true);
	h->learn_ns = loop_now_ns();
	for (uint32_t i = 0; i < h->devices; i++)
		learn_start(&h->device[i]->learn, loop_now_ns());
	hub_open_wanted(h);
	hub_wake(h, MIDI_POLL_NS);
	return 0;
}

void
midi_hub_learn_cancel(struct midi_hub *h)
{
	learning_set(h, false);
	h->keeping = false;
	h->state = "idle";
	h->address[0] = h->text[0] = '\0';
}

void
midi_hub_learning(const struct midi_hub *h, struct midi_hub_learning *out)
{
	out->state = h->state;
	out->address = h->address;
	out->text = h->text;
}

static void
fail(struct midi_hub *h, const char *why)
{
	learning_set(h, false);
	h->state = "failed";
	snprintf(h->text, sizeof(h->text), "%s", why);
}

static void
keep(struct midi_hub *h, const struct device *d)
{
	char why[MAPPING_WHY_MAX], message[64];
	const struct learn *l = &d->learn;
	const char *much =
		l->as != MAPPING_VALUE ? too_much_for_a_button(h) : NULL;

	if (much) {
		snprintf(why, sizeof(why),
			"%s has %s: a knob or fader can move it, a button "
			"cannot",
			h->address, much);
		fail(h, why);
		return;
	}
	if (midi_learned_add(&h->saver, d->name, h->address, &l->message, l->as,
		    l->coding, h->params, why) < 0) {
		fail(h, why);
		return;
	}
	midi_learned_message(&l->message, message, sizeof(message));
	snprintf(h->kept, sizeof(h->kept), "%s%s: %s moves %s",
		hub_device_is_alike(d) ? "every " : "", d->name, message,
		h->address);
	h->saving = h->keeping = true;
}

/* The disk has it: it holds from now on. */
static uint64_t
saved(struct midi_hub *h)
{
	int rc;

	if (!h->saving)
		return UINT64_MAX;
	if (!midi_saver_done(&h->saver, &rc))
		return SAVER_NS;
	h->saving = false;
	if (rc < 0)
		hub_say(h, "MIDI: what was learned is not saved: %s",
			strerror(-rc));
	if (h->keeping && rc < 0)
		fail(h, strerror(-rc));
	if (h->keeping && rc == 0) {
		learning_set(h, false);
		h->state = "done";
		snprintf(h->text, sizeof(h->text), "%s", h->kept);
	}
	h->keeping = false;
	midi_book_refresh(h->book);
	return UINT64_MAX;
}

bool
hub_learn_event(struct device *d, const struct midi_event *e, uint64_t now_ns)
{
	struct midi_hub *h = d->hub;

	if (!h->learning)
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
tell(struct midi_hub *h, bool left, bool twice, const char *note)
{
	bool asked = !strcmp(h->state, "left") || !strcmp(h->state, "twice");

	if (left) {
		h->state = "left";
		snprintf(h->text, sizeof(h->text),
			"let the knob rest, then turn it slowly to the left");
	} else if (twice) {
		h->state = "twice";
		snprintf(h->text, sizeof(h->text),
			"let the button go, then press it twice more");
	} else if (asked) { /* it was something else after all */
		h->state = "move";
		snprintf(h->text, sizeof(h->text),
			"that was not clear; move it once more");
	} else if (note) {
		snprintf(h->text, sizeof(h->text),
			"%s cannot be learned, only written into a mapping; "
			"waiting for another control",
			note);
	}
}

uint64_t
hub_learn_run(struct midi_hub *h, uint64_t now_ns)
{
	uint64_t passed_ns = now_ns - h->learn_ns, next_ns = LEARN_NS;
	uint32_t asked = 0, twice = 0;
	const char *note = NULL;

	if (h->saving)
		return saved(h);
	if (!h->learning)
		return UINT64_MAX;
	if (passed_ns < LEARN_NS)
		next_ns -= passed_ns;
	for (uint32_t i = 0; i < h->devices; i++) {
		struct device *d = h->device[i];
		uint64_t wait_ns = learn_run(&d->learn, now_ns);

		if (wait_ns < next_ns)
			next_ns = wait_ns;
		if (d->learn.state == LEARN_DONE) {
			keep(h, d);
			return h->saving ? SAVER_NS : UINT64_MAX;
		}
		if (d->learn.state == LEARN_FAILED && d->learn.why) {
			fail(h, d->learn.why);
			return UINT64_MAX;
		}
		asked += d->learn.state == LEARN_LEFT;
		twice += d->learn.state == LEARN_TWICE;
		if (d->learn.state == LEARN_WAIT && d->learn.note)
			note = d->learn.note;
	}
	tell(h, asked > 0, twice > 0, note);
	if (passed_ns < LEARN_NS)
		return next_ns;
	fail(h, is_any(h) ? "for a minute no control was clearly moved"
			  : "for a minute there was no MIDI device");
	return UINT64_MAX;
}

int
midi_hub_forget(struct midi_hub *h, const char *address, char *why)
{
	int n = midi_learned_forget(&h->saver, address, why);

	if (n > 0) {
		h->saving = true;
		hub_wake(h, 0);
	}
	return n;
}
