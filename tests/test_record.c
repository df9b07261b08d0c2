/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/record_rig.h"

#include <sys/socket.h>
#include <sys/un.h>

#include "core/ring/protocol.h"

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
blocks_that_the_graph_missed_are_told(void **state)
{
	struct writer *w = *state;
	struct cli_process p;

	writer_start(w, RATE_HZ, CAPACITY);
	writer_count_xruns(w, 2); /* before it: not its affair */
	cli_run(&cli, cmd_record, "record --duration 0.1 a.wav");
	assert_string_equal(cli.err, "");
	assert_null(strstr(cli.out, "xruns"));
	cli_start(&p, cmd_record, "record --json b.wav");
	wait_for_frames("b.wav", 1000);
	writer_count_xruns(w, 3);
	wait_for_frames("b.wav", 20000);
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_non_null(strstr(cli.err, "the audio graph missed a block"));
	assert_non_null(strstr(cli.out, "\"xruns\": 3"));
	assert_int_equal(cli.exit_code, 0);
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

/* In tapdeck's place: what listens there. */
static int
stranger_listen(void)
{
	struct sockaddr_un address = {
		.sun_family = AF_UNIX, .sun_path = "tapdeck/ring"};
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_int_equal(mkdir("tapdeck", 0700), 0);
	assert_int_equal(
		bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void
a_tapdeck_of_another_version_is_told(void **state)
{
	const struct ring_reply reply = {.magic = RING_PROTOCOL_MAGIC,
		.version = RING_VERSION + 1,
		.size_bytes = sizeof(reply)};
	struct ring_request request;
	struct cli_process p;
	int listening = stranger_listen(), fd;

	(void)state;
	cli_start(&p, cmd_record, "record a.wav");
	fd = accept(listening, NULL, NULL);
	assert_int_equal(
		recv(fd, &request, sizeof(request), 0), sizeof(request));
	assert_int_equal(send(fd, &reply, sizeof(reply), 0), sizeof(reply));
	cli_wait(&p, &cli);
	assert_int_equal(cli.exit_code, 69);
	assert_int_equal(cli_lines(cli.err), 1);
	assert_non_null(strstr(cli.err, "is another version than this one"));
	assert_int_equal(access("a.wav", F_OK), -1);
	close(fd);
	close(listening);
}

static void
a_signal_ends_it_also_while_nobody_answers(void **state)
{
	struct ring_request request;
	struct cli_process p;
	int listening = stranger_listen(), fd;

	(void)state;
	cli_start(&p, cmd_record, "record a.wav");
	fd = accept(listening, NULL, NULL);
	assert_int_equal(
		recv(fd, &request, sizeof(request), 0), sizeof(request));
	kill(p.pid, SIGINT);
	cli_wait(&p, &cli);
	assert_string_equal(cli.err, "");
	assert_int_equal(cli.exit_code, 0);
	close(fd);
	close(listening);
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
		T(every_frame_is_recorded_in_every_format),
		T(a_signal_ends_it_and_completes_the_file),
		T(killed_it_leaves_a_playable_file),
		T(blocks_that_the_graph_missed_are_told),
		T(a_file_that_is_there_is_kept),
		T(without_a_ring_it_says_so_and_makes_no_file),
		T(a_tapdeck_of_another_version_is_told),
		T(a_signal_ends_it_also_while_nobody_answers),
		T(a_disk_that_is_full_ends_it_with_what_there_is),
	};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
