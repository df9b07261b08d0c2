/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/loudness/loudness.h"

#include <ebur128.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/ring/ring.h"

#define PIECE	 4096 /* frames */
#define SHORT_S	 3
#define STILL_NS UINT64_C(500000000) /* nothing has come for so long */

struct loudness {
	struct ring_reader ring;
	/* Of their own: a reset leaves the last three seconds alone. */
	ebur128_state *last, *all;
	uint64_t frames;  /* without a gap before them */
	uint64_t came_ns; /* when the last of them did */
	uint64_t now_ns;
	bool missed; /* something of all is missing */
	float piece[2 * PIECE];
};

/* A histogram: as much memory for a night as for a minute. */
static ebur128_state *
all_new(const struct loudness *l)
{
	return ebur128_init(2, l->ring.config.rate_hz,
		EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM);
}

int
loudness_new(struct loudness **out, const void *map, size_t size_bytes)
{
	struct loudness *l = calloc(1, sizeof(*l));
	int rc;

	*out = NULL;
	if (!l)
		return -ENOMEM;
	rc = ring_reader_init(&l->ring, map, size_bytes);
	if (rc == 0 && l->ring.config.channels != 2)
		rc = -EPROTO;
	if (rc == 0) {
		l->last =
			ebur128_init(2, l->ring.config.rate_hz, EBUR128_MODE_S);
		l->all = all_new(l);
		rc = l->last && l->all ? 0 : -ENOMEM;
	}
	if (rc < 0)
		loudness_free(l);
	else
		*out = l;
	return rc;
}

void
loudness_free(struct loudness *l)
{
	if (!l)
		return;
	if (l->last)
		ebur128_destroy(&l->last);
	if (l->all)
		ebur128_destroy(&l->all);
	free(l);
}

/* The library keeps one that is no number for ever. */
static bool
are_numbers(const float *x, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (!isfinite(x[i]))
			return false;
	return true;
}

static void
take(struct loudness *l, uint32_t n, uint64_t gap)
{
	bool good = are_numbers(l->piece, 2 * n) &&
		    ebur128_add_frames_float(l->last, l->piece, n) ==
			    EBUR128_SUCCESS &&
		    ebur128_add_frames_float(l->all, l->piece, n) ==
			    EBUR128_SUCCESS;

	if (gap > 0 || !good) {
		l->missed = true;
		l->frames = 0;
	}
	if (good)
		l->frames += n;
}

void
loudness_run(struct loudness *l, uint64_t now_ns)
{
	uint64_t gap;
	uint32_t n;

	l->now_ns = now_ns;
	do {
		n = ring_read(&l->ring, l->piece, PIECE, &gap);
		if (n > 0 || gap > 0)
			l->came_ns = now_ns;
		take(l, n, gap);
	} while (n > 0);
}

bool
loudness_short(const struct loudness *l, double *lufs)
{
	uint64_t whole = (uint64_t)SHORT_S * l->ring.config.rate_hz;

	if (l->frames < whole || l->now_ns - l->came_ns >= STILL_NS ||
		ebur128_loudness_shortterm(l->last, lufs) != EBUR128_SUCCESS)
		return false;
	return isfinite(*lufs);
}

bool
loudness_integrated(const struct loudness *l, double *lufs)
{
	if (l->missed ||
		ebur128_loudness_global(l->all, lufs) != EBUR128_SUCCESS)
		return false;
	return isfinite(*lufs);
}

int
loudness_reset(struct loudness *l)
{
	ebur128_state *anew = all_new(l);

	if (!anew)
		return -ENOMEM;
	ebur128_destroy(&l->all);
	l->all = anew;
	l->missed = false;
	return 0;
}

void
loudness_miss(struct loudness *l)
{
	l->missed = true;
}
