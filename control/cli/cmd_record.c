/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/cli/cmd.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "control/cli/options.h"
#include "control/record/recorder.h"
#include "control/record/take.h"
#include "control/util/text.h"
#include "core/ring/share.h"

#define DURATION_MAX_S 10000000.0
#define LIST_MS	       1000

struct recording {
	const char *bus;
	double duration_s;
	bool force;
	bool json;
	bool quiet;
	struct take *take;
	struct recorder_stats stats;
};

static int
set_bus(void *data, const char *value, char *why)
{
	struct recording *r = data;

	if (!*value || strlen(value) >= RING_SHARE_NAME_BYTES)
		return check_refuse(why, "must be the name of a bus");
	r->bus = value;
	return 0;
}

static int
set_duration(void *data, const char *value, char *why)
{
	struct recording *r = data;

	if (check_number(value, 0.0, DURATION_MAX_S, " seconds", &r->duration_s,
		    why) < 0)
		return -EINVAL;
	if (!(r->duration_s > 0.0))
		return check_refuse(why, "must be more than 0 seconds");
	return 0;
}

static const struct option_row rows[] = {
	OPTION("bus", "NAME", set_bus, "the recorded bus (loop)"),
	OPTION("duration", "S", set_duration,
		"end after so many seconds, to the sample (on Ctrl-C)"),
	OPTION_FLAG("force", recording, force, "overwrite an existing file"),
	OPTION_FLAG("json", recording, json, "the summary as JSON"),
	OPTION_FLAG(
		"quiet", recording, quiet, "no summary; losses are still told"),
	OPTION_END,
};

static const struct command command = {
	.name = "record",
	.operands = "FILE.wav|.flac|.rf64",
	.about = "Records a bus of the running tapdeck, sample for sample, "
		 "until Ctrl-C. WAV and RF64 are 32-bit float; a WAV that "
		 "grows beyond 4 GiB becomes an RF64. FLAC is 24 bit: what "
		 "came from up to 24 bit at unity is unchanged, samples beyond "
		 "full scale are clipped and counted. The file is playable at "
		 "any moment, even after a crash. When tapdeck restarts, the "
		 "recording goes on, with silence for the time between; when "
		 "its rate changes, in FILE-2.",
	.options = rows,
	.after = "Examples:\n"
		 "  tapdeck record set.wav\n"
		 "  tapdeck record --duration 3600 --bus loop set.flac\n"
		 "\n"
		 "Exit codes: 0 done, 1 done but frames were lost, 64 bad "
		 "option, 66 no such bus, 69 no tapdeck is running, 73 the "
		 "file cannot be created, 74 writing failed",
};

static void
line_say(void *data, const char *line)
{
	(void)data;
	command_fail("record", 0, "%s", line);
}

/* Which buses there are, or that there is nobody. */
static int
bus_fail(const struct recording *r)
{
	struct ring_share_entry entry[RING_SHARES_MAX];
	int n = ring_list(NULL, entry, RING_SHARES_MAX, LIST_MS);
	char names[1024] = "";
	size_t at = 0;

	if (n < 0)
		return command_fail("record", EX_UNAVAILABLE,
			"no tapdeck is running; start it with `tapdeck run`");
	for (int i = 0; i < n && at < sizeof(names) - 40; i++)
		at += (size_t)snprintf(names + at, sizeof(names) - at, "%s%s",
			i ? ", " : "", entry[i].name);
	return command_fail("record", EX_NOINPUT,
		"--bus %s: no such recorded bus; there is %s", r->bus,
		*names ? names : "none while no audio runs");
}

static int
attach_fail(const struct recording *r, int error)
{
	if (error == -ENOENT || error == -ECONNREFUSED)
		return bus_fail(r);
	if (error == -EPROTONOSUPPORT)
		return command_fail("record", EX_UNAVAILABLE,
			"the tapdeck that runs is another version than this "
			"one; start `tapdeck run` anew");
	return command_fail("record", EX_UNAVAILABLE, "the ring of bus %s: %s",
		r->bus, strerror(-error));
}

static int
begin_fail(const struct recording *r, int error)
{
	if (error == -EEXIST)
		return command_fail("record", EX_CANTCREAT,
			"%s: is there already; --force overwrites a file",
			take_path(r->take));
	if (error == -EINVAL)
		return command_fail("record", EX_CANTCREAT,
			"%s: this kind of file cannot hold the bus's channels "
			"and rate",
			take_path(r->take));
	return command_fail("record", EX_CANTCREAT, "%s: %s",
		take_path(r->take), strerror(-error));
}

static double
peak_db(const struct take_file *f)
{
	return f->stats.peak > 0.0f ? 20.0 * log10((double)f->stats.peak)
				    : -INFINITY;
}

static void
file_print(const struct recording *r, const struct take_file *f)
{
	char path[PATH_MAX], peak[32] = "silent";

	text_clean(path, sizeof(path), f->path);
	if (f->stats.peak > 0.0f)
		snprintf(peak, sizeof(peak), "peak %.1f dB", peak_db(f));
	printf("%s: %.3f s, %llu frames, %u Hz, %u channels, %s, %s", path,
		(double)f->stats.frames / f->rate_hz,
		(unsigned long long)f->stats.frames, f->rate_hz, f->channels,
		sound_kind_text((enum sound_kind)sound_kind_of(f->path)), peak);
	if (f->stats.clipped)
		printf(", %llu samples clipped",
			(unsigned long long)f->stats.clipped);
	if (take_file(r->take, take_files(r->take) - 1) == f) {
		printf("; %llu frames lost", (unsigned long long)r->stats.lost);
		if (r->stats.xruns)
			printf(", %llu xruns",
				(unsigned long long)r->stats.xruns);
		if (r->stats.without_s > 0.0)
			printf(", %.3f s without tapdeck", r->stats.without_s);
	}
	putchar('\n');
}

static void
json_print(const struct recording *r)
{
	printf("{\"lost_frames\": %llu, \"xruns\": %llu, "
	       "\"without_tapdeck_s\": %.6f, \"files\": [",
		(unsigned long long)r->stats.lost,
		(unsigned long long)r->stats.xruns, r->stats.without_s);
	for (uint32_t i = 0; i < take_files(r->take); i++) {
		const struct take_file *f = take_file(r->take, i);

		printf("%s{\"path\": ", i ? ", " : "");
		text_json(stdout, f->path);
		printf(", \"frames\": %llu, \"rate_hz\": %u, \"channels\": %u, "
		       "\"clipped_samples\": %llu, \"peak_db\": ",
			(unsigned long long)f->stats.frames, f->rate_hz,
			f->channels, (unsigned long long)f->stats.clipped);
		if (f->stats.peak > 0.0f)
			printf("%.2f}", peak_db(f));
		else
			printf("null}");
	}
	printf("]}\n");
}

static void
summary_print(const struct recording *r)
{
	if (r->json)
		json_print(r);
	for (uint32_t i = 0; i < take_files(r->take); i++) {
		const struct take_file *f = take_file(r->take, i);

		if (f->stats.clipped && (r->json || r->quiet))
			command_fail("record", 0, "%s: %llu samples clipped",
				f->path, (unsigned long long)f->stats.clipped);
		if (!r->json && !r->quiet)
			file_print(r, f);
	}
}

/* The take is finished in any case: what there is, is kept. */
static int
take_run(struct recording *r, const sigset_t *stop)
{
	struct recorder_config config = {
		.stop = *stop,
		.bus = r->bus,
		.duration_s = r->duration_s,
		.say = line_say,
	};
	int file_error = 0, e, disk_error;

	e = recorder_run(&config, r->take, &r->stats, &file_error);
	disk_error = take_finish(r->take);
	if (take_files(r->take))
		summary_print(r);
	if (e == -ECANCELED)
		return begin_fail(r, file_error);
	if (disk_error < 0)
		return command_fail("record", EX_IOERR, "%s: %s",
			take_path(r->take), strerror(-disk_error));
	if (e < 0)
		return attach_fail(r, e);
	return r->stats.lost || r->stats.without_s > 0.0 ? 1 : 0;
}

int
cmd_record(int argc, char **argv)
{
	struct recording r = {.bus = "loop"};
	sigset_t stop;
	int exit_code, e;
	int first = options_parse(&command, &r, argc, argv, &exit_code);

	if (first < 0)
		return exit_code;
	if (argc - first != 1)
		return command_fail("record", EX_USAGE,
			"wants one FILE; see tapdeck record --help");
	if (sound_kind_of(argv[first]) < 0)
		return command_fail("record", EX_USAGE,
			"%s: must end with .wav, .rf64 or .flac", argv[first]);
	/* Before the take's thread is made: it must not get them either. They
	 * stay blocked: a second Ctrl-C must not cut off the end of the file.
	 */
	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	e = take_new(&r.take, argv[first], r.force);
	exit_code = e < 0 ? command_fail("record", EX_OSERR, "%s", strerror(-e))
			  : take_run(&r, &stop);
	take_free(r.take);
	return exit_code;
}
