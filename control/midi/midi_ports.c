/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/midi/midi_ports.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <portmidi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control/midi/midi_parse.h"
#include "control/util/loop.h"

#define SEQUENCER     "/dev/snd/seq"
#define STAMP_AGO_MS  1000 /* of what waited to be read */
#define READ_EVENTS   64
#define BUFFER_EVENTS 1024 /* of one input, between two reads */

struct place {
	int in_id, out_id; /* PortMidi's; -1: none */
	PortMidiStream *in, *out;
	bool in_sysex;
	PmEvent event[READ_EVENTS]; /* that were read, */
	int events, taken;	    /* and so many of them taken */
	PmTimestamp at_ms;	    /* of those taken last */
};

struct midi_ports {
	struct place place[MIDI_PORTS_MAX];
	uint32_t count;
	bool ready; /* PortMidi is */
};

static void
alsa_say_nothing(const char *file, int line, const char *function, int err,
	const char *fmt, ...)
{
	(void)file, (void)line, (void)function, (void)err, (void)fmt;
}

void
midi_alsa_quiet(void)
{
	snd_lib_error_set_handler(alsa_say_nothing);
}

static PmTimestamp
time_ms(void *data)
{
	(void)data;
	return (PmTimestamp)(loop_now_ns() / 1000000u & 0x7fffffff);
}

int
midi_ports_new(struct midi_ports **out)
{
	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -ENOMEM;
}

static void
ports_close(struct midi_ports *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		if (p->place[i].in)
			Pm_Close(p->place[i].in);
		if (p->place[i].out)
			Pm_Close(p->place[i].out);
	}
	p->count = 0;
	if (p->ready)
		Pm_Terminate();
	p->ready = false;
}

void
midi_ports_free(struct midi_ports *p)
{
	if (!p)
		return;
	ports_close(p);
	free(p);
}

/* ---- the list ---- */

/* The first port of this name that lacks a direction, or a new one: the second
 * of two equal devices is the second pair. */
static uint32_t
place_for(struct midi_ports *p, struct midi_port *list, uint32_t max,
	const PmDeviceInfo *info)
{
	uint32_t i = 0;

	while (i < p->count &&
		(strncmp(list[i].name, info->name, sizeof(list[i].name) - 1) !=
				0 ||
			(info->input ? list[i].input : list[i].output)))
		i++;
	if (i == p->count && i < max) {
		snprintf(list[i].name, sizeof(list[i].name), "%s", info->name);
		list[i].socket[0] = '\0';
		list[i].input = list[i].output = list[i].program = false;
		p->place[i] = (struct place){.in_id = -1, .out_id = -1};
		p->count++;
	}
	return i;
}

static uint32_t
ports_scan(void *data, struct midi_port *list, uint32_t max)
{
	struct midi_ports *p = data;
	int n;

	ports_close(p);
	if (access(SEQUENCER, F_OK) != 0)
		return 0; /* a machine without MIDI */
	midi_alsa_quiet();
	if (Pm_Initialize() != pmNoError)
		return 0;
	p->ready = true;
	if (max > MIDI_PORTS_MAX)
		max = MIDI_PORTS_MAX;
	n = Pm_CountDevices();
	for (int id = 0; id < n; id++) {
		const PmDeviceInfo *info = Pm_GetDeviceInfo(id);
		uint32_t i;

		if (!info || !info->name || (!info->input && !info->output))
			continue;
		i = place_for(p, list, max, info);
		if (i == max)
			continue;
		if (info->input) {
			list[i].input = true;
			p->place[i].in_id = id;
		} else {
			list[i].output = true;
			p->place[i].out_id = id;
		}
	}
	return p->count;
}

/* ---- one port ---- */

static int
error_of(PmError error)
{
	switch (error) {
	case pmNoError:
	case pmGotData:
		return 0;
	case pmInsufficientMemory:
		return -ENOMEM;
	case pmBufferOverflow:
		return -EOVERFLOW;
	case pmInvalidDeviceId:
		return -ENODEV;
	case pmHostError: /* the device is another program's alone */
		return -EBUSY;
	default:
		return -EIO;
	}
}

static int
port_open(void *data, uint32_t port, bool *in, bool *out)
{
	struct midi_ports *p = data;
	struct place *at = &p->place[port];
	PmError in_error = pmNoError, out_error = pmNoError;

	if (at->in_id >= 0 && !at->in) {
		at->in_sysex = false;
		at->events = at->taken = 0;
		in_error = Pm_OpenInput(
			&at->in, at->in_id, NULL, BUFFER_EVENTS, time_ms, NULL);
		if (in_error != pmNoError)
			at->in = NULL;
	}
	/* No latency: sent at once, whatever the time stamp says. */
	if (at->out_id >= 0 && !at->out) {
		out_error = Pm_OpenOutput(&at->out, at->out_id, NULL,
			BUFFER_EVENTS, time_ms, NULL, 0);
		if (out_error != pmNoError)
			at->out = NULL;
	}
	*in = at->in != NULL;
	*out = at->out != NULL;
	return error_of(in_error != pmNoError ? in_error : out_error);
}

/* PortMidi packs four bytes of a sysex into an event, and puts real-time
 * messages between them as events of their own. */
static uint32_t
event_bytes(struct place *at, PmMessage message, uint8_t out[4])
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < 4; i++)
		out[i] = (uint8_t)((uint32_t)message >> 8 * i);
	if (out[0] >= 0xf8)
		return 1;
	if (out[0] >= 0x80 && out[0] != 0xf7)
		at->in_sysex = out[0] == 0xf0;
	if (!at->in_sysex)
		return out[0] >= 0x80 ? 1 + midi_data_bytes(out[0]) : 0;
	while (n < 4 && at->in_sysex)
		at->in_sysex = out[n++] != 0xf7;
	return n;
}

/* Those of one time, so that it is known. */
static int
port_read(void *data, uint32_t port, uint8_t *bytes, uint32_t max)
{
	struct midi_ports *p = data;
	struct place *at = &p->place[port];
	uint32_t used = 0;
	int n;

	if (!at->in)
		return 0;
	if (at->taken == at->events) {
		n = Pm_Read(at->in, at->event, READ_EVENTS);
		if (n < 0)
			return error_of((PmError)n);
		at->events = n;
		at->taken = 0;
	}
	if (at->taken < at->events)
		at->at_ms = at->event[at->taken].timestamp;
	while (at->taken < at->events && used + 4 <= max &&
		at->event[at->taken].timestamp == at->at_ms) {
		used += event_bytes(
			at, at->event[at->taken].message, bytes + used);
		at->taken++;
	}
	return (int)used;
}

/* By time_ms(), which PortMidi asks; it stamps what the kernel has got. */
static uint64_t
port_read_ns(void *data, uint32_t port)
{
	struct midi_ports *p = data;
	uint64_t now_ns = loop_now_ns();
	uint32_t ago_ms =
		(uint32_t)time_ms(NULL) - (uint32_t)p->place[port].at_ms;

	ago_ms &= 0x7fffffff;
	if (ago_ms > STAMP_AGO_MS) /* it is ahead by a rounded ms, or none */
		return now_ns;
	return now_ns - now_ns % 1000000u - ago_ms * UINT64_C(1000000);
}

static int
port_write(void *data, uint32_t port, const uint8_t *bytes, uint32_t n)
{
	struct midi_ports *p = data;
	struct place *at = &p->place[port];

	if (!at->out || n == 0)
		return -ENODEV;
	if (bytes[0] == 0xf0) /* it does not write into it */
		return error_of(
			Pm_WriteSysEx(at->out, 0, (unsigned char *)bytes));
	if (n != 1 + midi_data_bytes(bytes[0]))
		return -EINVAL;
	return error_of(Pm_WriteShort(at->out, 0,
		Pm_Message(
			bytes[0], n > 1 ? bytes[1] : 0, n > 2 ? bytes[2] : 0)));
}

const struct midi_backend midi_ports_backend = {
	.scan = ports_scan,
	.open = port_open,
	.read = port_read,
	.read_ns = port_read_ns,
	.write = port_write,
};
