/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/engine/zeroconf.h"

#include <avahi-client/client.h>
#include <avahi-client/publish.h>
#include <avahi-common/alternative.h>
#include <avahi-common/error.h>
#include <avahi-common/malloc.h>
#include <avahi-common/simple-watch.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"

#define NAME_MAX_BYTES 64   /* of a service, with the NUL */
#define STOP_MS	       500  /* what a daemon that hangs may hold us up */
#define AGAIN_MS       5000 /* until a daemon that has gone is looked for */

struct zeroconf {
	pthread_t thread;
	int stop_fd; /* written by control, read by the thread */

	/* Set before the thread starts: */
	uint16_t port;
	int interface;
	bool quiet;

	/* The thread's: */
	AvahiSimplePoll *poll;
	AvahiEntryGroup *group;
	char name[NAME_MAX_BYTES];
	bool told_missing;
};

static void
say(const struct zeroconf *z, const char *text, const char *name)
{
	if (!z->quiet)
		log_line("tapdeck: zeroconf: %s%s", text, name);
}

static void
say_missing(struct zeroconf *z)
{
	if (!z->told_missing)
		say(z,
			"no Avahi daemon runs here, so that tablets do not "
			"find tapdeck by themselves; type its address",
			"");
	z->told_missing = true;
}

static void publish(struct zeroconf *z, AvahiClient *client);

static void
group_changed(AvahiEntryGroup *group, AvahiEntryGroupState state, void *data)
{
	struct zeroconf *z = data;
	char *other;

	if (state == AVAHI_ENTRY_GROUP_ESTABLISHED)
		say(z, "tablets find it as ", z->name);
	if (state != AVAHI_ENTRY_GROUP_COLLISION)
		return;
	other = avahi_alternative_service_name(z->name);
	snprintf(z->name, sizeof(z->name), "%s", other);
	avahi_free(other);
	publish(z, avahi_entry_group_get_client(group));
}

static int
add(struct zeroconf *z, const char *type)
{
	return avahi_entry_group_add_service(z->group, z->interface,
		AVAHI_PROTO_UNSPEC, 0, z->name, type, NULL, NULL, z->port,
		"txtvers=1", "version=1.1", "types=ifsbhdTF", NULL);
}

static void
publish(struct zeroconf *z, AvahiClient *client)
{
	int res = 0;

	if (!z->group)
		z->group = avahi_entry_group_new(client, group_changed, z);
	if (!z->group) {
		say(z, "not found by tablets: ",
			avahi_strerror(avahi_client_errno(client)));
		return;
	}
	for (int i = 0; i < 10; i++) {
		char *other;

		avahi_entry_group_reset(z->group);
		res = add(z, "_osc._udp");
		if (res == 0)
			res = add(z, "_osc._tcp");
		if (res == 0)
			res = avahi_entry_group_commit(z->group);
		if (res != AVAHI_ERR_COLLISION)
			break;
		/* another tapdeck of this machine */
		other = avahi_alternative_service_name(z->name);
		snprintf(z->name, sizeof(z->name), "%s", other);
		avahi_free(other);
	}
	if (res < 0)
		say(z, "not found by tablets: ", avahi_strerror(res));
}

static void
withdraw(struct zeroconf *z)
{
	if (z->group)
		avahi_entry_group_free(z->group);
	z->group = NULL;
}

static void
client_changed(AvahiClient *client, AvahiClientState state, void *data)
{
	struct zeroconf *z = data;

	switch (state) {
	case AVAHI_CLIENT_S_RUNNING:
		z->told_missing = true; /* it may go and come */
		if (!*z->name)
			snprintf(z->name, sizeof(z->name), "tapdeck on %.50s",
				avahi_client_get_host_name(client));
		publish(z, client);
		break;
	case AVAHI_CLIENT_S_REGISTERING: /* the host's name changes */
	case AVAHI_CLIENT_S_COLLISION:
		withdraw(z);
		*z->name = '\0';
		break;
	case AVAHI_CLIENT_CONNECTING:
		say_missing(z);
		break;
	case AVAHI_CLIENT_FAILURE:
		avahi_simple_poll_quit(z->poll);
		break;
	}
}

static void
stop_asked(AvahiWatch *w, int fd, AvahiWatchEvent event, void *data)
{
	struct zeroconf *z = data;

	(void)w, (void)fd, (void)event;
	avahi_simple_poll_quit(z->poll);
}

/* Until it is asked to stop, or the daemon has gone. */
static void
serve(struct zeroconf *z)
{
	const AvahiPoll *api = avahi_simple_poll_get(z->poll);
	AvahiWatch *stop =
		api->watch_new(api, z->stop_fd, AVAHI_WATCH_IN, stop_asked, z);
	AvahiClient *client = avahi_client_new(
		api, AVAHI_CLIENT_NO_FAIL, client_changed, z, NULL);

	if (!client)
		say_missing(z); /* nor D-Bus */
	while (client && stop && avahi_simple_poll_iterate(z->poll, -1) == 0)
		;
	withdraw(z);
	if (client)
		avahi_client_free(client);
	if (stop)
		api->watch_free(stop);
}

static bool
stopped_within(const struct zeroconf *z, int wait_ms)
{
	struct pollfd p = {.fd = z->stop_fd, .events = POLLIN};

	return poll(&p, 1, wait_ms) == 1;
}

static void *
run(void *data)
{
	struct zeroconf *z = data;

	do {
		z->poll = avahi_simple_poll_new();
		if (!z->poll)
			break;
		serve(z);
		avahi_simple_poll_free(z->poll);
	} while (!stopped_within(z, AGAIN_MS));
	return NULL;
}

/* Its signals are the control thread's. */
static int
start_thread(struct zeroconf *z)
{
	sigset_t all, before;
	int res;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	res = pthread_create(&z->thread, NULL, run, z);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -res;
}

int
zeroconf_start(struct zeroconf **out, uint16_t port, int interface, bool quiet)
{
	struct zeroconf *z = calloc(1, sizeof(*z));
	int res;

	*out = NULL;
	if (!z)
		return -ENOMEM;
	z->port = port;
	z->interface = interface;
	z->quiet = quiet;
	z->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	res = z->stop_fd < 0 ? -errno : start_thread(z);
	if (res < 0) {
		if (z->stop_fd >= 0)
			close(z->stop_fd);
		free(z);
		return res;
	}
	*out = z;
	return 0;
}

void
zeroconf_stop(struct zeroconf *z)
{
	struct timespec until;
	uint64_t one = 1;

	if (!z)
		return;
	if (write(z->stop_fd, &one, sizeof(one)) < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += STOP_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	/* It waits for a daemon that hangs: left to the end of the process. */
	if (pthread_timedjoin_np(z->thread, NULL, &until) != 0)
		return;
	close(z->stop_fd);
	free(z);
}
