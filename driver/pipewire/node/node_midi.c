/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The MIDI ports, on the control thread. */
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "driver/pipewire/node/node_midi.h"
#include "driver/timer.h"

static uint32_t
links_of(const struct driver *d, const char *port_name, bool output)
{
	struct graph_object *link;
	const struct graph_object *own = driver_own_node(d);
	const struct graph_object *port = driver_own_port(d, port_name);
	uint32_t n = 0;

	if (!own || !port)
		return 0;
	if (output) {
		spa_list_for_each(link, &own->links_out, of_out)
		{
			if (link->out_port != port->id)
				continue;
			graph_ask(link);
			n++;
		}
	} else {
		spa_list_for_each(link, &own->links_in, of_in) n +=
			link->in_port == port->id;
	}
	return n;
}

void
midi_watch_links(struct driver *d)
{
	uint32_t in = d->running ? links_of(d, "midi_in", false) : 0;
	uint32_t out = d->running ? links_of(d, "midi_out", true) : 0;
	bool flows = d->graph.flowed != d->midi_flowed;

	if (in == d->midi_in && out == d->midi_out && !flows)
		return;
	d->midi_in = in;
	d->midi_out = out;
	d->midi_flowed = d->graph.flowed;
	if (d->events->midi)
		d->events->midi(d->data, in, out, flows);
}

static uint32_t
read_one(struct driver *d, uint32_t at, driver_heard heard, void *data)
{
	struct midi_ring *r = &d->node.cycle->midi.heard;
	struct midi_record record;
	struct reflex_done done[REFLEX_TARGETS_MAX];
	uint8_t bytes[MIDI_PIECE_MAX];

	at = midi_ring_get(r, at, &record, sizeof(record));
	at = midi_ring_get(
		r, at, done, record.done * (uint32_t)sizeof(done[0]));
	at = midi_ring_get(r, at, bytes, record.bytes);
	spa_ringbuffer_read_update(&r->ring, (int32_t)at);
	heard(data, &(struct driver_midi){
			    .frame = record.frame,
			    .taken = record.taken,
			    .count = record.done,
			    .done = done,
			    .bytes = bytes,
			    .n = record.bytes,
			    .lost = record.lost != 0,
			    .block_ns = driver_block_ns(d),
		    });
	return at;
}

bool
driver_midi_read(struct driver *d, driver_heard heard, void *data)
{
	struct midi_ring *r;
	uint32_t at, end;
	int32_t left;

	if (!d->node.cycle)
		return false;
	r = &d->node.cycle->midi.heard;
	left = spa_ringbuffer_get_read_index(&r->ring, &at);
	if (left <= 0)
		return false;
	/* What comes meanwhile is for the next time: it may come faster than
	 * it can be dealt with. */
	for (end = at + (uint32_t)left; at != end;)
		at = read_one(d, at, heard, data);
	return true;
}

int
driver_midi_write(struct driver *d, const uint8_t *bytes, uint32_t n)
{
	struct midi_ring *r;
	uint64_t head = 0;
	uint32_t at;
	int32_t used;

	if (!d->running)
		return -ENOTCONN;
	if (n == 0 || n > MIDI_PIECE_MAX)
		return -EMSGSIZE;
	r = &d->node.cycle->midi.spoken;
	used = spa_ringbuffer_get_write_index(&r->ring, &at);
	if (sizeof(head) + MIDI_ROUND(n) > MIDI_RING_BYTES - (uint32_t)used)
		return -ENOSPC;
	memcpy(&head, &n, sizeof(n));
	at = midi_ring_put(r, at, &head, sizeof(head));
	at = midi_ring_put(r, at, bytes, n);
	spa_ringbuffer_write_update(&r->ring, (int32_t)at);
	return 0;
}

void
driver_clock(struct driver *d, const struct clock_line *line)
{
	if (d->node.cycle)
		clock_out_set(&d->node.cycle->midi.clock, line);
}

static void
on_bell(void *data, int fd, uint32_t mask)
{
	struct driver *d = data;
	eventfd_t rung;

	(void)mask;
	/* Before what came is read: what comes after that rings anew. */
	if (eventfd_read(fd, &rung) == 0 && d->events->midi_came)
		d->events->midi_came(d->data);
}

int
midi_bell_open(struct driver *d)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return -errno;
	d->bell = pw_loop_add_io(d->loop, fd, SPA_IO_IN, true, on_bell, d);
	if (d->bell)
		return 0;
	close(fd);
	return -ENOMEM;
}

void
midi_bell_close(struct driver *d)
{
	source_end(d->loop, &d->bell);
}
