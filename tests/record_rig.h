/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring that a process of its own writes numbered frames to, tapdeck record in
 * another, and what is in the file then. */
#ifndef RECORD_RIG_H
#define RECORD_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sndfile.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "control/cli/cmd.h"
#include "control/util/loop.h"
#include "core/ring/share.h"
#include "tests/cli.h"

#define RATE_HZ	 48000
#define BLOCK	 256
#define CAPACITY (1u << 17)
#define FULL_24	 8388608.0f
#define WAIT_S	 20

/* A writer in a process of its own: numbered frames in real time. */
struct writer {
	pid_t pid;
	uint64_t *start_ns; /* shared: when its frame 0 is due, and, behind
			       it, xruns that it is still to count */
};

static char folder[32];
static struct cli cli;

/* What 24 bit hold exactly, never 0: silence is somebody else's. */
static inline float
number_of(uint64_t frame)
{
	return (float)((frame & 0x3fffff) + 1) / FULL_24;
}

static inline void
write_due(struct ring_writer *w, uint64_t start_ns, uint32_t rate_hz)
{
	float block[BLOCK][2];
	uint64_t due = (loop_now_ns() - start_ns) * rate_hz / 1000000000u;

	while (ring_writer_frame(w) + BLOCK <= due) {
		uint64_t frame = ring_writer_frame(w);

		for (uint32_t i = 0; i < BLOCK; i++) {
			block[i][0] = number_of(frame + i);
			block[i][1] = -block[i][0];
		}
		ring_set_clock(
			w, frame, start_ns + frame * 1000000000u / rate_hz);
		ring_write(w, block[0], BLOCK);
	}
}

static inline void
writer_run(uint64_t *start_ns, uint32_t rate_hz, uint32_t capacity, int ready)
{
	struct ring_config config = {
		.rate_hz = rate_hz,
		.channels = 2,
		.capacity_frames = capacity,
		.block_frames = BLOCK,
		.device = "Tapdeck Loopback",
		.channel_names = {"FL", "FR"},
	};
	struct ring_share *share;
	struct ring_writer w;
	struct pollfd p;

	cli_die_with_parent();
	if (ring_share_open(&share, NULL) < 0 ||
		ring_share_publish(share, "loop", &config, &w, NULL) < 0)
		_exit(1);
	*start_ns = loop_now_ns();
	if (write(ready, "", 1) != 1)
		_exit(1);
	p = (struct pollfd){.fd = ring_share_fd(share), .events = POLLIN};
	for (;;) {
		if (poll(&p, 1, 2) > 0)
			ring_share_dispatch(share);
		write_due(&w, *start_ns, rate_hz);
		for (; start_ns[1]; start_ns[1]--)
			ring_count_xrun(&w);
	}
}

static inline void
writer_start(struct writer *w, uint32_t rate_hz, uint32_t capacity)
{
	int ready[2];
	char byte;

	w->start_ns = mmap(NULL, 2 * sizeof(*w->start_ns),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_int_equal(pipe(ready), 0);
	w->pid = fork();
	if (w->pid == 0)
		writer_run(w->start_ns, rate_hz, capacity, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static inline void
writer_count_xruns(struct writer *w, uint64_t xruns)
{
	w->start_ns[1] = xruns;
	while (w->start_ns[1])
		usleep(1000);
}

static inline void
writer_kill(struct writer *w)
{
	kill(w->pid, SIGKILL);
	waitpid(w->pid, NULL, 0);
	w->pid = 0;
}

static inline int
setup(void **state)
{
	*state = calloc(2, sizeof(struct writer));
	strcpy(folder, "/tmp/record-XXXXXX");
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return -1;
	setenv("XDG_RUNTIME_DIR", folder, 1);
	return 0;
}

static inline void
folder_empty(const char *path)
{
	DIR *d = opendir(path);
	char name[512];

	for (struct dirent *e; d && (e = readdir(d));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		unlink(name);
	}
	if (d)
		closedir(d);
}

static inline int
teardown(void **state)
{
	struct writer *w = *state;

	for (int i = 0; i < 2; i++)
		if (w[i].pid > 0)
			writer_kill(&w[i]);
	free(w);
	folder_empty("tapdeck");
	rmdir("tapdeck");
	folder_empty(".");
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

struct sound {
	float (*frame)[2];
	sf_count_t frames;
	int rate_hz;
};

/* Reads what there is, also of a file that nobody has completed. */
static inline bool
sound_read(struct sound *s, const char *path)
{
	SF_INFO info = {0};
	SNDFILE *f = sf_open(path, SFM_READ, &info);
	sf_count_t room = 30 * 192000;

	*s = (struct sound){0};
	if (!f || info.channels != 2) {
		if (f)
			sf_close(f);
		return false;
	}
	if (info.frames < room)
		room = info.frames;
	s->rate_hz = info.samplerate;
	s->frame = calloc((size_t)room + 1, sizeof(*s->frame));
	s->frames = sf_readf_float(f, s->frame[0], room);
	sf_close(f);
	return true;
}

static inline void
sound_done(struct sound *s)
{
	free(s->frame);
	*s = (struct sound){0};
}

/* Waits until a file that is being recorded can be read this far. */
static inline void
wait_for_frames(const char *path, sf_count_t frames)
{
	struct sound s;
	sf_count_t have;

	alarm(WAIT_S);
	do {
		usleep(5000);
		have = sound_read(&s, path) ? s.frames : 0;
		sound_done(&s);
	} while (have < frames);
	alarm(0);
}

static inline uint64_t
frame_number(const struct sound *s, sf_count_t i)
{
	return (uint64_t)(s->frame[i][0] * FULL_24) - 1;
}

/* Frames from `from` that count up, one by one; where they end. */
static inline sf_count_t
run_end(const struct sound *s, sf_count_t from)
{
	sf_count_t i = from;

	while (i < s->frames && s->frame[i][0] != 0.0f) {
		assert_true(s->frame[i][1] == -s->frame[i][0]);
		if (frame_number(s, i) - frame_number(s, from) !=
			(uint64_t)(i - from))
			break;
		i++;
	}
	return i;
}

static inline sf_count_t
silence_end(const struct sound *s, sf_count_t from)
{
	while (from < s->frames && s->frame[from][0] == 0.0f)
		from++;
	return from;
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
