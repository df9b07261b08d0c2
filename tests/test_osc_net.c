/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "control/osc/transport/osc_net.h"

static struct osc_peer
peer(const char *host)
{
	struct osc_peer p;

	assert_int_equal(osc_peer_parse(host, 0, &p), 0);
	return p;
}

static bool
has(const char *text, const char *host)
{
	struct osc_peer p = peer(host);
	struct osc_net net;

	assert_int_equal(osc_net_parse(text, &net), 0);
	return osc_net_has(&net, &p);
}

static void
an_address_alone_is_that_host(void **state)
{
	(void)state;
	assert_true(has("192.168.1.7", "192.168.1.7"));
	assert_false(has("192.168.1.7", "192.168.1.6"));
	assert_true(has("fd00::7", "fd00::7"));
	assert_false(has("fd00::7", "fd00::6"));
}

static void
a_subnet_ends_where_its_bits_end(void **state)
{
	(void)state;
	assert_true(has("192.168.1.0/24", "192.168.1.255"));
	assert_false(has("192.168.1.0/24", "192.168.2.0"));
	assert_true(has("192.168.1.77/24", "192.168.1.1"));
	assert_true(has("192.168.1.64/26", "192.168.1.127"));
	assert_false(has("192.168.1.64/26", "192.168.1.128"));
	assert_false(has("192.168.1.64/26", "192.168.1.63"));
	assert_true(has("172.16.0.0/12", "172.31.255.255"));
	assert_false(has("172.16.0.0/12", "172.32.0.0"));
	assert_true(has("fd00:1::/32", "fd00:1:2::3"));
	assert_false(has("fd00:1::/32", "fd00:2::3"));
}

static void
no_bits_are_everybody_of_that_family(void **state)
{
	(void)state;
	assert_true(has("0.0.0.0/0", "8.8.8.8"));
	assert_false(has("0.0.0.0/0", "fd00::1"));
	assert_true(has("::/0", "fd00::1"));
}

static void
what_is_no_subnet_is_refused(void **state)
{
	static const char *const bad[] = {"", "/", "/24", "192.168.1.0/",
		"192.168.1.0/33", "192.168.1.0/-1", "192.168.1.0/ 8",
		"192.168.1.0/8x", "192.168.1/24", "desk", "desk/24",
		"fd00::/129", "192.168.1.0/24/24"};
	struct osc_net net;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (osc_net_parse(bad[i], &net) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void
private_is_what_no_router_of_the_internet_carries(void **state)
{
	static const struct {
		const char *host;
		bool is;
	} rows[] = {{"10.0.0.1", true}, {"11.0.0.1", false},
		{"172.16.0.1", true}, {"172.32.0.1", false},
		{"192.168.0.1", true}, {"192.169.0.1", false},
		{"169.254.9.9", true}, {"8.8.8.8", false}, {"fe80::1", true},
		{"fd12::1", true}, {"2001:db8::1", false}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct osc_peer p = peer(rows[i].host);

		if (osc_net_is_private(&p) != rows[i].is)
			fail_msg("%s", rows[i].host);
	}
}

static void
loopback_is_here_and_a_stranger_is_not(void **state)
{
	struct osc_here here = {0};
	struct osc_peer own = peer("127.0.0.1"), far = peer("192.0.2.1");

	(void)state;
	assert_true(osc_here_is(&here, &own));
	assert_false(osc_here_is(&here, &far));
	assert_false(osc_here_is_near(&here, &far));
	assert_true(here.count > 0); /* lo at least */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_alone_is_that_host),
		cmocka_unit_test(a_subnet_ends_where_its_bits_end),
		cmocka_unit_test(no_bits_are_everybody_of_that_family),
		cmocka_unit_test(what_is_no_subnet_is_refused),
		cmocka_unit_test(
			private_is_what_no_router_of_the_internet_carries),
		cmocka_unit_test(loopback_is_here_and_a_stranger_is_not),
	};

	return cmocka_run_group_tests_name("osc net", tests, NULL, NULL);
}
