/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ring between processes. Each step waits for the one before it by a byte
 * in a pipe, a hang-up, or the number of readers; nobody sleeps for a guessed
 * time. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include "core/ring/layout.h"
#include "core/ring/share.h"
#include "tests/fault.h"
#include "tests/ring_rig.h"
#include "tests/ring_share_rig.h"

#define CAPACITY	8192u
#define BLOCK		256u
#define LONG_BLOCK	4096u	  /* 32 KiB */
#define LONG_STOP_BYTES 16384u	  /* of it, where the writer is stopped */
#define FRAMES		10000000u /* of the part that the late reader hears */
#define YIELD_BLOCKS	64u	  /* twice the ring */
#define LIFE_S		60	  /* a child's longest, on a busy machine too */

/* What a reader's process tells at its end. */
struct account {
	uint64_t first; /* the frame that it began with */
	uint64_t received, lost, torn;
	uint64_t silence; /* blocks given while there was no writer */
	uint64_t again;	  /* frames received after attaching again */
	uint64_t epoch, epoch_again;
	uint32_t rate_again_hz;
};

struct child {
	pid_t pid;
	int from; /* what it says, read here */
	int to;	  /* what it is told */
};

struct talk {
	struct share_dir d;
	int out; /* a child says something to the test */
	int in;	 /* and is told to go on */
};

/* Runs f in a process of its own, which cannot outlive the test. */
static struct child
child_start(struct talk *t, void (*f)(struct talk *))
{
	struct child c;
	int fds[2], back[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(pipe2(back, O_CLOEXEC), 0);
	c.pid = fork();
	assert_true(c.pid >= 0);
	if (c.pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		alarm(LIFE_S);
		t->out = fds[1];
		t->in = back[0];
		f(t);
		_exit(0);
	}
	close(fds[1]);
	close(back[0]);
	c.from = fds[0];
	c.to = back[1];
	return c;
}

/* In a child: what must be true. */
static void
must(int truth, int code)
{
	if (!truth)
		_exit(code);
}

static void
say(struct talk *t, const void *data, size_t size)
{
	must(write(t->out, data, size) == (ssize_t)size, 90);
}

/* In a child: says that it is ready, and waits until the others are. */
static void
say_and_wait(struct talk *t, const char *what)
{
	char go;

	say(t, what, 1);
	must(read(t->in, &go, 1) == 1, 91);
}

static void
hear(struct child *c, void *data, size_t size)
{
	struct pollfd p = {.fd = c->from, .events = POLLIN};

	assert_true(poll(&p, 1, LIFE_S * 1000) > 0);
	assert_int_equal(read(c->from, data, size), size);
}

static void
hear_byte(struct child *c, char want)
{
	char got;

	hear(c, &got, 1);
	assert_int_equal(got, want);
}

static void
tell(struct child *c)
{
	assert_int_equal(write(c->to, "G", 1), 1);
}

static void
child_end(struct child *c)
{
	int status;

	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	close(c->from);
	close(c->to);
}

static void
child_kill(struct child *c)
{
	int status;

	assert_int_equal(kill(c->pid, SIGKILL), 0);
	assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
	assert_true(WIFSIGNALED(status));
	close(c->from);
	close(c->to);
}

/* In a writer: serves until so many are attached. */
static void
readers_wait(struct ring_share *s, uint32_t want)
{
	struct pollfd p = {.fd = ring_share_fd(s), .events = POLLIN};

	while (ring_share_readers(s, "loop") != want) {
		must(poll(&p, 1, PATIENCE_MS) > 0, 10);
		ring_share_dispatch(s);
	}
}

static struct ring_share *
writer_open(struct talk *t, struct ring_writer *w, uint32_t rate_hz)
{
	struct ring_config c = stereo_config(CAPACITY, BLOCK);
	struct ring_share *s;

	c.rate_hz = rate_hz;
	must(ring_share_open(&s, t->d.dir) == 0, 11);
	must(ring_share_publish(s, "loop", &c, w, NULL) == 0, 12);
	say(t, "R", 1);
	return s;
}

/* Yields seldom: beside busy programs each time costs some of their slices. */
static void
block_write(struct ring_share *s, struct ring_writer *w)
{
	float block[2 * BLOCK];

	frames_fill(block, ring_writer_frame(w), BLOCK);
	ring_write(w, block, BLOCK);
	ring_share_dispatch(s);
	if (ring_writer_frame(w) % (YIELD_BLOCKS * BLOCK) == 0)
		sched_yield();
}

/* Plays to two readers until one of them dies, then to a third. */
static void
broadcast(struct talk *t)
{
	struct ring_writer w;
	struct ring_share *s = writer_open(t, &w, 48000);
	uint64_t end;

	readers_wait(s, 2);
	while (ring_share_readers(s, "loop") == 2)
		block_write(s, &w);
	say(t, "K", 1);
	readers_wait(s, 2);
	end = ring_writer_frame(&w) + FRAMES;
	while (ring_writer_frame(&w) < end)
		block_write(s, &w);
	end = ring_writer_frame(&w);
	ring_share_close(s);
	say(t, &end, sizeof(end));
}

/* Reads what there is. False when nothing more will come. */
static bool
account_read(struct account *acc, struct ring_reader *r)
{
	enum ring_state st = ring_reader_state(r); /* before the read */
	float dst[2 * 500];
	uint64_t gap;
	uint32_t n = ring_read(r, dst, 500, &gap);

	acc->received += n;
	acc->lost += gap;
	acc->torn += frames_wrong(dst, r->frame - n, n);
	if (n || gap)
		return true;
	sched_yield();
	return st != RING_CLOSED;
}

static void
attach(struct talk *t, struct ring_attach *a)
{
	must(ring_attach(a, t->d.dir, "loop", PATIENCE_MS) == 0, 20);
}

static void
late_reader(struct talk *t)
{
	struct account acc = {0};
	struct ring_attach a;

	attach(t, &a);
	acc.first = a.reader.frame;
	while (account_read(&acc, &a.reader))
		;
	say(t, &acc, sizeof(acc));
}

/* Lets the writer get more than a ring ahead each time. */
static void
slow_reader(struct talk *t)
{
	struct account acc = {0};
	struct ring_counters count;
	struct ring_attach a;

	attach(t, &a);
	acc.first = a.reader.frame;
	while (account_read(&acc, &a.reader))
		do {
			sched_yield();
			ring_counters(&a.reader, &count);
		} while (ring_reader_state(&a.reader) == RING_RUNNING &&
			 count.written - a.reader.frame < 2 * CAPACITY);
	say(t, &acc, sizeof(acc));
}

static void
reader_to_be_killed(struct talk *t)
{
	struct account acc = {0};
	struct ring_attach a;

	attach(t, &a);
	while (acc.received < 10 * BLOCK)
		account_read(&acc, &a.reader);
	say(t, "V", 1);
	while (account_read(&acc, &a.reader))
		;
}

static void
three_readers_account_for_every_frame(void **state)
{
	struct talk t;
	struct child writer, slow, late, victim;
	struct account acc_slow, acc_late;
	uint64_t end;

	(void)state;
	share_dir_init(&t.d);
	writer = child_start(&t, broadcast);
	hear_byte(&writer, 'R');
	slow = child_start(&t, slow_reader);
	victim = child_start(&t, reader_to_be_killed);
	hear_byte(&victim, 'V');
	child_kill(&victim);
	hear_byte(&writer, 'K');
	late = child_start(&t, late_reader);
	hear(&writer, &end, sizeof(end));
	hear(&slow, &acc_slow, sizeof(acc_slow));
	hear(&late, &acc_late, sizeof(acc_late));
	child_end(&writer);
	child_end(&slow);
	child_end(&late);
	share_dir_done(&t.d);

	assert_int_equal(acc_slow.torn, 0);
	assert_int_equal(acc_late.torn, 0);
	assert_int_equal(
		acc_slow.first + acc_slow.received + acc_slow.lost, end);
	assert_true(acc_slow.received > 0 && acc_slow.lost > 0);
	assert_true(acc_late.first >= 10 * BLOCK);
	assert_int_equal(
		acc_late.first + acc_late.received + acc_late.lost, end);
	assert_true(acc_late.received > 0);
}

static void
stop_for_ever(void *arg)
{
	say(arg, "P", 1);
	for (;;)
		pause();
}

/* Fills the ring and stops inside the block after that. */
static void
writer_to_be_killed(struct talk *t)
{
	static float block[2 * LONG_BLOCK];
	struct ring_writer w;
	struct ring_share *s = writer_open(t, &w, 48000);

	readers_wait(s, 3);
	say_and_wait(t, "3");
	for (uint32_t i = 0; i < CAPACITY / BLOCK; i++)
		block_write(s, &w);
	frames_fill(block, ring_writer_frame(&w), LONG_BLOCK);
	ring_write(&w,
		fault_memory(0, block, sizeof(block), LONG_STOP_BYTES,
			stop_for_ever, t),
		LONG_BLOCK);
	must(0, 13);
}

static void
writer_after_it(struct talk *t)
{
	struct ring_writer w;
	struct ring_share *s = writer_open(t, &w, 96000);

	readers_wait(s, 3);
	say_and_wait(t, "3");
	for (uint32_t i = 0; i < 1000; i++)
		block_write(s, &w);
	ring_share_close(s);
}

/* Hears a writer until it dies, gives silence, attaches again by itself. */
static void
faithful_reader(struct talk *t)
{
	const struct timespec block_time = {.tv_nsec = 1000000};
	struct account acc = {0};
	struct ring_attach a;

	attach(t, &a);
	say(t, "A", 1);
	acc.epoch = a.reader.epoch;
	while (ring_attach_alive(&a))
		account_read(&acc, &a.reader);
	while (account_read(&acc, &a.reader) &&
		acc.received + acc.lost < CAPACITY)
		; /* the last good frames may still be had */
	ring_detach(&a);
	do {
		if (acc.silence++ == 0)
			say(t, "S", 1);
		nanosleep(&block_time, NULL); /* a block of silence plays */
	} while (ring_attach(&a, t->d.dir, "loop", PATIENCE_MS) < 0);
	say(t, "A", 1);
	acc.epoch_again = a.reader.epoch;
	acc.rate_again_hz = a.reader.config.rate_hz;
	acc.again = acc.received + acc.lost;
	while (account_read(&acc, &a.reader))
		;
	acc.again = acc.received + acc.lost - acc.again;
	ring_detach(&a);
	say(t, &acc, sizeof(acc));
}

/* Notices that the writer at the other end is gone, by the hang-up. */
static void
hang_up_wait(struct ring_attach *a)
{
	struct pollfd p = {.fd = a->fd, .events = POLLRDHUP};

	assert_true(poll(&p, 1, PATIENCE_MS) > 0);
	assert_false(ring_attach_alive(a));
}

/* The writer lies stopped inside its block. */
static void
assert_nothing_torn(struct ring_attach *a)
{
	const struct ring_shared *s = a->map;
	struct account acc = {0};

	assert_int_equal(atomic_load(&s->tail), CAPACITY);
	assert_int_equal(atomic_load(&s->intent), CAPACITY + LONG_BLOCK);
	/* frame 0 is overwritten by frame CAPACITY, frame 4096 not yet */
	assert_int_equal(frames_wrong(a->reader.data, CAPACITY, 1), 0);
	while (account_read(&acc, &a->reader))
		if (acc.received + acc.lost == CAPACITY)
			break;
	assert_int_equal(acc.torn, 0);
	assert_int_equal(acc.lost, CAPACITY);
}

/* Lets the writer begin once each reader stands at its first frame. */
static void
all_attached(struct child *writer, struct child *readers)
{
	hear_byte(&readers[0], 'A');
	hear_byte(&readers[1], 'A');
	hear_byte(writer, '3');
	tell(writer);
}

static void
readers_outlive_a_writer_killed_inside_a_block(void **state)
{
	struct talk t;
	struct child writer, readers[2];
	struct account acc[2];
	struct ring_attach a;

	(void)state;
	share_dir_init(&t.d);
	writer = child_start(&t, writer_to_be_killed);
	hear_byte(&writer, 'R');
	assert_int_equal(ring_attach(&a, t.d.dir, "loop", PATIENCE_MS), 0);
	for (int i = 0; i < 2; i++)
		readers[i] = child_start(&t, faithful_reader);
	all_attached(&writer, readers);
	hear_byte(&writer, 'P');
	assert_nothing_torn(&a);
	assert_true(ring_attach_alive(&a));
	child_kill(&writer);
	hang_up_wait(&a);
	ring_detach(&a);
	assert_int_equal(
		ring_attach(&a, t.d.dir, "loop", PATIENCE_MS), -ECONNREFUSED);
	for (int i = 0; i < 2; i++)
		hear_byte(&readers[i], 'S');

	writer = child_start(&t, writer_after_it);
	hear_byte(&writer, 'R');
	assert_int_equal(ring_attach(&a, t.d.dir, "loop", PATIENCE_MS), 0);
	all_attached(&writer, readers);
	for (int i = 0; i < 2; i++) {
		hear(&readers[i], &acc[i], sizeof(acc[i]));
		child_end(&readers[i]);
		assert_int_equal(acc[i].torn, 0);
		assert_int_equal(acc[i].again, 1000 * BLOCK);
		assert_int_equal(acc[i].rate_again_hz, 96000);
		assert_true(acc[i].epoch != acc[i].epoch_again);
		assert_true(acc[i].silence > 0);
	}
	child_end(&writer);
	ring_detach(&a);
	share_dir_done(&t.d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_readers_account_for_every_frame),
		cmocka_unit_test(
			readers_outlive_a_writer_killed_inside_a_block),
	};

	return cmocka_run_group_tests_name(
		"ring, processes", tests, NULL, NULL);
}
