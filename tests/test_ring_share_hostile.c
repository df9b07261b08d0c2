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
	.version = RING_VERSION,
	.op = RING_OP_ATTACH,
	.size_bytes = sizeof(struct ring_request),
	.name = "loop",
};

/* The next message on fd, without waiting: its bytes, 0 when hung up, -1 when
 * there is none. A descriptor that came along is *got, else *got is -1. */
static ssize_t
raw_recv(int fd, struct answer *reply, int *got)
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
	struct answer reply = {0};
	char path[64];
	float dst[2 * 64];
	int sock = raw_connect(r->d.dir);
	int fd, again, mem;

	assert_int_equal(served_attach(r->s, &honest, r->d.dir, "loop"), 0);
	assert_true(send(sock, &attach_loop, sizeof(attach_loop), 0) > 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), ONE_BYTES);
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
	struct ring_request bad_size = attach_loop;
	const struct {
		const void *data;
		size_t size;
	} is[] = {
		{"x", 1},
		{&attach_loop, sizeof(attach_loop) - 1},
		{big, sizeof(big)},
		{&bad_magic, sizeof(bad_magic)},
		{&bad_op, sizeof(bad_op)},
		{&bad_size, sizeof(bad_size)},
	};
	struct ring_attach a;

	memcpy(big, &attach_loop, sizeof(attach_loop));
	big[sizeof(attach_loop)] = 0;
	bad_magic.magic++;
	bad_op.op = 77;
	bad_size.size_bytes++;
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
	struct answer reply = {0};
	int sock = raw_connect(r->d.dir);
	int fd;

	memset(req.name, 'x', sizeof(req.name)); /* without its NUL */
	send(sock, &req, sizeof(req), 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), HEAD_BYTES);
	assert_int_equal(reply.head.error, ENOENT);
	assert_int_equal(reply.head.size_bytes, HEAD_BYTES);
	assert_int_equal(fd, -1);
	send(sock, &attach_loop, sizeof(attach_loop), 0);
	serve_pending(r->s);
	assert_int_equal(raw_recv(sock, &reply, &fd), ONE_BYTES);
	assert_int_equal(reply.head.error, 0);
	assert_int_equal(reply.head.size_bytes, ONE_BYTES);
	assert_int_equal(reply.head.entry_bytes, RING_ENTRY_BYTES);
	assert_string_equal(reply.entry[0].name, "loop");
	close(fd);
	send(sock, &attach_loop, sizeof(attach_loop), 0); /* and once more */
	serve_pending(r->s);
	assert_true(raw_hung_up(sock));
	assert_int_equal(ring_share_readers(r->s, "loop"), 0);
	close(sock);
}

/* Whatever another version's request looks like behind its first words. */
static void
a_client_of_another_version_is_told_so(void **state)
{
	const size_t sizes[] = {8, 20, sizeof(struct ring_request), 200};
	struct rig *r = *state;
	struct answer reply = {0};
	struct ring_request req[5] = {attach_loop};

	for (uint32_t version = 0; version < 4; version++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			int sock, fd;

			if (version == RING_VERSION)
				continue;
			req[0].version = version;
			sock = raw_connect(r->d.dir);
			send(sock, req, sizes[i], 0);
			serve_pending(r->s);
			assert_int_equal(
				raw_recv(sock, &reply, &fd), HEAD_BYTES);
			assert_int_equal(reply.head.error, EPROTONOSUPPORT);
			assert_int_equal(reply.head.version, RING_VERSION);
			assert_int_equal(fd, -1);
			assert_true(raw_hung_up(sock));
			close(sock);
		}
	}
	assert_int_equal(ring_share_readers(r->s, "loop"), 0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)
		T(a_reader_cannot_make_it_writable),
		T(a_client_that_talks_nonsense_is_hung_up_on),
		T(odd_requests_are_answered_or_end_the_connection),
		T(a_client_of_another_version_is_told_so),
		T(descriptors_sent_to_the_server_do_not_stay),
		T(a_client_that_does_not_read_its_answers_is_dropped),
		T(there_is_room_for_so_many_clients_and_no_more),
	};

	return cmocka_run_group_tests_name(
		"ring_share, hostile clients", tests, NULL, NULL);
}
