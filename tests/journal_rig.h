/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A journal in a folder of its own, and what a parked stream's entry is. */
#ifndef JOURNAL_RIG_H
#define JOURNAL_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver/supervisor/journal.h"

#define DAEMON 4711u

struct place {
	char folder[64];
	char path[PATH_MAX];
};

static inline int
place_new(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	strcpy(p->folder, "/tmp/tapdeck-journal.XXXXXX");
	assert_non_null(mkdtemp(p->folder));
	snprintf(p->path, sizeof(p->path), "%s/tapdeck/journal", p->folder);
	*state = p;
	return 0;
}

static inline int
place_free(void **state)
{
	struct place *p = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", p->folder);
	assert_int_equal(system(command), 0);
	free(p);
	return 0;
}

static inline struct journal *
open_at(const struct place *p)
{
	struct journal *j;

	assert_int_equal(journal_open(&j, p->path), 0);
	return j;
}

static inline struct journal_park
park(uint64_t serial)
{
	struct journal_park p;

	memset(&p, 0, sizeof(p));
	p.daemon = DAEMON;
	p.node_id = (uint32_t)serial + 7;
	p.serial = serial;
	strcpy(p.name, "a name\twith\n% and \xc3\xa4");
	strcpy(p.park, "tapdeck.park-0123456789abcdef");
	p.object.set = true;
	strcpy(p.object.type, "Spa:String:JSON");
	strcpy(p.object.value, "{ \"name\": \"-\" }");
	p.node.set = true; /* and both empty */
	p.paused = serial - 1;
	return p;
}

static inline void
same(const struct journal_park *a, const struct journal_park *b)
{
	assert_non_null(a);
	assert_int_equal(a->daemon, b->daemon);
	assert_int_equal(a->node_id, b->node_id);
	assert_true(a->serial == b->serial);
	assert_string_equal(a->name, b->name);
	assert_string_equal(a->park, b->park);
	assert_int_equal(a->object.set, b->object.set);
	assert_string_equal(a->object.type, b->object.type);
	assert_string_equal(a->object.value, b->object.value);
	assert_int_equal(a->node.set, b->node.set);
	assert_string_equal(a->node.type, b->node.type);
	assert_string_equal(a->node.value, b->node.value);
	assert_true(a->paused == b->paused);
}

static inline void
write_raw(const struct place *p, const char *text)
{
	int fd = open(p->path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/* A test with a folder of its own */
#define AT_A_PLACE(test)                                                       \
	cmocka_unit_test_setup_teardown(test, place_new, place_free)

#endif
