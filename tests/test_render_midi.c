/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <sndfile.h>

#include "control/cli/cmd.h"
#include "core/limits.h"
#include "tests/cli.h"
#include "tests/midi_file_rig.h"

#define RATE_HZ 48000
#define FRAMES	30011 /* a multiple of no block */
#define RAMP	(RATE_HZ * RAMP_MS / 1000)
/* 120 per minute and 24000 ticks per quarter note: a tick is a frame. */
#define TICKS 24000

#define RENDER "render --app a=a.wav --midi knobs.mid --map map.yaml "

static char folder[32];
static struct cli cli;
static struct rig_file rig;

static void
text_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static void
wav_write(const char *path)
{
	float *one = calloc(2 * FRAMES, sizeof(*one));
	SF_INFO info = {.format = SF_FORMAT_WAV | SF_FORMAT_FLOAT,
		.samplerate = RATE_HZ,
		.channels = 2};
	SNDFILE *f = sf_open(path, SFM_WRITE, &info);

	for (uint32_t i = 0; i < 2 * FRAMES; i++)
		one[i] = 0.5f;
	sf_writef_float(f, one, FRAMES);
	sf_close(f);
	free(one);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/render-midi-XXXXXX");
	if (!mkdtemp(folder) || chdir(folder) != 0)
		return -1;
	wav_write("a.wav");
	text_write("map.yaml", "name: Desk\n"
			       "device: Desk\n"
			       "channel: 1\n"
			       "takeover: jump\n"
			       "controls:\n"
			       "- on: note 60\n"
			       "  to: /strip/1/mute\n"
			       "  as: momentary\n"
			       "- on: cc14 1\n"
			       "  to: /strip/1/gain\n"
			       "- on: ch 2 bend\n"
			       "  to: /bus/loop/gain\n"
			       "  takeover: scale\n");
	return 0;
}

static int
teardown(void **state)
{
	DIR *d = opendir(".");

	(void)state;
	for (struct dirent *e; (e = readdir(d));)
		unlink(e->d_name);
	closedir(d);
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

/* Caller frees; [FRAMES][2] */
static float *
wav_read(const char *path)
{
	float *frames = calloc(2 * FRAMES, sizeof(*frames));
	SF_INFO info = {0};
	SNDFILE *f = sf_open(path, SFM_READ, &info);

	assert_non_null(f);
	assert_int_equal(sf_readf_float(f, frames, FRAMES), FRAMES);
	sf_close(f);
	return frames;
}

static void
same_wav(const char *one, const char *other)
{
	float *a = wav_read(one), *b = wav_read(other);

	assert_memory_equal(a, b, 2 * FRAMES * sizeof(*a));
	free(a);
	free(b);
}

static void
render(const char *words)
{
	cli_run(&cli, cmd_render, words);
	if (cli.exit_code != 0)
		fail_msg("%s: %d: %s", words, cli.exit_code, cli.err);
}

static void
refused(const char *words, int exit_code, const char *said)
{
	const char *end;

	cli_run(&cli, cmd_render, words);
	if (cli.exit_code != exit_code || !strstr(cli.err, said))
		fail_msg("%s: %d: %s", words, cli.exit_code, cli.err);
	end = strchr(cli.err, '\n');
	assert_true(end && !end[1]); /* one line */
	assert_int_not_equal(access("loop.wav", F_OK), 0);
}

static void
file_begin(void)
{
	rig_begin(&rig, 0, 1, TICKS);
	rig_track(&rig);
}

static void
file_end(void)
{
	rig_track_end(&rig);
	rig_save(&rig, "knobs.mid");
}

static void
a_strip_moves_at_its_exact_sample(void **state)
{
	const uint32_t at = 12345;
	uint32_t first = 0;
	float *got;

	(void)state;
	file_begin();
	rig_delta(&rig, at);
	RIG_BYTES(&rig, 0x90, 60, 127);
	file_end();
	render(RENDER "--out loop.wav");
	assert_string_equal(cli.err, "");
	got = wav_read("loop.wav");
	while (first < FRAMES && got[2 * first] == got[0])
		first++;
	assert_true(first == at || first == at + 1);
	assert_true(got[2 * (at + RAMP - 2)] != 0.0f);
	assert_true(got[2 * (at + RAMP + 1)] == 0.0f);
	free(got);
}

/* What the hand does is what the same moves by name do, bit by bit. */
static void
a_control_does_what_its_parameter_does(void **state)
{
	char moves[256];

	(void)state;
	file_begin();
	rig_tempo(&rig, 1000, 250000); /* from here half a frame */
	rig_delta(&rig, 4000);
	RIG_BYTES(&rig, 0x90, 60, 1);
	rig_delta(&rig, 5001);
	RIG_BYTES(&rig, 60, 0); /* at 5500.5 */
	rig_delta(&rig, 20000);
	RIG_BYTES(&rig, 0x9F, 60, 1); /* another channel's */
	file_end();
	render(RENDER "--out midi.wav");
	snprintf(moves, sizeof(moves),
		"%.9f /strip/1/mute 1\n%.9f /strip/1/mute 0\n",
		3000.0 / RATE_HZ, 5501.0 / RATE_HZ);
	text_write("moves.txt", moves);
	render("render --app a=a.wav --osc moves.txt --out osc.wav");
	same_wav("midi.wav", "osc.wav");
}

/* Also a value that waits for its LSB, and OSC in between. */
static void
the_block_changes_nothing(void **state)
{
	static const char *const blocks[] = {"16", "17", "480", "1000", "8192"};
	char words[256];

	(void)state;
	file_begin();
	for (uint8_t i = 0; i < 100; i++) {
		rig_delta(&rig, 97);
		RIG_BYTES(&rig, 0xB0, 1, 100 - i);
		if (i % 3) {
			rig_delta(&rig, i);
			RIG_BYTES(&rig, 33, 5 + i);
		}
		rig_delta(&rig, i % 5 ? 0 : 777);
		RIG_BYTES(&rig, 0xE1, 0, i);
	}
	file_end();
	text_write("moves.txt", "0.1 /strip/1/gain -3\n"
				"0.2 /strip/1/mute 1\n"
				"0.21 /strip/1/mute 0\n"
				"0.3 /bus/loop/gain -9\n");
	render(RENDER "--osc moves.txt --out want.wav");
	render("render --app a=a.wav --osc moves.txt --out without.wav");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		snprintf(words, sizeof(words),
			RENDER "--osc moves.txt --out got.wav --block %s",
			blocks[i]);
		render(words);
		same_wav("want.wav", "got.wav");
	}
	float *want = wav_read("want.wav"), *without = wav_read("without.wav");

	assert_memory_not_equal(want, without, 2 * FRAMES * sizeof(*want));
	free(want);
	free(without);
}

static void
files_that_cannot_be_used_are_told_in_one_line(void **state)
{
	(void)state;
	unlink("loop.wav");
	text_write("knobs.mid", "no\n");
	refused(RENDER "--out loop.wav", 65,
		"knobs.mid: byte 0: this is no Standard MIDI File");
	unlink("knobs.mid");
	refused(RENDER "--out loop.wav", 66, "knobs.mid");
	file_begin();
	file_end();
	refused("render --app a=a.wav --midi knobs.mid --map none.yaml "
		"--out loop.wav",
		66, "none.yaml");
	text_write("bad.yaml", "name: Desk\ndevice: Desk\ncontrols:\n"
			       "- on: cc 7\n  to: /strip/1/gian\n");
	refused("render --app a=a.wav --midi knobs.mid --map bad.yaml "
		"--out loop.wav",
		65, "bad.yaml:5:");
	refused("render --app a=a.wav --midi knobs.mid --out loop.wav", 64,
		"--midi and --map need each other");
	refused("render --app a=a.wav --map map.yaml --out loop.wav", 64,
		"--midi and --map need each other");
	refused(RENDER "--midi b.mid --out loop.wav", 64,
		"there is one already");
}

static void
what_had_no_effect_is_told(void **state)
{
	(void)state;
	file_begin();
	rig_delta(&rig, 10);
	RIG_BYTES(&rig, 0xB5, 99, 1);
	file_end();
	render(RENDER "--out loop.wav");
	assert_non_null(strstr(
		cli.err, "no control of map.yaml took any of its 1 messages"));
	file_begin();
	rig_delta(&rig, 10);
	RIG_BYTES(&rig, 0x90, 60, 1);
	rig_delta(&rig, 48000);
	RIG_BYTES(&rig, 0x90, 60, 0);
	file_end();
	render(RENDER "--out loop.wav");
	assert_non_null(strstr(
		cli.err, "knobs.mid: 1.000 s is after the end, not applied"));
	assert_null(strstr(cli.err, "no control"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_strip_moves_at_its_exact_sample),
		cmocka_unit_test(a_control_does_what_its_parameter_does),
		cmocka_unit_test(the_block_changes_nothing),
		cmocka_unit_test(
			files_that_cannot_be_used_are_told_in_one_line),
		cmocka_unit_test(what_had_no_effect_is_told),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
