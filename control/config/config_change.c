/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/config_change.h"

#include <stddef.h>
#include <string.h>

#include "control/util/text.h"

struct part {
	const char *key;
	bool live;
	size_t offset, size;
};

#define PART(key, live, field)                                                 \
	{                                                                      \
		key, live, offsetof(struct engine_config, field),              \
			sizeof(((struct engine_config *)0)->field)             \
	}

/* Parts with one key stand together. Without one: places in the file, which say
 * nothing. */
static const struct part parts[] = {
	PART("rules", true, model.rules),
	PART("rules", true, model.rule),
	PART("unlisted", true, model.unlisted_ignore),
	PART("names of strips", true, model.strip_name),
	PART("tap", true, model.tap),
	PART("eq", true, model.eq_hz),
	{"scenes", true, offsetof(struct engine_config, scenes),
		SCENES_CONFIG_BYTES},
	PART("tempo and quantise", true, model.tempo),
	PART("strips", false, model.strips),
	PART("buses", false, model.buses),
	PART("buses", false, model.bus_name),
	PART("buses", false, model.cue_split),
	PART("buses", false, bus_sink),
	PART("routes", false, model.routes),
	PART("routes", false, model.route),
	PART("osc", false, osc),
	PART("rate", false, rate),
	PART("block", false, block_frames),
	PART("cable", false, cable),
	PART("grab", false, grab_new),
	PART(NULL, true, scenes.include_at),
	PART(NULL, true, scenes.safe_at),
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static void
add(char *list, const char *key)
{
	size_t used = strlen(list), n = strlen(key);

	if (used >= n && !strcmp(list + used - n, key))
		return;
	text_add(list, CONFIG_CHANGE_TEXT_MAX, "%s%s", used ? ", " : "", key);
}

static bool
differs(const struct part *p, const void *now, const void *next)
{
	return memcmp((const char *)now + p->offset,
		       (const char *)next + p->offset, p->size) != 0;
}

void
config_change_read(struct config_change *out, const struct engine_config *now,
	const struct engine_config *next)
{
	struct engine_config rest = *now;

	*out = (struct config_change){.any = false};
	for (size_t i = 0; i < PARTS; i++) {
		const struct part *p = &parts[i];

		memcpy((char *)&rest + p->offset,
			(const char *)next + p->offset, p->size);
		if (!p->key || !differs(p, now, next))
			continue;
		out->any |= p->live;
		add(p->live ? out->live : out->restart, p->key);
	}
	/* What has no row here cannot be changed either. By its bytes: both
	 * began as zeros. */
	if (memcmp((const char *)&rest, (const char *)next, sizeof(rest)) != 0)
		add(out->restart, "other keys");
}

void
config_change_apply(struct engine_config *now, const struct engine_config *next)
{
	for (size_t i = 0; i < PARTS; i++)
		if (parts[i].live)
			memcpy((char *)now + parts[i].offset,
				(const char *)next + parts[i].offset,
				parts[i].size);
}
