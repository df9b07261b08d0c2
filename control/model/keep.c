/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/model/keep.h"

#include <math.h>
#include <string.h>

#include "control/model/level.h"
#include "control/util/name.h"

#define KEEP_MAGIC   0x7461706465636b31u /* "tapdeck1" */
#define KEEP_VERSION 1u

void
keep_put_text(struct keep_text *to, const char *text, bool by_user)
{
	uint32_t slot = ~keep_word(&to->shown) & 1;

	name_copy(to->slot[slot], sizeof(to->slot[slot]), text);
	/* release: the text is whole before it is shown */
	atomic_store_explicit(
		&to->shown, slot | (by_user ? 2u : 0u), memory_order_release);
}

const char *
keep_text(const struct keep_text *from)
{
	return from->slot[keep_word(&from->shown) & 1];
}

bool
keep_text_by_user(const struct keep_text *from)
{
	return keep_word(&from->shown) & 2;
}

/* FNV-1a */
static uint64_t
hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * 0x100000001b3u;
}

static uint64_t
hash_word(uint64_t hash, uint32_t word)
{
	for (int shift = 0; shift < 32; shift += 8)
		hash = hash_byte(hash, (unsigned char)(word >> shift));
	return hash;
}

static uint64_t
hash_text(uint64_t hash, const char *s)
{
	for (; *s; s++)
		hash = hash_byte(hash, (unsigned char)*s);
	return hash_byte(hash, 0);
}

/* Values are kept only for the configuration that they were made under. */
static uint64_t
fingerprint(const struct console_config *config)
{
	uint64_t h = hash_word(0xcbf29ce484222325u, config->strips);

	h = hash_word(h, config->buses);
	h = hash_word(h, config->routes);
	h = hash_word(h, config->rules);
	h = hash_word(h, config->tap);
	for (uint32_t i = 0; i < config->buses; i++)
		h = hash_text(h, config->bus_name[i]);
	for (uint32_t i = 0; i < config->strips; i++)
		h = hash_text(h, config->strip_name[i]);
	for (uint32_t i = 0; i < config->routes; i++) {
		h = hash_text(h, config->route[i].name);
		h = hash_word(h, config->route[i].mask);
	}
	for (uint32_t i = 0; i < config->rules; i++) {
		h = hash_text(h, config->rule[i].match);
		h = hash_word(h, config->rule[i].strip);
	}
	return h;
}

uint32_t
keep_main(const struct console_config *config)
{
	for (uint32_t b = 0; b < config->buses; b++)
		if (!strcmp(config->bus_name[b], "main"))
			return 1u << b;
	return 0;
}

uint32_t
keep_first_sends(const struct console_config *config)
{
	uint32_t mask = config->route[0].mask;

	return config->tap == TAP_COPY ? mask & ~keep_main(config) : mask;
}

void
keep_reset_strip(struct keep_strip *s, const struct console_config *config)
{
	keep_put(&s->gain_db, 0.0);
	keep_put(&s->trim_db, 0.0);
	keep_put_word(&s->mute, 0);
	keep_put_word(&s->sends, keep_first_sends(config));
	keep_put_word(&s->main_out,
		keep_first_sends(config) != config->route[0].mask);
	keep_put_word(&s->tap, config->tap);
	keep_put_word(&s->tap_by_hand, 0);
}

static void
keep_fill(struct keep *k, const struct console_config *config)
{
	/* relaxed, then release: a half-filled one is not taken for whole */
	atomic_store_explicit(&k->magic, 0, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	memset((char *)k + sizeof(k->magic), 0, sizeof(*k) - sizeof(k->magic));
	k->version = KEEP_VERSION;
	k->size_bytes = sizeof(*k);
	k->fingerprint = fingerprint(config);
	for (uint32_t i = 0; i < config->strips; i++) {
		keep_reset_strip(&k->strip[i], config);
		keep_put_text(&k->strip[i].name, config->strip_name[i],
			config->strip_name[i][0] != '\0');
	}
	/* release: pairs with the acquire in keep_open() */
	atomic_store_explicit(&k->magic, KEEP_MAGIC, memory_order_release);
}

static void
check_db(_Atomic double *db, double min_db, double max_db)
{
	double value = keep_value(db);

	if (isnan(value))
		keep_put(db, 0.0);
	else if (value < min_db)
		keep_put(db, min_db);
	else if (value > max_db)
		keep_put(db, max_db);
}

static void
check_text(struct keep_text *t, size_t size_bytes)
{
	const char *s = keep_text(t);

	if (keep_word(&t->shown) > 3 || !memchr(s, '\0', size_bytes) ||
		!name_is_printable(s))
		keep_put_text(t, "", false);
}

static void
check_strip(struct keep_strip *s, const struct console_config *config)
{
	check_db(&s->gain_db, LEVEL_MIN_DB, LEVEL_MAX_DB);
	check_db(&s->trim_db, -TRIM_MAX_DB, TRIM_MAX_DB);
	if (keep_word(&s->mute) > 1)
		keep_put_word(&s->mute, 1);
	keep_put_word(
		&s->sends, keep_word(&s->sends) & ((1u << config->buses) - 1));
	if (keep_word(&s->tap) > TAP_TAKE)
		keep_put_word(&s->tap, config->tap);
	check_text(&s->name, PARAM_TEXT_MAX);
	check_text(&s->slug, PARAM_TEXT_MAX);
	check_text(&s->key, KEEP_TEXT_MAX);
}

bool
keep_open(struct keep *k, const struct console_config *config)
{
	/* acquire: pairs with the release in keep_fill() */
	if (atomic_load_explicit(&k->magic, memory_order_acquire) !=
			KEEP_MAGIC ||
		k->version != KEEP_VERSION || k->size_bytes != sizeof(*k) ||
		k->fingerprint != fingerprint(config)) {
		keep_fill(k, config);
		return false;
	}
	for (uint32_t i = 0; i < config->strips; i++)
		check_strip(&k->strip[i], config);
	for (uint32_t i = 0; i < config->buses; i++) {
		check_db(&k->bus[i].gain_db, LEVEL_MIN_DB, LEVEL_MAX_DB);
		if (keep_word(&k->bus[i].mute) > 1)
			keep_put_word(&k->bus[i].mute, 1);
	}
	return true;
}
