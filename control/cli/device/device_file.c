/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/device/device_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "control/util/file_saver.h"
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
	char path[PATH_MAX], *text = NULL;
	struct file_saver saver;
	size_t size = 0;
	int res = device_file_path(number, path, sizeof(path));
	FILE *to = res == 0 ? open_memstream(&text, &size) : NULL;

	if (res == 0)
		res = to ? text_write(to, number) : -ENOMEM;
	if (to && fclose(to) != 0)
		res = -ENOMEM;
	file_saver_init(&saver);
	if (res == 0)
		res = file_saver_begin(&saver, path, text, size);
	file_saver_finish(&saver);
	free(text);
	return res < 0 ? res : saver.rc;
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
