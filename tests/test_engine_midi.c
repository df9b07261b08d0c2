/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The driver's MIDI ports and the rest of the engine, with a driver that says
 * what it is told to say. */
#include "tests/devices_rig.h"

#include "control/engine/engine_midi.h"
#include "core/reflex.h"

#include "control/engine/engine_shared.h"

static struct {
	uint8_t bytes[3];
	bool waits; /* something has come and was not read */
	uint64_t block_ns;
	uint32_t written;
} port;

/* In the place of the driver's own. */
bool
driver_midi_read(struct driver *d, driver_heard heard, void *data)
{
	bool waits = port.waits;

	(void)d;
	port.waits = false;
	if (waits)
		heard(data, &(struct driver_midi){.bytes = port.bytes, .n = 3});
	return waits;
}

int
driver_midi_write(struct driver *d, const uint8_t *bytes, uint32_t n)
{
	(void)d, (void)bytes, (void)n;
	port.written++;
	return 0;
}

void
engine_say(void *e, const char *line)
{
	(void)e, (void)line;
}

/* It is not told of yet. */
static void
comes(uint8_t a, uint8_t b, uint8_t c)
{
	port.bytes[0] = a;
	port.bytes[1] = b;
	port.bytes[2] = c;
	port.waits = true;
}

static void
engine_up(struct engine *e, struct machine *m)
{
	static const struct engine_config config;

	memset(e, 0, sizeof(*e));
	memset(&port, 0, sizeof(port));
	write_file(m, "ports.yaml",
		"name: Ports\ndevice: PipeWire\nport: pipewire\n"
		"takeover: jump\ncontrols:\n"
		"  - {on: cc 1, to: /strip/1/fader}\n"
		"  - {on: note 1, to: /strip/1/mute, as: toggle, "
		"light: same}\n");
	e->config = &config;
	e->loop = m->loop;
	e->model = m->rig->model;
	e->driver = (struct driver *)(void *)m; /* it is never looked into */
	engine_midi_start(e);
	assert_non_null(e->midi);
}

static void
what_comes_is_heard(void **state)
{
	struct machine *m = *state;
	struct engine e;

	engine_up(&e, m);
	engine_midi_links(&e, 1, 0);
	comes(0xb0, 1, 127);
	engine_midi_came(&e);
	assert_true(strip_1_is_up(m));
	devices_close(e.midi);
}

/* The audio thread has done it already: control has to know. */
static void
what_came_last_is_heard_when_the_link_goes(void **state)
{
	struct machine *m = *state;
	struct engine e;

	engine_up(&e, m);
	engine_midi_links(&e, 1, 0);
	comes(0xb0, 1, 127);
	engine_midi_links(&e, 0, 0);
	assert_true(strip_1_is_up(m));
	comes(0xb0, 1, 0); /* it was on its way still */
	engine_midi_came(&e);
	assert_false(strip_1_is_up(m));
	devices_close(e.midi);
}

static void
what_came_last_is_heard_when_audio_stops(void **state)
{
	struct machine *m = *state;
	struct engine e;

	engine_up(&e, m);
	engine_midi_links(&e, 1, 0);
	comes(0xb0, 1, 127);
	engine_midi_audio(&e); /* no reflex: audio has gone */
	assert_true(strip_1_is_up(m));
	devices_close(e.midi);
}

static bool
the_lamp_is_sent(struct machine *m)
{
	(void)m;
	return port.written == 1;
}

/* The first is lost on a link that has no buffers yet; the one after the link's
 * word may be, on an end that is slow to hear of it. */
static void
who_is_linked_is_shown_all_until_it_can_be_seen(void **state)
{
	struct machine *m = *state;
	struct engine e;

	engine_up(&e, m);
	engine_midi_links(&e, 0, 1);
	assert_true(machine_until(m, the_lamp_is_sent, WAIT_NS));
	for (int again = 0; again < 2; again++) {
		port.written = 0;
		if (again == 0)
			engine_midi_flows(&e);
		assert_true(machine_until(m, the_lamp_is_sent, WAIT_NS));
	}
	devices_close(e.midi);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, machine_up, machine_down)
	const struct CMUnitTest tests[] = {
		T(what_comes_is_heard),
		T(what_came_last_is_heard_when_the_link_goes),
		T(what_came_last_is_heard_when_audio_stops),
		T(who_is_linked_is_shown_all_until_it_can_be_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
