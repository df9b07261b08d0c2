/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buttons for scenes: from the text of a mapping to what is asked for, and the
 * lamp. */
#include "tests/surface_rig.h"

#include <errno.h>

static char asked[256];

/* Whoever has the scenes. */
static void
on_ask(void *data, enum model_scene_ask what, const char *name)
{
	struct desk *d = data;
	size_t used = strlen(asked);

	snprintf(
		asked + used, sizeof(asked) - used, "%d %s; ", (int)what, name);
	if (what == MODEL_SCENE_RECALL)
		model_scene_is(d->rig->model, name);
}

static struct mapping *
parse(struct desk *d, const char *controls, char *why)
{
	struct mapping *m;
	char text[2048];

	snprintf(text, sizeof(text), "name: T\ndevice: T\ncontrols:\n%s",
		controls);
	if (mapping_parse(&m, text, strlen(text), "x.yaml", d->rig->p, why) < 0)
		return NULL;
	return m;
}

static void
press(struct desk *d, uint16_t note)
{
	hear(d, MIDI_NOTE, 0, note, 127);
	hear(d, MIDI_NOTE, 0, note, 0);
	run_until(d, d->now_ns + 100 * MS);
}

static int
lamp(const struct desk *d, uint8_t note)
{
	for (uint32_t i = d->sents; i-- > 0;)
		if (d->sent[i].byte[1] == note)
			return d->sent[i].byte[2];
	return -1;
}

static void
a_row_of_buttons_recalls_a_row_of_scenes(void **state)
{
	struct desk *d = *state;
	char why[MAPPING_WHY_MAX];
	struct mapping *m = parse(d,
		"  - {on: note 40-43, to: \"/scene/f{1-4}/recall\", light: "
		"same}\n"
		"  - {on: note 50, to: /scene/f1/save}\n"
		"  - {on: note 51, to: /scene/undo}\n"
		"  - {on: note 52, to: /scene/finish}\n"
		"  - {on: note 53, to: /scene/stop}\n",
		why);

	if (!m)
		fail_msg("%s", why);
	d->mapping = *m;
	asked[0] = '\0';
	model_set_scenes(d->rig->model, on_ask, d);
	start(d);
	press(d, 41);
	assert_string_equal(asked, "0 f2; ");
	assert_int_equal(lamp(d, 41), 127);
	press(d, 43);
	assert_string_equal(asked, "0 f2; 0 f4; ");
	assert_int_equal(lamp(d, 41), 0);
	assert_int_equal(lamp(d, 43), 127);
	press(d, 43); /* again: from wherever hands have moved what it has */
	press(d, 50);
	press(d, 51);
	press(d, 51);
	press(d, 52);
	press(d, 53);
	assert_string_equal(asked, "0 f2; 0 f4; 0 f4; 1 f1; 2 ; 2 ; 3 ; 4 ; ");
	surface_free(d->surface);
	d->surface = NULL;
	mapping_free(m);
}

static void
what_is_no_button_for_a_scene_is_refused(void **state)
{
	struct desk *d = *state;
	char why[MAPPING_WHY_MAX];

	assert_null(parse(d, "  - {on: note 1, to: /scene/f1/recal}\n", why));
	assert_string_equal(why,
		"x.yaml:4:22: controls[0].to: no parameter "
		"\"/scene/f1/recal\"; /scene/NAME/recall, /scene/NAME/save, "
		"/scene/undo, /scene/finish, /scene/stop");
	assert_null(parse(d,
		"  - {on: note 1, to: /scene/f1/recall, as: toggle}\n", why));
	assert_string_equal(why,
		"x.yaml:4:22: controls[0].to: a scene is for a button, "
		"without value: and as:");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_row_of_buttons_recalls_a_row_of_scenes),
		T(what_is_no_button_for_a_scene_is_refused),
	};

	return cmocka_run_group_tests_name("surface_scene", tests, NULL, NULL);
}
