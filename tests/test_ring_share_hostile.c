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

static const struct ring_request attach_loop = {
	.magic = RING_PROTOCOL_MAGIC,
	.version = RING_PROTOCOL_VERSION,
	.op = RING_OP_ATTACH,
	.name = "loop",
};

/* A connection with nothing of ours on this side of it. */
static int
raw_connect(const char *dir)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/ring", dir);
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* The next message on fd, without waiting: its bytes, 0 when hung up, -1 when
 * there is none. A descriptor that came along is *got, else *got is -1. */
static ssize_t
raw_recv(int fd, struct ring_reply *reply, int *got)
{
	struct iovec iov = {reply, sizeof(*reply)};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&msg) : NULL;

	*got = -1;
	if (c)
		memcpy(got, CMSG_DATA(c), sizeof(*got));
	return n;
}

static bool
raw_hung_up(int fd)
{
	char byte;
	ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);

	return n == 0 || (n < 0 && errno == ECONNRESET);
}

static void
assert_no_way_to_write(int fd, size_t size)
{
	const int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	void *map;

	assert_ptr_equal(
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0),
		MAP_FAILED);
	assert_int_equal(pwrite(fd, "x", 1, 0), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_int_equal(ftruncate(fd, (off_t)size + 4096), -1);
	assert_int_equal(fallocate(fd, punch, 0, 4096), -1);
	/* a seal that would stop the writer, or let another map be made */
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), -1);

	map = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(map, MAP_FAILED);
	assert_int_equal(mprotect(map, size, PROT_READ | PROT_WRITE), -1);
	assert_int_equal(madvise(map, size, MADV_REMOVE), -1);
	munmap(map, size);
}

static void
a_reader_cannot_make_it_writable(void **state)
{
	struct rig *r = *state;
	struct ring_attach honest;
	struct ring_reply reply = {0};
	char path[64];
	float dst[2 * 64];
	int sock = raw_connect(r->d.dir);
	int fd, again, mem;

	assert_int_equal(served_attach(r->s, &honest, r->d.dir, "loop"), 0);
	assert_true(send(sock, &attach_loop, sizeof(attach_loop), 0) > 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), sizeof(reply));
	assert_true(fd >= 0);
	assert_no_way_to_write(fd, honest.size_bytes);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDWR | O_CLOEXEC);
	if (again >= 0) {
		assert_no_way_to_write(again, honest.size_bytes);
		close(again);
	}
	assert_int_equal(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), -1);

	mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	assert_true(mem >= 0);
	assert_int_equal(pwrite(mem, "x", 1, (off_t)(uintptr_t)honest.map), -1);
	close(mem);

	/* and all the while the writer goes on */
	write_numbered(&r->w, 64);
	assert_int_equal(ring_read(&honest.reader, dst, 64, NULL), 64);
	assert_int_equal(frames_wrong(dst, 0, 64), 0);
	ring_detach(&honest);
	close(fd);
	close(sock);
}

static void
a_client_that_talks_nonsense_is_hung_up_on(void **state)
{
	struct rig *r = *state;
	char big[sizeof(struct ring_request) + 1];
	struct ring_request bad_magic = attach_loop, bad_op = attach_loop;
	const struct {
		const void *data;
		size_t size;
	} is[] = {
		{"x", 1},
		{&attach_loop, sizeof(attach_loop) - 1},
		{big, sizeof(big)},
		{&bad_magic, sizeof(bad_magic)},
		{&bad_op, sizeof(bad_op)},
	};
	struct ring_attach a;

	memcpy(big, &attach_loop, sizeof(attach_loop));
	big[sizeof(attach_loop)] = 0;
	bad_magic.magic++;
	bad_op.op = 77;
	assert_int_equal(served_attach(r->s, &a, r->d.dir, "loop"), 0);
	for (size_t i = 0; i < sizeof(is) / sizeof(is[0]); i++) {
		int sock = raw_connect(r->d.dir);

		assert_true(send(sock, is[i].data, is[i].size, 0) > 0);
		serve_pending(r->s);
		assert_true(raw_hung_up(sock));
		close(sock);
	}
	assert_true(ring_attach_alive(&a));
	assert_int_equal(ring_share_readers(r->s, "loop"), 1);
	ring_detach(&a);
}

static void
odd_requests_are_answered_or_end_the_connection(void **state)
{
	struct rig *r = *state;
	struct ring_request req = attach_loop;
	struct ring_reply reply = {0};
	int sock = raw_connect(r->d.dir);
	int fd;

	memset(req.name, 'x', sizeof(req.name)); /* without its NUL */
	send(sock, &req, sizeof(req), 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), sizeof(reply));
	assert_int_equal(reply.error, ENOENT);
	assert_int_equal(fd, -1);
	send(sock, &attach_loop, sizeof(attach_loop), 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), sizeof(reply));
	assert_int_equal(reply.error, 0);
	close(fd);
	send(sock, &attach_loop, sizeof(attach_loop), 0); /* and once more */
	serve_pending(r->s);
	assert_true(raw_hung_up(sock));
	assert_int_equal(ring_share_readers(r->s, "loop"), 0);
	close(sock);

	sock = raw_connect(r->d.dir);
	req.version++;
	send(sock, &req, sizeof(req), 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), sizeof(reply));
	assert_int_equal(reply.error, EPROTO);
	assert_true(raw_hung_up(sock));
	close(sock);
}

static void
descriptors_sent_to_the_server_do_not_stay(void **state)
{
	struct rig *r = *state;
	struct iovec iov = {(void *)&attach_loop, sizeof(attach_loop)};
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct msghdr msg = {.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes)};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	int sock = raw_connect(r->d.dir);
	int pipe_fds[2];
	char byte;

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK), 0);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &pipe_fds[1], sizeof(int));
	assert_true(sendmsg(sock, &msg, 0) > 0);
	close(pipe_fds[1]);
	serve_pending(r->s);
	assert_int_equal(read(pipe_fds[0], &byte, 1), 0); /* no writer left */
	close(pipe_fds[0]);
	close(sock);
}

static void
a_client_that_does_not_read_its_answers_is_dropped(void **state)
{
	struct rig *r = *state;
	struct ring_request list = attach_loop;
	int sock = raw_connect(r->d.dir);
	struct pollfd p = {.fd = sock, .events = POLLRDHUP};

	list.op = RING_OP_LIST;
	for (int i = 0; i < 100000 && !(p.revents & POLLHUP); i++) {
		send(sock, &list, sizeof(list), MSG_DONTWAIT | MSG_NOSIGNAL);
		serve_pending(r->s);
		poll(&p, 1, 0);
	}
	assert_true(p.revents & POLLHUP);
	close(sock);
}

static void
there_is_room_for_so_many_clients_and_no_more(void **state)
{
	struct rig *r = *state;
	struct ring_attach a[RING_CLIENTS_MAX], more;
	int idle[RING_CLIENTS_MAX + 8];
	const int count = (int)(sizeof(idle) / sizeof(idle[0]));

	/* who only connects makes room for others, the oldest first */
	for (int i = 0; i < count; i++) {
		idle[i] = raw_connect(r->d.dir);
		serve_pending(r->s);
	}
	for (int i = 0; i < count; i++)
		assert_int_equal(raw_hung_up(idle[i]), i < 8);
	for (int i = 0; i < RING_CLIENTS_MAX; i++)
		assert_int_equal(
			served_attach(r->s, &a[i], r->d.dir, "loop"), 0);
	/* who is attached stays */
	assert_int_equal(served_attach(r->s, &more, r->d.dir, "loop"), -EBUSY);
	assert_int_equal(ring_share_readers(r->s, "loop"), RING_CLIENTS_MAX);
	ring_detach(&a[7]);
	serve_pending(r->s);
	assert_int_equal(served_attach(r->s, &more, r->d.dir, "loop"), 0);
	ring_detach(&more);
	for (int i = 0; i < RING_CLIENTS_MAX; i++) {
		assert_true(i == 7 || ring_attach_alive(&a[i]));
		ring_detach(&a[i]);
	}
	for (int i = 0; i < count; i++)
		close(idle[i]);
}

/* A server that lies: it answers one request with this. */
struct liar {
	struct ring_reply reply;
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
		.reply = {.magic = RING_PROTOCOL_MAGIC,
			.version = RING_PROTOCOL_VERSION,
			.count = 1},
		.size_bytes = sizeof(struct ring_reply),
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
	LIE(-EPROTO, l.reply.magic = 0);
	LIE(-EPROTO, l.reply.version = 9);
	LIE(-EPROTO, l.reply.count = UINT32_MAX);
	LIE(-EPROTO, l.reply.error = UINT32_MAX);
	LIE(-ENOENT, l.reply.error = ENOENT);
	LIE(-EPROTO, (void)0); /* no descriptor */
	/* an error and a descriptor all the same */
	LIE(-ENOENT, l.reply.error = ENOENT; l.fds_count = 1;
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
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
		T(a_reader_cannot_make_it_writable),
		T(a_client_that_talks_nonsense_is_hung_up_on),
		T(odd_requests_are_answered_or_end_the_connection),
		T(descriptors_sent_to_the_server_do_not_stay),
		T(a_client_that_does_not_read_its_answers_is_dropped),
		T(there_is_room_for_so_many_clients_and_no_more),
		cmocka_unit_test(a_server_that_lies_is_found_out),
		cmocka_unit_test(
			a_server_that_does_not_answer_is_not_waited_for),
	};

	return cmocka_run_group_tests_name(
		"ring_share, hostile peers", tests, NULL, NULL);
}
