/* SPDX-License-Identifier: GPL-3.0-or-later */
/* rules: and match:, as a file has them. */
#include "tests/config_rig.h"

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

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(rules_are_read_in_their_order),
		TEST(bad_rules_are_refused),
	};

	return cmocka_run_group_tests_name("config_rules", tests, NULL, NULL);
}
