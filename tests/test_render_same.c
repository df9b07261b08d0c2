/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random moves over random sounds, and what came out of them once: a hash for
 * each seed, kept in tests/render_same.h. What is built otherwise must sound
 * the same to the bit, whatever the block and wherever it is cut. Where the
 * sound is to be another one, tests/render_same.sh makes the hashes anew. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <sndfile.h>

#include "control/cli/cmd.h"
#include "tests/cli.h"
#include "tests/midi_file_rig.h"
#include "tests/render_same.h"

#define SEEDS	   50u
#define APPS_MAX   9u
#define BUSES	   5u
#define FRAMES_MAX 15000u
#define MOVES_MAX  500u
#define CUTS_MAX   2000u
#define TAIL_S	   "0.02"

/* Mixed into the hash of every file. */
#define FNV_START UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

/* The first two are always there. */
static const char *const buses[BUSES] = {
	"loop", "main", "cue", "loop2", "loop3"};
static const uint32_t rates_hz[] = {48000, 44100, 32000, 48000, 64000};

struct scene {
	uint64_t random;
	uint32_t rate_hz;
	uint32_t frames; /* of the longest sound */
	uint32_t apps;
	char words[1024]; /* of the command */
};

static char folder[40];
static struct cli cli;
static struct rig_file midi;

static uint32_t
draw(struct scene *s, uint32_t below)
{
	s->random = s->random * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(s->random >> 33) % below;
}

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/render-same-XXXXXX");
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
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

/* ---- sounds ---- */

/* Mostly noise; also what another way through the mixer would change. */
static float
sample(struct scene *s)
{
	float x = (float)((int32_t)draw(s, 1u << 24) - (1 << 23)) / (1 << 23);

	switch (draw(s, 64)) {
	case 0:
		return -0.0f;
	case 1:
		return x * 1e-39f; /* a denormal */
	case 2:
		return draw(s, 8) ? 0.0f : x * 3e38f;
	case 3:
		return draw(s, 8) ? x : x < 0.0f ? NAN : INFINITY;
	default:
		return x;
	}
}

static void
sound_write(struct scene *s, const char *path, uint32_t frames)
{
	int channels = draw(s, 3) ? 2 : 1 + (int)draw(s, 8);
	uint32_t samples = frames * (uint32_t)channels;
	float *x = calloc(samples, sizeof(*x));
	SF_INFO info = {.format = SF_FORMAT_WAVEX | SF_FORMAT_FLOAT,
		.samplerate = (int)s->rate_hz,
		.channels = channels};
	SNDFILE *f = sf_open(path, SFM_WRITE, &info);

	assert_true(x && f);
	for (uint32_t i = 0; i < samples; i++)
		x[i] = sample(s);
	sf_command(f, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
	assert_int_equal(sf_writef_float(f, x, frames), frames);
	sf_close(f);
	free(x);
}

/* ---- moves ---- */

static void
bus_move_write(struct scene *s, FILE *f)
{
	const char *bus = buses[draw(s, BUSES)];
	uint32_t tenths = draw(s, 10);

	switch (draw(s, 4)) {
	case 0:
		fprintf(f, "/bus/%s/mute %u", bus, draw(s, 2));
		break;
	case 1:
		fprintf(f, "/bus/%s/fader 0.%03u", bus, draw(s, 1000));
		break;
	default:
		fprintf(f, "/bus/%s/gain %d.%u", bus, (int)draw(s, 30) - 20,
			tenths);
		break;
	}
}

static void
strip_move_write(struct scene *s, FILE *f)
{
	static const char *const routes[] = {"both", "main", "loop", "none"};
	static const char *const taps[] = {"copy", "take"};
	const char *bus = buses[draw(s, BUSES)];
	char strip[16] = "*";

	if (draw(s, 30))
		snprintf(strip, sizeof(strip), "%u", 1 + draw(s, s->apps));
	fprintf(f, "/strip/%s/", strip);
	switch (draw(s, 12)) {
	case 0:
		fprintf(f, "mute %u", draw(s, 2));
		break;
	case 1:
		fprintf(f, "mute/toggle 1");
		break;
	case 2:
		fprintf(f, "trim %d", (int)draw(s, 25) - 12);
		break;
	case 3:
		fprintf(f, "trim 0");
		break;
	case 4:
		fprintf(f, "gain 0");
		break;
	case 5:
		fprintf(f, "gain -90");
		break;
	case 6:
		fprintf(f, "fader 0.%03u", draw(s, 1000));
		break;
	case 7:
		fprintf(f, "route \"%s\"", routes[draw(s, 4)]);
		break;
	case 8:
		fprintf(f, "tap %s", taps[draw(s, 2)]);
		break;
	case 9:
	case 10:
		fprintf(f, "send/%s %u", bus, draw(s, 2));
		break;
	default:
		fprintf(f, "gain/step -%u.5", draw(s, 6));
		break;
	}
}

/* Some at one frame, some within one ramp, and times of rest. */
static void
moves_write(struct scene *s)
{
	FILE *f = fopen("moves.txt", "w");
	uint32_t frame = 0, moves = draw(s, MOVES_MAX);

	assert_non_null(f);
	for (uint32_t i = 0; i < moves && frame < s->frames; i++) {
		fprintf(f, "%.9f ", (double)frame / s->rate_hz);
		if (draw(s, 6))
			strip_move_write(s, f);
		else
			bus_move_write(s, f);
		fputc('\n', f);
		if (draw(s, 3) == 0)
			frame += draw(s, draw(s, 8) ? 100 : 2000);
	}
	fclose(f);
}

/* The block is cut at every message, also where it moves nothing. */
static void
cuts_write(struct scene *s)
{
	FILE *map = fopen("map.yaml", "w");
	uint32_t most = 2 + draw(s, 300);

	assert_non_null(map);
	fputs("name: Desk\ndevice: Desk\nchannel: 1\ncontrols:\n"
	      "- on: cc 1\n  to: /strip/1/gain\n",
		map);
	fclose(map);
	/* 120 in a minute: a tick is a frame */
	rig_begin(&midi, 0, 1, (uint16_t)(s->rate_hz / 2));
	rig_track(&midi);
	for (uint32_t i = 0; i < CUTS_MAX; i++) {
		rig_delta(&midi, draw(s, most));
		RIG_BYTES(&midi, 0xb0, 2, (uint8_t)draw(s, 128));
	}
	rig_track_end(&midi);
	rig_save(&midi, "cuts.mid");
}

static void
scene_make(struct scene *s, uint32_t seed)
{
	size_t n;

	*s = (struct scene){.random = seed * UINT64_C(0x9e3779b97f4a7c15)};
	s->rate_hz = rates_hz[draw(s, 5)];
	s->apps = 1 + draw(s, APPS_MAX);
	n = (size_t)snprintf(s->words, sizeof(s->words),
		"render --quiet --tail " TAIL_S
		" --osc moves.txt --out loop.wav");
	for (uint32_t b = 1; b < BUSES; b++)
		n += (size_t)snprintf(s->words + n, sizeof(s->words) - n,
			" --bus %s=%s.wav", buses[b], buses[b]);
	for (uint32_t a = 0; a < s->apps; a++) {
		uint32_t frames = 1 + draw(s, FRAMES_MAX);
		char path[24];

		if (frames > s->frames)
			s->frames = frames;
		snprintf(path, sizeof(path), "%u.wav", a);
		sound_write(s, path, frames);
		n += (size_t)snprintf(s->words + n, sizeof(s->words) - n,
			" --app a%u=%s", a, path);
	}
	moves_write(s);
	cuts_write(s);
}

/* ---- what comes out ---- */

static uint64_t
hash_bits(uint64_t hash, const float *x, sf_count_t samples)
{
	for (sf_count_t i = 0; i < samples; i++) {
		uint32_t bits;

		memcpy(&bits, &x[i], sizeof(bits));
		hash = (hash ^ bits) * FNV_PRIME;
	}
	return hash;
}

static uint64_t
hash_file(uint64_t hash, const char *path)
{
	float frames[2 * 1024];
	SF_INFO info = {0};
	SNDFILE *f = sf_open(path, SFM_READ, &info);
	sf_count_t n;

	assert_non_null(f);
	while ((n = sf_readf_float(f, frames, 1024)) > 0)
		hash = hash_bits(hash, frames, 2 * n);
	sf_close(f);
	return hash;
}

static uint64_t
render(const struct scene *s, const char *more)
{
	uint64_t hash = FNV_START;
	char words[1200], path[24];

	snprintf(words, sizeof(words), "%s %s", s->words, more);
	cli_run(&cli, cmd_render, words);
	if (cli.exit_code != 0)
		fail_msg("%s: %d: %s", words, cli.exit_code, cli.err);
	for (uint32_t b = 0; b < BUSES; b++) {
		snprintf(path, sizeof(path), "%s.wav", buses[b]);
		hash = hash_file(hash, path);
	}
	return hash;
}

static void
it_sounds_as_it_did(void **state)
{
	static const char *const ways[] = {"--block 16", "--block 17",
		"--block 64", "--block 333", "--block 1024", "--block 4096",
		"--midi cuts.mid --map map.yaml --block 8192",
		"--midi cuts.mid --map map.yaml --block 100"};

	struct scene s;

	(void)state;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		const char *all[4] = {"--block 8192", ways[seed % 6],
			ways[(seed + 2) % 6], ways[6 + seed % 2]};

		scene_make(&s, seed);
		for (uint32_t i = 0; i < 4; i++) {
			uint64_t got = render(&s, all[i]);

			if (got != render_same[seed])
				fail_msg("seed %u, %s: %016llx, not %016llx",
					seed, all[i], (unsigned long long)got,
					(unsigned long long)render_same[seed]);
		}
	}
}

/* What tests/render_same.sh asks for. */
static int
print_all(void)
{
	struct scene s;

	if (setup(NULL) < 0)
		return 1;
	for (uint32_t seed = 0; seed < SEEDS; seed++) {
		scene_make(&s, seed);
		printf("\tUINT64_C(0x%016llx),\n",
			(unsigned long long)render(&s, "--block 1024"));
	}
	return teardown(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_sounds_as_it_did, setup, teardown),
	};

	if (getenv("RENDER_SAME_PRINT"))
		return print_all();
	return cmocka_run_group_tests_name("render_same", tests, NULL, NULL);
}
