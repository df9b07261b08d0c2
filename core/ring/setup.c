/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ring/ring.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "core/ring/interleave.h"
#include "core/ring/layout.h"
#include "core/ring/protocol.h"

size_t
ring_size_bytes(uint32_t capacity_frames, uint32_t channels)
{
	if (capacity_frames < RING_CAPACITY_MIN ||
		capacity_frames > RING_CAPACITY_MAX ||
		(capacity_frames & (capacity_frames - 1)))
		return 0;
	if (channels < 1 || channels > RING_CHANNELS_MAX)
		return 0;
	return RING_HEADER_BYTES +
	       sizeof(float) * capacity_frames * (size_t)channels;
}

static bool
map_usable(const void *map, size_t size_bytes)
{
	return map && (uintptr_t)map % _Alignof(struct ring_shared) == 0 &&
	       size_bytes >= RING_HEADER_BYTES;
}

static bool
name_ends(const char *name, size_t size_bytes)
{
	return memchr(name, '\0', size_bytes) != NULL;
}

/* The block is not asked for: a reader takes any, clamped. */
static bool
shape_allowed(const struct ring_config *c, size_t size_bytes)
{
	size_t need = ring_size_bytes(c->capacity_frames, c->channels);

	return need != 0 && need <= size_bytes &&
	       c->rate_hz >= RING_RATE_MIN_HZ && c->rate_hz <= RING_RATE_MAX_HZ;
}

static bool
config_allowed(const struct ring_config *c, size_t size_bytes)
{
	if (!shape_allowed(c, size_bytes) || c->block_frames < RING_BLOCK_MIN ||
		c->block_frames > RING_BLOCK_MAX ||
		c->block_frames > c->capacity_frames / 2)
		return false;
	for (uint32_t i = 0; i < c->channels; i++)
		if (!name_ends(c->channel_names[i], RING_CHANNEL_NAME_BYTES))
			return false;
	return name_ends(c->device, sizeof(c->device));
}

/* Random, so that a reader can tell two writers apart without asking them. */
static int
epoch_new(uint64_t *epoch)
{
	do {
		if (getrandom(epoch, sizeof(*epoch), 0) != sizeof(*epoch))
			return errno == EINTR ? -EAGAIN : -errno;
	} while (*epoch == 0);
	return 0;
}

static void
header_fill(struct ring_shared *s, const struct ring_config *c, uint64_t epoch)
{
	s->version = RING_VERSION;
	s->header_bytes = RING_HEADER_BYTES;
	s->size_bytes = ring_size_bytes(c->capacity_frames, c->channels);
	s->rate_hz = c->rate_hz;
	s->channels = c->channels;
	s->capacity_frames = c->capacity_frames;
	s->reserved = 0;
	memcpy(s->device, c->device, sizeof(s->device));
	memcpy(s->channel_names, c->channel_names, sizeof(s->channel_names));
	/* relaxed: all of it before the release of magic */
	atomic_store_explicit(&s->intent, 0, memory_order_relaxed);
	atomic_store_explicit(&s->tail, 0, memory_order_relaxed);
	atomic_store_explicit(&s->clock.version, 0, memory_order_relaxed);
	atomic_store_explicit(&s->clock.a, 0, memory_order_relaxed);
	atomic_store_explicit(&s->clock.b, 0, memory_order_relaxed);
	atomic_store_explicit(&s->xruns, 0, memory_order_relaxed);
	atomic_store_explicit(&s->overruns, 0, memory_order_relaxed);
	atomic_store_explicit(
		&s->block_frames, c->block_frames, memory_order_relaxed);
	atomic_store_explicit(&s->state, RING_RUNNING, memory_order_relaxed);
	atomic_store_explicit(&s->epoch, epoch, memory_order_relaxed);
	/* release: who sees it sees a whole header */
	atomic_store_explicit(&s->magic, RING_MAGIC, memory_order_release);
}

/* What memcpy() would take, too. The first processors with AVX-512 slow down
 * for it: those with VBMI2 no longer do. */
static uint32_t
vector_words(void)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512vbmi2"))
		return 16;
	if (__builtin_cpu_supports("avx2"))
		return 8;
#endif
	return 4;
}

int
ring_writer_init(struct ring_writer *w, void *map, size_t size_bytes,
	const struct ring_config *config)
{
	struct ring_shared *s = map;
	uint64_t epoch;
	int res;

	if (!map_usable(map, size_bytes) || !config_allowed(config, size_bytes))
		return -EINVAL;
	if ((res = epoch_new(&epoch)) < 0)
		return res;
	/* Memory that is used again is a new ring: a reader of the old one
	 * finds its frames overwritten, then another epoch. acq_rel: ahead of
	 * all that follows. */
	atomic_exchange_explicit(&s->intent, UINT64_MAX, memory_order_acq_rel);
	atomic_exchange_explicit(&s->magic, 0, memory_order_acq_rel);
	atomic_exchange_explicit(&s->epoch, 0, memory_order_acq_rel);
	memset((char *)map + RING_HEADER_BYTES, 0,
		ring_size_bytes(config->capacity_frames, config->channels) -
			RING_HEADER_BYTES);
	header_fill(s, config, epoch);
	*w = (struct ring_writer){
		.shared = s,
		.data = (float *)(void *)((char *)map + RING_HEADER_BYTES),
		.capacity = config->capacity_frames,
		.channels = config->channels,
		.block = config->block_frames,
	};
	ring_interleave_choose(w, vector_words());
	return 0;
}

void
ring_close(struct ring_writer *w)
{
	/* release: the last frames come before it */
	if (w->shared)
		atomic_store_explicit(
			&w->shared->state, RING_CLOSED, memory_order_release);
}

void
ring_name_clean(char *name, size_t size_bytes)
{
	name[size_bytes - 1] = '\0';
	for (size_t i = 0; name[i]; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
			name[i] = '?';
}

/* Copied, then checked: what is checked is what is used. */
static void
header_copy(struct ring_config *c, uint64_t *size_bytes,
	const struct ring_shared *s)
{
	memset(c, 0, sizeof(*c));
	memcpy(size_bytes, &s->size_bytes, sizeof(*size_bytes));
	memcpy(&c->rate_hz, &s->rate_hz, sizeof(c->rate_hz));
	memcpy(&c->channels, &s->channels, sizeof(c->channels));
	memcpy(&c->capacity_frames, &s->capacity_frames,
		sizeof(c->capacity_frames));
	memcpy(c->device, s->device, sizeof(c->device));
	memcpy(c->channel_names, s->channel_names, sizeof(c->channel_names));
	/* so that the compiler does not load any of it again, after the check
	 */
	atomic_signal_fence(memory_order_acq_rel);
}

int
ring_reader_init(struct ring_reader *r, const void *map, size_t size_bytes)
{
	const struct ring_shared *s = map;
	struct ring_config c;
	uint64_t size;

	if (!map_usable(map, size_bytes))
		return -EINVAL;
	/* acquire: pairs with the release in header_fill() */
	if (atomic_load_explicit(&s->magic, memory_order_acquire) != RING_MAGIC)
		return -EPROTO;
	if (s->version != RING_VERSION)
		return -EPROTONOSUPPORT;
	if (s->header_bytes != RING_HEADER_BYTES)
		return -EPROTO;
	header_copy(&c, &size, s);
	if (!shape_allowed(&c, size_bytes) ||
		size != ring_size_bytes(c.capacity_frames, c.channels))
		return -EPROTO;
	ring_name_clean(c.device, sizeof(c.device));
	for (uint32_t i = 0; i < RING_CHANNELS_MAX; i++)
		ring_name_clean(c.channel_names[i], RING_CHANNEL_NAME_BYTES);
	*r = (struct ring_reader){
		.shared = s,
		.data = (const float *)(const void *)((const char *)map +
						      RING_HEADER_BYTES),
		/* relaxed: compared with itself later */
		.epoch = atomic_load_explicit(&s->epoch, memory_order_relaxed),
		/* acquire: frames from here on are seen whole */
		.frame = atomic_load_explicit(&s->tail, memory_order_acquire),
		.config = c,
	};
	r->config.block_frames = ring_block_frames(r);
	return r->epoch != 0 ? 0 : -EPROTO;
}
