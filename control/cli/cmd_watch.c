/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <termios.h>
#include <unistd.h>

#include "control/cli/client.h"
#include "control/util/loop.h"
#include "control/model/param.h"
#include "control/util/text.h"
#include "control/cli/watch/watch_model.h"
#include "control/cli/watch/watch_view.h"

#define METERS_HZ   25
#define LOUDNESS_HZ 5
#define LOUDNESS_NS UINT64_C(4000000000) /* its lease is 10 s */
#define DRAW_NS	    40000000u
#define RETRY_NS    300000000u
#define VALUE_MAX   256	  /* bytes of a value as text, with the NUL */
#define LEASE_S	    86400 /* the connection ends it long before */

/* The last value of an address, to tell changes from repetitions. */
struct known {
	char address[PARAM_ADDRESS_MAX];
	char value[VALUE_MAX];
};

struct watch {
	struct client_args args; /* first */
	bool lines;
	bool screen; /* the terminal is ours */
	struct client *client;
	struct loop *loop;
	struct watch_model model;
	struct watch_view view;
	struct known *known;
	uint32_t known_count, known_room;
	struct termios before;
	bool dirty;
	int retry; /* timer, -1: none */
	int error; /* -errno of the connection */
};

static const struct option_row rows[] = {
	OPTION_FLAG("lines", watch, lines,
		"print ADDRESS VALUE lines on a terminal, too"),
	OPTION_END,
};

static const struct command command = {
	.name = "watch",
	.operands = "",
	.about = "Shows meters and values of the running tapdeck, live: the "
		 "left channel is the upper half of a bar, the right one the "
		 "lower, and | the highest peak of the last seconds; buses "
		 "have their loudness, of the last 3 s and of all since it was "
		 "begun. q or Ctrl-C ends it. When its output is not a "
		 "terminal it prints ADDRESS VALUE lines: the present values "
		 "first, then every change. It waits for a tapdeck that "
		 "restarts.",
	.options = rows,
	.more = client_rows,
	.after = "Examples:\n"
		 "  tapdeck watch\n"
		 "  tapdeck watch --lines | grep --line-buffered /mute\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 69 no tapdeck is running",
};

/* ---- lines ---- */

/* True when this address has another value than before. Without memory every
 * one has: better twice than never. */
static bool
known_put(struct watch *w, const char *address, const char *value)
{
	struct known *k = w->known;
	uint32_t i = 0;

	while (i < w->known_count && strcmp(k[i].address, address) != 0)
		i++;
	if (i < w->known_count && !strcmp(k[i].value, value))
		return false;
	if (i == w->known_room) {
		uint32_t room = i ? 2 * i : 512;

		k = realloc(k, room * sizeof(*k));
		if (!k)
			return true;
		w->known = k;
		w->known_room = room;
	}
	if (i == w->known_count)
		w->known_count++;
	snprintf(k[i].address, sizeof(k[i].address), "%s", address);
	snprintf(k[i].value, sizeof(k[i].value), "%s", value);
	return true;
}

static void
line_print(struct watch *w, const struct client_message *m)
{
	char text[VALUE_MAX], clean[VALUE_MAX];

	if (m->count != 1 || *m->types == 'b')
		return;
	client_text(m, 0, text, sizeof(text));
	if (!known_put(w, m->address, text))
		return;
	text_clean(clean, sizeof(clean), text);
	if (!w->args.json) {
		printf("%s %s\n", m->address, clean);
		return;
	}
	fputs("{\"address\": ", stdout);
	text_json(stdout, m->address);
	fputs(", \"value\": ", stdout);
	client_json(m, 0, stdout);
	puts("}");
}

/* ---- the terminal ---- */

static void
screen_size(struct watch *w)
{
	struct winsize size;

	w->view.columns = 80;
	w->view.rows = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col &&
		size.ws_row) {
		w->view.columns = size.ws_col;
		w->view.rows = size.ws_row;
	}
	w->dirty = true;
}

static void
screen_write(const char *bytes, size_t size)
{
	for (size_t at = 0; at < size;) {
		ssize_t n = write(STDOUT_FILENO, bytes + at, size - at);

		if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? (size_t)n : 0;
	}
}

/* Alternate screen, no cursor, no wrapping; keys come one by one. */
static void
screen_take(struct watch *w)
{
	static const char on[] = "\033[?1049h\033[?25l\033[?7l\033[2J";
	struct termios raw;

	if (isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &w->before) == 0) {
		raw = w->before;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	screen_write(on, sizeof(on) - 1);
	w->screen = true;
	screen_size(w);
}

static void
screen_give(struct watch *w)
{
	static const char off[] = "\033[0m\033[?7h\033[?25h\033[?1049l";

	if (!w->screen)
		return;
	screen_write(off, sizeof(off) - 1);
	if (isatty(STDIN_FILENO))
		tcsetattr(STDIN_FILENO, TCSANOW, &w->before);
	w->screen = false;
}

static void
draw_tick(void *data)
{
	struct watch *w = data;
	char *bytes = NULL;
	size_t size = 0;
	FILE *to;

	if (!w->dirty || !w->screen)
		return;
	w->dirty = false;
	to = open_memstream(&bytes, &size);
	if (!to)
		return;
	watch_view_draw(&w->view, &w->model, to);
	if (fclose(to) == 0)
		screen_write(bytes, size);
	free(bytes);
}

static void
key_ready(void *data, short revents)
{
	struct watch *w = data;
	char keys[32];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));

	if (n <= 0 && (n == 0 || errno != EINTR || revents & POLLHUP))
		loop_remove(w->loop, STDIN_FILENO);
	for (ssize_t i = 0; i < n; i++)
		if (keys[i] == 'q' || keys[i] == 'Q' || keys[i] == 4)
			loop_stop(w->loop, 0);
}

static void
signal_ready(void *data, short signo)
{
	struct watch *w = data;

	switch (signo) {
	case SIGWINCH:
		screen_size(w);
		break;
	case SIGTSTP: /* the shell wants its screen meanwhile */
		screen_give(w);
		raise(SIGSTOP);
		screen_take(w);
		break;
	default:
		loop_stop(w->loop, 0);
	}
}

/* ---- the connection ---- */

static void
message_take(void *data, const struct client_message *m)
{
	struct watch *w = data;

	if (w->screen)
		w->dirty |= watch_model_take(&w->model, m);
	else if (strcmp(m->address, "/error") != 0)
		line_print(w, m);
}

/* What the view needs: who it is first, for it says how many strips. */
static int
ask(struct watch *w)
{
	static const char *const meters[] = {
		"/meters", "/meters/hold", "/meters/rms"};
	int r = 0;

	if (w->screen) {
		watch_model_init(&w->model);
		r = client_send(w->client, "/info", "");
	}
	if (r == 0)
		r = client_send(w->client, "/subscribe", "i", LEASE_S);
	for (uint32_t i = 0; r == 0 && w->screen && i < 3; i++)
		r = client_send(w->client, meters[i], "i", METERS_HZ);
	if (r == 0 && w->screen)
		r = client_send(w->client, "/loudness", "i", LOUDNESS_HZ);
	return r;
}

/* The lease of loudness ends with nothing else. */
static void
loudness_tick(void *data)
{
	struct watch *w = data;

	if (w->client)
		client_send(w->client, "/loudness", "i", LOUDNESS_HZ);
}

static void retry_tick(void *data);

static void
connection_lost(struct watch *w)
{
	loop_remove(w->loop, client_fd(w->client));
	client_close(w->client);
	w->client = NULL;
	w->view.notice = "tapdeck has gone away; waiting for it (q quits)";
	w->dirty = true;
	if (!w->screen)
		command_fail(
			"watch", 0, "tapdeck has gone away; waiting for it");
	w->retry = loop_timer(w->loop, RETRY_NS, RETRY_NS, retry_tick, w);
}

static void
client_ready(void *data, short revents)
{
	struct watch *w = data;
	int r = client_receive(w->client, message_take, w);

	(void)revents;
	if (!w->screen && fflush(stdout) != 0)
		loop_stop(w->loop, EX_IOERR);
	if (r < 0)
		connection_lost(w);
}

static int
connection_add(struct watch *w)
{
	int r = loop_add(
		w->loop, client_fd(w->client), POLLIN, client_ready, w);

	return r < 0 ? r : ask(w);
}

static void
retry_tick(void *data)
{
	struct watch *w = data;

	if (client_open(&w->client, &w->args) < 0)
		return;
	loop_timer_remove(w->loop, w->retry);
	w->view.notice = NULL;
	if (connection_add(w) < 0)
		connection_lost(w);
}

static int
watch_run(struct watch *w)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
	int r = 0;

	/* In lines mode Ctrl-Z does what it always does. */
	for (uint32_t i = 0; i < (w->lines ? 3 : 5) && r == 0; i++)
		r = loop_signal(w->loop, signals[i], signal_ready, w);
	if (r == 0 && !w->lines) {
		screen_take(w);
		r = loop_timer(w->loop, DRAW_NS, DRAW_NS, draw_tick, w);
		if (r >= 0)
			r = loop_timer(w->loop, LOUDNESS_NS, LOUDNESS_NS,
				loudness_tick, w);
		if (r >= 0 && isatty(STDIN_FILENO))
			r = loop_add(
				w->loop, STDIN_FILENO, POLLIN, key_ready, w);
	}
	if (r >= 0)
		r = connection_add(w);
	if (r >= 0)
		r = loop_run(w->loop);
	screen_give(w);
	return r < 0 ? client_fail(&w->args, "watch", r) : r;
}

int
cmd_watch(int argc, char **argv)
{
	struct watch w = {.retry = -1};
	const char *term = getenv("TERM");
	int exit_code;

	if (options_parse(&command, &w, argc, argv, &exit_code) < 0)
		return exit_code;
	w.lines = w.lines || w.args.json || !isatty(STDOUT_FILENO) || !term ||
		  !strcmp(term, "dumb");
	w.view.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	w.view.color = text_may_color();
	exit_code = client_start(&w.client, &w.args, "watch");
	if (exit_code)
		return exit_code;
	exit_code = loop_new(&w.loop) < 0 ? command_fail("watch", EX_OSERR,
						    "%s", strerror(ENOMEM))
					  : watch_run(&w);
	client_close(w.client);
	loop_free(w.loop);
	free(w.known);
	return exit_code;
}
