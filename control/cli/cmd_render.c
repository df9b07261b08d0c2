/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "control/model/model.h"
#include "control/util/loop.h"
#include "control/render/midi_play.h"
#include "control/render/script.h"
#include "control/cli/options.h"
#include "driver/file/render.h"

#define BLOCK_USUAL	 1024
#define TAIL_SECONDS_MAX 3600

struct rendering {
	struct model_config model_config;
	struct render_config config;
	struct model *model;
	struct script *script;
	struct midi_play *midi_play;
	struct render *render;
	void *memory; /* the model's values */
	const char *script_path;
	const char *midi, *map;
	const char *out; /* of the bus loop */
	char app[STRIPS_MAX][APP_NAME_MAX];
	bool quiet;
};

static volatile sig_atomic_t stop_signal;

static void
stop_asked(int signo)
{
	stop_signal = signo;
}

static int
set_app(void *data, const char *value, char *why)
{
	struct rendering *r = data;
	const char *equals = strchr(value, '=');
	size_t length = equals ? (size_t)(equals - value) : 0;
	uint32_t n = r->config.inputs;

	if (!length || length >= APP_NAME_MAX || !equals[1])
		return check_refuse(
			why, "must be NAME=FILE, the name at most 63 bytes");
	if (n == STRIPS_MAX)
		return check_refuse(why, "there are more apps than strips");
	for (uint32_t i = 0; i < n; i++)
		if (strlen(r->app[i]) == length &&
			!strncasecmp(r->app[i], value, length))
			return check_refuse(
				why, "there is an app of that name already");
	memcpy(r->app[n], value, length);
	r->config.input[n].path = equals + 1;
	r->config.inputs++;
	return 0;
}

static int
set_bus(void *data, const char *value, char *why)
{
	struct rendering *r = data;
	struct model_config *c = &r->model_config;
	size_t length = strcspn(value, "=");
	char name[64], part[CHECK_WHY_MAX];
	int b;

	if (!length || !value[length] || !value[length + 1])
		return check_refuse(why, "must be NAME=FILE");
	snprintf(name, sizeof(name), "%.*s", (int)length, value);
	b = model_config_bus_find(c, name);
	if (b < 0) {
		if (model_config_bus(c, name, part) < 0)
			return option_refuse_part(why, name, part);
		b = (int)c->buses - 1;
		c->routes = 0; /* made anew of all buses */
	}
	if (r->config.out[b])
		return check_refuse(why, "this bus has a file already");
	r->config.out[b] = value + length + 1;
	return 0;
}

static int
set_out(void *data, const char *value, char *why)
{
	struct rendering *r = data;

	if (r->out)
		return check_refuse(why,
			"there is one already; other buses are "
			"written by --bus NAME=FILE");
	r->out = value;
	return 0;
}

static int
set_strips(void *data, const char *value, char *why)
{
	struct rendering *r = data;

	return model_config_strips(&r->model_config, value, why);
}

static int
set_eq(void *data, const char *value, char *why)
{
	struct rendering *r = data;
	const char *comma = strchr(value, ',');
	char low[32];

	if (!comma || comma == value || (size_t)(comma - value) >= sizeof(low))
		return check_refuse(why, "must be LOW,HIGH, as 250,2500");
	snprintf(low, sizeof(low), "%.*s", (int)(comma - value), value);
	return model_config_eq(&r->model_config, low, comma + 1, why);
}

static const struct option_row rows[] = {
	OPTION("app", "NAME=FILE", set_app,
		"play a file on the next strip, under this name; repeat for "
		"each. Any format that libsndfile reads, 1 to 8 channels"),
	OPTION_ONCE("osc", "FILE", rendering, script_path,
		"the moves: lines SECONDS ADDRESS VALUE, # begins a comment"),
	OPTION_ONCE("midi", "FILE", rendering, midi,
		"what hands do: a Standard MIDI File, played through the "
		"mapping that --map names"),
	OPTION_ONCE("map", "FILE", rendering, map,
		"the mapping that says which control of --midi moves what; see "
		"tapdeck-mapping(5)"),
	OPTION("out", "FILE", set_out,
		"where the bus loop goes: .wav and .rf64 are 32-bit float, "
		".flac is 24 bit"),
	OPTION("bus", "NAME=FILE", set_bus,
		"where another bus goes; repeatable. A bus that is not there "
		"is added to main and loop"),
	OPTION_WHOLE("block", "N", rendering, config.block_frames, BLOCK_MIN,
		BLOCK_MAX,
		"frames per block, 16..8192 (1024); the result is the same"),
	OPTION_WHOLE("rate", "HZ", rendering, config.rate_hz, RATE_MIN_HZ,
		RATE_MAX_HZ,
		"refuse files of another rate (that of the first file)"),
	OPTION("strips", "N", set_strips, "mixer strips, 1..64 (16)"),
	OPTION("eq", "LOW,HIGH", set_eq,
		"crossovers of the EQ in Hz, 40..2000 and 200..12000 "
		"(250,2500)"),
	OPTION_SECONDS("tail", "S", rendering, config.tail_s, TAIL_SECONDS_MAX,
		"seconds of silence after the last file (0)"),
	OPTION_FLAG("quiet", rendering, quiet, "no summary"),
	OPTION_END,
};

static const struct command command = {
	.name = "render",
	.operands = "",
	.about = "Mixes sound files offline, as fast as it can, with the mixer "
		 "and the parameters of `tapdeck run`. The same input gives "
		 "the same bytes. Files are replaced when all is done; after a "
		 "refusal nothing is written.",
	.options = rows,
	.after = "Example:\n"
		 "  tapdeck render --app deck=a.wav --app spotify=b.flac \\\n"
		 "    --osc moves.txt --out loop.wav --bus main=room.wav\n"
		 "where moves.txt has\n"
		 "  0    /strip/spotify/mute 1\n"
		 "  2.5  /strip/deck/gain -12\n"
		 "  4    /strip/deck/route \"loop\"\n"
		 "\n"
		 "Exit codes: 0 done, 64 bad option, 65 a file, a move or a "
		 "mapping that cannot be used, 66 a file cannot be read, 73 "
		 "cannot be created, 74 reading or writing failed",
};

/* Strip numbers, the parameters, and with them the moves, before any file is
 * touched. */
static int
model_make(struct rendering *r)
{
	int e;

	model_config_routes(&r->model_config);
	r->config.strips = r->model_config.strips;
	r->config.buses = r->model_config.buses;
	for (uint32_t b = 0; b < r->config.buses; b++)
		bus_name_use(&r->config.uses, r->model_config.bus_name[b], b);
	if (r->config.inputs > r->config.strips)
		return command_fail("render", EX_USAGE,
			"%u apps on %u strips: see --strips", r->config.inputs,
			r->config.strips);
	r->memory = calloc(1, model_memory_bytes());
	e = r->memory ? model_new(&r->model, &r->model_config, r->memory)
		      : -ENOMEM;
	if (e < 0)
		return command_fail("render", EX_OSERR, "%s", strerror(-e));
	for (uint32_t i = 0; i < r->config.inputs; i++) {
		e = model_assign(r->model, r->app[i], r->app[i]);
		if (e < 0)
			return command_fail("render", EX_USAGE, "--app %s: %s",
				r->app[i], strerror(-e));
		r->config.input[i].strip = (uint32_t)e;
	}
	return 0;
}

static int
open_exit_code(int e)
{
	return e == -EINVAL ? EX_DATAERR : e == -ENOMEM ? EX_OSERR : EX_NOINPUT;
}

static int
all_open(struct rendering *r)
{
	char why[RENDER_WHY_MAX];
	int e = render_open(&r->render, &r->config, why);

	if (e < 0)
		return command_fail("render", open_exit_code(e), "%s", why);
	model_mixer_start(
		r->model, render_mixer(r->render), render_rate_hz(r->render));
	if (r->midi) {
		e = midi_play_open(&r->midi_play, r->midi, r->map,
			model_params(r->model), render_rate_hz(r->render), why);
		if (e < 0)
			return command_fail(
				"render", open_exit_code(e), "%s", why);
	}
	if (r->script_path) {
		e = script_load(&r->script, r->script_path,
			model_params(r->model), render_rate_hz(r->render),
			stderr);
		if (e < 0)
			return open_exit_code(e);
	}
	e = render_create(r->render, why);
	if (e == 0)
		return 0;
	return command_fail(
		"render", e == -EINVAL ? EX_DATAERR : EX_CANTCREAT, "%s", why);
}

static uint32_t
step(void *data, uint64_t frame, uint32_t n)
{
	struct rendering *r = data;

	if (stop_signal)
		return 0;
	if (r->midi_play)
		n = midi_play_step(r->midi_play, frame, n);
	if (r->script)
		n = script_step(r->script, model_params(r->model), frame, n);
	model_run(r->model, loop_now_ns());
	return n;
}

static void
midi_summary_print(const struct rendering *r, double rate)
{
	uint64_t frame, messages, strange;

	midi_play_count(r->midi_play, &messages, &strange);
	if (messages && strange == messages)
		command_fail("render", 0,
			"%s: no control of %s took any of its %llu messages",
			r->midi, r->map, (unsigned long long)messages);
	if (midi_play_left(r->midi_play, &frame))
		command_fail("render", 0,
			"%s: %.3f s is after the end, not applied; see --tail",
			r->midi, (double)frame / rate);
}

static void
summary_print(const struct rendering *r, const struct render_stats *stats)
{
	double rate = render_rate_hz(r->render);
	uint64_t frame;
	uint32_t line = r->script ? script_left(r->script, &frame) : 0;

	if (line)
		command_fail("render", 0,
			"%s:%u: %.3f s is after the end, not applied; see "
			"--tail",
			r->script_path, line, (double)frame / rate);
	if (r->midi_play)
		midi_summary_print(r, rate);
	if (stats->bad_samples)
		command_fail("render", 0,
			"%llu samples were NaN or infinite: silence",
			(unsigned long long)stats->bad_samples);
	if (stats->clipped)
		command_fail("render", 0,
			"%llu samples beyond full scale were clipped: FLAC "
			"cannot hold them, WAV can",
			(unsigned long long)stats->clipped);
	if (!r->quiet)
		printf("%.3f s, %llu frames, %.0f Hz\n",
			(double)stats->frames / rate,
			(unsigned long long)stats->frames, rate);
}

static int
all_run(struct rendering *r)
{
	struct render_stats stats;
	char why[RENDER_WHY_MAX];
	int e = render_run(r->render, step, r, &stats, why);

	if (e == -EINTR)
		return command_fail("render", 128 + stop_signal,
			"stopped; nothing was written");
	if (e < 0)
		return command_fail("render", EX_IOERR, "%s", why);
	summary_print(r, &stats);
	return 0;
}

static bool
loop_set(struct rendering *r)
{
	/* one of the two that are always there */
	int b = model_config_bus_find(&r->model_config, "loop");

	if (r->config.out[b])
		return false;
	r->config.out[b] = r->out;
	return true;
}

static int
render_all(struct rendering *r, int argc, char **argv)
{
	int exit_code;
	bool any = false;

	if (options_parse(&command, r, argc, argv, &exit_code) < 0)
		return exit_code;
	if (r->out && !loop_set(r))
		return command_fail("render", EX_USAGE,
			"--out %s: the bus loop has a file already", r->out);
	for (uint32_t b = 0; b < BUSES_MAX; b++)
		any = any || r->config.out[b];
	if (r->config.inputs == 0)
		return command_fail("render", EX_USAGE,
			"needs --app NAME=FILE; see tapdeck render --help");
	if (!any)
		return command_fail("render", EX_USAGE,
			"needs --out FILE; see tapdeck render --help");
	if (!r->midi != !r->map)
		return command_fail("render", EX_USAGE,
			"--midi and --map need each other; see tapdeck render "
			"--help");
	exit_code = model_make(r);
	if (exit_code == 0)
		exit_code = all_open(r);
	return exit_code ? exit_code : all_run(r);
}

int
cmd_render(int argc, char **argv)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	struct sigaction on = {.sa_handler = stop_asked};
	struct rendering *r = calloc(1, sizeof(*r));
	int exit_code;

	if (!r)
		return command_fail("render", EX_OSERR, "%s", strerror(ENOMEM));
	model_config_init(&r->model_config);
	r->config.block_frames = BLOCK_USUAL;
	for (uint32_t i = 0; i < 3; i++)
		sigaction(signals[i], &on, NULL);
	exit_code = render_all(r, argc, argv);
	/* The model speaks to the mixer until it is told that it is gone. */
	if (r->render)
		model_mixer_stop(r->model);
	midi_play_close(r->midi_play);
	script_free(r->script);
	model_free(r->model);
	render_close(r->render);
	free(r->memory);
	free(r);
	return exit_code;
}
