/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/config/engine_config.h"

#include <errno.h>
#include <string.h>

#include "control/util/check.h"
#include "driver/bus_name.h"

#define OWN_NAMES "tapdeck."

void
engine_config_init(struct engine_config *config)
{
	memset(config, 0, sizeof(*config));
	model_config_init(&config->model);
	osc_config_init(&config->osc);
	config->cable = true;
}

static int
check_sink(const char *bus, const char *sink, char *why)
{
	if (sink[0] && bus_name_loop(bus) > 0)
		return check_refuse(why,
			"cannot be the sink of %s, which feeds its loop device",
			bus);
	if (!strncmp(sink, OWN_NAMES, strlen(OWN_NAMES)))
		return check_refuse(
			why, "is tapdeck's own: it would hear itself");
	return 0;
}

int
engine_config_sink(
	struct engine_config *config, uint32_t bus, const char *sink, char *why)
{
	const char *name = config->model.bus_name[bus];
	int rc = check_sink(name, sink, why);

	rc = rc < 0 ? rc
		    : check_text_copy(config->bus_sink[bus],
			      sizeof(config->bus_sink[bus]), sink, why);
	if (rc == 0 && !strcmp(name, BUS_NAME_CUE))
		config->model.cue_split = !strcmp(sink, BUS_NAME_MAIN);
	return rc;
}

int
engine_config_block(struct engine_config *config, const char *text, char *why)
{
	if (!strcmp(text, "0"))
		config->block_frames = 0;
	else if (check_whole(text, BLOCK_MIN, BLOCK_MAX, &config->block_frames,
			 why) < 0)
		return check_refuse(
			why, "must be %d..%d, or 0", BLOCK_MIN, BLOCK_MAX);
	return 0;
}

int
engine_config_rate(struct engine_config *config, const char *text, char *why)
{
	static const char *const words[] = {[RATE_KEEP] = "keep",
		[RATE_FOLLOW] = "follow",
		[RATE_MATCH_DAW] = "match-daw",
		NULL};
	uint32_t rate = config->rate;
	int rc = check_word(text, words, &rate, why);

	config->rate = (enum rate_mode)rate;
	return rc;
}

int
engine_config_grab(struct engine_config *config, const char *text, char *why)
{
	static const char *const words[] = {"none", "new", NULL};
	uint32_t grab = config->grab_new;
	int rc = check_word(text, words, &grab, why);

	config->grab_new = grab;
	return rc;
}

int
engine_config_fits(const struct engine_config *config, char *why)
{
	if (config->grab_new && !config->cable)
		return check_refuse(why,
			"needs the cable, without --no-cable or cable: false");
	return 0;
}

int
engine_config_outputs(const struct engine_config *config, char *why)
{
	if (config->model.cue_split &&
		model_config_bus_find(&config->model, BUS_NAME_MAIN) < 0)
		return check_refuse(why,
			"the sink of bus cue is that of main, and there is no "
			"bus main");
	return 0;
}

static int
check_sinks(const struct engine_config *config, char *why)
{
	char part[CHECK_WHY_MAX];

	for (uint32_t i = 0; i < config->model.buses; i++) {
		const char *bus = config->model.bus_name[i];
		const char *sink = config->bus_sink[i];
		size_t size_bytes = sizeof(config->bus_sink[i]);

		if (!memchr(sink, '\0', size_bytes))
			return check_refuse(
				why, "the sink of bus %s has no end", bus);
		if (check_sink(bus, sink, part) < 0 ||
			check_text(sink, size_bytes, part) < 0)
			return check_refuse(why, "sink \"%s\" %s", sink, part);
	}
	return 0;
}

int
engine_config_check(const struct engine_config *config, char *why)
{
	char part[CHECK_WHY_MAX];
	int rc = model_config_check(&config->model, why);

	rc = rc < 0 ? rc : osc_config_check(&config->osc, why);
	rc = rc < 0 ? rc : check_sinks(config, why);
	rc = rc < 0 ? rc : engine_config_outputs(config, why);
	if (rc == 0 && engine_config_fits(config, part) < 0)
		rc = check_refuse(why, "grab \"new\" %s", part);
	return rc;
}
