/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/devices/device_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/util/text.h"
#include "control/util/user_path.h"
#include "driver/pipewire/sinks/sound_device.h"

int
device_file_path(uint32_t number, char *path, size_t size_bytes)
{
	char file[64], suffix[16] = "";

	if (number > 1)
		snprintf(suffix, sizeof(suffix), "%u", number);
	snprintf(file, sizeof(file),
		"pipewire/pipewire.conf.d/50-tapdeck-loop%s.conf", suffix);
	return user_path(USER_CONFIG, file, path, size_bytes);
}

static void
folders_make(const char *path)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s", path);
	for (char *at = folder + 1; *at; at++)
		if (*at == '/') {
			*at = '\0';
			mkdir(folder, 0700);
			*at = '/';
		}
}

static int
text_write(FILE *to, uint32_t number)
{
	struct pw_properties *p = sound_device_loop_properties(number);
	const struct spa_dict_item *item;

	if (!p)
		return -ENOMEM;
	fprintf(to, "# Written by: tapdeck device add --persistent\n"
		    "# Removed by: tapdeck device remove\n"
		    "context.objects = [\n"
		    "  { factory = adapter\n"
		    "    args = {\n");
	spa_dict_for_each(item, &p->dict)
	{
		fprintf(to, "      %s = ", item->key);
		text_json(to, item->value);
		fputc('\n', to);
	}
	fprintf(to, "    }\n  }\n]\n");
	pw_properties_free(p);
	return 0;
}

int
device_file_write(uint32_t number)
{
	char path[PATH_MAX - 8], fresh[PATH_MAX];
	int res = device_file_path(number, path, sizeof(path));
	FILE *to;

	if (res < 0)
		return res;
	folders_make(path);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	if (!(to = fopen(fresh, "we")))
		return -errno;
	res = text_write(to, number);
	if (res == 0 && (fflush(to) != 0 || fsync(fileno(to)) < 0))
		res = -errno;
	fclose(to);
	if (res == 0 && rename(fresh, path) < 0)
		res = -errno;
	if (res < 0)
		unlink(fresh);
	return res;
}

int
device_file_remove(uint32_t number)
{
	char path[PATH_MAX];
	int res = device_file_path(number, path, sizeof(path));

	if (res < 0)
		return res;
	return unlink(path) < 0 ? -errno : 0;
}

bool
device_file_exists(uint32_t number)
{
	char path[PATH_MAX];

	return device_file_path(number, path, sizeof(path)) == 0 &&
	       access(path, F_OK) == 0;
}
