/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenes by OSC, with a real server and files. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig.h"

#include <sys/ioctl.h>
#include <sys/stat.h>

#include "control/scene/scene_osc.h"

#define LISTED_LEAST 40 /* bytes of an answer */

static struct rig rig;
static struct client *a, *b;
static struct scenes *scenes;
static struct scene_osc served;
static struct scenes_config config;
static char folder[64];

static void
put(const char *name, const char *text)
{
	char path[160];
	FILE *f;

	snprintf(path, sizeof(path), "%s/tapdeck/scenes/%s.yaml", folder, name);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int
serve(struct osc *o)
{
	int rc = scenes_open(&scenes, &config, rig.model, rig.loop, NULL, NULL);

	return rc < 0 ? rc : scene_osc_serve(&served, o, scenes);
}

static int
up(void **state)
{
	struct osc_config osc = rig_config();
	char path[128];

	(void)state;
	strcpy(folder, "/tmp/tapdeck-scene-osc.XXXXXX");
	assert_non_null(mkdtemp(folder));
	setenv("XDG_STATE_HOME", folder, 1);
	snprintf(path, sizeof(path), "%s/tapdeck", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/tapdeck/scenes", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	rig_serve = serve;
	assert_int_equal(rig_open(&rig, &osc, NULL, NULL), 0);
	a = client_new(&rig, true);
	b = client_new(&rig, true);
	return 0;
}

static int
down(void **state)
{
	char command[128];

	(void)state;
	client_free(a);
	client_free(b);
	loop_stop(rig.loop, 0);
	pthread_join(rig.thread, NULL);
	rig.running = false;
	scenes_close(scenes);
	rig_close(&rig);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static const char *
word(const struct client *c, uint32_t mail, int arg)
{
	return osc_arg_text(lo_message_get_argv(c->mail[mail].message)[arg]);
}

static void
each_is_listed_and_no_folder_is_told(void **state)
{
	(void)state;
	put("one", "fade: 2\nstrips: {\"1\": {gain: -6}}\n");
	put("two", "strips: {\"1\": {gian: -6}}\n");
	client_send(a, "/scene/list", M(""));
	client_fence(a);
	assert_int_equal(a->mails, 2);
	assert_string_equal(word(a, 0, 0), "one");
	assert_string_equal(word(a, 0, 4), "");
	assert_string_equal(word(a, 1, 0), "two");
	assert_string_equal(word(a, 1, 4),
		"two.yaml:1:16: strips.1.gian: no parameter; did you mean "
		"gain?");
}

/* Another one is served twice while two lists are made, of which a has less
 * than one by then. */
static bool
is_served_meanwhile(void)
{
	int bytes;

	client_send(a, "/scene/list", M(""));
	client_send(a, "/scene/list", M(""));
	client_fence(b);
	client_fence(b); /* what came before the first one has been read */
	assert_int_equal(ioctl(a->fd, FIONREAD, &bytes), 0);
	client_fence(a);
	assert_int_equal(a->mails, 2 * SCENES_MAX);
	return bytes < SCENES_MAX * LISTED_LEAST;
}

/* Each is a file that is read: others are served meanwhile. Where the test
 * stands still all is there when it looks: once more. */
static void
a_long_list_holds_up_nobody(void **state)
{
	char name[16];
	int tries = 1;

	(void)state;
	for (int i = 0; i < SCENES_MAX; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		put(name, "fade: 1\n");
	}
	while (!is_served_meanwhile())
		assert_true(++tries <= 10);
}

static void
a_recall_is_answered(void **state)
{
	(void)state;
	put("one", "fade: 2\nstrips: {\"1\": {gain: -6}}\n");
	client_send(a, "/scene/one/recall", M("f", 0.0));
	client_fence(a);
	assert_int_equal(a->mails, 1);
	assert_string_equal(a->mail[0].address, "/scene/recalled");
	assert_true(client_get(a, "/strip/1/gain") == -6.0);
	client_send(a, "/scene/one/recall", M("F"));
	client_send(a, "/scene/one/go", M("i", 0));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	client_refused(a, "/scene/none/recall", M(""), "no scene");
}

int
main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, up, down)
	const struct CMUnitTest tests[] = {
		T(each_is_listed_and_no_folder_is_told),
		T(a_long_list_holds_up_nobody),
		T(a_recall_is_answered),
	};

	return cmocka_run_group_tests_name("scene_osc", tests, NULL, NULL);
}
