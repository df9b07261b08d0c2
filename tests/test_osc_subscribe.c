/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What subscribers get however they ask, and whatever is lost on the way. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "control/osc/subscribers/osc_lease.h"
#include "control/osc/osc_own.h"
#include "tests/osc_rig_two.h"

#define STATE	 param_count(model_params(rig.model))
#define SURFACES 30
#define FADERS	 16
#define LOSS	 0.02

/* What the server's thread is to do when it is asked for its status. */
static void (*_Atomic errand)(void);

static void
on_status(void *data, struct driver_status *out)
{
	void (*f)(void) = errand;

	(void)data;
	memset(out, 0, sizeof(*out));
	errand = NULL;
	if (f)
		f();
}

static const struct services_source source = {.status = on_status};

static int
setup(void **state)
{
	(void)state;
	return two_open(NULL, &source);
}

static void
do_there(void (*f)(void))
{
	errand = f;
	client_status(b, "osc_packets");
}

static double
value_of(lo_arg **arg)
{
	return (double)osc_arg_float(arg[0]);
}

/* ---- states ---- */

static void
who_comes_back_gets_all_of_it(void **state)
{
	uint64_t start_ns, took_ns;

	(void)state;
	client_send(a, "/subscribe", M(""));
	client_fence(a);
	assert_int_equal(a->mails, STATE);
	/* The program of that port has ended, another one begins. */
	client_forget(a);
	a->packets = 0;
	start_ns = loop_now_ns();
	client_send(a, "/subscribe", M(""));
	while (a->mails < STATE)
		client_read(a);
	took_ns = loop_now_ns() - start_ns;
	assert_true(a->packets > 2 && a->packets < STATE / 8);
	assert_in_range(took_ns, 100000000, 3000000000); /* not at once */
	assert_int_equal(client_count(a, "/strip/1/gain"), 1);
	assert_int_equal(client_count(a, "/bus/loop/mute"), 1);
}

static void
who_renews_at_once_is_not_told_more(void **state)
{
	uint64_t start_ns = loop_now_ns(), s;

	(void)state;
	while (loop_now_ns() - start_ns < 700000000) {
		client_send(a, "/subscribe", M(""));
		client_collect(a);
	}
	s = (loop_now_ns() - start_ns) / 1000000000 + 1;
	assert_true(a->mails >= STATE);
	assert_true(a->mails <= (s + 1) * STATE);
}

/* ---- what is lost ---- */

struct surface {
	struct client *client;
	uint64_t seed;
	float gain[FADERS];
	int32_t mute[FADERS];
};

static double
dice(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (double)(*seed >> 11) / 9007199254740992.0;
}

static void
surface_take(struct surface *s, const uint8_t *packet, size_t size)
{
	const void *element;
	size_t at = 0, bytes;
	int strip, used = 0;
	lo_message m;

	if (osc_packet_is_bundle(packet, size)) {
		while ((element = osc_packet_next(packet, size, &at, &bytes)))
			surface_take(s, element, bytes);
		return;
	}
	if (sscanf((const char *)packet, "/strip/%d/%n", &strip, &used) < 1)
		return;
	m = lo_message_deserialise((void *)packet, size, NULL);
	assert_non_null(m);
	if (!strcmp((const char *)packet + used, "gain"))
		s->gain[strip - 1] = osc_arg_float(lo_message_get_argv(m)[0]);
	else if (!strcmp((const char *)packet + used, "mute"))
		s->mute[strip - 1] = osc_arg_int(lo_message_get_argv(m)[0]);
	lo_message_free(m);
}

/* What has come, but for what is lost on the way. */
static void
surface_read(struct surface *s)
{
	uint8_t packet[65536];
	ssize_t got;

	while ((got = recv(s->client->fd, packet, sizeof(packet),
			MSG_DONTWAIT)) > 0)
		if (dice(&s->seed) >= LOSS)
			surface_take(s, packet, (size_t)got);
}

static void
surfaces_wait(struct surface *s, uint64_t for_ns)
{
	const struct timespec look = {.tv_nsec = 5000000};
	uint64_t start_ns = loop_now_ns();

	while (loop_now_ns() - start_ns < for_ns) {
		for (int i = 0; i < SURFACES; i++)
			surface_read(&s[i]);
		nanosleep(&look, NULL);
	}
}

/* It moves a fader on its glass, and says so; that may be lost, too. */
static void
surface_move(struct surface *s, int fader, float gain, int32_t mute)
{
	char gain_at[32], mute_at[32];

	snprintf(gain_at, sizeof(gain_at), "/strip/%d/gain", fader + 1);
	snprintf(mute_at, sizeof(mute_at), "/strip/%d/mute", fader + 1);
	s->gain[fader] = gain;
	s->mute[fader] = mute;
	if (dice(&s->seed) >= LOSS)
		client_send(s->client, gain_at, M("f", (double)gain));
	if (dice(&s->seed) >= LOSS)
		client_send(s->client, mute_at, M("i", mute));
}

/* Thirty surfaces, each of which loses other packets, are thirty runs. */
static void
what_is_lost_heals_within_two_seconds(void **state)
{
	static struct surface s[SURFACES];
	lo_message m;

	(void)state;
	for (int i = 0; i < SURFACES; i++) {
		s[i].client = client_new(&rig, false);
		s[i].seed = 0x9e3779b97f4a7c15u + (uint64_t)i;
		client_send(s[i].client, "/subscribe", M("f", 60.0));
	}
	surfaces_wait(s, 100000000);
	for (int k = 0; k < 25; k++) {
		/* Each fader is moved by another surface. */
		for (int i = 0; i < FADERS; i++)
			surface_move(&s[i], i, -(float)(k + i), k & 1);
		surfaces_wait(s, 20000000);
	}
	surfaces_wait(s, 2000000000);
	client_send(b, "/strip/*/{gain,mute}", M(""));
	client_fence(b);
	assert_int_equal(b->mails, 2 * FADERS);
	for (uint32_t i = 0; i < b->mails; i++) {
		int strip;

		m = b->mail[i].message;
		assert_int_equal(
			sscanf(b->mail[i].address, "/strip/%d/", &strip), 1);
		for (int k = 0; k < SURFACES; k++) {
			if (strstr(b->mail[i].address, "gain"))
				assert_true(s[k].gain[strip - 1] ==
					    osc_arg_float(
						    lo_message_get_argv(m)[0]));
			else
				assert_int_equal(s[k].mute[strip - 1],
					osc_arg_int(lo_message_get_argv(m)[0]));
		}
	}
	for (int i = 0; i < SURFACES; i++)
		client_free(s[i].client);
}

/* ---- names ---- */

static void
named(uint32_t strip, const char *name)
{
	char address[32];

	snprintf(address, sizeof(address), "/strip/%u/name", strip);
	client_set(b, address, M("s", name));
}

static void
a_name_may_come_later_and_move(void **state)
{
	(void)state;
	client_set(b, "/strip/2/gain", M("f", -2.0));
	client_set(b, "/strip/5/gain", M("f", -5.0));
	client_send(a, "/subscribe", M("s", "/strip/spotify/gain"));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	named(2, "Spotify");
	assert_true(value_of(client_until(a, "/strip/spotify/gain")) == -2.0);
	client_set(b, "/strip/2/gain", M("f", -3.0));
	while (value_of(client_until(a, "/strip/spotify/gain")) != -3.0)
		;
	/* Now it is elsewhere. */
	named(2, "Other");
	named(5, "Spotify");
	while (value_of(client_until(a, "/strip/spotify/gain")) != -5.0)
		;
	client_set(b, "/strip/2/gain", M("f", -4.0));
	client_set(b, "/strip/spotify/gain", M("f", -6.0));
	do
		client_until(a, "/strip/spotify/gain");
	while (value_of(lo_message_get_argv(a->mail[0].message)) != -6.0);
	client_fence(a);
	assert_int_equal(client_count(a, "/strip/2/gain"), 0);
	assert_int_equal(client_count(a, "/strip/5/gain"), 0);
}

static void
feedback_comes_under_each_address_that_was_asked(void **state)
{
	(void)state;
	named(3, "Deck");
	client_send(a, "/subscribe", M("s", "/strip/3/gain"));
	client_send(a, "/subscribe", M("s", "/strip/{deck,nobody}/gain"));
	client_fence(a);
	assert_true(client_count(a, "/strip/3/gain") > 0);
	assert_int_equal(client_count(a, "/strip/deck/gain"), 1);
	client_send(b, "/strip/3/gain", M("f", -7.0));
	client_forget(a);
	while (client_count(a, "/strip/deck/gain") == 0 ||
		client_count(a, "/strip/3/gain") == 0)
		client_read(a);
	for (uint32_t i = 0; i < a->mails; i++)
		assert_true(value_of(lo_message_get_argv(a->mail[i].message)) ==
			    -7.0);
}

static void
app_comes(void)
{
	struct app app = {.id = 7, .tappable = true};

	snprintf(app.key, sizeof(app.key), "radio");
	snprintf(app.name, sizeof(app.name), "Radio");
	model_app(rig.model, &app);
}

static void
app_goes(void)
{
	model_app_gone(rig.model, 7);
}

static void
a_program_is_told_of_while_it_is_there(void **state)
{
	(void)state;
	client_send(a, "/subscribe", M("s", "/app/radio/*"));
	client_fence(a);
	assert_int_equal(a->mails, 0);
	do_there(app_comes);
	assert_true(value_of(client_until(a, "/app/radio/gain")) == 0.0);
	client_set(b, "/app/radio/gain", M("f", -1.0));
	while (value_of(client_until(a, "/app/radio/gain")) != -1.0)
		;
	do_there(app_goes);
	client_set(b, "/strip/radio/gain", M("f", -2.0));
	do_there(app_comes);
	while (value_of(client_until(a, "/app/radio/gain")) != -2.0)
		;
}

static void
what_can_never_be_is_refused(void **state)
{
	char much[600] = "/strip/{";
	int n = 0;

	(void)state;
	client_refused(a, "/subscribe", M("s", "/strip/99/gain"), "no address");
	client_refused(a, "/subscribe", M("s", "/app/x/gian"), "no address");
	client_refused(a, "/subscribe", M("s", "/app//gain"), "no address");
	client_refused(
		a, "/subscribe", M("s", "/bus/phones/gain"), "no address");
	memset(much + strlen(much), 'x', 500);
	strcat(much, "}/gain");
	do {
		much[10] = (char)('a' + n);
		client_send(a, "/subscribe", M("s", much));
		client_fence(a);
	} while (a->mails == 0 && ++n < 10);
	assert_in_range(n, 2, 5);
	assert_non_null(
		strstr(osc_arg_text(lo_message_get_argv(a->mail[0].message)[1]),
			"no room for more patterns"));
}

/* ---- ports ---- */

static void
a_port_given_with_the_lease_lives_with_it(void **state)
{
	struct client *other = client_new(&rig, false);

	(void)state;
	client_send(a, "/subscribe",
		M("sfi", "/strip/1/gain", 3600.0, client_port(b)));
	assert_true(value_of(client_until(b, "/strip/1/gain")) == 0.0);
	for (int i = 0; i < 40; i++) { /* more than are remembered */
		struct client *c = client_new(&rig, false);

		client_send(c, "/reply-to", M("i", client_port(c)));
		client_fence(c);
		client_free(c);
	}
	/* Its own change does not come back, another one's does. */
	client_send(a, "/strip/1/gain", M("f", -3.0));
	client_send(a, "/strip/1/gain", M(""));
	assert_true(value_of(client_until(b, "/strip/1/gain")) == -3.0);
	client_send(other, "/strip/1/gain", M("f", -4.0));
	assert_true(value_of(client_until(b, "/strip/1/gain")) == -4.0);
	assert_false(client_wait(a, 0));
	/* Without the lease answers go where the question came from. */
	client_send(a, "/unsubscribe", M(""));
	client_send(a, "/strip/1/gain", M(""));
	assert_true(value_of(client_until(a, "/strip/1/gain")) == -4.0);

	client_send(a, "/subscribe",
		M("sfi", "/strip/1/gain", 10.0, osc_port(rig.osc)));
	assert_non_null(
		strstr(osc_arg_text(client_until(a, "/error")[1]), "our own"));
	client_free(other);
}

/* ---- those of the configuration ---- */

static void
a_pushed_peer_may_ask_and_is_told_once(void **state)
{
	struct client surface = {.fd = socket(AF_INET, SOCK_DGRAM, 0)};
	struct sockaddr_in to = {.sin_family = AF_INET};
	struct osc_config config = rig_config();
	struct client *other;
	struct rig second;
	uint64_t start_ns;

	(void)state;
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(
		bind(surface.fd, (struct sockaddr *)&to, sizeof(to)), 0);
	snprintf(config.push[0], sizeof(config.push[0]), "127.0.0.1:%u",
		client_port(&surface));
	config.pushes = 1;
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	to.sin_port = htons(osc_port(second.osc));
	assert_int_equal(
		connect(surface.fd, (struct sockaddr *)&to, sizeof(to)), 0);
	client_fence(&surface);
	client_send(&surface, "/resync", M(""));
	client_fence(&surface);
	assert_int_equal(
		surface.mails, param_count(model_params(second.model)));
	client_send(&surface, "/subscribe", M("s", "/strip/1/trim"));
	client_until(&surface, "/strip/1/trim");
	other = client_new(&second, false);
	start_ns = loop_now_ns();
	client_send(other, "/strip/1/trim", M("f", -3.0));
	client_fence(other);
	assert_true(value_of(client_until(&surface, "/strip/1/trim")) == -3.0);
	client_fence(&surface);
	/* but for what is told again, each 200 ms at most */
	assert_in_range(client_count(&surface, "/strip/1/trim"), 0,
		(loop_now_ns() - start_ns) / 200000000);
	assert_true(client_status(other, "osc_subscribers") == 1.0);
	client_send(&surface, "/unsubscribe", M(""));
	assert_non_null(
		strstr(osc_arg_text(client_until(&surface, "/error")[1]),
			"configuration"));
	client_free(other);
	client_forget(&surface);
	close(surface.fd);
	rig_close(&second);
}

/* ---- leases ---- */

static void
leases_outlive_the_server(void **state)
{
	struct osc_config config = rig_config();
	struct client *c, *d, *other;
	struct rig second;

	(void)state;
	config.leases = calloc(1, osc_leases_bytes());
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	config.port = osc_port(second.osc);
	c = client_new(&second, false);
	d = client_new(&second, false);
	client_send(c, "/subscribe",
		M("sfi", "/strip/1/gain", 60.0, client_port(d)));
	client_until(d, "/strip/1/gain");
	client_send(c, "/subscribe", M("s", "/strip/radio/gain"));
	client_send(c, "/meters", M("i", 50));
	client_until(d, "/meters");
	rig_close(&second);
	for (client_forget(d); client_wait(d, 0); client_forget(d))
		client_read(d);

	/* The socket that it spoke to is not there any more. */
	for (size_t i = 0; i < OSC_ROOM_MAX; i++)
		config.leases->lease[i].peer.place = OSC_PLACES_MAX;
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	client_until(d, "/strip/1/gain");
	client_until(d, "/meters");
	other = client_new(&second, false);
	client_send(other, "/strip/1/gain", M("f", -3.0));
	while (value_of(client_until(d, "/strip/1/gain")) != -3.0)
		;
	client_set(other, "/strip/1/name", M("s", "Radio"));
	while (value_of(client_until(d, "/strip/radio/gain")) != -3.0)
		;
	rig_close(&second);

	/* Memory that somebody has written into does no harm. */
	for (size_t i = 0; i < osc_leases_bytes(); i += 3)
		((uint8_t *)config.leases)[i] ^= (uint8_t)(i * 7 + 1);
	assert_int_equal(rig_open(&second, &config, NULL, NULL), 0);
	client_free(other);
	other = client_new(&second, false);
	assert_true(client_status(other, "osc_subscribers") == 0.0);
	rig_close(&second);
	client_free(other);
	client_free(c);
	client_free(d);
	free(config.leases);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, two_close)
		T(who_comes_back_gets_all_of_it),
		T(who_renews_at_once_is_not_told_more),
		T(what_is_lost_heals_within_two_seconds),
		T(a_name_may_come_later_and_move),
		T(feedback_comes_under_each_address_that_was_asked),
		T(a_program_is_told_of_while_it_is_there),
		T(what_can_never_be_is_refused),
		T(a_port_given_with_the_lease_lives_with_it),
		T(a_pushed_peer_may_ask_and_is_told_once),
		T(leases_outlive_the_server),
	};

	return cmocka_run_group_tests_name("osc subscribe", tests, NULL, NULL);
}
