/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the configuration says, of all but rules. */
#include "tests/config_rig.h"

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

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(everything_that_can_be_said_is_read),
		TEST(what_is_not_said_stays),
		TEST(bad_values_are_refused_with_their_place),
		TEST(bad_strips_buses_and_routes_are_refused),
		TEST(keys_that_are_none_are_refused_with_those_that_are),
	};

	return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
