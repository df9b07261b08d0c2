/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "control/util/loop.h"
#include "control/osc/transport/osc_names.h"

static void
a_name_is_no_mistyped_address(void **state)
{
	static const char *const good[] = {
		"desk", "tablet.local", "my-ipad", "a1.example.org", "x_1"};
	static const char *const bad[] = {"", "10.1", "1.2.3.4.5", "1.2.3.4",
		"::1", "a b", "a/24", ".local", "-x", "desk:9000", "desk.1",
		"a.very.long.name.that.has.more.than.sixty-three.characters.in."
		"it.local"};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!osc_name_is(good[i]))
			fail_msg("%s is none", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (osc_name_is(bad[i]))
			fail_msg("%s is one", bad[i]);
}

static void
host_and_port_are_told_apart(void **state)
{
	static const struct {
		const char *text, *host;
		uint16_t port;
	} rows[] = {{"192.168.1.7:9001", "192.168.1.7", 9001},
		{"[::1]:1", "::1", 1}, {"[fe80::2]:65535", "fe80::2", 65535},
		{"tablet.local:9001", "tablet.local", 9001}};
	static const char *const bad[] = {"", ":", ":9001", "desk",
		"desk:", "desk:0", "desk:65536", "desk:9001x", "desk:-1",
		"::1:9001", "[::1]", "[::1:9001", "[desk]:9001",
		"[1.2.3.4]:9001", "1.2.3:9001", "desk:9001:9002", "[::1]x:9001",
		"a b:9001", "desk:00000009001", "[]:9001"};
	char host[OSC_NAME_MAX];
	uint16_t port;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(osc_name_split(rows[i].text, host, &port), 0);
		assert_string_equal(host, rows[i].host);
		assert_int_equal(port, rows[i].port);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (osc_name_split(bad[i], host, &port) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
}

struct answers {
	struct loop *loop;
	uint32_t known, unknown;
};

static void
found(void *data, uint32_t index, const char *host, const struct osc_peer *ip,
	uint32_t count)
{
	struct answers *a = data;

	(void)index;
	if (strcmp(host, "localhost") == 0) {
		a->known = count;
		assert_true(osc_peer_is_loopback(ip));
	} else {
		a->unknown++;
		assert_int_equal(count, 0);
	}
	if (a->known && a->unknown)
		loop_stop(a->loop, 0);
}

static void
the_loop_is_told_what_a_thread_has_found(void **state)
{
	struct answers a = {0};
	struct osc_names *n;
	struct osc_peer own;

	(void)state;
	assert_int_equal(loop_new(&a.loop), 0);
	assert_int_equal(osc_names_new(&n, a.loop, found, &a), 0);
	assert_int_equal(osc_names_add(n, "localhost"), 0);
	/* "": no server has to be asked for it */
	assert_int_equal(osc_names_add(n, "no-such-host.invalid."), 1);
	osc_names_start(n);
	assert_int_equal(loop_run(a.loop), 0);
	assert_true(a.known > 0);
	assert_int_equal(osc_peer_parse("127.0.0.1", 0, &own), 0);
	assert_true(osc_names_has(n, 0, &own));
	assert_false(osc_names_has(n, 1, &own));
	osc_names_free(n);
	loop_free(a.loop);
}

static void
stop(void *data)
{
	loop_stop(data, 0);
}

/* Whatever the thread does then, nobody waits for it. */
static void
it_ends_in_the_middle_of_a_lookup(void **state)
{
	struct answers a = {0};
	struct osc_names *n;

	(void)state;
	assert_int_equal(loop_new(&a.loop), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(osc_names_new(&n, a.loop, found, &a), 0);
		for (int k = 0; k < 8; k++)
			osc_names_add(n, "localhost");
		osc_names_start(n);
		loop_timer(a.loop, 0, 0, stop, a.loop);
		loop_run(a.loop);
		osc_names_free(n);
	}
	loop_free(a.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_no_mistyped_address),
		cmocka_unit_test(host_and_port_are_told_apart),
		cmocka_unit_test(the_loop_is_told_what_a_thread_has_found),
		cmocka_unit_test(it_ends_in_the_middle_of_a_lookup),
	};

	return cmocka_run_group_tests_name("osc names", tests, NULL, NULL);
}
