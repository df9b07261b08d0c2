/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real server with one device, which sends what is written into a pipe; and
 * the commands that ask it. */
#ifndef CLIENT_MIDI_RIG_H
#define CLIENT_MIDI_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "control/cli/cmd.h"
#include "control/model/model.h"
#include "control/util/loop.h"
#include "control/devices/devices.h"
#include "control/engine/services/services.h"
#include "tests/cli.h"

#define WAIT_MS 10000

struct server {
	pid_t pid;
	int midi; /* what is written here the device sends */
	struct cli cli;
	char folder[64];
};

/* ---- in the process of the server ---- */

static int device_fd = -1;
static uint32_t present = 1;
static struct devices *devices;

static inline uint32_t
device_scan(void *data, struct midi_port *out, uint32_t max)
{
	(void)data, (void)max;
	out[0] = (struct midi_port){
		.name = "Knobs MIDI 1", .input = true, .output = true};
	return present;
}

static inline int
device_open(void *data, uint32_t port, bool *in, bool *out)
{
	(void)data, (void)port;
	*in = *out = true;
	return 0;
}

static inline int
device_read(void *data, uint32_t port, uint8_t *bytes, uint32_t max)
{
	ssize_t n = read(device_fd, bytes, max);

	(void)data, (void)port;
	return n > 0 ? (int)n : 0;
}

static inline int
device_write(void *data, uint32_t port, const uint8_t *bytes, uint32_t n)
{
	(void)data, (void)port, (void)bytes, (void)n;
	return 0;
}

static inline void
status_fill(void *data, struct driver_status *out)
{
	(void)data;
	*out = (struct driver_status){.rate_hz = 48000, .block_frames = 256};
}

static inline _Bool
counter_none(void *data, uint32_t i, char name[32], double *value)
{
	(void)data, (void)i, (void)name, (void)value;
	return 0;
}

static inline struct devices *
the_devices(void *data)
{
	(void)data;
	return devices;
}

static inline void
server_run(int ready_fd)
{
	static const struct midi_backend backend = {.scan = device_scan,
		.open = device_open,
		.read = device_read,
		.write = device_write};
	static struct model_config config;
	struct services_source source = {.status = status_fill,
		.counter = counter_none,
		.midi = the_devices};
	struct devices_config devices_config = {.backend = &backend};
	static struct services services;
	struct osc_config osc_config;
	struct model *model;
	struct osc *osc;
	uint16_t port;

	cli_die_with_parent();
	model_config_init(&config);
	osc_config_init(&osc_config);
	osc_config.port = 0;
	if (loop_new(&devices_config.loop) < 0 ||
		model_new(&model, &config, calloc(1, model_memory_bytes())) <
			0 ||
		osc_open(&osc, &osc_config, devices_config.loop, model, NULL) <
			0 ||
		services_init(&services, osc, devices_config.loop, model,
			&source) < 0)
		_exit(1);
	devices_config.params = model_params(model);
	if (devices_open(&devices, &devices_config) < 0)
		_exit(1);
	port = osc_port(osc);
	if (write(ready_fd, &port, sizeof(port)) != sizeof(port))
		_exit(1);
	loop_run(devices_config.loop);
	_exit(0);
}

/* ---- set up ---- */

static inline void
folders_make(struct server *s)
{
	static const struct {
		const char *name, *end;
	} folders[] = {{"XDG_CONFIG_HOME", "config"}, {"XDG_STATE_HOME", "st"},
		{"TAPDECK_MAPPINGS", "factory"}};
	char path[128];
	FILE *f;

	snprintf(s->folder, sizeof(s->folder), "/tmp/tapdeck-midi-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(
			path, sizeof(path), "%s/%s", s->folder, folders[i].end);
		assert_int_equal(mkdir(path, 0700), 0);
		setenv(folders[i].name, path, 1);
	}
	snprintf(path, sizeof(path), "%s/factory/knobs.yaml", s->folder);
	f = fopen(path, "we");
	assert_non_null(f);
	fputs("name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"
	      "  - {on: cc 1, to: /strip/1/gain}\n",
		f);
	assert_int_equal(fclose(f), 0);
}

static inline int
setup(void **state)
{
	struct server *s = calloc(1, sizeof(*s));
	int ready[2], midi[2];
	uint16_t port = 0;
	char text[16];

	if (!s || pipe(ready) < 0 || pipe2(midi, O_NONBLOCK) < 0)
		return -1;
	folders_make(s);
	device_fd = midi[0];
	s->midi = midi[1];
	s->pid = fork();
	if (s->pid == 0)
		server_run(ready[1]);
	close(ready[1]);
	close(midi[0]);
	if (read(ready[0], &port, sizeof(port)) != sizeof(port))
		return -1;
	close(ready[0]);
	snprintf(text, sizeof(text), "%u", port);
	setenv("TAPDECK_PORT", text, 1);
	*state = s;
	return 0;
}

static inline int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static inline int
teardown(void **state)
{
	struct server *s = *state;

	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	close(s->midi);
	nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(s);
	return 0;
}

/* ---- what tests do ---- */

static inline void
say(struct server *s, uint8_t number, uint8_t from, uint8_t to)
{
	for (uint8_t v = from; v < to; v++) {
		uint8_t bytes[] = {0xb0, number, v};

		assert_int_equal(
			write(s->midi, bytes, sizeof(bytes)), sizeof(bytes));
	}
}

/* Runs a command until its answer has this in it. */
static inline void
ask_until(struct server *s, int (*command)(int, char **), const char *words,
	const char *want)
{
	for (int i = 0; i < WAIT_MS / 10; i++) {
		cli_run(&s->cli, command, words);
		if (strstr(s->cli.out, want))
			return;
		poll(NULL, 0, 10);
	}
	fail_msg("%s: no \"%s\" in \"%s\"", words, want, s->cli.out);
}

/* Waits until a command that runs has printed this; how many lines by then. */
static inline unsigned
wait_said(struct cli_process *p, const char *want)
{
	char text[CLI_TEXT_MAX];

	for (int i = 0; i < WAIT_MS / 10; i++) {
		ssize_t n = pread(fileno(p->out), text, sizeof(text) - 1, 0);

		text[n > 0 ? n : 0] = '\0';
		if (strstr(text, want))
			return cli_lines(text);
		poll(NULL, 0, 10);
	}
	fail_msg("no \"%s\" in \"%s\"", want, text);
	return 0;
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
