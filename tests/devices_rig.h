/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Devices on a real loop, with a machine whose devices are plugged by hand and
 * folders of its own. Nothing waits by time: WAIT_NS is only how long a failure
 * takes. Include instead of param_rig.h. */
#ifndef DEVICES_RIG_H
#define DEVICES_RIG_H

#include "tests/param_rig.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/util/loop.h"
#include "control/devices/devices.h"

#define MS	  UINT64_C(1000000)
#define WAIT_NS	  (5000 * MS)
#define PLUGS_MAX 8
#define BYTES_MAX 65536

#define KNOBS                                                                  \
	"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"         \
	"  - {on: cc 1, to: /strip/1/fader, light: same}\n"                    \
	"  - {on: note 1, to: /strip/1/mute, as: toggle, light: same}\n"
#define KNOBS_LEFT                                                             \
	"name: Knobs\ndevice: \"Knobs*\"\ntakeover: jump\ncontrols:\n"         \
	"  - {on: cc 1, to: /strip/2/fader}\n"
#define BANKED(name)                                                           \
	"name: " name "\ndevice: \"Knobs*\"\nbank: 8\ncontrols:\n"             \
	"  - {on: note 1-8, to: \"/strip/{1-8}/mute\"}\n"                      \
	"  - {on: note 9, as: bank-right}\n"

/* A device, plugged or not. */
struct plug {
	char name[MIDI_PORT_NAME_MAX];
	char socket[MIDI_SOCKET_MAX];
	bool plugged, program;
	bool open, out_open;	/* what it sends, what it is sent */
	bool in_busy, out_busy; /* another program has it */
	uint32_t opens;
	bool overflow; /* at the next read */
	uint32_t full; /* so many messages are not taken */
	/* One message at each second read, so at each time that they are
	 * looked at: a hand or a clock that never rests, however slow the
	 * machine is. */
	bool moves, ticks, said;
	uint32_t reads;
	uint8_t in[BYTES_MAX]; /* what it sends */
	uint32_t in_at, in_end;
	uint8_t out[BYTES_MAX]; /* what it was sent */
	uint32_t outs;
};

struct machine {
	struct rig *rig;
	struct loop *loop;
	struct devices *devices;
	struct plug plug[PLUGS_MAX];
	uint32_t plugs;
	uint32_t listed[PLUGS_MAX]; /* in the last scan */
	uint32_t scans, want_scans;
	uint64_t scan_ns;
	char folder[PATH_MAX];
	char log[16384];
	float level; /* of strip 1; < 0: no audio runs */
	bool (*until)(struct machine *m);
	uint64_t until_ns;
	bool came;
	const char *clock_of; /* see devices.h */
	uint32_t clocks;
	enum midi_kind clock_kind;
	uint64_t clock_ns;
	uint64_t read_ns; /* when what is read came; 0: nobody knows */
};

static inline uint32_t
machine_scan(void *data, struct midi_port *out, uint32_t max)
{
	struct machine *m = data;
	uint32_t n = 0;

	m->scans++;
	m->scan_ns = loop_now_ns();
	for (uint32_t i = 0; i < m->plugs && n < max; i++) {
		struct plug *p = &m->plug[i];

		p->open = p->out_open = false;
		p->in_at = p->in_end; /* what nobody has read is lost */
		if (!p->plugged)
			continue;
		snprintf(out[n].name, sizeof(out[n].name), "%s", p->name);
		snprintf(out[n].socket, sizeof(out[n].socket), "%s", p->socket);
		out[n].input = out[n].output = true;
		out[n].program = p->program;
		m->listed[n++] = i;
	}
	return n;
}

static inline int
machine_open(void *data, uint32_t port, bool *in, bool *out)
{
	struct machine *m = data;
	struct plug *p = &m->plug[m->listed[port]];

	assert_false(p->open && p->out_open);
	p->opens++;
	*in = p->open = p->plugged && !p->in_busy;
	*out = p->out_open = p->plugged && !p->out_busy;
	return *in && *out ? 0 : -EBUSY;
}

static inline void
plug_say(struct plug *p, uint8_t a, uint8_t b, uint8_t c)
{
	uint8_t bytes[] = {a, b, c};

	assert_true(p->in_end + sizeof(bytes) <= BYTES_MAX);
	memcpy(p->in + p->in_end, bytes, sizeof(bytes));
	p->in_end += sizeof(bytes);
}

static inline uint64_t
machine_read_ns(void *data, uint32_t port)
{
	const struct machine *m = data;

	(void)port;
	return m->read_ns ? m->read_ns : loop_now_ns();
}

static inline int
machine_read(void *data, uint32_t port, uint8_t *bytes, uint32_t max)
{
	struct machine *m = data;
	struct plug *p = &m->plug[m->listed[port]];
	uint32_t n;

	assert_true(p->open);
	p->reads++;
	p->said = !p->said && (p->moves || p->ticks) && p->in_at == p->in_end;
	if (p->said && p->moves)
		plug_say(p, 0xb0, 1, p->reads % 120);
	else if (p->said)
		plug_say(p, 0xf8, 0xf8, 0xf8);
	n = p->in_end - p->in_at;
	if (p->overflow) {
		p->overflow = false;
		p->in_at = p->in_end;
		return -EOVERFLOW;
	}
	n = n < max ? n : max;
	memcpy(bytes, p->in + p->in_at, n);
	p->in_at += n;
	return p->plugged ? (int)n : 0;
}

static inline int
machine_write(void *data, uint32_t port, const uint8_t *bytes, uint32_t n)
{
	struct machine *m = data;
	struct plug *p = &m->plug[m->listed[port]];

	assert_true(p->out_open && p->outs + n <= BYTES_MAX);
	if (p->full > 0) {
		p->full--;
		return -ENOSPC;
	}
	memcpy(p->out + p->outs, bytes, n);
	p->outs += n;
	return p->plugged ? 0 : -EIO;
}

static inline void
machine_say(void *data, const char *line)
{
	struct machine *m = data;
	size_t n = strlen(m->log);

	snprintf(m->log + n, sizeof(m->log) - n, "%s\n", line);
}

static inline float
machine_peak(void *data, bool bus, uint32_t index)
{
	const struct machine *m = data;

	return !bus && index == 0 ? m->level : m->level < 0.0f ? -1.0f : 0.0f;
}

static inline void
machine_tick(void *data)
{
	struct machine *m = data;

	m->came = m->until(m);
	if (m->came || loop_now_ns() >= m->until_ns)
		loop_stop(m->loop, 0);
}

/* Runs until it is true; false when that takes too long. */
static inline bool
machine_until(
	struct machine *m, bool (*until)(struct machine *m), uint64_t max_ns)
{
	int timer = loop_timer(m->loop, 0, MS, machine_tick, m);

	m->until = until;
	m->until_ns = loop_now_ns() + max_ns;
	loop_run(m->loop);
	loop_timer_remove(m->loop, timer);
	return m->came;
}

static inline bool
never(struct machine *m)
{
	(void)m;
	return false;
}

static inline void
machine_run(struct machine *m, uint64_t ns)
{
	machine_until(m, never, ns);
}

static inline struct plug *
plug_in(struct machine *m, const char *name)
{
	struct plug *p = &m->plug[m->plugs++];

	snprintf(p->name, sizeof(p->name), "%s", name);
	p->plugged = true;
	return p;
}

/* It was sent this message. */
static inline bool
plug_got(const struct plug *p, uint8_t a, uint8_t b, uint8_t c)
{
	for (uint32_t i = 0; i + 3 <= p->outs; i++)
		if (p->out[i] == a && p->out[i + 1] == b && p->out[i + 2] == c)
			return true;
	return false;
}

static inline void
write_file(struct machine *m, const char *name, const char *text_of)
{
	char path[PATH_MAX + 64];
	FILE *f;

	snprintf(path, sizeof(path), "%s/config/tapdeck/mappings/%s", m->folder,
		name);
	f = fopen(path, "we");
	assert_non_null(f);
	assert_true(fputs(text_of, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline void
machine_clock(void *data, uint32_t device, const struct midi_event *e,
	uint64_t time_ns)
{
	struct machine *m = data;

	(void)device;
	m->clocks++;
	m->clock_kind = e->kind;
	m->clock_ns = time_ns;
}

static inline void
machine_start(struct machine *m)
{
	static const struct midi_backend backend = {.scan = machine_scan,
		.open = machine_open,
		.read = machine_read,
		.read_ns = machine_read_ns,
		.write = machine_write};
	const struct devices_config config = {.loop = m->loop,
		.params = m->rig->p,
		.backend = &backend,
		.backend_data = m,
		.say = machine_say,
		.peak = machine_peak,
		.clock_of = m->clock_of,
		.clock = machine_clock,
		.data = m};

	assert_int_equal(devices_open(&m->devices, &config), 0);
}

static inline int
machine_up(void **state)
{
	static const char *const folders[] = {"/config", "/config/tapdeck",
		"/config/tapdeck/mappings", "/factory", "/state"};
	struct machine *m = calloc(1, sizeof(*m));
	char path[PATH_MAX + 64];
	void *rig = NULL;

	if (!m || set_up(&rig) < 0)
		return -1;
	m->rig = rig;
	snprintf(m->folder, sizeof(m->folder), "/tmp/tapdeck-midi-XXXXXX");
	assert_non_null(mkdtemp(m->folder));
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", m->folder, folders[i]);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	snprintf(path, sizeof(path), "%s/config", m->folder);
	setenv("XDG_CONFIG_HOME", path, 1);
	snprintf(path, sizeof(path), "%s/state", m->folder);
	setenv("XDG_STATE_HOME", path, 1);
	snprintf(path, sizeof(path), "%s/factory", m->folder);
	setenv("TAPDECK_MAPPINGS", path, 1);
	assert_int_equal(loop_new(&m->loop), 0);
	*state = m;
	return 0;
}

static inline int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st, (void)kind, (void)at;
	return remove(path);
}

static inline int
machine_down(void **state)
{
	struct machine *m = *state;
	void *rig = m->rig;

	devices_close(m->devices);
	loop_free(m->loop);
	nftw(m->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(m);
	return tear_down(&rig);
}

/* ---- what has come ---- */

static inline double
value_of(struct machine *m, const char *address)
{
	struct param_value v = get(m->rig, address);

	return v.type == PARAM_FLOAT ? v.f : (double)v.i;
}

static inline void
somebody_sets(struct machine *m, const char *address, double to)
{
	struct param_change change = {.id = find(m->rig, address)};
	struct param_value v = number(to);

	assert_int_equal(param_check(m->rig->p, change.id, &v, &change.value,
				 m->rig->why),
		0);
	param_apply(m->rig->p, &change, 1, 0, 7);
}

static inline bool
first_is_open(struct machine *m)
{
	return m->plug[0].open;
}

static inline bool
strip_1_is_up(struct machine *m)
{
	return value_of(m, "/strip/1/fader") > 0.99;
}

static inline bool
strip_2_is_up(struct machine *m)
{
	return value_of(m, "/strip/2/fader") > 0.99;
}

static inline bool
mute_is_lit(struct machine *m)
{
	return plug_got(&m->plug[0], 0x90, 1, 127);
}

static inline bool
all_is_read(struct machine *m)
{
	return m->plug[0].in_at == m->plug[0].in_end;
}

#endif
