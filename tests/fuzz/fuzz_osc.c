/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any packets, each behind its size, to a server with a model: as datagrams,
 * and as from a connection that has gone. The check of a packet is the only one
 * that it gets, so it must say the same of the whole and of its parts; and no
 * parameter may leave its range. */
#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/engine/services/services.h"
#include "control/osc/osc_own.h"
#include "control/osc/requests/osc_dispatch.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

#define PACKETS_MAX 16

#define REQUIRE(truth)                                                         \
	do {                                                                   \
		if (!(truth))                                                  \
			abort();                                               \
	} while (0)

struct world {
	struct loop *loop;
	struct model *model;
	struct osc *osc;
	struct services services;
	void *memory;
	struct osc_peer from[2];
};

/* Where answers go; nobody reads them. */
static uint16_t
answers_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);
	static int fd = -1;

	if (fd < 0) {
		fd = socket(AF_INET, SOCK_DGRAM, 0);
		REQUIRE(bind(fd, (struct sockaddr *)&at, len) == 0);
	}
	REQUIRE(getsockname(fd, (struct sockaddr *)&at, &len) == 0);
	return ntohs(at.sin_port);
}

static void
world_open(struct world *w)
{
	static const struct services_source source;
	struct model_config shape;
	struct osc_config config;

	model_config_init(&shape);
	shape.strips = 3;
	osc_config_init(&config);
	config.port = 0;
	w->memory = calloc(1, model_memory_bytes());
	REQUIRE(loop_new(&w->loop) == 0);
	REQUIRE(model_new(&w->model, &shape, w->memory) == 0);
	model_set_loop(w->model, w->loop);
	REQUIRE(osc_open(&w->osc, &config, w->loop, w->model, NULL) == 0);
	REQUIRE(services_init(
			&w->services, w->osc, w->loop, w->model, &source) == 0);
	for (int i = 0; i < 2; i++)
		REQUIRE(osc_peer_parse(
				"127.0.0.1", answers_port(), &w->from[i]) == 0);
	w->from[1].client = 77;
}

static void
world_close(struct world *w)
{
	osc_close(w->osc);
	services_done(&w->services);
	model_free(w->model);
	loop_free(w->loop);
	free(w->memory);
}

static void
on_stop(void *data)
{
	loop_stop(data, 0);
}

/* What is due now: feedback, answers that wait. */
static void
world_turn(struct world *w)
{
	loop_timer(w->loop, 0, 0, on_stop, w->loop);
	loop_run(w->loop);
}

static void
check_ranges(const struct world *w)
{
	struct params *p = model_params(w->model);

	for (uint32_t id = 0; id < param_count(p); id++) {
		struct param_info info;
		struct param_value v;

		param_get(p, id, &v);
		param_info(p, id, &info);
		REQUIRE(v.type == info.type);
		if (v.type == PARAM_FLOAT)
			REQUIRE(v.f >= info.min && v.f <= info.max);
		else if (v.type == PARAM_INT && info.choices == 0)
			REQUIRE((double)v.i >= info.min &&
				(double)v.i <= info.max);
		else if (v.type == PARAM_TEXT)
			REQUIRE(memchr(v.s, '\0', sizeof(v.s)));
	}
}

/* Every element of a sound bundle is sound. */
static void
check_walk(const void *packet, size_t size, int depth)
{
	size_t at = 0, element_bytes;
	const void *element;

	REQUIRE(depth <= OSC_DEPTH_MAX);
	if (!osc_packet_is_bundle(packet, size)) {
		REQUIRE(strlen(packet) < size);
		REQUIRE(osc_packet_types(packet, size));
		return;
	}
	while ((element = osc_packet_next(packet, size, &at, &element_bytes))) {
		REQUIRE(!osc_packet_check(element, element_bytes));
		check_walk(element, element_bytes, depth + 1);
	}
}

/* In memory that ends where it ends. */
static void
send_one(struct world *w, const uint8_t *bytes, size_t size, int who)
{
	uint8_t *packet = malloc(size ? size : 1);
	bool sound;

	REQUIRE(packet);
	memcpy(packet, bytes, size);
	sound = !osc_packet_check(packet, size);
	if (sound) {
		REQUIRE(!osc_packet_frame_check(packet, size));
		REQUIRE(!osc_packet_is_strange(packet, size));
		check_walk(packet, size, 0);
	}
	osc_dispatch(w->osc, &w->from[who], packet, size);
	free(packet);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct world w = {0};

	world_open(&w);
	for (int i = 0; i < PACKETS_MAX && n >= 4; i++) {
		size_t size = (size_t)bytes[2] << 8 | bytes[3];

		bytes += 4;
		n -= 4;
		size = size < n ? size : n;
		send_one(&w, bytes, size, i % 2);
		world_turn(&w);
		bytes += size;
		n -= size;
	}
	check_ranges(&w);
	world_close(&w);
	return 0;
}
