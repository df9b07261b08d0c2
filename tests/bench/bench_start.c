/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_start COMMAND...: runs `tapdeck run` and measures how long it takes
 * from just before fork() until the first frame of the bus "loop". The ring
 * tells when that was: its clock pair says what time its frame 0 had. Prints
 * milliseconds, ends the command, and waits for it. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/ring/share.h"
#include "tests/bench/bench.h"

#define GIVE_UP_NS 10000000000u
#define LOOK_NS	   500000

static pid_t
run(char **command)
{
	pid_t pid = fork();

	if (pid < 0)
		bench_die("fork: %s", strerror(errno));
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	execvp(command[0], command);
	_exit(127);
}

/* True when the ring has a first block; then *first_ns is when. */
static bool
first_block(struct ring_attach *a, uint64_t *first_ns)
{
	struct ring_counters c;
	uint64_t frame, time_ns;

	if (a->fd < 0 && ring_attach(a, NULL, "loop", 1000) < 0)
		return false;
	ring_counters(&a->reader, &c);
	if (c.written == 0 || !ring_clock(&a->reader, &frame, &time_ns))
		return false;
	*first_ns = time_ns - frame * 1000000000u / a->reader.config.rate_hz;
	return true;
}

int
main(int argc, char **argv)
{
	const struct timespec a_moment = {.tv_nsec = LOOK_NS};
	struct ring_attach ring = {.fd = -1};
	uint64_t start_ns = bench_now_ns(), first_ns = 0;
	int status = 0;
	pid_t pid;

	if (argc < 2)
		bench_die("usage: bench_start COMMAND [ARG...]");
	pid = run(argv + 1);
	while (!first_block(&ring, &first_ns)) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			bench_die("%s has ended", argv[1]);
		if (bench_now_ns() - start_ns > GIVE_UP_NS)
			bench_die("no first block in 10 s");
		nanosleep(&a_moment, NULL);
	}
	printf("%.1f\n", (double)(first_ns - start_ns) / 1e6);
	ring_detach(&ring);
	kill(pid, SIGTERM);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return 0;
}
