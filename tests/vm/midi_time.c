/* SPDX-License-Identifier: GPL-3.0-or-later */
/* midi_time PORT: how long after a device has sent a message its parameter has
 * moved. The message goes through the ALSA sequencer; that the parameter has
 * moved is told to a subscriber over OSC, which takes a while too: what is
 * measured is above what it measures. The mapping is that of bench_midi.sh. */
#include <alsa/asoundlib.h>
#include <arpa/inet.h>
#include <errno.h>
#include <lo/lo.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define DEVICE	 "Bench"
#define ADDRESS	 "/strip/*/fader"
#define STRIPS	 8u
#define BOUND_US 1000.0

struct device {
	snd_seq_t *seq;
	int port;
	uint32_t sent; /* each moves another strip than the one before */
};

static void
device_open(struct device *d)
{
	if (snd_seq_open(&d->seq, "hw", SND_SEQ_OPEN_DUPLEX, 0) < 0)
		bench_die("no sequencer");
	snd_seq_set_client_name(d->seq, DEVICE);
	d->port = snd_seq_create_simple_port(d->seq, DEVICE,
		SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ,
		SND_SEQ_PORT_TYPE_MIDI_GENERIC);
	if (d->port < 0)
		bench_die("no port");
}

/* When it was about to be sent. */
static uint64_t
device_send(struct device *d)
{
	uint32_t number = d->sent % STRIPS;
	int value = d->sent / STRIPS % 2 ? 40 : 80;
	snd_seq_event_t event;
	uint64_t start_ns;

	snd_seq_ev_clear(&event);
	snd_seq_ev_set_controller(&event, 0, number, value);
	snd_seq_ev_set_source(&event, (unsigned char)d->port);
	snd_seq_ev_set_subs(&event);
	snd_seq_ev_set_direct(&event);
	start_ns = bench_now_ns();
	if (snd_seq_event_output_direct(d->seq, &event) < 0)
		bench_die("not sent");
	d->sent++;
	return start_ns;
}

static int
connect_to(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct timeval wait = {.tv_usec = 200000};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ||
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) <
			0)
		bench_die("UDP port %u: %s", port, strerror(errno));
	return fd;
}

static void
subscribe(int fd)
{
	uint8_t packet[2048];
	size_t size = sizeof(packet);
	lo_message m = lo_message_new();

	if (!m || lo_message_add_string(m, ADDRESS) != 0 ||
		lo_message_add_float(m, 600.0f) != 0 ||
		!lo_message_serialise(m, "/subscribe", packet, &size) ||
		send(fd, packet, size, 0) < 0)
		bench_die("cannot subscribe");
	lo_message_free(m);
	while (recv(fd, packet, sizeof(packet), 0) > 0)
		; /* what they all are now */
}

/* Moves the same strips to the same places by OSC. When it was about to. */
static uint64_t
osc_send(struct device *d, int fd)
{
	uint8_t packet[64];
	size_t size = sizeof(packet);
	lo_message m = lo_message_new();
	char address[32];
	uint64_t start_ns;

	snprintf(address, sizeof(address), "/strip/%u/fader",
		d->sent % STRIPS + 1);
	if (!m ||
		lo_message_add_float(m, d->sent / STRIPS % 2 ? 0.3f : 0.6f) !=
			0 ||
		!lo_message_serialise(m, address, packet, &size))
		bench_die("no message");
	lo_message_free(m);
	start_ns = bench_now_ns();
	if (send(fd, packet, size, 0) < 0)
		bench_die("send: %s", strerror(errno));
	d->sent++;
	return start_ns;
}

/* us until the parameter's new value was told; < 0: not in 0.2 s */
static double
time_one(struct device *d, int told, int by_osc)
{
	char packet[2048], want[32];
	uint64_t start_ns;

	while (recv(told, packet, sizeof(packet), MSG_DONTWAIT) > 0)
		;
	snprintf(want, sizeof(want), "/strip/%u/fader", d->sent % STRIPS + 1);
	start_ns = by_osc >= 0 ? osc_send(d, by_osc) : device_send(d);
	for (;;) {
		if (recv(told, packet, sizeof(packet) - 1, 0) < 0)
			return -1.0;
		if (!strcmp(packet, want))
			return (double)(bench_now_ns() - start_ns) / 1e3;
	}
}

static void
show(const char *name, const char *bound, double *us, uint32_t count)
{
	double p50 = bench_quantile(us, count, 0.5);
	double p99 = bench_quantile(us, count, 0.99);
	double p999 = bench_quantile(us, count, 0.999);

	bench_row(name, bound, p999 <= BOUND_US,
		"p50 %.2f ms, p99 %.2f, p99.9 %.2f", p50 / 1e3, p99 / 1e3,
		p999 / 1e3);
}

/* One after another, this far apart; by MIDI and by OSC in turns. */
static void
measure(struct device *d, int told, int by_osc, const char *name,
	uint32_t count, uint32_t gap_us)
{
	double *midi_us = bench_memory(count * sizeof(double));
	double *osc_us = bench_memory(count * sizeof(double));

	for (uint32_t i = 0; i < count; i++) {
		midi_us[i] = time_one(d, told, -1);
		usleep(gap_us);
		osc_us[i] = time_one(d, told, by_osc);
		usleep(gap_us);
		if (midi_us[i] < 0.0 || osc_us[i] < 0.0)
			bench_die("message %u moved nothing", i);
	}
	show(name, "p99.9 <= 1 ms", midi_us, count);
	show("  the same move by OSC", "", osc_us, count);
	free(midi_us);
	free(osc_us);
}

int
main(int argc, char **argv)
{
	struct device d = {0};
	int told, by_osc;

	if (argc != 2)
		bench_die("midi_time PORT");
	device_open(&d);
	told = connect_to((uint16_t)atoi(argv[1]));
	by_osc = connect_to((uint16_t)atoi(argv[1]));
	subscribe(told);
	for (int i = 0; i < 50 && time_one(&d, told, -1) < 0.0; i++)
		if (i == 49)
			bench_die("tapdeck does not take the device");
	measure(&d, told, by_osc, "a turned knob, a message in 10 ms", 1500,
		3000);
	measure(&d, told, by_osc, "a lone message", 250, 40000);
	close(told);
	close(by_osc);
	snd_seq_close(d.seq);
	return 0;
}
