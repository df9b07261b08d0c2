/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the benches of OSC share: a way to tapdeck, and what it costs. */
#ifndef BENCH_OSC_H
#define BENCH_OSC_H

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static inline int
bench_connect(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		bench_die("UDP port %u: %s", port, strerror(errno));
	return fd;
}

/* CPU time of a process's first thread. */
static inline uint64_t
bench_thread_cpu_ns(pid_t pid)
{
	unsigned long long ns = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid,
		(int)pid);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%llu", &ns) != 1)
		bench_die("%s: %s", path, strerror(errno));
	fclose(f);
	return ns;
}

#endif
