/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What OSC asks of the engine: its counters, and a port. */
#include "control/engine/engine_osc.h"

#include <errno.h>
#include <stdio.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "control/engine/engine_assign.h"
#include "control/engine/engine_copy.h"
#include "control/engine/engine_ring.h"
#include "control/engine/engine_scenes.h"
#include "control/engine/engine_shared.h"
#include "control/osc/transport/osc_socket.h"
#include "control/tempo/tempo.h"
#include "core/log.h"

/* ---- what OSC asks ---- */

static struct mixer *
source_mixer(void *data)
{
	struct engine *e = data;

	return e->mixer;
}

static struct devices *
source_midi(void *data)
{
	struct engine *e = data;

	return e->midi;
}

static bool
source_panic(void *data)
{
	struct engine *e = data;

	return e->scenes && scenes_panic(e->scenes);
}

static void
source_streams(void *data, driver_tell_stream tell, void *to)
{
	struct engine *e = data;

	if (e->driver)
		driver_streams(e->driver, tell, to);
}

static void
source_log(void *data, const char *line)
{
	(void)data;
	log_line("osc: %s", line);
}

static bool
source_counter(void *data, uint32_t i, char name[32], double *value)
{
	struct engine *e = data;
	struct tempo_status tempo;
	uint32_t readers = 0;

	for (uint32_t b = 0; b < e->config->model.buses; b++)
		if (e->has_ring[b])
			readers += ring_share_readers(
				e->share, e->config->model.bus_name[b]);
	tempo_status(e->tempo, &tempo);
	const struct {
		const char *name;
		double value;
	} rows[] = {
		{"ring_readers", readers},
		{"tempo_bpm", tempo.bpm},
		{"tempo_running", tempo.runs},
		{"tempo_midi", tempo.midi},
		{"tempo_ticks", (double)tempo.ticks},
		{"tempo_pending", tempo.waits},
		{"copy_only", engine_copies_only(e)},
		{"engine_starts", e->shared ? (double)atomic_load(
						      &e->shared->engine_starts)
					    : 1},
	};

	if (i >= sizeof(rows) / sizeof(rows[0]))
		return false;
	snprintf(name, 32, "%s", rows[i].name);
	*value = rows[i].value;
	return true;
}

/* Not before it runs: a configuration that hears nobody is legal, and most
 * likely not what was meant. */
static void
say_who_is_heard(const struct osc_config *config)
{
	struct osc_peer bound;

	if (osc_peer_parse(config->bind, 0, &bound) == 0 &&
		!osc_peer_is_loopback(&bound) && config->peers == 0 &&
		!config->network)
		log_line("tapdeck run: OSC listens on %s, but hears no other "
			 "machine; say which: --osc-peer 192.168.1.0/24 (in "
			 "tapdeck.yaml osc: peers:), or --network",
			config->bind);
}

int
engine_osc_start(struct engine *e)
{
	const struct services_source source = {
		.osc = {source_mixer, source_log, source_panic, e},
		.status = engine_status,
		.counter = source_counter,
		.midi = source_midi,
		.ring = engine_ring,
		.retake = engine_retake,
		.assigned = engine_assign_save,
		.streams = source_streams,
	};
	struct osc_config own = e->config->osc, *config = &own;
	char holder[64];
	int pid, ret;

	own.leases = engine_leases(e);
	ret = osc_open(&e->osc, config, e->loop, e->model, &source.osc);
	if (ret == 0)
		ret = services_init(
			&e->services, e->osc, e->loop, e->model, &source);
	if (ret == 0)
		ret = engine_scenes_start(e);

	if (ret == -EADDRINUSE &&
		osc_port_holder(config->port, &pid, holder) == 0)
		log_line("tapdeck run: OSC port %u is held by %s (process %d); "
			 "another one: --osc-port N",
			config->port, holder, pid);
	else if (ret < 0)
		log_line("tapdeck run: OSC on %s port %u: %s", config->bind,
			config->port, strerror(-ret));
	else
		say_who_is_heard(config);
	return ret;
}

static bool
port_path(char path[PATH_MAX])
{
	size_t length;

	if (ring_share_dir(path, PATH_MAX) < 0)
		return false;
	length = strlen(path);
	return snprintf(path + length, PATH_MAX - length, "/port") <
	       (int)(PATH_MAX - length);
}

void
engine_port_tell(const struct engine *e)
{
	char path[PATH_MAX], fresh[PATH_MAX + 8];
	FILE *f;
	bool ok;

	if (!port_path(path))
		return;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	f = fopen(fresh, "we");
	if (!f)
		return;
	ok = fprintf(f, "%u\n", osc_port(e->osc)) > 0;
	/* whole, or as it was: somebody may be reading it */
	if (fclose(f) != 0 || !ok || rename(fresh, path) < 0)
		unlink(fresh);
}

void
engine_port_forget(void)
{
	char path[PATH_MAX];

	if (port_path(path))
		unlink(path);
}
