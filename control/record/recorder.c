/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/record/recorder.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "core/ring/share.h"

#define ATTACH_NS   500000000u /* how long one attempt may take */
#define RETRY_NS    50000000u  /* between attempts */
#define GONE_NS	    500000000u /* so long it may only be making a new ring */
#define READ_FRAMES 8192u
#define READS_PER_S 20u
#define STALL_NS    1000000000u /* with a duration: no frame for so long */

struct recorder {
	const struct recorder_config *config;
	struct take *take;
	struct recorder_stats *stats;
	int *file_error;
	struct ring_attach ring; /* fd -1: not attached */
	int signal_fd;
	uint32_t rate_hz, channels; /* of the open file */
	uint64_t frames;	    /* in the open file */
	uint64_t end;		    /* frames it is to have */
	uint64_t xruns;		    /* of the ring, until now */
	uint64_t end_ns; /* when the last frame read ended, CLOCK_MONOTONIC */
	bool away;	 /* silence is due before the next frame */
	bool told_away;	 /* and it was said */
	bool told_other; /* that tapdeck is of another version */
	bool next_file;	 /* nothing is in it yet, and it is not the first */
	bool freewheel;	 /* said */
	float *buffer;	 /* [READ_FRAMES][RING_CHANNELS_MAX] */
};

__attribute__((format(printf, 2, 3))) static void
say(struct recorder *r, const char *format, ...)
{
	char text[PATH_MAX + 100], line[PATH_MAX + 130];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	snprintf(line, sizeof(line), "at %.3f s: %s", r->stats->begun_s, text);
	r->config->say(r->config->data, line);
}

static uint64_t
frames_ns(const struct recorder *r, uint64_t frames)
{
	return (uint64_t)llround((double)frames * 1e9 / r->rate_hz);
}

/* Puts frames into the take, no more than it is to have. What the disk cannot
 * take is lost, and silence keeps its place. */
static int
put(struct recorder *r, const float *src, uint64_t frames)
{
	int e;

	if (frames > r->end - r->frames)
		frames = r->end - r->frames;
	e = take_write(r->take, src, frames);
	if (e == -ENOBUFS) {
		r->stats->lost += frames;
		say(r, "%llu frames lost: the disk is too slow; silence",
			(unsigned long long)frames);
		e = take_write(r->take, NULL, frames);
	}
	r->frames += frames;
	r->stats->begun_s += (double)frames / r->rate_hz;
	return e < 0 ? -EIO : 0;
}

/* Begins a file if this ring's sound does not go into the open one. */
static int
file_fit(struct recorder *r)
{
	const struct ring_config *c = &r->ring.reader.config;
	double left_s = r->config->duration_s - r->stats->begun_s;

	if (r->rate_hz == c->rate_hz && r->channels == c->channels)
		return 0;
	*r->file_error = take_begin(r->take, c->rate_hz, c->channels);
	if (*r->file_error < 0)
		return -ECANCELED;
	r->next_file = r->rate_hz != 0;
	if (r->next_file)
		say(r,
			"the graph has another rate, now %u Hz, %u channels: "
			"goes on in %s",
			c->rate_hz, c->channels, take_path(r->take));
	r->rate_hz = c->rate_hz;
	r->channels = c->channels;
	r->frames = 0;
	r->away = false; /* a new file begins with sound */
	r->end = r->config->duration_s > 0.0
			 ? (uint64_t)llround(fmax(left_s, 0.0) * r->rate_hz)
			 : UINT64_MAX;
	return 0;
}

/* Sleeps until a signal came (true), the writer hung up or has answered, or the
 * time is over. */
static bool
rest(struct recorder *r, uint64_t ns)
{
	struct timespec time = {
		.tv_sec = (time_t)(ns / 1000000000u),
		.tv_nsec = (long)(ns % 1000000000u),
	};
	struct pollfd p[2] = {
		{.fd = r->signal_fd, .events = POLLIN},
		{.fd = r->ring.fd, .events = POLLIN | POLLRDHUP},
	};

	return ppoll(p, 2, &time, NULL) > 0 && p[0].revents;
}

/* When the frame at the reader's place was there, or is. */
static uint64_t
reader_ns(struct recorder *r, uint64_t frame)
{
	uint64_t at, ns;

	if (!ring_clock(&r->ring.reader, &at, &ns))
		return loop_now_ns();
	return frame >= at ? ns + frames_ns(r, frame - at)
			   : ns - frames_ns(r, at - frame);
}

/* From the end of what was read last to what comes now: n frames are in the
 * buffer. */
static double
absence_s(struct recorder *r, uint32_t n)
{
	uint64_t from = reader_ns(r, r->ring.reader.frame - n);

	return from > r->end_ns ? (double)(from - r->end_ns) / 1e9 : 0.0;
}

static int
absence_fill(struct recorder *r, uint32_t n)
{
	double seconds = absence_s(r, n);

	r->away = false;
	r->stats->without_s += seconds;
	say(r, "%s: %.3f s of silence",
		r->told_away ? "tapdeck is back" : "tapdeck began anew",
		seconds);
	return put(r, NULL, (uint64_t)llround(seconds * r->rate_hz));
}

/* A file has one rate; what the other one cannot be put into is not filled. */
static void
next_file_say(struct recorder *r, uint32_t n)
{
	r->next_file = false;
	say(r, "%.3f s passed between the two files", absence_s(r, n));
}

/* The take has a length, and nothing comes: it ends when its time is over. */
static bool
time_is_over(const struct recorder *r)
{
	uint64_t left = r->end - r->frames;

	return r->end != UINT64_MAX && r->rate_hz &&
	       loop_now_ns() >= r->end_ns + frames_ns(r, left) +
					(r->away ? 0 : STALL_NS);
}

static int
rest_fill(struct recorder *r)
{
	uint64_t left = r->end - r->frames;

	r->stats->without_s += (double)left / r->rate_hz;
	say(r, "nothing came any more: %.3f s of silence to the end",
		(double)left / r->rate_hz);
	return put(r, NULL, left);
}

static void
freewheel_say(struct recorder *r)
{
	bool now = ring_reader_state(&r->ring.reader) == RING_FREEWHEEL;

	if (now && !r->freewheel)
		say(r, "the graph freewheels (an export?): paused");
	r->freewheel = now;
	if (now)
		r->end_ns = loop_now_ns();
}

static uint64_t
ring_xruns(const struct recorder *r)
{
	struct ring_counters count;

	ring_counters(&r->ring.reader, &count);
	return count.xruns;
}

static void
xruns_say(struct recorder *r)
{
	uint64_t now = ring_xruns(r);

	if (now <= r->xruns)
		return;
	say(r, "the audio graph missed a block (%llu)",
		(unsigned long long)(now - r->xruns));
	r->stats->xruns += now - r->xruns;
	r->xruns = now;
}

/* One read. *n: frames and losses that came. */
static int
read_some(struct recorder *r, uint64_t *came)
{
	uint64_t gap = 0;
	uint32_t n = ring_read(&r->ring.reader, r->buffer, READ_FRAMES, &gap);
	int e = 0;

	xruns_say(r);
	*came = n + gap;
	if (*came == 0)
		return 0;
	if (r->next_file)
		next_file_say(r, (uint32_t)*came);
	if (r->away)
		e = absence_fill(r, (uint32_t)*came);
	if (e == 0 && gap) {
		r->stats->lost += gap;
		say(r, "%llu frames lost: silence in their place",
			(unsigned long long)gap);
		e = put(r, NULL, gap);
	}
	r->end_ns = reader_ns(r, r->ring.reader.frame);
	return e < 0 ? e : put(r, r->buffer, n);
}

/* Asked to stop: what is there now still belongs to the take. */
static int
drain(struct recorder *r)
{
	uint64_t came;
	int e;

	do
		e = read_some(r, &came);
	while (e == 0 && came >= READ_FRAMES && r->frames < r->end);
	return e < 0 ? e : 1;
}

/* Until the ring is over (0), or it is all over: 1, or -errno. */
static int
attached_run(struct recorder *r)
{
	for (;;) {
		uint64_t came, want = r->rate_hz / READS_PER_S;
		/* Before the read: what it was when it died is still there. */
		bool over = !ring_attach_alive(&r->ring) ||
			    ring_reader_state(&r->ring.reader) == RING_CLOSED;
		int e = read_some(r, &came);

		if (e < 0 || r->frames >= r->end)
			return e < 0 ? e : 1;
		if (came)
			continue;
		if (over)
			return 0;
		freewheel_say(r);
		if (time_is_over(r))
			return (e = rest_fill(r)) < 0 ? e : 1;
		if (want > r->end - r->frames)
			want = r->end - r->frames;
		if (want > r->ring.reader.config.capacity_frames / 4)
			want = r->ring.reader.config.capacity_frames / 4;
		if (rest(r, ring_wait_ns(&r->ring.reader, (uint32_t)want,
				    loop_now_ns())))
			return drain(r);
	}
}

/* 0 attached, 1 ended by a signal, or -errno as ring_attach() */
static int
attach(struct recorder *r)
{
	uint64_t now_ns = loop_now_ns(), end_ns = now_ns + ATTACH_NS;
	int e = -EAGAIN;

	for (; e == -EAGAIN && now_ns < end_ns; now_ns = loop_now_ns()) {
		bool asked = r->ring.fd >= 0;

		e = asked ? ring_attach_finish(&r->ring)
			  : ring_attach_begin(&r->ring, NULL, r->config->bus);
		if (!asked && e == 0)
			e = -EAGAIN;
		if (e == -EAGAIN &&
			rest(r, r->ring.fd < 0 ? RETRY_NS : end_ns - now_ns))
			e = 1;
	}
	if (e == 0)
		return 0;
	ring_detach(&r->ring);
	return e == -EAGAIN ? -ETIMEDOUT : e;
}

static void
other_version_say(struct recorder *r)
{
	if (!r->told_other)
		say(r, "the tapdeck that runs now is another version; "
		       "waiting for one like this");
	r->told_other = true;
}

static void
gone_say(struct recorder *r)
{
	if (!r->told_away)
		say(r, "tapdeck went away; waiting for it");
	r->told_away = true;
}

/* Waits for the next ring: 0 attached, 1 ended, or -errno. One that was closed
 * in order is often followed by another at once: the graph has changed its
 * rate. */
static int
attach_again(struct recorder *r)
{
	bool closed = ring_reader_state(&r->ring.reader) == RING_CLOSED;
	uint64_t gone_ns = loop_now_ns() + (closed ? GONE_NS : 0);

	if (!r->away)
		r->told_away = false;
	r->away = true;
	ring_detach(&r->ring);
	for (;;) {
		int e;

		if (loop_now_ns() >= gone_ns)
			gone_say(r);
		e = attach(r);
		if (e > 0)
			return 1;
		if (e == -EPROTONOSUPPORT)
			other_version_say(r);
		if (e == 0) {
			ring_seek_behind(&r->ring.reader, UINT64_MAX);
			r->xruns = 0; /* all of the new one's are ours */
			return file_fit(r);
		}
		if (time_is_over(r))
			return (e = rest_fill(r)) < 0 ? e : 1;
		if (rest(r, RETRY_NS))
			return 1;
	}
}

static int
record(struct recorder *r)
{
	int e = attach(r);

	if (e == 0)
		r->xruns = ring_xruns(r);
	if (e == 0)
		e = file_fit(r);
	r->end_ns = loop_now_ns();
	while (e == 0) {
		e = attached_run(r);
		if (e == 0)
			e = attach_again(r);
	}
	return e > 0 ? 0 : e;
}

int
recorder_run(const struct recorder_config *config, struct take *t,
	struct recorder_stats *stats, int *file_error)
{
	struct recorder r = {
		.config = config,
		.take = t,
		.stats = stats,
		.file_error = file_error,
		.ring.fd = -1,
		.signal_fd =
			signalfd(-1, &config->stop, SFD_CLOEXEC | SFD_NONBLOCK),
		.buffer = calloc(
			(size_t)READ_FRAMES * RING_CHANNELS_MAX, sizeof(float)),
	};
	int e = -ENOMEM;

	*stats = (struct recorder_stats){0};
	if (r.buffer && r.signal_fd >= 0)
		e = record(&r);
	ring_detach(&r.ring);
	if (r.signal_fd >= 0)
		close(r.signal_fd);
	free(r.buffer);
	return e;
}
