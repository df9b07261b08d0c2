/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/config_mark.h"
#include "control/config_values.h"
#include "control/config_yaml.h"

int
config_path(char *path, size_t size_bytes)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *between = "";
	int n;

	/* The XDG rules: a relative path is to be ignored. */
	if (!base || base[0] != '/') {
		base = getenv("HOME");
		between = "/.config";
	}
	if (!base || base[0] != '/')
		return -ENOENT;
	n = snprintf(
		path, size_bytes, "%s%s/tapdeck/tapdeck.yaml", base, between);
	return n < 0 || (size_t)n >= size_bytes ? -ENAMETOOLONG : 0;
}

static __attribute__((format(printf, 3, 4))) int
fail(char *why, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	/* clang-tidy 14 does not see va_start().
	 * NOLINTNEXTLINE(clang-analyzer-valist.Uninitialized) */
	vsnprintf(why, CONFIG_WHY_MAX, format, args);
	va_end(args);
	return error;
}

/* The values of a text of the right shape. */
static int
apply(struct engine_config *config, const struct yaml_config *yaml,
	const struct marks *marks, const char *path, char *why)
{
	struct engine_config *next = malloc(sizeof(*next));
	int rc;

	if (!next)
		return fail(why, -ENOMEM, "%.250s: %s", path, strerror(ENOMEM));
	*next = *config;
	rc = config_values(next, yaml, marks, path, why);
	if (rc == 0)
		*config = *next;
	free(next);
	return rc;
}

static int
parse(struct engine_config *config, const char *path, const void *text,
	size_t size_bytes, char *why)
{
	struct yaml_config *yaml = NULL;
	struct place_in_text at = {1, 1};
	struct marks marks;
	char reason[MARK_WHY_MAX] = "";
	int rc = marks_init(&marks, text, size_bytes, &at, reason);

	if (rc == 0)
		rc = config_yaml_load(
			&yaml, text, size_bytes, &marks, &at, reason);
	if (rc == -EINVAL)
		fail(why, rc, "%.250s:%u:%u: %s", path, at.line, at.column,
			reason);
	else if (rc < 0)
		fail(why, rc, "%.250s: %s", path, strerror(-rc));
	if (rc == 0 && yaml)
		rc = apply(config, yaml, &marks, path, why);
	config_yaml_free(yaml);
	marks_done(&marks);
	return rc;
}

/* text[CONFIG_BYTES_MAX + 1]; the number of bytes, or -errno */
static ssize_t
read_file(int fd, char *text)
{
	size_t used = 0;
	ssize_t n;

	while (used <= CONFIG_BYTES_MAX) {
		n = read(fd, text + used, CONFIG_BYTES_MAX + 1 - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int
load(struct engine_config *config, int fd, const char *path, char *why)
{
	struct stat st;
	char *text;
	ssize_t size;
	int rc;

	if (fstat(fd, &st) < 0)
		return fail(why, -errno, "%.250s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(why, -EINVAL, "%.250s: not a file", path);
	text = malloc(CONFIG_BYTES_MAX + 1);
	if (!text)
		return fail(why, -ENOMEM, "%.250s: %s", path, strerror(ENOMEM));
	size = read_file(fd, text);
	if (size < 0)
		rc = fail(why, (int)size, "%.250s: %s", path,
			strerror((int)-size));
	else if ((size_t)size > CONFIG_BYTES_MAX)
		rc = fail(why, -EINVAL, "%.250s: larger than %zu bytes", path,
			CONFIG_BYTES_MAX);
	else
		rc = parse(config, path, text, (size_t)size, why);
	free(text);
	return rc;
}

int
config_load(struct engine_config *config, const char *path, char *why)
{
	/* O_NONBLOCK: opening a pipe must not wait for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc;

	why[0] = '\0';
	if (fd < 0)
		return fail(why, -errno, "%.250s: %s", path, strerror(errno));
	rc = load(config, fd, path, why);
	close(fd);
	return rc;
}
