/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdbool.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sndfile.h>
#include <sys/stat.h>

#include "control/cli/cmd.h"
#include "core/limits.h"
#include "tests/cli.h"

#define RATE_HZ 48000
#define FRAMES	30011 /* a multiple of no block */
#define RAMP	(RATE_HZ * RAMP_MS / 1000)
#define FULL_24 8388608.0f

static char folder[32];
static struct cli cli;

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/render-XXXXXX");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

/* Files only: the tests make no folders. */
static unsigned
folder_each(bool remove)
{
	DIR *d = opendir(".");
	unsigned n = 0;

	for (struct dirent *e; (e = readdir(d));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		n++;
		if (remove)
			unlink(e->d_name);
	}
	closedir(d);
	return n;
}

static int
teardown(void **state)
{
	(void)state;
	folder_each(true);
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

static void
file_write(const char *path, int format, int rate_hz, int channels,
	const float *frames, sf_count_t n)
{
	SF_INFO info = {
		.format = format, .samplerate = rate_hz, .channels = channels};
	SNDFILE *f = sf_open(path, SFM_WRITE, &info);

	assert_non_null(f);
	sf_command(f, SFC_SET_CLIPPING, NULL, SF_TRUE);
	assert_int_equal(sf_writef_float(f, frames, n), n);
	sf_close(f);
}

/* Caller frees; [*n][2] */
static float *
file_read(const char *path, sf_count_t *n)
{
	SF_INFO info = {0};
	SNDFILE *f = sf_open(path, SFM_READ, &info);
	float *frames;

	if (!f)
		fail_msg("%s: %s", path, sf_strerror(NULL));
	assert_int_equal(info.channels, 2);
	*n = info.frames;
	frames = calloc((size_t)info.frames * 2 + 1, sizeof(*frames));
	assert_int_equal(sf_readf_float(f, frames, *n), *n);
	sf_close(f);
	return frames;
}

/* Noise that 24 bit can hold, the same each time. */
static float *
noise_new(uint32_t seed, sf_count_t samples)
{
	float *x = calloc((size_t)samples, sizeof(*x));

	for (sf_count_t i = 0; i < samples; i++) {
		seed = seed * 1664525u + 1013904223u;
		x[i] = (float)((int32_t)seed >> 9) / FULL_24;
	}
	return x;
}

static void
text_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void
same_bytes(const char *one, const char *other)
{
	FILE *a = fopen(one, "r"), *b = fopen(other, "r");
	int left, right;

	assert_true(a && b);
	do {
		left = fgetc(a);
		right = fgetc(b);
		assert_int_equal(left, right);
	} while (left != EOF);
	fclose(a);
	fclose(b);
}

static void
render(const char *words)
{
	cli_run(&cli, cmd_render, words);
	if (cli.exit_code != 0)
		fail_msg("%s: %d: %s", words, cli.exit_code, cli.err);
	assert_string_equal(cli.err, "");
}

static void
unity_is_bit_identical(void **state)
{
	static const struct {
		const char *path;
		int format;
	} in[] = {
		{"a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
		{"b.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
	};
	float *want = noise_new(1, 2 * FRAMES), *got;
	char words[256];
	sf_count_t n;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		file_write(in[i].path, in[i].format, RATE_HZ, 2, want, FRAMES);
		snprintf(words, sizeof(words),
			"render --app deck=%s --out loop.wav "
			"--bus main=main.flac",
			in[i].path);
		render(words);
		got = file_read("loop.wav", &n);
		assert_int_equal(n, FRAMES);
		assert_memory_equal(got, want, FRAMES * 2 * sizeof(*want));
		free(got);
		got = file_read("main.flac", &n);
		assert_int_equal(n, FRAMES);
		assert_memory_equal(got, want, FRAMES * 2 * sizeof(*want));
		free(got);
	}
	free(want);
}

static void
the_block_changes_nothing(void **state)
{
	static const char *const blocks[] = {
		"16", "17", "64", "1000", "4096", "8192"};
	float *a = noise_new(2, 2 * FRAMES), *b = noise_new(3, FRAMES / 2);
	char words[512];

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, a,
		FRAMES);
	file_write("b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, RATE_HZ, 1, b,
		FRAMES / 2);
	text_write("moves.txt", "0     /strip/b/mute 1\n"
				"0.1   /strip/a/gain -12\n"
				"0.104 /strip/a/gain 3\n"
				"0.15  /strip/b/mute 0\n"
				"0.151 /strip/a/route \"loop\"\n"
				"0.2   /bus/loop/gain -1.5\n"
				"0.2   /strip/*/trim 2\n"
				"0.3333333 /strip/*/mute 1\n"
				"0.35  /strip/[1-2]/mute 0\n"
				"0.62 /strip/a/gain -90\n");
	render("render --app a=a.wav --app b=b.wav --osc moves.txt "
	       "--out want.wav --bus main=want.flac --tail 0.01");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		snprintf(words, sizeof(words),
			"render --app a=a.wav --app b=b.wav --osc moves.txt "
			"--out got.wav --bus main=got.flac --tail 0.01 "
			"--block %s",
			blocks[i]);
		render(words);
		same_bytes("want.wav", "got.wav");
		same_bytes("want.flac", "got.flac");
	}
	free(a);
	free(b);
}

static void
the_time_of_day_is_not_in_the_file(void **state)
{
	const unsigned char none[4] = {0};
	float *a = noise_new(2, 2 * FRAMES);
	unsigned char head[512];
	const unsigned char *peak;
	FILE *f;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, a,
		FRAMES);
	render("render --app a=a.wav --out got.wav");
	f = fopen("got.wav", "r");
	assert_non_null(f);
	assert_int_equal(fread(head, 1, sizeof(head), f), sizeof(head));
	fclose(f);
	peak = memmem(head, sizeof(head) - 16, "PEAK", 4);
	if (peak) /* tag, size, version, time */
		assert_memory_equal(peak + 12, none, sizeof(none));
	free(a);
}

/* A constant of 0.5: what a move does is seen in the samples. */
static void
moves_land_on_their_sample(void **state)
{
	float *one = calloc(2 * FRAMES, sizeof(*one)), *got;
	uint32_t at = 12345, first = 0;
	char text[128];
	sf_count_t n;

	(void)state;
	for (uint32_t i = 0; i < 2 * FRAMES; i++)
		one[i] = 0.5f;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, one,
		FRAMES);
	snprintf(text, sizeof(text),
		"0 /strip/1/gain 6.0205999\n%.9f /strip/1/mute 1\n",
		(double)at / RATE_HZ);
	text_write("moves.txt", text);
	render("render --app a=a.wav --osc moves.txt --out loop.wav");
	got = file_read("loop.wav", &n);
	assert_true(fabsf(got[0] - 1.0f) < 1e-6f); /* at 0 it jumps */
	while (got[2 * first] == got[0])
		first++;
	assert_true(first == at || first == at + 1);
	assert_true(got[2 * (at + RAMP - 2)] != 0.0f);
	assert_true(got[2 * (at + RAMP + 1)] == 0.0f);
	free(got);
	free(one);
}

static void
mono_goes_to_both_sides(void **state)
{
	float *mono = noise_new(4, FRAMES), *got;
	sf_count_t n;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 1, mono,
		FRAMES);
	render("render --app a=a.wav --out loop.wav");
	got = file_read("loop.wav", &n);
	assert_int_equal(n, FRAMES);
	for (uint32_t i = 0; i < FRAMES; i++)
		assert_true(got[2 * i] == mono[i] && got[2 * i + 1] == mono[i]);
	free(got);
	free(mono);
}

static void
surround_is_downmixed_and_lfe_left_out(void **state)
{
	const float minus_3_db = 0.70710678f;
	float *six = noise_new(5, 6 * FRAMES), *got;
	sf_count_t n;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAVEX | SF_FORMAT_FLOAT, RATE_HZ, 6, six,
		FRAMES);
	render("render --app a=a.wav --out loop.wav");
	got = file_read("loop.wav", &n);
	for (uint32_t i = 0; i < FRAMES; i++) {
		const float *x = six + 6 * i; /* FL FR FC LFE L R */

		for (uint32_t side = 0; side < 2; side++)
			assert_true(fabsf(got[2 * i + side] - x[side] -
					    minus_3_db * (x[2] + x[4 + side])) <
				    1e-6f);
	}
	free(got);
	free(six);
}

static void
the_longest_file_and_the_tail_make_the_length(void **state)
{
	float *x = noise_new(6, 2 * FRAMES), *got;
	sf_count_t n;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x,
		FRAMES);
	/* exact multiples of the block are the edge */
	file_write(
		"b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x, 4096);
	render("render --app a=a.wav --app b=b.wav --out loop.wav --tail 0.5");
	got = file_read("loop.wav", &n);
	assert_int_equal(n, FRAMES + RATE_HZ / 2);
	assert_true(got[2 * FRAMES] == 0.0f && got[2 * n - 1] == 0.0f);
	free(got);
	render("render --app b=b.wav --out loop.wav --block 2048");
	free(file_read("loop.wav", &n));
	assert_int_equal(n, 4096);
	render("render --app b=b.wav --out loop.rf64 --block 1024 --tail 1");
	free(file_read("loop.rf64", &n));
	assert_int_equal(n, 4096 + RATE_HZ);
	free(x);
}

static void
what_was_not_whole_is_said(void **state)
{
	float x[2000] = {[10] = NAN, [20] = INFINITY, [31] = 1.5f, [40] = -1};
	float *got;
	sf_count_t n;

	(void)state;
	file_write(
		"a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x, 1000);
	text_write("moves.txt", "5 /strip/1/mute 1\n");
	cli_run(&cli, cmd_render,
		"render --app a=a.wav --out loop.flac --osc moves.txt");
	assert_int_equal(cli.exit_code, 0);
	assert_non_null(strstr(cli.err, "2 samples were NaN or infinite"));
	assert_non_null(strstr(cli.err, "1 samples beyond full scale"));
	assert_non_null(strstr(cli.err, "moves.txt:1: 5.000 s is after the "
					"end"));
	got = file_read("loop.flac", &n);
	assert_true(got[10] == 0.0f && got[20] == 0.0f);
	assert_true(got[31] == 8388607.0f / FULL_24 && got[40] == -1.0f);
	free(got);
}

/* Each is one line with this exit code, and no file more than before. */
static const struct {
	int exit_code;
	const char *words;
	const char *want;
} refused[] = {
	{64, "render", "needs --app"},
	{64, "render --app a=a.wav", "needs --out"},
	{64, "render --app a.wav --out x.wav", "must be NAME=FILE"},
	{64, "render --app =a.wav --out x.wav", "must be NAME=FILE"},
	{64, "render --app a=a.wav --app A=b.wav --out x.wav", "already"},
	{64, "render --app a=a.wav --app b=b.wav --strips 1 --out x.wav",
		"2 apps on 1 strips"},
	{64, "render --app a=a.wav --out x.wav --out y.wav", "already"},
	{64, "render --app a=a.wav --out x.wav --bus loop=y.wav", "already"},
	{64, "render --app a=a.wav --bus Main=y.wav", "cannot be a name"},
	{64, "render --app a=a.wav --bus loop2x=y.wav", "cannot be a bus"},
	{64, "render --app a=a.wav --bus main", "must be NAME=FILE"},
	{64, "render --app a=a.wav --out x.wav --block 8", "must be 16..8192"},
	{64, "render --app a=a.wav --out x.wav --tail -1", "must be 0..3600"},
	{65, "render --app a=a.wav --app c=44100.wav --out x.wav",
		"44100.wav: 44100 Hz: must be 48000 Hz"},
	{65, "render --app a=a.wav --out x.wav --rate 96000",
		"a.wav: 48000 Hz: must be 96000 Hz"},
	{65, "render --app a=8000.wav --out x.wav",
		"8000.wav: 8000 Hz: must be 32000..192000"},
	{65, "render --app a=9.wav --out x.wav", "9 channels: must be 1..8"},
	{65, "render --app a=text.txt --out x.wav", "not a sound file"},
	{65, "render --app a=/dev/zero --out x.wav", "is not a file"},
	{65, "render --app a=a.wav --out x.mp3", "must end with .wav"},
	{65, "render --app a=a.wav --out ./a.wav", "one of the sources"},
	{65, "render --app a=a.wav --out x.wav --bus main=./x.wav",
		"the file of two buses"},
	{65, "render --app a=a.wav --out x.wav --osc text.txt", "text.txt:1: "},
	{66, "render --app a=nope.wav --out x.wav", "No such file"},
	{66, "render --app a=a.wav --out x.wav --osc nope.txt", "No such file"},
	{73, "render --app a=a.wav --out nowhere/x.wav", "No such file"},
	{73, "render --app a=a.wav --out x.wav --bus main=nowhere/x.wav",
		"No such file"},
	{74, "render --app a=cut.flac --out x.wav", "cut.flac: "},
};

/* A FLAC whose second half is not FLAC. */
static void
damaged_write(const float *x)
{
	char noise[3000];
	int fd;

	file_write("cut.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_24, RATE_HZ, 2, x,
		FRAMES);
	memset(noise, 0x55, sizeof(noise));
	fd = open("cut.flac", O_WRONLY);
	assert_int_equal(
		pwrite(fd, noise, sizeof(noise), 40000), sizeof(noise));
	close(fd);
}

static void
every_refusal_is_one_line_and_leaves_nothing(void **state)
{
	float *x = noise_new(7, 9 * FRAMES);
	unsigned files;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x,
		FRAMES);
	file_write("b.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x,
		FRAMES);
	file_write("44100.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 2, x,
		FRAMES);
	file_write("8000.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 2, x,
		FRAMES);
	file_write("9.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 9, x,
		FRAMES);
	damaged_write(x);
	text_write("text.txt", "this is no sound\n");
	files = folder_each(false);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		cli_run(&cli, cmd_render, refused[i].words);
		if (cli.exit_code != refused[i].exit_code ||
			cli_lines(cli.err) != 1 || *cli.out ||
			!strstr(cli.err, refused[i].want) ||
			folder_each(false) != files)
			fail_msg("%s: exit code %d, %u files: %s",
				refused[i].words, cli.exit_code,
				folder_each(false), cli.err);
	}
	free(x);
}

static void
stopped_it_leaves_what_was_there(void **state)
{
	float *x = noise_new(8, 2 * FRAMES);
	struct cli_process p;

	(void)state;
	file_write("a.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, RATE_HZ, 2, x,
		FRAMES);
	text_write("loop.wav", "an old file");
	cli_start(&p, cmd_render,
		"render --app a=a.wav --out loop.wav --tail 3600 --block 16");
	alarm(20);
	while (folder_each(false) < 3) /* the new one stands beside */
		usleep(1000);
	alarm(0);
	kill(p.pid, SIGTERM);
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 128 + SIGTERM);
	assert_int_equal(cli_lines(cli.err), 1);
	assert_int_equal(folder_each(false), 2);
	text_write("want", "an old file");
	same_bytes("loop.wav", "want");
	free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(unity_is_bit_identical),
		T(the_block_changes_nothing),
		T(the_time_of_day_is_not_in_the_file),
		T(moves_land_on_their_sample),
		T(mono_goes_to_both_sides),
		T(surround_is_downmixed_and_lfe_left_out),
		T(the_longest_file_and_the_tail_make_the_length),
		T(what_was_not_whole_is_said),
		T(every_refusal_is_one_line_and_leaves_nothing),
		T(stopped_it_leaves_what_was_there),
	};

	return cmocka_run_group_tests_name("render", tests, NULL, NULL);
}
