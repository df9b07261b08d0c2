/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/device/device_file.h"
#include "control/cli/options.h"
#include "control/util/text.h"
#include "driver/pipewire/sinks/sound_device.h"
#include "driver/pipewire/sinks/device_list.h"

struct device_args {
	bool json;
	bool persistent;
	uint32_t number;
};

static const struct option_row rows[] = {
	OPTION_FLAG("persistent", device_args, persistent,
		"add: also at every start of PipeWire, by a file in "
		"~/.config/pipewire/pipewire.conf.d"),
	OPTION_FLAG("json", device_args, json, "list: as JSON"),
	OPTION_END,
};

static const struct command command = {
	.name = "device",
	.operands = "add [N]\nremove [N]\nlist",
	.about = "Manages the devices that a DAW records, Tapdeck Loopback and "
		 "further ones by number N, without tapdeck running. A device "
		 "that is added stays until it is removed or PipeWire ends. "
		 "`remove` also removes the file of --persistent.",
	.options = rows,
	.after = "Examples:\n"
		 "  tapdeck device add --persistent\n"
		 "  tapdeck device add 2\n"
		 "  tapdeck device list --json\n"
		 "\n"
		 "Exit codes: 0 done, 1 no such device, 64 bad option or "
		 "operand, 69 no PipeWire, 73 the file cannot be written",
};

static int
fail(int res)
{
	if (res == -EHOSTDOWN || res == -ETIMEDOUT)
		return command_fail(command.name, EX_UNAVAILABLE, "%s",
			SOUND_DEVICE_NO_PIPEWIRE);
	return command_fail(
		command.name, EX_OSERR, "PipeWire: %s", strerror(-res));
}

static int
file_fail(uint32_t number, int res)
{
	char path[PATH_MAX];

	if (device_file_path(number, path, sizeof(path)) < 0)
		return command_fail(command.name, EX_CANTCREAT,
			"neither XDG_CONFIG_HOME nor HOME is set");
	return command_fail(
		command.name, EX_CANTCREAT, "%s: %s", path, strerror(-res));
}

/* While somebody records it, it stays anyway, and must not be taken away. */
static bool
goes_with_its_run(const struct device_list *l, uint32_t number)
{
	const struct device_info *d;

	for (size_t i = 0; (d = device_list_at(l, i)); i++)
		if (d->number == number)
			return d->for_run && d->recorders == 0;
	return false;
}

static int
add(const struct device_args *a)
{
	char name[SOUND_DEVICE_NAME_MAX];
	struct device_list *l;
	int res;

	sound_device_loop_name(a->number, name, sizeof(name));
	if (a->persistent && (res = device_file_write(a->number)) < 0)
		return file_fail(a->number, res);
	res = device_list_open(&l);
	if (res == -EHOSTDOWN && a->persistent) {
		printf("%s will be there when PipeWire starts\n", name);
		return EX_OK;
	}
	if (res < 0)
		return fail(res);
	res = device_list_add(l, a->number);
	if (res == -EEXIST && goes_with_its_run(l, a->number)) {
		/* Made anew, as the user's; tapdeck links itself to it. */
		res = device_list_remove(l, a->number);
		if (res == 0)
			res = device_list_add(l, a->number);
	}
	device_list_close(l);
	if (res < 0 && res != -EEXIST)
		return fail(res);
	printf("%s %s%s\n", name, res == 0 ? "added" : "is there already",
		a->persistent ? ", also at PipeWire's start" : "");
	return EX_OK;
}

static int
take_away(const struct device_args *a)
{
	char name[SOUND_DEVICE_NAME_MAX];
	struct device_list *l;
	int file = device_file_remove(a->number);
	int res;

	sound_device_loop_name(a->number, name, sizeof(name));
	if (file < 0 && file != -ENOENT)
		return file_fail(a->number, file);
	res = device_list_open(&l);
	if (res == 0) {
		res = device_list_remove(l, a->number);
		device_list_close(l);
	}
	/* what is not running needs no more than its file gone */
	if (res < 0 && !(file == 0 && (res == -EHOSTDOWN || res == -ENOENT))) {
		if (res == -ENOENT)
			return command_fail(
				command.name, 1, "%s: no such device", name);
		return fail(res);
	}
	printf("%s removed\n", name);
	return EX_OK;
}

static void
print_json(const struct device_list *l)
{
	const struct device_info *d;

	putchar('[');
	for (size_t i = 0; (d = device_list_at(l, i)); i++) {
		printf("%s\n  {\"number\": %u, \"name\": ", i ? "," : "",
			d->number);
		text_json(stdout, d->name);
		printf(", \"description\": ");
		text_json(stdout, d->description);
		printf(", \"state\": ");
		text_json(stdout, d->state);
		printf(", \"persistent\": %s, \"recorders\": [",
			device_file_exists(d->number) ? "true" : "false");
		for (size_t r = 0; r < d->recorders; r++) {
			printf(r ? ", " : "");
			text_json(stdout, d->recorder[r]);
		}
		printf("]}");
	}
	printf("%s]\n", device_list_count(l) ? "\n" : "");
}

static void
print_table(const struct device_list *l)
{
	static const char *const heads[] = {
		"NAME", "DESCRIPTION", "STATE", "PERSISTENT", "RECORDED BY"};
	struct table *t = table_new("lllll");
	const struct device_info *d;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		table_cell(t, heads[i]);
	for (size_t i = 0; (d = device_list_at(l, i)); i++) {
		char by[1024] = "";

		for (size_t r = 0; r < d->recorders; r++) {
			size_t n = strlen(by);

			snprintf(by + n, sizeof(by) - n, "%s%s", r ? ", " : "",
				d->recorder[r]);
		}
		table_cell(t, d->name);
		table_cell(t, d->description);
		table_cell(t, d->state);
		table_cell(t, device_file_exists(d->number) ? "yes" : "no");
		table_cell(t, by[0] ? by : "-");
	}
	table_print(t, stdout);
	table_free(t);
}

static int
list(const struct device_args *a)
{
	struct device_list *l;
	int res = device_list_open(&l);

	if (res < 0)
		return fail(res);
	if (a->json)
		print_json(l);
	else if (device_list_count(l))
		print_table(l);
	else
		puts("no loop device; tapdeck device add makes one");
	device_list_close(l);
	return EX_OK;
}

static const struct {
	const char *name;
	int (*run)(const struct device_args *a);
	bool takes_number, takes_persistent, takes_json;
} verbs[] = {
	{"add", add, true, true, false},
	{"remove", take_away, true, false, false},
	{"list", list, false, false, true},
};

static int
verb_run(size_t verb, struct device_args *a, char *const *operands)
{
	char why[CHECK_WHY_MAX];

	a->number = 1;
	if (operands[0] && !verbs[verb].takes_number)
		return command_fail(command.name, EX_USAGE,
			"%s: %s takes no operands; see tapdeck device --help",
			operands[0], verbs[verb].name);
	if (operands[0] && operands[1])
		return command_fail(command.name, EX_USAGE,
			"%s: one number is enough; see tapdeck device --help",
			operands[1]);
	if (operands[0] &&
		check_whole(operands[0], 1, LOOPS_MAX, &a->number, why) < 0)
		return command_fail(command.name, EX_USAGE, "%s: number %s",
			operands[0], why);
	if (a->persistent && !verbs[verb].takes_persistent)
		return command_fail(
			command.name, EX_USAGE, "--persistent: only for add");
	if (a->json && !verbs[verb].takes_json)
		return command_fail(
			command.name, EX_USAGE, "--json: only for list");
	return verbs[verb].run(a);
}

int
cmd_device(int argc, char **argv)
{
	struct device_args a = {0};
	int exit_code;
	int at = options_parse(&command, &a, argc, argv, &exit_code);

	if (at < 0)
		return exit_code;
	if (at == argc)
		return command_fail(command.name, EX_USAGE,
			"add, remove or list? See tapdeck device --help");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[at], verbs[i].name))
			return verb_run(i, &a, argv + at + 1);
	return command_fail(command.name, EX_USAGE,
		"%s: must be add, remove or list", argv[at]);
}
