/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/config/config.h"

struct rig {
	char directory[64];
	char file[96];
	struct engine_config config;
	char why[CONFIG_WHY_MAX];
};

static void
defaults(struct rig *r)
{
	memset(&r->config, 0, sizeof(r->config));
	model_config_init(&r->config.model);
	osc_config_init(&r->config.osc);
	r->config.cable = true;
}

static int
set_up(void **state)
{
	struct rig *r = calloc(1, sizeof(*r));

	strcpy(r->directory, "/tmp/tapdeck-config.XXXXXX");
	if (!mkdtemp(r->directory))
		return -1;
	snprintf(r->file, sizeof(r->file), "%s/tapdeck.yaml", r->directory);
	defaults(r);
	*state = r;
	return 0;
}

static int
tear_down(void **state)
{
	struct rig *r = *state;

	unlink(r->file);
	rmdir(r->directory);
	free(r);
	return 0;
}

static int
load_bytes(struct rig *r, const void *text, size_t size_bytes)
{
	FILE *f = fopen(r->file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, size_bytes, f), size_bytes);
	assert_int_equal(fclose(f), 0);
	return config_load(&r->config, r->file, r->why);
}

static int
load(struct rig *r, const char *text)
{
	return load_bytes(r, text, strlen(text));
}

/* Refused with these words behind the file's name, and nothing changed. */
static void
assert_refused(struct rig *r, const char *text, const char *want)
{
	struct engine_config before = r->config;
	char line[CONFIG_WHY_MAX];

	assert_int_equal(load(r, text), -EINVAL);
	snprintf(line, sizeof(line), "%s:%s", r->file, want);
	assert_string_equal(r->why, line);
	assert_memory_equal(&r->config, &before, sizeof(before));
}

static void
everything_that_can_be_said_is_read(void **state)
{
	struct rig *r = *state;
	const struct model_config *c = &r->config.model;
	int rc = load(r, "# my set-up\n"
			 "strips: 8\n"
			 "strip:\n"
			 "  - number: 2\n"
			 "    name: Deck \u00c4\n"
			 "    match: ['*spotify*', mpv]\n"
			 "  - {number: 1, match: [vlc], pair: 2}\n"
			 "buses:\n"
			 "  - name: main\n"
			 "  - name: cue\n"
			 "    sink: alsa_output.usb-phones\n"
			 "  - name: loop\n"
			 "routes:\n"
			 "  - {name: air, buses: [main, loop]}\n"
			 "  - {name: silent, buses: []}\n"
			 "osc:\n"
			 "  bind: 192.168.1.5\n"
			 "  port: 9100\n"
			 "  peers: [192.168.1.0/24, '::1']\n"
			 "  push: ['192.168.1.8:9001']\n"
			 "  network: yes\n"
			 "tap: copy\n"
			 "block: 256\n"
			 "cable: yes\n"
			 "grab: new\n"
			 "rate: match-daw\n");

	assert_string_equal(r->why, "");
	assert_int_equal(rc, 0);
	assert_int_equal(c->strips, 8);
	assert_string_equal(c->strip_name[1], "Deck \u00c4");
	assert_string_equal(c->strip_name[0], "");
	assert_int_equal(c->rules, 3);
	assert_string_equal(c->rule[0].condition[0].pattern, "*spotify*");
	assert_int_equal(c->rule[1].strip, 1);
	assert_string_equal(c->rule[2].condition[0].pattern, "vlc");
	assert_int_equal(c->rule[2].strip, 0);
	assert_int_equal(c->rule[2].pair, 2);
	assert_int_equal(c->rule[1].pair, 0);
	assert_int_equal(c->buses, 3);
	assert_string_equal(c->bus_name[1], "cue");
	assert_string_equal(r->config.bus_sink[0], "");
	assert_string_equal(r->config.bus_sink[1], "alsa_output.usb-phones");
	assert_int_equal(c->routes, 2);
	assert_string_equal(c->route[0].name, "air");
	assert_int_equal(c->route[0].mask, 5);
	assert_int_equal(c->route[1].mask, 0);
	assert_string_equal(r->config.osc.bind, "192.168.1.5");
	assert_int_equal(r->config.osc.port, 9100);
	assert_int_equal(r->config.osc.peers, 2);
	assert_string_equal(r->config.osc.peer[0], "192.168.1.0/24");
	assert_string_equal(r->config.osc.peer[1], "::1");
	assert_true(r->config.osc.network);
	assert_int_equal(r->config.osc.pushes, 1);
	assert_string_equal(r->config.osc.push[0], "192.168.1.8:9001");
	assert_int_equal(c->tap, TAP_COPY);
	assert_int_equal(r->config.block_frames, 256);
	assert_true(r->config.cable && r->config.grab_new);
	assert_int_equal(r->config.rate, RATE_MATCH_DAW);
}

static void
what_is_not_said_stays(void **state)
{
	struct rig *r = *state;
	struct engine_config before = r->config;

	assert_int_equal(load(r, ""), 0);
	assert_int_equal(load(r, "# nothing\n\n"), 0);
	assert_int_equal(load(r, "---\n{}\n"), 0);
	assert_memory_equal(&r->config, &before, sizeof(before));
	assert_int_equal(load(r, "cable: off\n"), 0);
	assert_false(r->config.cable);
	assert_int_equal(r->config.model.strips, 16);
	assert_string_equal(r->config.osc.bind, "127.0.0.1");
	assert_int_equal(load(r, "buses: [{name: main}, {name: loop}, "
				 "{name: cue}]\n"),
		0);
	assert_string_equal(r->config.model.route[0].name, "both");
	assert_int_equal(r->config.model.route[0].mask, 3);
	assert_int_equal(r->config.model.routes, 6);
}

static void
bad_values_are_refused_with_their_place(void **state)
{
	struct rig *r = *state;

	assert_refused(r, "strips: 8\ntap:  taek\n",
		"2:7: tap: \"taek\" must be take, copy or off");
	assert_refused(r, "strips: 65", "1:9: strips: \"65\" must be 1..64");
	assert_refused(r, "strips: -1", "1:9: strips: \"-1\" must be 1..64");
	assert_refused(r, "strips:", "1:8: strips: must be 1..64");
	assert_refused(
		r, "block: 8", "1:8: block: \"8\" must be 16..8192, or 0");
	assert_refused(r, "cable: maybe",
		"1:8: cable: \"maybe\" must be no, yes, off, on, false or "
		"true");
	assert_refused(
		r, "grab: all", "1:7: grab: \"all\" must be none or new");
	assert_refused(r, "rate: 44100",
		"1:7: rate: \"44100\" must be keep, follow or match-daw");
	assert_refused(r, "cable: no\ngrab: new\n",
		"2:7: grab: \"new\" needs the cable, without --no-cable or "
		"cable: false");
	assert_refused(r, "osc:\n  port: 70000\n",
		"2:9: osc.port: \"70000\" must be 0..65535");
	assert_refused(r, "osc: {bind: localhost}",
		"1:13: osc.bind: \"localhost\" must be a numeric address, "
		"like 192.168.1.20");
	assert_refused(r, "osc:\n  peers: [10.0.0.1, my desk]\n",
		"2:21: osc.peers[1]: \"my desk\" must be a numeric "
		"address, a subnet or a name, like 192.168.1.20, "
		"192.168.1.0/24 or tablet.local");
	assert_refused(r, "osc:\n  peers: [10.0.0]\n",
		"2:11: osc.peers[0]: \"10.0.0\" must be a numeric "
		"address, a subnet or a name, like 192.168.1.20, "
		"192.168.1.0/24 or tablet.local");
	assert_refused(r, "osc: {bind: \"10.1\"}",
		"1:13: osc.bind: \"10.1\" must be a numeric address, like "
		"192.168.1.20");
	assert_refused(r, "osc:\n  push: [10.0.0.1]\n",
		"2:10: osc.push[0]: \"10.0.0.1\" must be HOST:PORT, like "
		"192.168.1.20:9001 or tablet.local:9001");
}

static void
bad_strips_buses_and_routes_are_refused(void **state)
{
	struct rig *r = *state;

	assert_refused(r, "strips: 2\nstrip:\n  - number: 3\n",
		"3:13: strip[0].number: \"3\" must be 1..2");
	assert_refused(r, "strip:\n  - name: x\n",
		"2:5: strip[0]: needs a number, from 1 to 16");
	assert_refused(r, "strip: [{number: 1}, {number: 1}]",
		"1:31: strip[1].number: \"1\" is there twice");
	assert_refused(r, "strip: [{number: 1, name: \"a\\tb\"}]",
		"1:27: strip[0].name: \"a?b\" must be UTF-8 text without "
		"control "
		"characters");
	assert_refused(r, "strip: [{number: 1, pair: 0, match: [a]}]",
		"1:27: strip[0].pair: \"0\" must be 1..32");
	assert_refused(r, "strip: [{number: 1, pair: 2}]",
		"1:27: strip[0].pair: needs match: whose outputs it chooses");
	assert_refused(r, "strip: [{number: 1, match: ['']}]",
		"1:29: strip[0].match[0]: needs a pattern");
	assert_refused(r, "buses: []", "1:8: buses: needs one at least");
	assert_refused(
		r, "buses:\n  - sink: x\n", "2:5: buses[0]: needs a name");
	assert_refused(r, "buses:\n  - name: Main Room\n",
		"2:11: buses[0].name: \"Main Room\" cannot be a name; 1 to 31 "
		"of a-z, 0-9 and -");
	assert_refused(r, "buses: [{name: main}, {name: main}]",
		"1:30: buses[1].name: \"main\" is there twice");
	assert_refused(r, "buses: [{name: both}]",
		"1:16: buses[0].name: \"both\" is the name of a route");
	assert_refused(r, "buses: [{name: loop, sink: x}]",
		"1:28: buses[0].sink: \"x\" cannot be the sink of loop, which "
		"feeds its loop device");
	assert_refused(r, "buses: [{name: main, sink: tapdeck.loop}]",
		"1:28: buses[0].sink: \"tapdeck.loop\" is tapdeck's own: it "
		"would hear itself");
	assert_refused(r, "buses:\n  - name: main\n  - name: loop-5\n",
		"3:11: buses[1].name: \"loop-5\" cannot be a bus; what begins "
		"with loop is loop, loop2, loop3 and so on to loop64, each for "
		"the device of its number");
	assert_refused(r, "buses: [{name: loopback}]",
		"1:16: buses[0].name: \"loopback\" cannot be a bus; what "
		"begins with loop is loop, loop2, loop3 and so on to loop64, "
		"each for the device of its number");
	assert_refused(r, "buses: [{name: cue, sink: main}, {name: loop}]",
		"1:8: buses: the sink of bus cue is that of main, and there "
		"is no bus main");
	assert_refused(r, "routes: [{name: a, buses: [main, cue]}]",
		"1:34: routes[0].buses[1]: \"cue\" must be main or loop");
	assert_refused(r, "routes: [{name: a}]",
		"1:10: routes[0]: needs buses: a list of names, or []");
	assert_refused(r, "routes: [{name: custom, buses: []}]",
		"1:17: routes[0].name: \"custom\" means sends that are no "
		"route");
}

static void
rules_are_read_in_their_order(void **state)
{
	struct rig *r = *state;
	const struct model_config *c = &r->config.model;
	int rc = load(r, "strip:\n"
			 "  - {number: 2, match: [{binary: mpv}, x], pair: 3}\n"
			 "  - {number: 3, match: y}\n"
			 "rules:\n"
			 "  - match: {role: event, media.name: /^bing$/}\n"
			 "    ignore: yes\n"
			 "  - {match: [a, {id: b}], strip: 1, split: node}\n"
			 "unlisted: ignore\n");

	assert_string_equal(r->why, "");
	assert_int_equal(rc, 0);
	assert_int_equal(c->rules, 6);
	assert_true(c->rule[0].ignore && c->unlisted_ignore);
	assert_int_equal(c->rule[0].conditions, 2);
	assert_string_equal(c->rule[0].condition[0].property, "media.role");
	assert_string_equal(c->rule[0].condition[1].property, "media.name");
	assert_string_equal(c->rule[0].condition[1].pattern, "/^bing$/");
	assert_int_equal(c->rule[0].strip, RULE_NO_STRIP);
	assert_int_equal(c->rule[0].line, 5);
	assert_string_equal(c->rule[1].condition[0].property, "");
	assert_string_equal(c->rule[1].split, "node.name");
	assert_int_equal(c->rule[1].strip, 0);
	assert_string_equal(c->rule[2].condition[0].property, "application.id");
	assert_string_equal(
		c->rule[3].condition[0].property, "application.process.binary");
	assert_int_equal(c->rule[3].pair, 3);
	assert_int_equal(c->rule[3].strip, 1);
	assert_int_equal(c->rule[5].strip, 2);
}

static void
bad_rules_are_refused(void **state)
{
	struct rig *r = *state;

	assert_refused(r, "rules: [{strip: 1}]",
		"1:9: rules[0]: needs match: what it is for");
	assert_refused(r, "rules: [{match: a}]",
		"1:9: rules[0]: needs strip, pair, split or ignore");
	assert_refused(r, "rules: [{match: a, strip: 17}]",
		"1:27: rules[0].strip: \"17\" must be 1..16");
	assert_refused(r, "rules: [{match: a, ignore: yes, strip: 1}]",
		"1:28: rules[0].ignore: what is ignored has no strip, pair or "
		"split");
	assert_refused(r, "rules: [{match: {bianry: a}, ignore: yes}]",
		"1:18: rules[0].match.bianry: \"bianry\" must be key, name, "
		"id, portal, binary, node, role or a property with a dot, like "
		"media.name");
	assert_refused(r, "rules: [{match: a, split: title}]",
		"1:27: rules[0].split: \"title\" must be key, name, id, "
		"portal, binary, node, role or a property with a dot, like "
		"media.name");
	assert_refused(r, "rules:\n  - {match: {name: /a(b/}, strip: 1}\n",
		"2:24: rules[0].match.name: \"/a(b/\" is no regular "
		"expression: missing closing parenthesis");
	assert_refused(r, "rules:\n  - {match: ['/[a/'], strip: 1}\n",
		"2:18: rules[0].match[0]: \"/[a/\" is no regular expression: "
		"missing terminating ] for character class");
	assert_refused(r, "rules: [{match: {}, strip: 1}]",
		"1:17: rules[0].match: needs a pattern");
	assert_refused(r, "rules: [{match: {name: [a]}, strip: 1}]",
		"1:24: rules[0].match.name must be one value");
	assert_refused(r,
		"rules: [{match: {id: a, key: a, name: a, node: a, role: a}, "
		"strip: 1}]",
		"1:57: rules[0].match.role: \"a\" is one too many; at most 4 "
		"conditions");
	assert_refused(r, "unlisted: off",
		"1:11: unlisted: \"off\" must be auto or ignore");
}

static void
keys_that_are_none_are_refused_with_those_that_are(void **state)
{
	struct rig *r = *state;

	assert_refused(r, "strips: 4\nprt: 3\n",
		"2:1: no key \"prt\" here; one of strips, strip, rules, "
		"unlisted, buses, routes, osc, eq, scenes, tempo, quantise, "
		"tap, block, cable, "
		"grab, "
		"rate");
	assert_refused(r, "buses:\n  - name: main\n    snk: x\n",
		"3:5: no key \"snk\" here; one of name, sink");
	assert_refused(r, "osc: {name: x}",
		"1:7: no key \"name\" here; one of bind, port, peers, push, "
		"network");
	assert_refused(r, "osc: {port: 1}\nport: 2\n",
		"2:1: no key \"port\" here; one of strips, strip, rules, "
		"unlisted, buses, routes, osc, eq, scenes, tempo, quantise, "
		"tap, block, cable, "
		"grab, "
		"rate");
	assert_refused(r, "tap: take\nblock: 64\ntap: off\n",
		"3:1: this key is there twice");
	assert_refused(r, "buses: 3", "1:8: buses must be a list");
	assert_refused(r, "osc: [1]", "1:6: osc must be keys and values");
	assert_refused(r, "tap: [take]", "1:6: tap must be one value");
	assert_refused(
		r, "buses: [main]", "1:9: buses[0] must be keys and values");
	assert_refused(r, "- 1", "1:1: must be keys and values");
}

static void
what_is_no_plain_yaml_is_refused(void **state)
{
	struct rig *r = *state;
	char deep[200] = "strips: ";

	assert_refused(r, "tap: &a take\n",
		"1:6: anchors and aliases are not allowed");
	assert_refused(
		r, "tap: *a\n", "1:6: anchors and aliases are not allowed");
	assert_refused(r, "tap: !!str take\n", "1:6: tags are not allowed");
	assert_refused(
		r, "tap: take\n---\ntap: off\n", "2:1: a second document");
	assert_refused(r, "? [a]\n: b\n", "1:3: a key must be a word");
	assert_int_equal(load(r, "tap: [take\nblock: 3\n"), -EINVAL);
	assert_non_null(strstr(r->why, "tapdeck.yaml:2:"));
	assert_non_null(strstr(r->why, "not YAML: "));
	assert_int_equal(load(r, "\ttap: take"), -EINVAL);
	assert_non_null(strstr(r->why, "tapdeck.yaml:1:1: not YAML"));
	assert_int_equal(load(r, "tap: \xff\xfe"), -EINVAL);
	memset(deep + 8, '[', 40);
	assert_refused(r, deep, "1:24: more than 16 levels deep");
}

static void
size_and_kind_of_file_are_bounded(void **state)
{
	struct rig *r = *state;
	char *large = malloc(CONFIG_BYTES_MAX + 1);

	memset(large, '#', CONFIG_BYTES_MAX + 1);
	assert_int_equal(load_bytes(r, large, CONFIG_BYTES_MAX), 0);
	assert_int_equal(load_bytes(r, large, CONFIG_BYTES_MAX + 1), -EINVAL);
	assert_non_null(strstr(r->why, "larger than 262144 bytes"));
	/* two bytes a value */
	strcpy(large, "osc: {peers: [");
	for (int i = 14; i < 20000; i += 2)
		memcpy(large + i, "1,", 2);
	assert_int_equal(load_bytes(r, large, 20000), -EINVAL);
	assert_non_null(strstr(r->why, "more than 8192 values"));
	free(large);
	unlink(r->file);
	assert_int_equal(config_load(&r->config, r->file, r->why), -ENOENT);
	assert_non_null(strstr(r->why, r->file));
	assert_int_equal(mkfifo(r->file, 0600), 0);
	assert_int_equal(config_load(&r->config, r->file, r->why), -EINVAL);
	assert_non_null(strstr(r->why, "not a file"));
}

/* Nothing that a file holds may do more than be refused (see make
 * test-address). */
static void
damaged_files_do_no_harm(void **state)
{
	static const char good[] =
		"strips: 8\nstrip:\n  - number: 2\n    name: Deck\n"
		"    match: [a, b]\nbuses: [{name: main}, {name: loop}]\n"
		"routes:\n  - {name: x, buses: [main]}\nosc:\n  port: 9100\n"
		"  peers: ['::1']\ntap: copy\nblock: 256\n";
	static const char bytes[] = "[]{}:,-&*!|>'\"%@`#? \n\t\x80\xff\0"
				    "a0";
	struct rig *r = *state;
	unsigned seed = 7;
	int refused = 0;

	for (int round = 0; round < 3000; round++) {
		char text[sizeof(good)];

		memcpy(text, good, sizeof(good));
		for (int k = 0; k < 1 + round % 4; k++) {
			seed = seed * 1103515245u + 12345u;
			text[(seed >> 8) % (sizeof(good) - 1)] =
				bytes[(seed >> 3) % (sizeof(bytes) - 1)];
		}
		defaults(r);
		if (load_bytes(r, text, sizeof(good) - 1) < 0) {
			assert_true(r->why[0]);
			refused++;
		}
	}
	assert_true(refused > 1000 && refused < 3000);
}

static void
the_path_follows_xdg(void **state)
{
	char path[64], saved_home[256];
	const char *home = getenv("HOME");

	(void)state;
	snprintf(saved_home, sizeof(saved_home), "%s", home ? home : "/");
	setenv("HOME", "/home/dj", 1);
	setenv("XDG_CONFIG_HOME", "/cfg", 1);
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/cfg/tapdeck/tapdeck.yaml");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/home/dj/.config/tapdeck/tapdeck.yaml");
	unsetenv("XDG_CONFIG_HOME");
	assert_int_equal(config_path(path, sizeof(path)), 0);
	assert_string_equal(path, "/home/dj/.config/tapdeck/tapdeck.yaml");
	assert_int_equal(config_path(path, 20), -ENAMETOOLONG);
	unsetenv("HOME");
	assert_int_equal(config_path(path, sizeof(path)), -ENOENT);
	setenv("HOME", saved_home, 1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(everything_that_can_be_said_is_read),
		TEST(what_is_not_said_stays),
		TEST(bad_values_are_refused_with_their_place),
		TEST(bad_strips_buses_and_routes_are_refused),
		TEST(rules_are_read_in_their_order),
		TEST(bad_rules_are_refused),
		TEST(keys_that_are_none_are_refused_with_those_that_are),
		TEST(what_is_no_plain_yaml_is_refused),
		TEST(size_and_kind_of_file_are_bounded),
		TEST(damaged_files_do_no_harm),
		TEST(the_path_follows_xdg),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
