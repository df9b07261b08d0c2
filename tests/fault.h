/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stops a copy in its middle: a page that the copy runs into is made
 * inaccessible, and what is to happen at that moment runs in the handler of the
 * fault. The code under test is the real one and knows nothing of it. Include
 * after cmocka.h. */
#ifndef FAULT_H
#define FAULT_H

#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define FAULTS_MAX 2

struct fault {
	char *from; /* NULL: unused */
	size_t size_bytes;
	void (*hit)(void *arg);
	void *arg;
};

static struct fault faults[FAULTS_MAX]; /* set before the copy starts */

static void
fault_handle(int sig, siginfo_t *info, void *context)
{
	char *at = info->si_addr;

	(void)context;
	for (int i = 0; i < FAULTS_MAX; i++) {
		struct fault *f = &faults[i];

		if (!f->from || at < f->from || at >= f->from + f->size_bytes)
			continue;
		mprotect(f->from, f->size_bytes, PROT_READ | PROT_WRITE);
		f->from = NULL;
		f->hit(f->arg);
		return;
	}
	signal(sig, SIG_DFL);
}

/* Memory of size_bytes that holds what data does (if any). Touching it from
 * stop_bytes on, a multiple of the page's size, calls hit(arg) once. */
static void *
fault_memory(int slot, const void *data, size_t size_bytes, size_t stop_bytes,
	void (*hit)(void *), void *arg)
{
	struct sigaction sa = {.sa_sigaction = fault_handle,
		.sa_flags = SA_SIGINFO | SA_NODEFER};
	char *m = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	assert_true(m != MAP_FAILED);
	if (data)
		memcpy(m, data, size_bytes);
	sigemptyset(&sa.sa_mask);
	assert_int_equal(sigaction(SIGSEGV, &sa, NULL), 0);
	assert_int_equal(
		mprotect(m + stop_bytes, size_bytes - stop_bytes, PROT_NONE),
		0);
	faults[slot] = (struct fault){
		m + stop_bytes, size_bytes - stop_bytes, hit, arg};
	return m;
}

#endif
