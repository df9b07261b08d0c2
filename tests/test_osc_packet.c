/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <lo/lo_lowlevel.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "control/osc/transport/osc_packet.h"

#define MUTATIONS  200000
#define MUTANT_MAX 512

/* A literal with NULs inside; the one that C adds is not part of it. */
struct packet {
	const char *bytes;
	size_t size;
	const char *why; /* part of the reason, NULL: sound */
};
#define P(literal, why)                                                        \
	{                                                                      \
		literal, sizeof(literal) - 1, why                              \
	}

#define NOW "\0\0\0\0\0\0\0\1"

static const struct packet table[] = {
	/* sound */
	P("/a\0\0", NULL),
	P("/a\0\0,\0\0\0", NULL),
	P("/abc\0\0\0\0,i\0\0\0\0\0\1", NULL),
	P("/a\0\0,TFNI\0\0\0", NULL),
	P("/a\0\0,s\0\0abc\0", NULL),
	P("/a\0\0,s\0\0\0\0\0\0", NULL),
	P("/a\0\0,S\0\0abcd\0\0\0\0", NULL),
	P("/a\0\0,b\0\0\0\0\0\0", NULL),
	P("/a\0\0,b\0\0\0\0\0\3xyz\0", NULL),
	P("/a\0\0,hdt\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		NULL),
	P("/a\0\0,cm\0\0\0\0x\1\2\3\4", NULL),
	P("#bundle\0" NOW, NULL),
	P("#bundle\0" NOW "\0\0\0\4/a\0\0", NULL),
	P("#bundle\0" NOW "\0\0\0\4/a\0\0\0\0\0\10/b\0\0,T\0\0", NULL),
	P("#bundle\0" NOW "\0\0\0\20#bundle\0" NOW, NULL),
	/* not */
	P("", "multiple of 4"),
	P("/", "multiple of 4"),
	P("/a\0", "multiple of 4"),
	P("/abc", "address"),
	P("/a\0x", "address"),
	P("/a b\0\0\0\0", "printable"),
	P("/a\33\0", "printable"),
	P("/\xff\0\0", "printable"),
	P("abc\0", "neither"),
	P("\0\0\0\0", "neither"),
	P("#bundl\0\0", "neither"),
	P("#bundle\0", "without its timetag"),
	P("#bundle\0\0\0\0\0", "without its timetag"),
	P("/a\0\0abc\0", "no type tags"),
	P("/a\0\0,iii", "type tags without"),
	P("/a\0\0,xi\0", "unknown type tag"),
	P("/a\0\0,r\0\0\0\0\0\0", "unknown type tag"),
	P("/a\0\0,[i]\0\0\0\0\0\0\0\1", "unknown type tag"),
	P("/a\0\0,i\0\0", "cut off"),
	P("/a\0\0,d\0\0\0\0\0\0", "cut off"),
	P("/a\0\0,i\0x\0\0\0\0", "type tags without"),
	P("/a\0\0,i\0\0\0\0\0\1\0\0\0\0", "after the last"),
	P("/a\0\0,\0\0\0\0\0\0\0", "after the last"),
	P("/a\0\0,s\0\0abcd", "a string"),
	P("/a\0\0,s\0\0a\0b\0", "a string"),
	P("/a\0\0,s\0\0", "a string"),
	P("/a\0\0,b\0\0", "without its size"),
	P("/a\0\0,b\0\0\0\0\0\1", "longer than"),
	P("/a\0\0,b\0\0\0\0\0\5xyz\0", "longer than"),
	P("/a\0\0,b\0\0\377\377\377\377xyz\0", "longer than"),
	P("/a\0\0,b\0\0\177\377\377\375xyz\0", "longer than"),
	P("/a\0\0,b\0\0\0\0\0\3xyzw", "padded"),
	P("#bundle\0" NOW "\0\0\0\0", "multiple of 4"),
	P("#bundle\0" NOW "\0\0\0\10/a\0\0", "longer than its bundle"),
	P("#bundle\0" NOW "\0\0\0\3/a\0\0", "multiple of 4"),
	P("#bundle\0" NOW "\377\377\377\374/a\0\0", "longer than its bundle"),
	P("#bundle\0" NOW "\0\0\0\4abc\0", "neither"),
};

/* Memory whose end is the end of what may be read, with or without ASan. */
struct edge {
	uint8_t *map;
	size_t page;
	size_t pages;
};

static void
edge_open(struct edge *e, size_t size)
{
	e->page = (size_t)sysconf(_SC_PAGESIZE);
	e->pages = (size + e->page - 1) / e->page;
	e->map = mmap(NULL, (e->pages + 1) * e->page, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_true(e->map != MAP_FAILED);
	assert_int_equal(
		mprotect(e->map + e->pages * e->page, e->page, PROT_NONE), 0);
}

static void *
edge_put(const struct edge *e, const void *bytes, size_t size)
{
	uint8_t *at = e->map + e->pages * e->page - size;

	memcpy(at, bytes, size);
	return at;
}

static void
edge_close(struct edge *e)
{
	munmap(e->map, (e->pages + 1) * e->page);
}

static void
names_what_is_wrong_with_each_packet(void **state)
{
	struct edge e;

	(void)state;
	edge_open(&e, 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct packet *p = &table[i];
		const char *why = osc_packet_check(
			edge_put(&e, p->bytes, p->size), p->size);

		if (!p->why != !why || (why && !strstr(why, p->why)))
			fail_msg("packet %zu: %s instead of %s", i,
				why ? why : "sound", p->why ? p->why : "sound");
	}
	edge_close(&e);
}

static void
tells_the_strange_from_the_broken(void **state)
{
	static const char *const strange[] = {"without blanks", "unknown type"};
	struct edge e;

	(void)state;
	edge_open(&e, 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct packet *p = &table[i];
		const void *at = edge_put(&e, p->bytes, p->size);
		const char *why = osc_packet_check(at, p->size);
		bool want = why && (strstr(why, strange[0]) ||
					   strstr(why, strange[1]));

		if (osc_packet_is_strange(at, p->size) != want)
			fail_msg("packet %zu is %sstrange", i,
				want ? "" : "not ");
	}
	edge_close(&e);
}

static void
a_frame_is_sound_whatever_is_in_it(void **state)
{
	static const struct packet frames[] = {
		P("/any", NULL),
		P("", NULL),
		P("#bundle\0" NOW "\0\0\0\0", NULL),
		P("#bundle\0" NOW "\0\0\0\4abc\0", NULL),
		P("#bundle\0" NOW "\0\0\0\10/a\0\0,x\0\0", NULL),
		P("#bundle\0" NOW "\0\0\0\3/a\0\0", "multiple of 4"),
		P("#bundle\0" NOW "\0\0\0\10/a\0\0", "longer than its"),
		P("#bundle\0" NOW "\0\0\0\14#bundle\0\0\0\0\0", "timetag"),
	};
	struct edge e;

	(void)state;
	edge_open(&e, 1);
	for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		const struct packet *p = &frames[i];
		const char *why = osc_packet_frame_check(
			edge_put(&e, p->bytes, p->size), p->size);

		if (!p->why != !why || (why && !strstr(why, p->why)))
			fail_msg("frame %zu: %s", i, why ? why : "sound");
	}
	edge_close(&e);
}

static void
refuses_every_cut_of_a_sound_packet(void **state)
{
	struct edge e;

	(void)state;
	edge_open(&e, 1);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct packet *p = &table[i];

		if (p->why || p->bytes[0] == '#')
			continue; /* a bundle may end after any element */
		for (size_t size = 0; size < p->size; size++) {
			const char *why = osc_packet_check(
				edge_put(&e, p->bytes, size), size);
			bool bare = memchr(p->bytes, 0, size) &&
				    size == (strlen(p->bytes) + 4) / 4 * 4;

			assert_true(bare ? !why : why != NULL);
		}
	}
	edge_close(&e);
}

/* depth bundles around one message. */
static size_t
nest(uint8_t *out, int depth)
{
	static const char head[] = "#bundle\0" NOW;
	size_t size = 4 + 20 * (size_t)depth;

	for (int i = 0; i < depth; i++) {
		size_t inner = 4 + 20 * (size_t)(depth - 1 - i);

		memcpy(out, head, 16);
		memset(out + 16, 0, 4);
		out[18] = (uint8_t)(inner >> 8);
		out[19] = (uint8_t)inner;
		out += 20;
	}
	memcpy(out, "/a\0\0", 4);
	return size;
}

static void
takes_bundles_eight_deep_and_no_deeper(void **state)
{
	uint8_t packet[512];
	size_t size;

	(void)state;
	for (int depth = 1; depth <= OSC_DEPTH_MAX; depth++) {
		size = nest(packet, depth);
		assert_null(osc_packet_check(packet, size));
	}
	size = nest(packet, OSC_DEPTH_MAX + 1);
	assert_non_null(strstr(osc_packet_check(packet, size), "8 deep"));
}

static void
bounds_size_arguments_and_elements(void **state)
{
	uint8_t *packet = calloc(2, OSC_PACKET_MAX);
	size_t size = 16;

	(void)state;
	assert_non_null(packet);
	memcpy(packet, "/a\0\0", 4);
	assert_non_null(strstr(
		osc_packet_check(packet, OSC_PACKET_MAX + 4), "65536 bytes"));

	packet[4] = ',';
	memset(packet + 5, 'T', OSC_ARGS_MAX);
	assert_null(osc_packet_check(packet, 4 + (OSC_ARGS_MAX + 5) / 4 * 4));
	packet[5 + OSC_ARGS_MAX] = 'T';
	assert_non_null(
		strstr(osc_packet_check(packet, 4 + (OSC_ARGS_MAX + 6) / 4 * 4),
			"1024 arguments"));

	/* The most that fit are one less than the most that are allowed. */
	memcpy(packet, "#bundle\0" NOW, 16);
	for (; size + 8 <= OSC_PACKET_MAX; size += 8)
		memcpy(packet + size, "\0\0\0\4/a\0\0", 8);
	assert_null(osc_packet_check(packet, size));
	free(packet);
}

static uint64_t
random_next(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static size_t
mutate(uint8_t *bytes, size_t size, uint64_t *seed)
{
	int times = 1 + (int)(random_next(seed) % 4);

	for (int i = 0; i < times && size > 0; i++) {
		uint64_t r = random_next(seed);
		size_t at = (r >> 16) % size;

		switch (r % 6) {
		case 0:
			bytes[at] ^= (uint8_t)(1u << (r >> 8) % 8);
			break;
		case 1:
			bytes[at] = (uint8_t)(r >> 8);
			break;
		case 2:
			bytes[at] = ",/#bsifT\0\377"[(r >> 8) % 10];
			break;
		case 3: /* cut, usually where a packet could end */
			size = r >> 63 ? at : at & ~(size_t)3;
			break;
		case 4: /* repeat a part */
			if (size + 4 <= MUTANT_MAX) {
				memmove(bytes + at + 4, bytes + at, size - at);
				size += 4;
			}
			break;
		case 5: /* a size that is far off */
			if (size >= 4)
				memset(bytes + (at & ~(size_t)3) % (size - 3),
					(int)(r >> 8) & 0xFF, 3);
			break;
		}
	}
	return size;
}

/* What was found sound can be taken apart by us and by liblo. */
static void
take_apart(const void *packet, size_t size, int depth)
{
	size_t at = 0, element_bytes;
	const void *element;
	lo_message m;
	int result = 0;

	assert_true(depth <= OSC_DEPTH_MAX);
	if (osc_packet_is_bundle(packet, size)) {
		(void)osc_packet_timetag(packet);
		while ((element = osc_packet_next(
				packet, size, &at, &element_bytes)))
			take_apart(element, element_bytes, depth + 1);
		assert_int_equal(at, size > 16 ? size : 16);
		return;
	}
	if (!*osc_packet_types(packet, size))
		return;
	m = lo_message_deserialise((void *)(uintptr_t)packet, size, &result);
	if (!m)
		fail_msg("liblo refuses what we let pass: %d", result);
	assert_string_equal(
		lo_message_get_types(m), osc_packet_types(packet, size));
	lo_message_free(m);
}

static void
no_mutation_makes_it_read_outside(void **state)
{
	uint64_t seed = 0x5bd1e9955bd1e995;
	uint32_t sound = 0, refused = 0;
	struct edge e;

	(void)state;
	edge_open(&e, MUTANT_MAX);
	for (int i = 0; i < MUTATIONS; i++) {
		const struct packet *p =
			&table[random_next(&seed) %
				(sizeof(table) / sizeof(table[0]))];
		uint8_t bytes[MUTANT_MAX + 4];
		const void *packet;
		size_t size;

		memcpy(bytes, p->bytes, p->size);
		size = mutate(bytes, p->size, &seed);
		packet = edge_put(&e, bytes, size);
		if (osc_packet_check(packet, size)) {
			refused++;
			continue;
		}
		sound++;
		take_apart(packet, size, 1);
	}
	edge_close(&e);
	/* Both ways were gone, or this has tested nothing. */
	assert_true(sound > MUTATIONS / 20);
	assert_true(refused > MUTATIONS / 20);
}

static void
timetags_are_realtime_to_the_nanosecond(void **state)
{
	static const struct {
		uint64_t timetag, ns;
	} cases[] = {
		{0, 0},
		{1, 0},				 /* immediately */
		{UINT64_C(2208988800) << 32, 0}, /* 1970 */
		{UINT64_C(2208988801) << 32, 1000000000},
		{UINT64_C(3913056000) << 32 | 0x80000000,
			UINT64_C(1704067200500000000)}, /* 2024-01-01 */
		/* 2036-02-07 06:28:17: the seconds have gone round */
		{UINT64_C(1) << 32, UINT64_C(2085978497000000000)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(osc_timetag_realtime_ns(cases[i].timetag) ==
			    cases[i].ns);
	/* Fractions cut off or rounded by the sender give its nanosecond. */
	for (uint64_t ns = 0; ns < 1000000000; ns += 12345677) {
		uint64_t frac = (ns << 32) / 1000000000;
		uint64_t base = UINT64_C(3913056000) << 32;

		assert_true(osc_timetag_realtime_ns(base | frac) % 1000000000 ==
			    ns);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_what_is_wrong_with_each_packet),
		cmocka_unit_test(tells_the_strange_from_the_broken),
		cmocka_unit_test(a_frame_is_sound_whatever_is_in_it),
		cmocka_unit_test(refuses_every_cut_of_a_sound_packet),
		cmocka_unit_test(takes_bundles_eight_deep_and_no_deeper),
		cmocka_unit_test(bounds_size_arguments_and_elements),
		cmocka_unit_test(no_mutation_makes_it_read_outside),
		cmocka_unit_test(timetags_are_realtime_to_the_nanosecond),
	};

	return cmocka_run_group_tests_name("osc packet", tests, NULL, NULL);
}
