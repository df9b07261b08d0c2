/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/osc_rig.h"

#define PACKETS 20000

static struct rig rig;
static struct client *client;
static FILE *logged;

static void
on_log(void *data, const char *line)
{
	(void)data;
	fprintf(logged, "%s\n", line);
}

static int
setup(void **state)
{
	const struct services_source source = {.osc = {.log = on_log}};
	struct osc_config config = rig_config();

	(void)state;
	logged = tmpfile();
	assert_non_null(logged);
	assert_int_equal(rig_open(&rig, &config, NULL, &source), 0);
	client = client_new(&rig, false);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	client_free(client);
	rig_close(&rig);
	fclose(logged);
	return 0;
}

static void
over_udp_a_malformed_packet_is_counted_and_not_answered(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} bad[] = {{"", 0}, {"/", 1}, {"/abc", 4}, {"/a\0\0,b\0\0", 8},
		{"/a\0\0,b\0\0\177\377\377\377", 12}, {"/a\0\0,i\0\0", 8},
		{"#bundle\0", 8}, {"hello wo", 8}};
	size_t n = sizeof(bad) / sizeof(bad[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_true(
			send(client->fd, bad[i].bytes, bad[i].size, 0) >= 0);
	client_fence(client);
	assert_int_equal(client->mails, 0);
	assert_true(client_status(client, "osc_malformed") == (double)n);
}

static void
the_longest_datagram_is_taken(void **state)
{
	static uint8_t packet[65507];
	size_t size = sizeof(packet) / 4 * 4;
	uint32_t blob = (uint32_t)size - 16;

	(void)state;
	memcpy(packet, "/ping\0\0\0,b\0\0", 12);
	packet[13] = (uint8_t)(blob >> 16);
	packet[14] = (uint8_t)(blob >> 8);
	packet[15] = (uint8_t)blob;
	memset(packet + 16, 0x55, blob);
	client_send_packet(client, packet, size);
	client_forget(client);
	client_read(client);
	assert_string_equal(client->mail[0].address, "/ping");
	assert_int_equal(lo_blob_datasize((lo_blob)lo_message_get_argv(
				 client->mail[0].message)[0]),
		blob);
	/* To a parameter it is an argument like another: refused. */
	memcpy(packet, "/strip/1/name\0\0\0,s\0\0", 20);
	memset(packet + 20, 'x', size - 24);
	memset(packet + size - 4, 0, 4);
	client_send_packet(client, packet, size);
	client_fence(client);
	assert_int_equal(client->mails, 1);
	assert_string_equal(client->mail[0].address, "/error");
	/* And one of that size that is no OSC. */
	memset(packet, '/', sizeof(packet));
	client_send_packet(client, packet, sizeof(packet));
	client_fence(client);
	assert_int_equal(client->mails, 0);
}

static uint64_t
random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Some packet of the protocol, so that its mutations go deep. */
static size_t
some_packet(uint8_t *out, size_t max, uint64_t *seed)
{
	static const char *const address[] = {"/strip/1/gain", "/strip/*/mute",
		"/strip/{1,2}/route", "/bus/main/gain", "/list", "/subscribe",
		"/meters", "/apps", "/status", "/info", "/reply-to",
		"/unsubscribe", "/resync", "/ping", "/strip/[1-9]/name"};
	static const char *const types[] = {
		"", "f", "i", "s", "d", "h", "T", "sf", "b", "ss"};
	const char *where = address[random_next(seed) % 15];
	const char *type = types[random_next(seed) % 10];
	lo_blob blob = lo_blob_new(8, "\0\1\2\3\4\5\6\7");
	lo_message m = lo_message_new();
	lo_bundle b;

	for (const char *t = type; *t; t++) {
		if (*t == 'f')
			lo_message_add_float(m, 0.5f);
		else if (*t == 'i')
			lo_message_add_int32(m, 1);
		else if (*t == 's')
			lo_message_add_string(m, "/strip/*/gain");
		else if (*t == 'd')
			lo_message_add_double(m, 0.5);
		else if (*t == 'h')
			lo_message_add_int64(m, 1);
		else if (*t == 'T')
			lo_message_add_true(m);
		else
			lo_message_add_blob(m, blob);
	}
	if (random_next(seed) % 4 == 0) {
		b = lo_bundle_new((lo_timetag){0, 1});
		lo_bundle_add_message(b, where, m);
		lo_bundle_add_message(b, "/strip/1/mute", M("i", 1));
		lo_bundle_serialise(b, out, &max);
		lo_bundle_free_recursive(b);
	} else {
		lo_message_serialise(m, where, out, &max);
		lo_message_free(m);
	}
	lo_blob_free(blob);
	return max;
}

static void
no_packet_harms_it(void **state)
{
	struct client *tcp = client_new(&rig, true);
	uint64_t seed = 0x9e3779b97f4a7c15;

	(void)state;
	for (int i = 0; i < PACKETS; i++) {
		uint8_t packet[512];
		size_t size = some_packet(packet, sizeof(packet), &seed);

		for (int k = (int)(random_next(&seed) % 4); k > 0; k--) {
			uint64_t r = random_next(&seed);

			packet[(r >> 8) % size] ^= (uint8_t)(1u << r % 8);
		}
		if (random_next(&seed) % 8 == 0)
			size = random_next(&seed) % size;
		client_send_packet(i % 2 ? tcp : client, packet, size);
		if (i % 2 == 0) { /* or its answers have no room */
			/* It may have said that it listens elsewhere, and the
			 * next one may get its port. */
			client_send(client, "/unsubscribe", M(""));
			client_send(client, "/reply-to",
				M("i", client_port(client)));
			client_free(client);
			client = client_new(&rig, false);
			client_fence(client);
		} else if (i % 50 == 49) {
			client_send(tcp, "/unsubscribe", M(""));
			client_fence(tcp);
		}
	}
	assert_true(client_status(client, "osc_malformed") > 100.0);
	assert_true(client_status(client, "osc_packets") > PACKETS);
	client_free(tcp);
}

static void
a_cause_is_logged_once_a_second(void **state)
{
	uint64_t start_ns = loop_now_ns(), took_s;
	uint32_t lines = 0;
	char line[512];

	(void)state;
	for (int i = 0; i < 500; i++)
		client_refused(client, "/x", M("i", i), "no such");
	took_s = (loop_now_ns() - start_ns) / 1000000000;
	rewind(logged);
	while (fgets(line, sizeof(line), logged)) {
		lines++;
		assert_non_null(strstr(line, "udp 127.0.0.1:"));
		assert_non_null(strstr(line, "/list shows all"));
	}
	assert_true(lines >= 1 && lines <= took_s + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(over_udp_a_malformed_packet_is_counted_and_not_answered),
		T(the_longest_datagram_is_taken),
		T(no_packet_harms_it),
		T(a_cause_is_logged_once_a_second),
	};

	return cmocka_run_group_tests_name("osc hostile", tests, NULL, NULL);
}
