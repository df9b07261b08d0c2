/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/model/model.h"
#include "control/util/file_read.h"
#include "control/mapping/mapping_own.h"
#include "control/util/name.h"

/* ---- the top of the file ---- */

static int
read_devices(const struct mapping_reading *r)
{
	const struct yaml_texts *y = &r->yaml->device;
	struct mapping *m = r->to;
	char path[MARK_PATH_MAX];
	int rc = 0;

	if (y->one)
		return mapping_text(r, "device", y->one,
			m->device[m->devices++], MAPPING_NAME_MAX);
	if (y->list_count == 0)
		return yaml_refuse(&r->in, "",
			"needs device: a pattern of its name, such as "
			"\"nanoKONTROL2*\"");
	if (y->list_count > MAPPING_DEVICES_MAX)
		return yaml_refuse(&r->in, "device", "more than %d patterns",
			MAPPING_DEVICES_MAX);
	for (uint32_t i = 0; rc == 0 && i < y->list_count; i++) {
		snprintf(path, sizeof(path), "device[%u]", i);
		rc = mapping_text(r, path, y->list[i], m->device[m->devices++],
			MAPPING_NAME_MAX);
	}
	return rc;
}

static int
read_channel(struct mapping_reading *r)
{
	uint32_t channel = 1;
	int rc = 0;

	if (r->yaml->channel && !strcmp(r->yaml->channel, "any")) {
		r->channel = MAPPING_CHANNEL_ANY;
		return 0;
	}
	if (r->yaml->channel)
		rc = yaml_whole(
			&r->in, "channel", r->yaml->channel, 1, 16, &channel);
	r->channel = (uint8_t)(channel - 1);
	return rc;
}

static int
read_top(struct mapping_reading *r)
{
	static const char *const ports[] = {
		[MAPPING_ALSA] = "alsa", [MAPPING_PIPEWIRE] = "pipewire", NULL};
	static const char *const takeovers[] = {[MAPPING_JUMP] = "jump",
		[MAPPING_PICKUP] = "pickup",
		[MAPPING_SCALE] = "scale",
		NULL};
	const struct yaml_mapping *y = r->yaml;
	uint32_t port = MAPPING_ALSA, takeover = MAPPING_PICKUP;
	int rc;

	if (!y->name)
		return yaml_refuse(&r->in, "", "needs name:");
	rc = mapping_text(r, "name", y->name, r->to->name, MAPPING_NAME_MAX);
	if (rc == 0)
		rc = read_devices(r);
	if (rc == 0 && y->which)
		rc = yaml_whole(&r->in, "which", y->which, 1, MAPPING_ALIKE_MAX,
			&r->to->which);
	if (rc == 0 && y->socket)
		rc = mapping_text(r, "socket", y->socket, r->to->socket,
			MAPPING_NAME_MAX);
	if (rc == 0 && y->port)
		rc = yaml_word(&r->in, "port", y->port, ports, &port);
	if (rc == 0 && y->bank)
		rc = yaml_whole(
			&r->in, "bank", y->bank, 1, STRIPS_MAX, &r->to->bank);
	if (rc == 0)
		rc = read_channel(r);
	if (rc == 0 && y->takeover)
		rc = yaml_word(
			&r->in, "takeover", y->takeover, takeovers, &takeover);
	r->to->port = (enum mapping_port)port;
	r->takeover = (enum mapping_takeover)takeover;
	return rc;
}

static int
read_all(struct mapping_reading *r)
{
	int rc = read_top(r);

	if (rc == 0)
		rc = mapping_starts(r);
	if (rc == 0)
		rc = mapping_layers(r);
	return rc < 0 ? rc : mapping_controls(r);
}

/* No more memory than it has controls. */
static void
trim(struct mapping *m)
{
	struct mapping_control *less = calloc(m->controls, sizeof(*less));

	if (!less)
		return;
	memcpy(less, m->control, m->controls * sizeof(*less));
	free(m->control);
	m->control = less;
}

static int
build(struct mapping_reading *r)
{
	struct mapping *m = r->to;
	int rc = -ENAMETOOLONG;

	if (strlen(r->in.file) < sizeof(m->path)) {
		memcpy(m->path, r->in.file, strlen(r->in.file) + 1);
		rc = read_all(r);
	}
	if (rc < 0 && !r->in.why[0])
		snprintf(r->in.why, MAPPING_WHY_MAX, "%.250s: %s", r->in.file,
			strerror(-rc));
	return rc;
}

/* ---- from YAML ---- */

static int
parse_yaml(struct mapping_reading *r, char *text, size_t size_bytes)
{
	struct yaml_mapping *yaml = NULL;
	struct place_in_text at = {1, 1};
	char reason[MARK_WHY_MAX] = "", line[MAPPING_WHY_MAX];
	int rc = marks_init(&r->marks, text, size_bytes, &at, reason);

	if (rc == 0)
		rc = mapping_yaml_load(
			&yaml, text, size_bytes, &r->marks, &at, reason);
	if (rc == 0 && !yaml) {
		snprintf(reason, sizeof(reason), "says nothing");
		rc = -EINVAL;
	}
	if (rc == -EINVAL) {
		snprintf(line, sizeof(line), "%.250s:%u:%u: %s", r->in.file,
			at.line, at.column, reason);
		name_clean(r->in.why, MAPPING_WHY_MAX, line);
	}
	if (rc < 0 && rc != -EINVAL)
		snprintf(r->in.why, MAPPING_WHY_MAX, "%.250s: %s", r->in.file,
			strerror(-rc));
	r->yaml = yaml;
	if (rc == 0)
		rc = build(r);
	mapping_yaml_free(yaml);
	marks_done(&r->marks);
	return rc;
}

/* The parameters of a model without a configuration, with every strip. */
static int
parse_alone(struct mapping_reading *r, char *text, size_t size_bytes)
{
	struct model_config config;
	struct model *model = NULL;
	void *memory = calloc(1, model_memory_bytes());
	int rc = -ENOMEM;

	model_config_init(&config);
	config.strips = STRIPS_MAX;
	if (memory)
		rc = model_new(&model, &config, memory);
	if (rc == 0) {
		r->params = model_params(model);
		rc = parse_yaml(r, text, size_bytes);
		model_free(model);
	}
	free(memory);
	return rc;
}

/* One way of looking up the targets. */
static int
parse(struct mapping **out, const void *text, size_t size_bytes,
	const char *path, const struct params *params, char *why)
{
	struct mapping_reading *r = calloc(1, sizeof(*r));
	struct mapping *m = calloc(1, sizeof(*m));
	char *copy = malloc(size_bytes + 1);
	int rc = r && m && copy ? 0 : -ENOMEM;

	*out = NULL;
	why[0] = '\0';
	if (rc == 0) {
		memcpy(copy, text, size_bytes);
		r->in.file = path;
		r->in.marks = &r->marks;
		r->params = params;
		r->to = m;
		r->in.why = why;
		rc = params ? parse_yaml(r, copy, size_bytes)
			    : parse_alone(r, copy, size_bytes);
	}
	if (rc < 0 && !why[0])
		snprintf(why, MAPPING_WHY_MAX, "%.250s: %s", path,
			strerror(-rc));
	free(copy);
	free(r);
	if (rc < 0) {
		mapping_free(m);
		return rc;
	}
	trim(m);
	*out = m;
	return 0;
}

int
mapping_parse(struct mapping **out, const void *text, size_t size_bytes,
	const char *path, const struct params *params, char *why)
{
	char other[MAPPING_WHY_MAX];
	int rc = parse(out, text, size_bytes, path, params, why);

	/* A mapping for everyone speaks of the buses and routes of a model
	 * without a configuration. */
	if (rc != -EINVAL || !params ||
		parse(out, text, size_bytes, path, NULL, other) < 0)
		return rc;
	why[0] = '\0';
	return 0;
}

int
mapping_load(struct mapping **out, const char *path,
	const struct params *params, char *why)
{
	char *text;
	size_t size_bytes;
	int rc = file_read(&text, &size_bytes, path, MAPPING_BYTES_MAX, why,
		MAPPING_WHY_MAX);

	*out = NULL;
	if (rc == 0)
		rc = mapping_parse(out, text, size_bytes, path, params, why);
	free(text);
	return rc;
}

void
mapping_free(struct mapping *m)
{
	if (m)
		free(m->control);
	free(m);
}
