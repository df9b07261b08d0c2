/* SPDX-License-Identifier: GPL-3.0-or-later */
/* MIDI devices by PortMidi: found by name, input and output of one name are one
 * device, bytes go both ways. PortMidi looks at the machine only once, so a
 * scan closes everything and begins anew. Control thread only. */
#ifndef MIDI_PORTS_H
#define MIDI_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#define MIDI_PORTS_MAX	   32
#define MIDI_PORT_NAME_MAX 64 /* bytes with the NUL */
#define MIDI_SOCKET_MAX	   64 /* bytes with the NUL */

struct midi_port {
	char name[MIDI_PORT_NAME_MAX];
	char socket[MIDI_SOCKET_MAX]; /* where it is plugged in; "": unknown */
	bool input, output;
	bool program; /* it belongs to another program, not to a device */
};

/* What is asked of devices; a table so that what happens when they come
 * and go can be tried without them. A port is known by its place in the list
 * of the last scan, and those behind max are not seen. */
struct midi_backend {
	/* Closes every port, looks again, and fills out[max]: how many. */
	uint32_t (*scan)(void *data, struct midi_port *out, uint32_t max);
	/* Opens what is not open yet of its input and output; *in, *out: what
	 * is now. 0, or -errno of what is not, for example because another
	 * program has it. */
	int (*open)(void *data, uint32_t port, bool *in, bool *out);
	/* Bytes that came, at most max >= 4; 0: none. -EOVERFLOW: some were
	 * lost, more may be there; -EIO. Never waits. */
	int (*read)(void *data, uint32_t port, uint8_t *bytes, uint32_t max);
	/* When what the last read() gave came, in CLOCK_MONOTONIC; NULL: when
	 * it is read. */
	uint64_t (*read_ns)(void *data, uint32_t port);
	/* One whole message. 0 or -errno. Never waits. */
	int (*write)(
		void *data, uint32_t port, const uint8_t *bytes, uint32_t n);
};

struct midi_ports; /* the data of this one: */
extern const struct midi_backend midi_ports_backend;

/* alsa-lib prints what goes wrong, be it only that there is no MIDI: no more.
 */
void midi_alsa_quiet(void);

int midi_ports_new(struct midi_ports **out); /* 0 or -ENOMEM */
void midi_ports_free(struct midi_ports *p);  /* NULL is fine */

#endif
