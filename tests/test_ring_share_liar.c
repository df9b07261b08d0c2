/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "core/ring/protocol.h"
#include "tests/ring_share_rig.h"

/* A server that lies: it answers one request with this. */
struct liar {
	struct answer reply;
	size_t size_bytes; /* of the reply; 0: hangs up instead */
	int fds[2];
	int fds_count;
	int listen_fd;
};

static void
liar_answer(int fd, struct liar *l)
{
	struct iovec iov = {&l->reply, l->size_bytes};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = {0};
	struct msghdr msg = {.msg_iov = &iov, .msg_iovlen = 1};
	struct cmsghdr *c;

	if (l->fds_count) {
		size_t bytes = (size_t)l->fds_count * sizeof(int);

		msg.msg_control = control.bytes;
		msg.msg_controllen = CMSG_SPACE(bytes);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(bytes);
		memcpy(CMSG_DATA(c), l->fds, bytes);
	}
	sendmsg(fd, &msg, MSG_NOSIGNAL);
}

static void *
liar_run(void *arg)
{
	struct liar *l = arg;
	int fd = accept4(l->listen_fd, NULL, NULL, SOCK_CLOEXEC);
	struct ring_request req;

	recv(fd, &req, sizeof(req), 0);
	if (l->size_bytes)
		liar_answer(fd, l);
	close(fd);
	return NULL;
}

static void
assert_liar_gets(struct share_dir *d, struct liar *l, int want)
{
	struct ring_attach a;
	pthread_t thread;
	int before = descriptors();

	assert_int_equal(pthread_create(&thread, NULL, liar_run, l), 0);
	assert_int_equal(ring_attach(&a, d->dir, "loop", PATIENCE_MS), want);
	if (want == 0)
		ring_detach(&a);
	assert_int_equal(a.fd, -1);
	assert_null(a.map);
	pthread_join(thread, NULL);
	assert_int_equal(descriptors(), before);
}

static int
liar_listen(struct share_dir *d)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_int_equal(mkdir(d->dir, 0700), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/ring", d->dir);
	assert_int_equal(
		bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static int
memory_with_seals(size_t size, int seals)
{
	int fd = memfd_create("liar", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

/* A ring with nothing wrong but what is left out of its seals. */
static int
ring_with_seals(int seals)
{
	const size_t size = ring_size_bytes(64, 2);
	const struct ring_config c = stereo_config(64, 16);
	int fd = memory_with_seals(size, 0);
	struct ring_writer w;
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(ring_writer_init(&w, map, size, &c), 0);
	munmap(map, size);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, seals), 0);
	return fd;
}

static void
a_server_that_lies_is_found_out(void **state)
{
	const int all = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE;
	const struct liar good = {
		.reply.head = {.magic = RING_PROTOCOL_MAGIC,
			.version = RING_VERSION,
			.count = 1,
			.size_bytes = ONE_BYTES,
			.entry_bytes = RING_ENTRY_BYTES},
		.size_bytes = ONE_BYTES,
	};
	struct share_dir d;
	struct liar l;
	int listen_fd;

	(void)state;
	share_dir_init(&d);
	listen_fd = liar_listen(&d);
#define LIE(want, ...)                                                         \
	do {                                                                   \
		l = good;                                                      \
		l.listen_fd = listen_fd;                                       \
		__VA_ARGS__;                                                   \
		assert_liar_gets(&d, &l, want);                                \
		for (int i = 0; i < l.fds_count; i++)                          \
			close(l.fds[i]);                                       \
	} while (0)
	LIE(-EBUSY, l.size_bytes = 0);
	LIE(-EPROTO, l.size_bytes = 4);
	LIE(-EPROTO, l.size_bytes -= 4; l.fds_count = 1;
		l.fds[0] = ring_with_seals(all));
	LIE(-EPROTO, l.reply.head.magic = 0);
	LIE(-EPROTONOSUPPORT, l.reply.head.version = 9);
	LIE(-EPROTONOSUPPORT, l.reply.head.version = 1; l.size_bytes = 8);
	LIE(-EPROTO, l.reply.head.count = UINT32_MAX);
	LIE(-EPROTO, l.reply.head.count = 2);
	LIE(-EPROTO, l.reply.head.count = 0);
	LIE(-EPROTO, l.size_bytes = HEAD_BYTES - 1);
	LIE(-EPROTO, l.reply.head.size_bytes = 0);
	LIE(-EPROTO, l.reply.head.size_bytes = ONE_BYTES + 1);
	LIE(-EPROTO, l.reply.head.entry_bytes = 0);
	LIE(-EPROTO, l.reply.head.entry_bytes = RING_ENTRY_BYTES - 1);
	LIE(-EPROTO, l.reply.head.entry_bytes = UINT32_MAX);
	LIE(-EPROTO, l.reply.head.entry_bytes = RING_ENTRY_BYTES / 2;
		l.reply.head.count = 2);
	LIE(-EPROTO, l.reply.head.entry_bytes = 1u << 31;
		l.reply.head.count = 2);
	LIE(-EPROTO, l.reply.head.error = UINT32_MAX);
	LIE(-EPROTO, l.reply.head.error = EAGAIN);
	LIE(-ENOENT, l.reply.head.error = ENOENT);
	LIE(-EPROTO, (void)0); /* no descriptor */
	/* an error and a descriptor all the same */
	LIE(-ENOENT, l.reply.head.error = ENOENT; l.fds_count = 1;
		l.fds[0] = memory_with_seals(8192, all));
	/* no memory at all, or one that can shrink, grow, be written */
	LIE(-EPROTO, l.fds_count = 1;
		l.fds[0] = open("/dev/null", O_RDWR | O_CLOEXEC));
	LIE(-EPROTO, l.fds_count = 1;
		l.fds[0] = ring_with_seals(all & ~F_SEAL_SHRINK));
	LIE(-EPROTO, l.fds_count = 1;
		l.fds[0] = ring_with_seals(all & ~F_SEAL_GROW));
	LIE(-EPROTO, l.fds_count = 1;
		l.fds[0] = ring_with_seals(all & ~F_SEAL_FUTURE_WRITE));
	/* sealed, but nothing in it, too little, too much, two of them */
	LIE(-EPROTO, l.fds_count = 1; l.fds[0] = memory_with_seals(8192, all));
	LIE(-EPROTO, l.fds_count = 1; l.fds[0] = memory_with_seals(0, all));
	LIE(-EINVAL, l.fds_count = 1; l.fds[0] = memory_with_seals(100, all));
	LIE(-EPROTO, l.fds_count = 1;
		l.fds[0] = memory_with_seals((size_t)1 << 40, all));
	LIE(-EPROTO, l.fds_count = 2; l.fds[0] = ring_with_seals(all);
		l.fds[1] = ring_with_seals(all));
	/* and what is right is taken */
	LIE(0, l.fds_count = 1; l.fds[0] = ring_with_seals(all));
#undef LIE
	close(listen_fd);
	share_dir_done(&d);
}

/* One that knows more of a ring than we do, and has more of them. */
static void
a_longer_entry_is_read_as_far_as_we_know_it(void **state)
{
	struct {
		struct ring_reply head;
		struct {
			struct ring_share_entry known;
			uint32_t new[5];
		} entry[400];
	} reply = {.head = {
			   .magic = RING_PROTOCOL_MAGIC,
			   .version = RING_VERSION,
			   .count = 400,
			   .size_bytes = sizeof(reply),
			   .entry_bytes = sizeof(reply.entry[0]),
		   }};
	struct ring_share_entry e[500];
	struct list_call l = {.entries = e, .max = 500};
	struct share_dir d;
	struct ring_request req;
	struct served c;
	pthread_t thread;
	int listen_fd, fd;

	(void)state;
	for (uint32_t i = 0; i < 400; i++) {
		snprintf(reply.entry[i].known.name, RING_SHARE_NAME_BYTES,
			"ring%u", i);
		reply.entry[i].known.readers = i;
		reply.entry[i].new[4] = UINT32_MAX;
	}
	share_dir_init(&d);
	listen_fd = liar_listen(&d);
	l.dir = d.dir;
	c = (struct served){list_call, &l, 0, eventfd(0, EFD_CLOEXEC)};
	assert_int_equal(pthread_create(&thread, NULL, served_run, &c), 0);
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	assert_int_equal(recv(fd, &req, sizeof(req), 0), sizeof(req));
	assert_int_equal(send(fd, &reply, sizeof(reply), 0), sizeof(reply));
	pthread_join(thread, NULL);
	assert_int_equal(c.result, 400);
	assert_string_equal(e[0].name, "ring0");
	assert_string_equal(e[399].name, "ring399");
	assert_int_equal(e[399].readers, 399);
	close(c.done_fd);
	close(fd);
	close(listen_fd);
	share_dir_done(&d);
}

static void
a_server_that_does_not_answer_is_not_waited_for(void **state)
{
	struct ring_share_entry e[2];
	struct ring_attach a;
	struct share_dir d;
	int listen_fd, fd[3];

	(void)state;
	share_dir_init(&d);
	listen_fd = liar_listen(&d);
	assert_int_equal(ring_attach(&a, d.dir, "loop", 20), -ETIMEDOUT);
	assert_int_equal(ring_list(d.dir, e, 2, 20), -ETIMEDOUT);
	/* nor when not even its queue takes us */
	for (int i = 0; i < 3; i++)
		fd[i] = raw_connect(d.dir);
	assert_int_equal(ring_attach(&a, d.dir, "loop", 20), -ETIMEDOUT);
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	close(listen_fd);
	share_dir_done(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_lies_is_found_out),
		cmocka_unit_test(a_longer_entry_is_read_as_far_as_we_know_it),
		cmocka_unit_test(
			a_server_that_does_not_answer_is_not_waited_for),
	};

	return cmocka_run_group_tests_name(
		"ring_share, hostile servers", tests, NULL, NULL);
}
