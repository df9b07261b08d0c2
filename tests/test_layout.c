/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <zlib.h>

#include "control/cli/cmd.h"
#include "control/layout/layout.h"
#include "control/layout/tosc.h"
#include "tests/cli.h"

static void
has_the_parameters_of_the_table(void **state)
{
	struct layout l = {0};
	const struct layout_param *p;
	char bus[PARAM_TEXT_MAX];

	(void)state;
	assert_int_equal(layout_general(&l, 3), 0);
	assert_int_equal(l.strips, 3);
	p = layout_find(&l, "/strip/%u/gain", 3u);
	assert_non_null(p);
	assert_int_equal(p->type, PARAM_FLOAT);
	assert_float_equal(p->min, -90.0, 0.0);
	assert_float_equal(p->max, 12.0, 0.0);
	assert_string_equal(p->unit, "dB");
	p = layout_find(&l, "/strip/1/route");
	assert_non_null(p);
	assert_int_equal(p->choices, 4);
	assert_string_equal(p->choice[2], "loop");
	assert_null(layout_find(&l, "/strip/4/gain"));
	layout_bus(&l, bus);
	assert_string_equal(bus, "main");
	layout_done(&l);
}

static char *
inflated(const void *bytes, size_t size_bytes)
{
	uLongf room = 8 << 20;
	char *text = calloc(1, room + 1);

	assert_non_null(text);
	assert_int_equal(
		uncompress((Bytef *)text, &room, bytes, size_bytes), Z_OK);
	return text;
}

static void
is_the_same_bytes_each_time(void **state)
{
	struct layout l = {.reply_port = 9001};
	void *one, *two;
	size_t one_bytes, two_bytes;

	(void)state;
	assert_int_equal(layout_general(&l, 16), 0);
	for (int i = 0; i < 2; i++) {
		layout_make make = i == 0 ? layout_touchosc : layout_m4l;

		assert_int_equal(make(&l, &one, &one_bytes), 0);
		assert_int_equal(make(&l, &two, &two_bytes), 0);
		assert_int_equal(one_bytes, two_bytes);
		assert_memory_equal(one, two, one_bytes);
		free(one);
		free(two);
	}
	layout_done(&l);
}

/* A name that is no name, in a text, and between quotes that are XML's */
static void
text_stays_in_its_place(void **state)
{
	struct tosc t;
	void *bytes;
	size_t size_bytes;
	char *text;

	(void)state;
	assert_int_equal(
		tosc_init(&t, "a", (struct tosc_frame){0, 0, 9, 9}), 0);
	tosc_text(t.root, "script", "]]>]]>\xef\xbf\xbf<\"&\"]>x]]");
	assert_int_equal(tosc_save(&t, &bytes, &size_bytes), 0);
	text = inflated(bytes, size_bytes);
	assert_non_null(strstr(
		text, "<![CDATA[]] >]] >?<\"&\"] >x]]]]></value></property>"));
	free(text);
	free(bytes);
	tosc_done(&t);
}

static void
begins_with_the_chunks_of_a_device(void **state)
{
	struct layout l = {.reply_port = 9001};
	uint8_t *b;
	void *bytes;
	size_t size_bytes;

	(void)state;
	assert_int_equal(layout_general(&l, 8), 0);
	assert_int_equal(layout_m4l(&l, &bytes, &size_bytes), 0);
	b = bytes;
	assert_memory_equal(b, "ampf\4\0\0\0aaaameta\4\0\0\0\0\0\0\0ptch", 28);
	assert_int_equal(b[28] | b[29] << 8 | b[30] << 16 | b[31] << 24,
		size_bytes - 32);
	assert_int_equal(b[32], '{');
	assert_memory_equal(b + size_bytes - 3, "}\n", 3);
	free(bytes);
	layout_done(&l);
}

static void
a_later_property_takes_its_place(void **state)
{
	struct tosc t;
	void *bytes;
	size_t size_bytes;
	char *text, *first;

	(void)state;
	assert_int_equal(
		tosc_init(&t, "a", (struct tosc_frame){0, 0, 9, 9}), 0);
	tosc_number(t.root, 'b', "locked", 1);
	tosc_text(t.root, "name", "other");
	assert_int_equal(tosc_save(&t, &bytes, &size_bytes), 0);
	text = inflated(bytes, size_bytes);
	first = strstr(text, "<property type='b'><key><![CDATA[locked]]></key>"
			     "<value>1</value></property>"
			     "<property type='s'><key><![CDATA[name]]></key>"
			     "<value><![CDATA[other]]></value></property>");
	assert_non_null(first);
	assert_null(strstr(strstr(first, "[locked]") + 1, "[locked]"));
	free(text);
	free(bytes);
	tosc_done(&t);
}

static void
refuses_with_one_line(void **state)
{
	static const struct {
		const char *words;
		int exit_code;
		const char *says;
	} rows[] = {
		{"layout", 64, "for what?"},
		{"layout lemur", 64, "lemur: no such kind; there are "},
		{"layout touchosc touchosc", 64, "one kind at a time"},
		{"layout m4l --phone", 64, "--phone: only for touchosc"},
		{"layout touchosc --strips 65", 64, "must be 1..64"},
		{"layout touchosc --strips 0", 64, "must be 1..64"},
		{"layout touchosc --reply-port 0", 64, "must be 1..65535"},
		{"layout touchosc --port 1", 69, "no tapdeck is running on"},
	};
	static struct cli cli;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cli_run(&cli, cmd_layout, rows[i].words);
		assert_int_equal(cli.exit_code, rows[i].exit_code);
		assert_non_null(strstr(cli.err, rows[i].says));
		assert_int_equal(cli_lines(cli.err), 1);
		assert_string_equal(cli.out, "");
	}
}

static void
needs_no_tapdeck_for_so_many_strips(void **state)
{
	static struct cli cli;

	(void)state;
	cli_run(&cli, cmd_layout, "layout touchosc --port 1 --strips 2");
	assert_int_equal(cli.exit_code, 0);
	assert_int_equal((unsigned char)cli.out[0], 0x78);
	assert_non_null(strstr(cli.err, "this one fits any"));
	cli_run(&cli, cmd_layout, "layout m4l --port 1 --general");
	assert_int_equal(cli.exit_code, 0);
	assert_string_equal(cli.err, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_parameters_of_the_table),
		cmocka_unit_test(is_the_same_bytes_each_time),
		cmocka_unit_test(text_stays_in_its_place),
		cmocka_unit_test(begins_with_the_chunks_of_a_device),
		cmocka_unit_test(a_later_property_takes_its_place),
		cmocka_unit_test(refuses_with_one_line),
		cmocka_unit_test(needs_no_tapdeck_for_so_many_strips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
