/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sndfile.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "control/cmd.h"
#include "control/loop.h"
#include "core/ring_share.h"
#include "tests/cli.h"

#define RATE_HZ	 48000
#define BLOCK	 256
#define CAPACITY (1u << 17)
#define FULL_24	 8388608.0f
#define WAIT_S	 20

/* A writer in a process of its own: numbered frames in real time. */
struct writer {
	pid_t pid;
	uint64_t *start_ns; /* shared: when its frame 0 is due */
};

static char folder[32];
static struct cli cli;

/* What 24 bit hold exactly, never 0: silence is somebody else's. */
static float
number_of(uint64_t frame)
{
	return (float)((frame & 0x3fffff) + 1) / FULL_24;
}

static void
write_due(struct ring_writer *w, uint64_t start_ns, uint32_t rate_hz)
{
	float block[BLOCK][2];
	uint64_t due = (loop_now_ns() - start_ns) * rate_hz / 1000000000u;

	while (ring_writer_frame(w) + BLOCK <= due) {
		uint64_t frame = ring_writer_frame(w);

		for (uint32_t i = 0; i < BLOCK; i++) {
			block[i][0] = number_of(frame + i);
			block[i][1] = -block[i][0];
		}
		ring_set_clock(
			w, frame, start_ns + frame * 1000000000u / rate_hz);
		ring_write(w, block[0], BLOCK);
	}
}

static void
writer_run(uint64_t *start_ns, uint32_t rate_hz, uint32_t capacity, int ready)
{
	struct ring_config config = {
		.rate_hz = rate_hz,
		.channels = 2,
		.capacity_frames = capacity,
		.block_frames = BLOCK,
		.device = "Tapdeck Loopback",
		.channel_names = {"FL", "FR"},
	};
	struct ring_share *share;
	struct ring_writer w;
	struct pollfd p;

	cli_die_with_parent();
	if (ring_share_open(&share, NULL) < 0 ||
		ring_share_publish(share, "loop", &config, &w, NULL) < 0)
		_exit(1);
	*start_ns = loop_now_ns();
	if (write(ready, "", 1) != 1)
		_exit(1);
	p = (struct pollfd){.fd = ring_share_fd(share), .events = POLLIN};
	for (;;) {
		if (poll(&p, 1, 2) > 0)
			ring_share_dispatch(share);
		write_due(&w, *start_ns, rate_hz);
	}
}

static void
writer_start(struct writer *w, uint32_t rate_hz, uint32_t capacity)
{
	int ready[2];
	char byte;

	w->start_ns = mmap(NULL, sizeof(*w->start_ns), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_int_equal(pipe(ready), 0);
	w->pid = fork();
	if (w->pid == 0)
		writer_run(w->start_ns, rate_hz, capacity, ready[1]);
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
}

static void
writer_kill(struct writer *w)
{
	kill(w->pid, SIGKILL);
	waitpid(w->pid, NULL, 0);
	w->pid = 0;
}

static int
setup(void **state)
{
	*state = calloc(2, sizeof(struct writer));
	strcpy(folder, "/tmp/record-XXXXXX");
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return -1;
	setenv("XDG_RUNTIME_DIR", folder, 1);
	return 0;
}

static void
folder_empty(const char *path)
{
	DIR *d = opendir(path);
	char name[512];

	for (struct dirent *e; d && (e = readdir(d));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		unlink(name);
	}
	if (d)
		closedir(d);
}

static int
teardown(void **state)
{
	struct writer *w = *state;

	for (int i = 0; i < 2; i++)
		if (w[i].pid > 0)
			writer_kill(&w[i]);
	free(w);
	folder_empty("tapdeck");
	rmdir("tapdeck");
	folder_empty(".");
	return chdir("/") == 0 ? rmdir(folder) : -1;
}

struct sound {
	float (*frame)[2];
	sf_count_t frames;
	int rate_hz;
};

/* Reads what there is, also of a file that nobody has completed. */
static bool
sound_read(struct sound *s, const char *path)
{
	SF_INFO info = {0};
	SNDFILE *f = sf_open(path, SFM_READ, &info);
	sf_count_t room = 30 * 192000;

	*s = (struct sound){0};
	if (!f || info.channels != 2) {
		if (f)
			sf_close(f);
		return false;
	}
	if (info.frames < room)
		room = info.frames;
	s->rate_hz = info.samplerate;
	s->frame = calloc((size_t)room + 1, sizeof(*s->frame));
	s->frames = sf_readf_float(f, s->frame[0], room);
	sf_close(f);
	return true;
}

static void
sound_done(struct sound *s)
{
	free(s->frame);
	*s = (struct sound){0};
}

/* Waits until a file that is being recorded can be read this far. */
static void
wait_for_frames(const char *path, sf_count_t frames)
{
	struct sound s;
	sf_count_t have;

	alarm(WAIT_S);
	do {
		usleep(5000);
		have = sound_read(&s, path) ? s.frames : 0;
		sound_done(&s);
	} while (have < frames);
	alarm(0);
}

static uint64_t
frame_number(const struct sound *s, sf_count_t i)
{
	return (uint64_t)(s->frame[i][0] * FULL_24) - 1;
}

/* Frames from `from` that count up, one by one; where they end. */
static sf_count_t
run_end(const struct sound *s, sf_count_t from)
{
	sf_count_t i = from;

	while (i < s->frames && s->frame[i][0] != 0.0f) {
		assert_true(s->frame[i][1] == -s->frame[i][0]);
		if (frame_number(s, i) - frame_number(s, from) !=
			(uint64_t)(i - from))
			break;
		i++;
	}
	return i;
}

static sf_count_t
silence_end(const struct sound *s, sf_count_t from)
{
	while (from < s->frames && s->frame[from][0] == 0.0f)
		from++;
	return from;
}

static void
every_frame_is_recorded_in_every_format(void **state)
{
	static const char *const files[] = {"a.wav", "a.rf64", "a.flac"};
	struct writer *w = *state;
	struct sound s;
	char words[128];

	writer_start(w, RATE_HZ, CAPACITY);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(words, sizeof(words), "record --duration 0.3 %s",
			files[i]);
		cli_run(&cli, cmd_record, words);
		assert_string_equal(cli.err, "");
		assert_int_equal(cli.exit_code, 0);
		assert_int_equal(cli_lines(cli.out), 1);
		assert_non_null(strstr(cli.out, "14400 frames, 48000 Hz"));
		assert_non_null(strstr(cli.out, "; 0 frames lost"));
		assert_true(sound_read(&s, files[i]));
		assert_int_equal(s.frames, 14400);
		assert_int_equal(run_end(&s, 0), 14400);
		sound_done(&s);
	}
	cli_run(&cli, cmd_record, "record --json --duration 0.01 b.wav");
	assert_non_null(strstr(cli.out, "\"path\": \"b.wav\", \"frames\": 480, "
					"\"rate_hz\": 48000"));
}

static void
a_signal_ends_it_and_completes_the_file(void **state)
{
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;

	writer_start(w, RATE_HZ, CAPACITY);
	cli_start(&p, cmd_record, "record a.wav");
	wait_for_frames("a.wav", 1000);
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 0);
	assert_true(sound_read(&s, "a.wav"));
	assert_int_equal(run_end(&s, 0), s.frames);
	assert_true(s.frames >= 1000);
	sound_done(&s);
}

static void
killed_it_leaves_a_playable_file(void **state)
{
	static const char *const files[] = {"a.wav", "a.rf64", "a.flac"};
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;
	char words[128];

	writer_start(w, RATE_HZ, CAPACITY);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(words, sizeof(words), "record %s", files[i]);
		cli_start(&p, cmd_record, words);
		wait_for_frames(files[i], RATE_HZ);
		kill(p.pid, SIGKILL);
		cli_wait(&p, &cli);
		assert_int_equal(cli.exit_code, -SIGKILL);
		assert_true(sound_read(&s, files[i]));
		assert_true(s.frames >= RATE_HZ);
		assert_int_equal(run_end(&s, 0), s.frames);
		sound_done(&s);
	}
}

static void
a_writer_that_comes_back_is_recorded_in_time(void **state)
{
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;
	sf_count_t end, again;
	double want;

	writer_start(&w[0], RATE_HZ, CAPACITY);
	cli_start(&p, cmd_record, "record a.wav");
	wait_for_frames("a.wav", 5000);
	writer_kill(&w[0]);
	writer_start(&w[1], RATE_HZ, CAPACITY);
	wait_for_frames("a.wav", 40000);
	kill(p.pid, SIGTERM);
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 1);
	assert_int_equal(cli_lines(cli.err), 2);
	assert_non_null(strstr(cli.err, "tapdeck went away"));
	assert_non_null(strstr(cli.err, "s of silence"));
	assert_non_null(strstr(cli.out, "s without tapdeck"));
	assert_true(sound_read(&s, "a.wav"));
	end = run_end(&s, 0);
	again = silence_end(&s, end);
	assert_true(end >= 5000 && again > end && again < s.frames);
	assert_int_equal(run_end(&s, again), s.frames);
	/* from the end of the last frame to the begin of the next, in frames */
	want = (double)(*w[1].start_ns - *w[0].start_ns) * RATE_HZ / 1e9 +
	       (double)frame_number(&s, again) -
	       (double)(frame_number(&s, end - 1) + 1);
	assert_true(fabs((double)(again - end) - want) <= 1.5);
	sound_done(&s);
}

static void
lapped_it_keeps_time_and_counts_exactly(void **state)
{
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;
	uint64_t lost = 0;
	char want[64];

	writer_start(w, RATE_HZ, 4096); /* 85 ms */
	cli_start(&p, cmd_record, "record a.wav");
	wait_for_frames("a.wav", 2000);
	kill(p.pid, SIGSTOP);
	usleep(300000); /* the time is what is tested: more than the ring */
	kill(p.pid, SIGCONT);
	wait_for_frames("a.wav", 40000);
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 1);
	assert_non_null(strstr(cli.err, "frames lost: silence in their place"));
	assert_true(sound_read(&s, "a.wav"));
	for (sf_count_t i = 0; i < s.frames; i++)
		if (s.frame[i][0] == 0.0f)
			lost++;
		else
			assert_int_equal(frame_number(&s, i),
				frame_number(&s, 0) + (uint64_t)i);
	assert_true(lost > 4096);
	snprintf(want, sizeof(want), "; %llu frames lost",
		(unsigned long long)lost);
	assert_non_null(strstr(cli.out, want));
	sound_done(&s);
}

static void
another_rate_begins_another_file(void **state)
{
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;
	FILE *taken = fopen("a-2.wav", "w"); /* never overwritten */

	fclose(taken);
	writer_start(&w[0], RATE_HZ, CAPACITY);
	cli_start(&p, cmd_record, "record a.wav");
	wait_for_frames("a.wav", 2000);
	writer_kill(&w[0]);
	writer_start(&w[1], 96000, CAPACITY);
	wait_for_frames("a-3.wav", 2000);
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_non_null(strstr(cli.err, "now 96000 Hz, 2 channels"));
	assert_int_equal(cli_lines(cli.out), 2);
	assert_true(sound_read(&s, "a.wav"));
	assert_int_equal(s.rate_hz, RATE_HZ);
	assert_int_equal(run_end(&s, 0), s.frames);
	sound_done(&s);
	assert_true(sound_read(&s, "a-3.wav"));
	assert_int_equal(s.rate_hz, 96000);
	assert_int_equal(run_end(&s, 0), s.frames);
	sound_done(&s);
}

static void
its_duration_holds_when_nobody_comes_back(void **state)
{
	struct writer *w = *state;
	struct cli_process p;
	struct sound s;
	sf_count_t end;

	writer_start(w, RATE_HZ, CAPACITY);
	cli_start(&p, cmd_record, "record --duration 1 a.flac");
	wait_for_frames("a.flac", 1000);
	writer_kill(w);
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 1);
	assert_true(sound_read(&s, "a.flac"));
	assert_int_equal(s.frames, RATE_HZ);
	end = run_end(&s, 0);
	assert_true(end >= 1000);
	assert_int_equal(silence_end(&s, end), s.frames);
	sound_done(&s);
}

static void
a_file_that_is_there_is_kept(void **state)
{
	struct writer *w = *state;
	struct stat st;
	FILE *file = fopen("a.wav", "w");

	fputs("mine", file);
	fclose(file);
	writer_start(w, RATE_HZ, CAPACITY);
	cli_run(&cli, cmd_record, "record --duration 0.01 a.wav");
	assert_int_equal(cli.exit_code, 73);
	assert_int_equal(cli_lines(cli.err), 1);
	assert_non_null(strstr(cli.err, "a.wav: is there already; --force"));
	assert_int_equal(stat("a.wav", &st), 0);
	assert_int_equal(st.st_size, 4);
	cli_run(&cli, cmd_record, "record --duration 0.01 --force a.wav");
	assert_int_equal(cli.exit_code, 0);
	cli_run(&cli, cmd_record, "record --duration 0.01 nowhere/a.wav");
	assert_int_equal(cli.exit_code, 73);
	assert_int_equal(cli_lines(cli.err), 1);
}

static void
without_a_ring_it_says_so_and_makes_no_file(void **state)
{
	struct writer *w = *state;

	cli_run(&cli, cmd_record, "record a.wav");
	assert_int_equal(cli.exit_code, 69);
	assert_int_equal(cli_lines(cli.err), 1);
	assert_non_null(strstr(cli.err, "no tapdeck is running"));
	writer_start(w, RATE_HZ, CAPACITY);
	cli_run(&cli, cmd_record, "record --bus cue a.wav");
	assert_int_equal(cli.exit_code, 66);
	assert_int_equal(cli_lines(cli.err), 1);
	assert_non_null(strstr(cli.err, "--bus cue"));
	assert_non_null(strstr(cli.err, "there is loop"));
	assert_int_equal(access("a.wav", F_OK), -1);
}

static int
record_on_a_small_disk(int argc, char **argv)
{
	struct rlimit limit = {200000, 200000};

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	return cmd_record(argc, argv);
}

static void
a_disk_that_is_full_ends_it_with_what_there_is(void **state)
{
	struct writer *w = *state;
	struct sound s;

	writer_start(w, RATE_HZ, CAPACITY);
	cli_run(&cli, record_on_a_small_disk, "record a.wav");
	assert_int_equal(cli.exit_code, 74);
	assert_non_null(strstr(cli.err, "a.wav: File too large"));
	assert_true(sound_read(&s, "a.wav"));
	assert_true(s.frames > 1000);
	assert_int_equal(run_end(&s, 0), s.frames);
	sound_done(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(every_frame_is_recorded_in_every_format),
		T(a_signal_ends_it_and_completes_the_file),
		T(killed_it_leaves_a_playable_file),
		T(a_writer_that_comes_back_is_recorded_in_time),
		T(lapped_it_keeps_time_and_counts_exactly),
		T(another_rate_begins_another_file),
		T(its_duration_holds_when_nobody_comes_back),
		T(a_file_that_is_there_is_kept),
		T(without_a_ring_it_says_so_and_makes_no_file),
		T(a_disk_that_is_full_ends_it_with_what_there_is),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
