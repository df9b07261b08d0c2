/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file keeps time, whatever its writer does. */
#include "tests/record_rig.h"

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
	assert_int_equal(frame_number(&s, again), 0); /* all of the new one */
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
	sf_count_t first;
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
	first = silence_end(&s, 0); /* it may begin with what it lost */
	for (sf_count_t i = 0; i < s.frames; i++)
		if (s.frame[i][0] == 0.0f)
			lost++;
		else
			assert_int_equal(frame_number(&s, i),
				frame_number(&s, first) +
					(uint64_t)(i - first));
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
	char words[256] = "record ";
	FILE *taken = fopen("a-2.wav", "w"); /* never overwritten */

	fclose(taken);
	writer_start(&w[0], RATE_HZ, CAPACITY);
	/* a long way to it, which is said whole */
	for (size_t n = 7; n < 207; n += 2)
		memcpy(words + n, "./", 2);
	strcpy(words + 207, "a.wav");
	cli_start(&p, cmd_record, words);
	wait_for_frames("a.wav", 2000);
	writer_kill(&w[0]);
	writer_start(&w[1], 96000, CAPACITY);
	wait_for_frames("a-3.wav", 2000);
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_non_null(strstr(cli.err, "now 96000 Hz, 2 channels"));
	assert_non_null(strstr(cli.err, "/a-3.wav\n"));
	assert_non_null(strstr(cli.err, "s passed between the two files"));
	assert_int_equal(cli_lines(cli.out), 2);
	assert_true(sound_read(&s, "a.wav"));
	assert_int_equal(s.rate_hz, RATE_HZ);
	assert_int_equal(run_end(&s, 0), s.frames);
	sound_done(&s);
	assert_true(sound_read(&s, "a-3.wav"));
	assert_int_equal(s.rate_hz, 96000);
	assert_int_equal(run_end(&s, 0), s.frames);
	assert_int_equal(frame_number(&s, 0), 0);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_writer_that_comes_back_is_recorded_in_time),
		T(lapped_it_keeps_time_and_counts_exactly),
		T(another_rate_begins_another_file),
		T(its_duration_holds_when_nobody_comes_back),
	};

	return cmocka_run_group_tests_name("record time", tests, NULL, NULL);
}
