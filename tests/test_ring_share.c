/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "core/ring/share.h"
#include "tests/ring_rig.h"
#include "tests/ring_share_rig.h"

static void
what_is_written_is_read_by_who_attached(void **state)
{
	struct rig *r = *state;
	struct ring_attach a;
	float dst[2 * 100];

	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	assert_true(ring_attach_alive(&a));
	assert_int_equal(ring_share_readers(r->s, "loop"), 1);
	assert_int_equal(a.reader.config.rate_hz, 48000);
	assert_string_equal(a.reader.config.device, "Tapdeck Loopback");
	write_numbered(&r->w, 100);
	assert_int_equal(ring_read(&a.reader, dst, 100, NULL), 100);
	assert_int_equal(frames_wrong(dst, 0, 100), 0);
	ring_detach(&a);
	ring_detach(&a); /* an empty one is fine */
	serve_pending(r->s);
	assert_int_equal(ring_share_readers(r->s, "loop"), 0);
}

/* All in one thread: nothing here can wait for anybody. */
static void
an_attach_can_be_asked_for_and_finished_later(void **state)
{
	struct rig *r = *state;
	struct ring_attach a, b, gone;
	struct pollfd p;
	float dst[2 * 100];

	assert_int_equal(ring_attach_begin(&a, r->d.dir, "loop"), 0);
	assert_int_equal(ring_attach_begin(&b, r->d.dir, "other"), 0);
	assert_int_equal(ring_attach_begin(&gone, r->d.dir, "loop"), 0);
	assert_int_equal(ring_attach_finish(&a), -EAGAIN);
	assert_int_equal(ring_attach_finish(&a), -EAGAIN);
	ring_detach(&gone); /* thinks better of it */
	serve_pending(r->s);
	p = (struct pollfd){.fd = a.fd, .events = POLLIN};
	assert_int_equal(poll(&p, 1, 0), 1);
	assert_int_equal(ring_attach_finish(&a), 0);
	assert_true(ring_attach_alive(&a));
	assert_int_equal(ring_share_readers(r->s, "loop"), 1);
	write_numbered(&r->w, 100);
	assert_int_equal(ring_read(&a.reader, dst, 100, NULL), 100);
	assert_int_equal(frames_wrong(dst, 0, 100), 0);
	assert_int_equal(ring_attach_finish(&b), -ENOENT);
	assert_true(b.fd == -1 && !b.map);

	assert_int_equal(ring_attach_begin(&b, r->d.dir, "loop"), 0);
	ring_share_close(r->s); /* while it is asked */
	r->s = NULL;
	assert_int_equal(ring_attach_finish(&b), -EBUSY);
	assert_int_equal(b.fd, -1);
	assert_int_equal(
		ring_attach_begin(&b, r->d.dir, "loop"), -ECONNREFUSED);
	assert_int_equal(b.fd, -1);
	assert_int_equal(ring_attach_begin(&b, r->d.dir,
				 "a-name-of-thirty-two-characters-"),
		-ENOENT);
	ring_detach(&a);
}

#define NOT_LOCKED 100 /* locked memory is not limited here */

/* For a child: all that it maps from now on is locked, and next to nothing may
 * be. Root is not limited. */
static int
finish_without_room(struct ring_attach *a)
{
	const struct rlimit limit = {4096, 4096};
	void *map;

	free(malloc(65536)); /* the heap need not grow */
	if (setrlimit(RLIMIT_MEMLOCK, &limit) < 0 ||
		(geteuid() == 0 && setuid(65534) < 0) ||
		mlockall(MCL_FUTURE) < 0)
		return NOT_LOCKED;
	map = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map != MAP_FAILED || errno != EAGAIN)
		return NOT_LOCKED;
	return -ring_attach_finish(a);
}

static void
a_ring_that_there_is_no_room_for_is_not_waited_for(void **state)
{
	struct rig *r = *state;
	struct ring_attach a;
	int status;
	pid_t child;

	assert_int_equal(ring_attach_begin(&a, r->d.dir, "loop"), 0);
	serve_pending(r->s);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(finish_without_room(&a));
	assert_int_equal(waitpid(child, &status, 0), child);
	ring_detach(&a);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == NOT_LOCKED)
		skip();
	assert_int_equal(WEXITSTATUS(status), ENOMEM);
}

static void
a_server_whose_queue_is_full_is_not_waited_for(void **state)
{
	struct rig *r = *state;
	struct ring_attach a[RING_CLIENTS_MAX * 2];
	uint32_t n = 0;
	int before = descriptors();

	while (ring_attach_begin(&a[n], r->d.dir, "loop") == 0)
		assert_true(++n < RING_CLIENTS_MAX * 2);
	assert_true(n >= RING_CLIENTS_MAX);
	assert_int_equal(ring_attach_begin(&a[n], r->d.dir, "loop"), -EAGAIN);
	assert_int_equal(a[n].fd, -1);
	assert_int_equal(descriptors(), before + (int)n);
	serve_pending(r->s); /* and now there is room in the queue */
	assert_int_equal(ring_attach_begin(&a[n], r->d.dir, "loop"), 0);
	for (uint32_t i = 0; i <= n; i++)
		ring_detach(&a[i]);
}

static void
a_withdrawn_ring_hangs_up_and_comes_back_with_another_rate(void **state)
{
	struct rig *r = *state;
	struct ring_config c = stereo_config(2048, 64);
	struct ring_attach a, b, gone;
	struct ring_writer other;

	assert_int_equal(
		ring_share_publish(r->s, "loop2", &c, &other, NULL), 0);
	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	assert_int_equal(served_attach(r->s, &b, r->d.dir, "loop2"), 0);
	assert_int_equal(ring_share_withdraw(r->s, "loop"), 0);
	assert_int_equal(ring_share_withdraw(r->s, "loop"), -ENOENT);
	assert_false(ring_attach_alive(&a));
	assert_int_equal(ring_reader_state(&a.reader), RING_CLOSED);
	assert_true(ring_attach_alive(&b)); /* nobody else is disturbed */
	assert_int_equal(served_attach(r->s, &gone, r->d.dir, "loop"), -ENOENT);
	assert_int_equal(gone.fd, -1);

	c.rate_hz = 96000;
	assert_int_equal(ring_share_publish(r->s, "loop", &c, &r->w, NULL), 0);
	ring_detach(&a);
	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	assert_int_equal(a.reader.config.rate_hz, 96000);
	ring_detach(&a);
	ring_detach(&b);
}

static void
lists_what_there_is(void **state)
{
	struct rig *r = *state;
	struct ring_share_entry entries[3];
	struct list_call l = {r->d.dir, entries, 3};
	struct ring_config c = stereo_config(2048, 64);
	struct ring_attach a;
	struct ring_writer w;

	c.channels = 1;
	assert_int_equal(ring_share_publish(r->s, "stem.1", &c, &w, NULL), 0);
	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	assert_int_equal(serve(r->s, list_call, &l), 2);
	assert_string_equal(entries[0].name, "loop");
	assert_string_equal(entries[0].device, "Tapdeck Loopback");
	assert_int_equal(entries[0].readers, 1);
	assert_int_equal(entries[0].channels, 2);
	assert_string_equal(entries[1].name, "stem.1");
	assert_int_equal(entries[1].rate_hz, 48000);
	assert_int_equal(entries[1].channels, 1);
	assert_int_equal(entries[1].capacity_frames, 2048);
	ring_detach(&a);
	for (int i = 0; i < 5; i++) {
		char name[16];

		snprintf(name, sizeof(name), "more%d", i);
		assert_int_equal(
			ring_share_publish(r->s, name, &c, &w, NULL), 0);
	}
	assert_int_equal(serve(r->s, list_call, &l), 3); /* as many as fit */
}

static void
refuses_names_and_shapes_that_are_not_allowed(void **state)
{
	const char *const bad[] = {"", "a/b", "a b", "..\n", "\xc3\xa4",
		"a-name-of-thirty-two-characters-"};
	struct rig *r = *state;
	struct ring_config c = stereo_config(64, 16);
	struct ring_writer w;
	char name[16];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(ring_share_publish(r->s, bad[i], &c, &w, NULL),
			-EINVAL);
	assert_int_equal(
		ring_share_publish(r->s, "loop", &c, &w, NULL), -EEXIST);
	c.rate_hz = 1;
	assert_int_equal(
		ring_share_publish(r->s, "cue", &c, &w, NULL), -EINVAL);
	c.rate_hz = 48000;
	for (int i = 1; i < RING_SHARES_MAX; i++) {
		snprintf(name, sizeof(name), "r%d", i);
		assert_int_equal(
			ring_share_publish(r->s, name, &c, &w, NULL), 0);
	}
	assert_int_equal(
		ring_share_publish(r->s, "cue", &c, &w, NULL), -ENOSPC);
}

/* Opening must fail so, and leave nothing open. */
static void
assert_refused(const char *dir, int want)
{
	struct ring_share *s;
	int before = descriptors();

	assert_int_equal(ring_share_open(&s, dir), want);
	assert_null(s);
	assert_int_equal(descriptors(), before);
}

static void
the_directory_is_made_for_the_user_alone(void **state)
{
	struct rig *r = *state;
	char path[80];
	struct stat st;

	assert_int_equal(stat(r->d.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/ring", r->d.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	ring_share_close(r->s);
	r->s = NULL;
	assert_int_equal(stat(path, &st), -1);
}

static void
a_directory_that_is_not_ours_alone_is_refused(void **state)
{
	struct rig *r = *state;
	struct ring_attach a;

	ring_share_close(r->s);
	r->s = NULL;
	chmod(r->d.dir, 0750);
	assert_refused(r->d.dir, -EPERM);
	assert_int_equal(ring_attach(&a, r->d.dir, "loop", 100), -EPERM);
	chmod(r->d.dir, 0701);
	assert_refused(r->d.dir, -EPERM);
	chmod(r->d.dir, 0700);
	if (geteuid() == 0) { /* another may not give theirs to us */
		assert_int_equal(chown(r->d.dir, 1, 1), 0);
		assert_refused(r->d.dir, -EPERM);
		assert_int_equal(
			ring_attach(&a, r->d.dir, "loop", 100), -EPERM);
		assert_int_equal(chown(r->d.dir, 0, 0), 0);
	}
	assert_int_equal(ring_share_open(&r->s, r->d.dir), 0);
}

static void
what_stands_in_the_directorys_place_is_refused(void **state)
{
	struct share_dir d;
	char elsewhere[80];
	int fd;

	(void)state;
	share_dir_init(&d);
	snprintf(elsewhere, sizeof(elsewhere), "%s/elsewhere", d.base);
	assert_int_equal(mkdir(elsewhere, 0700), 0);
	assert_int_equal(symlink("elsewhere", d.dir), 0);
	assert_refused(d.dir, -ENOTDIR);
	unlink(d.dir);
	rmdir(elsewhere);
	fd = open(d.dir, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	assert_refused(d.dir, -ENOTDIR);
	assert_refused("/nonexistent-tapdeck/dir", -ENOENT);
	share_dir_done(&d);
}

static void
the_usual_directory_is_in_the_runtime_directory(void **state)
{
	struct rig *r = *state;
	struct ring_attach a;
	struct ring_share_entry entries[3];
	struct list_call l = {NULL, entries, 3};
	char dir[128];

	setenv("XDG_RUNTIME_DIR", r->d.base, 1);
	assert_int_equal(ring_share_dir(dir, sizeof(dir)), 0);
	assert_string_equal(dir, r->d.dir);
	assert_int_equal(ring_share_dir(dir, 8), -ENAMETOOLONG);
	assert_int_equal(served_attach(r->s, &a, NULL, "loop"), 0);
	ring_detach(&a);
	assert_int_equal(serve(r->s, list_call, &l), 1);
	assert_refused(NULL, -EADDRINUSE);
	setenv("XDG_RUNTIME_DIR", "relative", 1);
	assert_refused(NULL, -EINVAL);
	unsetenv("XDG_RUNTIME_DIR");
	assert_refused(NULL, -EINVAL);
}

static void
a_second_server_is_refused(void **state)
{
	struct rig *r = *state;
	struct ring_attach a;
	char path[80];

	assert_refused(r->d.dir, -EADDRINUSE);
	/* whether it sees the lock or only the socket that answers */
	snprintf(path, sizeof(path), "%s/ring.lock", r->d.dir);
	assert_int_equal(unlink(path), 0);
	assert_refused(r->d.dir, -EADDRINUSE);
	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	ring_detach(&a);
}

static void
the_lock_alone_keeps_a_second_server_away(void **state)
{
	struct rig *r = *state;
	char path[80];

	snprintf(path, sizeof(path), "%s/ring", r->d.dir);
	assert_int_equal(unlink(path), 0);
	assert_refused(r->d.dir, -EADDRINUSE);
}

/* A socket file as a server leaves it that was killed, or one that lives. */
static int
socket_leave(const char *dir, bool listening)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/ring", dir);
	assert_int_equal(
		bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (listening)
		assert_int_equal(listen(fd, 1), 0);
	return fd;
}

static void
a_stale_socket_is_replaced_and_nothing_else_is(void **state)
{
	struct share_dir d;
	struct ring_share *s;
	struct ring_config c = stereo_config(64, 16);
	struct ring_writer w;
	struct ring_attach a;
	char path[80];
	int fd;

	(void)state;
	share_dir_init(&d);
	snprintf(path, sizeof(path), "%s/ring", d.dir);
	assert_int_equal(ring_attach(&a, d.dir, "loop", 100), -ECONNREFUSED);
	assert_int_equal(mkdir(d.dir, 0700), 0);
	assert_int_equal(ring_attach(&a, d.dir, "loop", 100), -ECONNREFUSED);

	fd = socket_leave(d.dir, true); /* lives, though it holds no lock */
	assert_refused(d.dir, -EADDRINUSE);
	close(fd); /* now it is stale */
	assert_int_equal(ring_attach(&a, d.dir, "loop", 100), -ECONNREFUSED);
	assert_int_equal(ring_share_open(&s, d.dir), 0);
	assert_int_equal(ring_share_publish(s, "loop", &c, &w, NULL), 0);
	assert_int_equal(served_attach(s, &a, d.dir, "loop"), 0);
	ring_share_close(s);
	assert_false(ring_attach_alive(&a));
	ring_detach(&a);

	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	close(fd);
	assert_refused(d.dir, -EEXIST);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/tmp", path), 0);
	assert_refused(d.dir, -EEXIST);
	share_dir_done(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
		T(what_is_written_is_read_by_who_attached),
		T(an_attach_can_be_asked_for_and_finished_later),
		T(a_ring_that_there_is_no_room_for_is_not_waited_for),
		T(a_server_whose_queue_is_full_is_not_waited_for),
		T(a_withdrawn_ring_hangs_up_and_comes_back_with_another_rate),
		T(lists_what_there_is),
		T(refuses_names_and_shapes_that_are_not_allowed),
		T(the_directory_is_made_for_the_user_alone),
		T(a_directory_that_is_not_ours_alone_is_refused),
		T(what_stands_in_the_directorys_place_is_refused),
		T(the_usual_directory_is_in_the_runtime_directory),
		T(a_second_server_is_refused),
		T(the_lock_alone_keeps_a_second_server_away),
		T(a_stale_socket_is_replaced_and_nothing_else_is),
	};

	return cmocka_run_group_tests_name("ring_share", tests, NULL, NULL);
}
