/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to come, and who listens to MIDI: no machine takes all the room. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "control/devices/devices.h"
#include "tests/net_rig.h"
#include "tests/osc_rig.h"

#define US	 "198.51.100.1"
#define CHANGES	 4096 /* that may wait, of one machine */
#define PACKETS	 1024
#define WATCHERS 8
#define SOON_S	 9.0

static struct rig rig;
static struct devices *devices;

static uint32_t
no_device(void *data, struct midi_port *ports, uint32_t max)
{
	(void)data;
	(void)ports;
	(void)max;
	return 0;
}

/* On the server's thread, when it is first wanted. */
static struct devices *
the_devices(void *data)
{
	static const struct midi_backend backend = {.scan = no_device};
	struct devices_config config = {.backend = &backend};

	(void)data;
	if (devices || !rig.running)
		return devices;
	config.loop = rig.loop;
	config.params = model_params(rig.model);
	devices_open(&devices, &config);
	return devices;
}

static int
setup(void **state)
{
	const struct services_source source = {.midi = the_devices};
	struct osc_config config = rig_config();

	(void)state;
	snprintf(config.bind, sizeof(config.bind), "0.0.0.0");
	config.peers = 1;
	snprintf(config.peer[0], sizeof(config.peer[0]), "198.51.100.0/24");
	devices = NULL;
	return rig_open(&rig, &config, NULL, &source);
}

/* They go before the model that they listen to. */
static int
teardown(void **state)
{
	(void)state;
	loop_stop(rig.loop, 0);
	pthread_join(rig.thread, NULL);
	rig.running = false;
	osc_close(rig.osc);
	rig.osc = NULL;
	services_done(&rig.services);
	rig.services = (struct services){0};
	devices_close(devices);
	rig_close(&rig);
	return 0;
}

/* 0: this one. */
static struct client *
client_of(uint32_t machine)
{
	snprintf(rig.host, sizeof(rig.host), "%s", machine ? US : "127.0.0.1");
	rig.source[0] = '\0';
	if (machine)
		snprintf(rig.source, sizeof(rig.source), "198.51.100.%u",
			10 + machine);
	return client_new(&rig, false);
}

/* So many changes that are to come; true: they have room. */
static bool
changes_have_room(struct client *c, uint32_t n)
{
	lo_bundle b = lo_bundle_new(timetag_in(SOON_S));

	for (uint32_t i = 0; i < n / 16; i++)
		lo_bundle_add_message(b, "/strip/*/mute", M("i", 1));
	for (uint32_t i = 0; i < n % 16; i++)
		lo_bundle_add_message(b, "/strip/1/mute", M("i", 1));
	client_send_bundle(c, b);
	client_fence(c);
	return c->mails == 0;
}

static void
refused_with(const struct client *c, const char *words)
{
	const char *said;

	assert_int_equal(c->mails, 1);
	assert_string_equal(c->mail[0].address, "/error");
	said = osc_arg_text(lo_message_get_argv(c->mail[0].message)[1]);
	if (!strstr(said, words))
		fail_msg("\"%s\" instead of \"%s\"", said, words);
}

static void
changes_to_come_of_one_machine_leave_room(void **state)
{
	struct client *a = client_of(1), *too = client_of(1);
	struct client *other = client_of(2), *near = client_of(0);

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_true(changes_have_room(a, CHANGES / 4 - 1));
	assert_false(changes_have_room(too, 5));
	refused_with(too, "room for 4; at most 4096 of one machine");
	assert_true(changes_have_room(too, 4));
	assert_true(changes_have_room(other, CHANGES / 2));
	for (uint32_t i = 3; i < 10; i++) {
		struct client *c = client_of(i);

		changes_have_room(c, CHANGES / 2);
		client_free(c);
	}
	assert_false(changes_have_room(other, 1));
	assert_true(changes_have_room(near, CHANGES / 2));
	assert_true(changes_have_room(near, CHANGES / 2));
	assert_false(changes_have_room(near, 1));
	client_free(a);
	client_free(too);
	client_free(other);
	client_free(near);
}

static bool
packet_has_room(struct client *c, uint32_t blob_bytes)
{
	lo_bundle b = lo_bundle_new(timetag_in(SOON_S));
	void *bytes = calloc(1, blob_bytes + 1);
	lo_blob blob = lo_blob_new((int32_t)blob_bytes, bytes);

	lo_bundle_add_message(b, "/ping", M("b", blob));
	client_send_bundle(c, b);
	client_fence(c);
	lo_blob_free(blob);
	free(bytes);
	return c->mails == 0;
}

static void
packets_to_come_of_one_machine_leave_room(void **state)
{
	struct client *many = client_of(1), *large = client_of(2);
	struct client *other = client_of(3), *near = client_of(0);

	(void)state;
	for (int i = 0; i < PACKETS; i++)
		assert_true(packet_has_room(many, 4));
	assert_false(packet_has_room(many, 4));
	refused_with(many, "at most 1024 of 1048576 bytes of one machine");
	for (int i = 0; i < 20; i++)
		assert_true(packet_has_room(large, 52000));
	assert_false(packet_has_room(large, 52000));
	refused_with(large, "at most 1024 of 1048576 bytes of one machine");
	assert_true(packet_has_room(large, 4));
	assert_true(packet_has_room(other, 50000));
	assert_true(packet_has_room(near, 50000));
	client_free(many);
	client_free(large);
	client_free(other);
	client_free(near);
}

/* One for each moment: all of them, or none. */
static void
a_bundle_of_many_moments_is_counted_whole(void **state)
{
	struct client *c = client_of(1);
	lo_bundle b = lo_bundle_new(timetag_in(SOON_S - 1.0));

	(void)state;
	for (int i = 0; i <= PACKETS; i++) {
		lo_bundle inner = lo_bundle_new(
			timetag_in(SOON_S - 1.0 + 0.0001 * (i + 1)));

		lo_bundle_add_message(inner, "/ping", M(""));
		lo_bundle_add_bundle(b, inner);
	}
	client_send_bundle(c, b);
	client_fence(c);
	refused_with(c, "1025 packets");
	for (int i = 0; i < PACKETS; i++)
		assert_true(packet_has_room(c, 4));
	client_free(c);
}

static bool
watches(struct client *c)
{
	client_send(c, "/midi/watch", M("i", 60));
	client_fence(c);
	return c->mails == 0;
}

static void
one_machine_has_half_of_the_midi_watchers(void **state)
{
	struct client *c[WATCHERS + 1];
	uint32_t n = 0;

	(void)state;
	for (; n < WATCHERS / 2; n++) {
		c[n] = client_of(1);
		assert_true(watches(c[n]));
	}
	assert_true(watches(c[0])); /* once more */
	c[n] = client_of(1);
	assert_false(watches(c[n]));
	refused_with(c[n++], "4 of your machine watch already");
	for (uint32_t i = 2; i < 4; i++) {
		c[n] = client_of(i);
		assert_true(watches(c[n++]));
	}
	c[n] = client_of(4);
	assert_false(watches(c[n]));
	refused_with(c[n++], "0 of this machine and 6 of others");
	c[n] = client_of(0);
	assert_true(watches(c[n++]));
	assert_true(n == WATCHERS + 1);
	for (uint32_t i = 0; i < n; i++)
		client_free(c[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(changes_to_come_of_one_machine_leave_room),
		T(packets_to_come_of_one_machine_leave_room),
		T(a_bundle_of_many_moments_is_counted_whole),
		T(one_machine_has_half_of_the_midi_watchers),
	};

	if (!net_own()) {
		puts("not tested: no network namespace can be made here");
		return 0;
	}
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/nonexistent", 1);
	return cmocka_run_group_tests_name("osc share", tests, NULL, NULL);
}
