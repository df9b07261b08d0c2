/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is wrong, and what is said of it. */
#include "tests/mapping_rig.h"

static const struct {
	const char *text, *want;
} mistakes[] = {
	{"", ":1:1: says nothing"},
	{"name: [T\n", ":2:1: not YAML: did not find expected ',' or ']'"},
	{"name: T\nname: U\n", ":2:1: this key is there twice"},
	{"name: &a T\n", ":1:7: anchors and aliases are not allowed"},
	{"nam: T\n", ":1:1: no key \"nam\" here; one of name, device, "
		     "which, socket, port, bank, channel, takeover, start, "
		     "repeat, every, controls"},
	{"name: T\n", ":1:1: needs device: a pattern of its name, such as "
		      "\"nanoKONTROL2*\""},
	{"name: T\ndevice: []\n", ":2:9: device: the list is empty"},
	{"@", ":1:1: controls: there must be some"},
	{"@controls: []\n", ":3:11: controls: there must be some"},
	{"@bank: 65\n", ":3:7: bank: \"65\" must be 1..64"},
	{"@port: usb\n", ":3:7: port: \"usb\" must be alsa or pipewire"},
	{"@channel: 17\n", ":3:10: channel: \"17\" must be 1..16"},
	{"@takeover: soft\n",
		":3:11: takeover: \"soft\" must be jump, pickup or scale"},
	{"@start: [F0 01]\n", ":3:9: start[0]: must be the hexadecimal bytes "
			      "of one message, such as B0 7F 01 or F0 .. F7"},
	{"@repeat: [A0 00 00]\n", ":3:9: repeat: needs every: such as 250 ms"},
	{"@every: 1 s\n",
		":3:8: every: needs repeat: the messages that are repeated"},
	{"@repeat: [A0 00 00]\nevery: 1\n",
		":4:8: every: \"1\" must be a time such as 250 ms or 1 s, from "
		"20 ms to 60 s"},
	{"@repeat: [A0 00-07 00]\nevery: 1 s\n",
		":3:10: repeat[0]: more than 4 messages"},
	{"@start: [B0 01]\n", ":3:9: start[0]: must be the hexadecimal bytes "
			      "of one message, such as B0 7F 01 or F0 .. F7"},
	{"#  - {on: cc 1, to: /strip/1/fader, foo: 1}\n",
		":4:36: no key \"foo\" here; one of on, to, meter, as, value, "
		"layer, fixed, relative, step, acceleration, takeover, range, "
		"invert, curve, light, ring, above, lit, dark, colors, touch, "
		"quantise"},
	{"#  - {on: cc 1, TO: [/strip/1/fader]}\n",
		":4:16: no key \"TO\" here; did you mean to?"},
	{"#  - {on: cc 1, to: [ ]}\n",
		":4:20: controls[0].to: the list is empty"},
	{"#  - {on: cc 1, to: /strip/1/fader, curve: []}\n",
		":4:43: controls[0].curve: the list is empty"},
	{"#  - cc 1\n", ":4:5: controls[0] must be keys and values"},
	{"#  - {on: [cc 1], to: /strip/1/fader}\n",
		":4:10: controls[0].on must be one value"},
	{"#  - {on: cc 1}\n", ":4:5: controls[0]: needs to: an address such as "
			      "/strip/1/fader"},
	{"#  - {to: /strip/1/fader}\n",
		":4:5: controls[0]: needs on: a message of the device, such as "
		"cc 0-7"},
	{"#  - {on: knob 1, to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"knob\" is no kind of message; "
		"there are note, cc, cc14, bend, nrpn, rpn, program, "
		"pressure, poly, start, continue, stop, sysex, each with its "
		"channel as ch 1 to 16"},
	{"#  - {on: cc, to: /strip/1/fader}\n",
		":4:10: controls[0].on: cc needs a number from 0 to 127"},
	{"#  - {on: cc 128, to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"128\" is not a number or a range "
		"such as 1-8, from 0 to 127"},
	{"#  - {on: cc14 96, to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"96\" is no cc14: a number or a range "
		"from 0 to 95, each with the one 32 higher, or two such as "
		"68/69"},
	{"#  - {on: 'cc14 68/69,5/5', to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"68/69,5/5\" is no cc14: a number or "
		"a range from 0 to 95, each with the one 32 higher, or two "
		"such as 68/69"},
	{"#  - {on: cc 1-8, to: /strip/1-8/fader}\n",
		":4:22: controls[0].to: \"1-8\" is no strip; a row goes in "
		"braces: {1-8}"},
	{"#  - {on: cc 1, to: '/app/1,3/fader'}\n",
		":4:20: controls[0].to: \"1,3\" is no strip; a row goes in "
		"braces: {1,3}"},
	{"#  - {meter: /strip/1-8, light: note 1-8}\n",
		":4:13: controls[0].meter: \"1-8\" is no strip; a row goes in "
		"braces: {1-8}"},
	{"#  - {to: /strip/1/name, light: sysex t7 F0 01 F7}\n",
		":4:32: controls[0].light: vv and t stand between F0 and F7"},
	{"#  - {to: /strip/1/name, light: sysex F0 vv vv vv vv vv vv vv vv vv "
	 "F7}\n",
		":4:32: controls[0].light: more than 8 of vv and t"},
	{"#  - {to: /strip/1/name, light: sysex F0 t56 t49 F7}\n",
		":4:32: controls[0].light: more than 104 characters of text"},
	{"#  - {on: ch 17 cc 1, to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"17\" is not a number or a range such "
		"as 1-8, from 1 to 16"},
	{"#  - {on: ch 1-2 cc 1-3, to: /strip/1/fader}\n",
		":4:10: controls[0].on: a list of 3 in a row of 2"},
	{"#  - {on: bend 1, to: /strip/1/fader}\n",
		":4:10: controls[0].on: bend takes no number"},
	{"#  - {on: cc 1 note 2, to: /strip/1/fader}\n",
		":4:10: controls[0].on: \"note\": one message is enough"},
	{"#  - {on: ch 1 start, to: /strip/1/mute}\n",
		":4:10: controls[0].on: start has no channel"},
	{"#  - {on: sysex F0 80 F7, to: /strip/1/mute}\n",
		":4:10: controls[0].on: a sysex is F0, then bytes from 00 to "
		"7F, then F7, all hexadecimal"},
	{"#  - {on: sysex F0 vv F7, to: /strip/1/mute}\n",
		":4:10: controls[0].on: vv and t are for a light"},
	{"#  - {on: sysex F0 xx F7, to: /strip/1/mute}\n",
		":4:10: controls[0].on: \"xx\" is not a byte or a range of "
		"them, 00 to FF"},
	{"#  - {on: cc 0-7, to: '/strip/{1-4}/fader'}\n",
		":4:22: controls[0].to: {1-4} has 4 elements, the control is a "
		"row of 8"},
	{"#  - {on: cc 0-7, to: '/strip/{1-8/fader'}\n",
		":4:22: controls[0].to: a { without its }"},
	{"#  - {on: cc 1, to: /strip/1/fadr}\n",
		":4:20: controls[0].to: no parameter \"/strip/1/fadr\"; did "
		"you mean /strip/1/fader?"},
	{"#  - {on: cc 1, to: /bus/balcony/gain}\n",
		":4:20: controls[0].to: no parameter \"/bus/balcony/gain\"; "
		"tapdeck get --list tells what there is"},
	{"#  - {on: cc 1, to: /stage/left}\n",
		":4:20: controls[0].to: no parameter \"/stage/left\"; tapdeck "
		"get --list tells what there is"},
	{"#  - {on: cc 1, to: strip}\n", ":4:20: controls[0].to: \"strip\" is "
					 "no address such as /strip/1/fader"},
	{"#  - {on: cc 1, to: /strip/65/fader}\n",
		":4:20: controls[0].to: no strip 65; 1 to 64"},
	{"#  - {on: cc 1, to: /strip/Deck A/fader}\n",
		":4:20: controls[0].to: \"Deck A\" cannot be a strip; a "
		"number, a slug of a-z, 0-9 and -, or a pattern"},
	{"@bank: 8\ncontrols:\n  - {on: cc 1, to: /strip/9/fader}\n",
		":5:20: controls[0].to: strip 9 is beyond the bank of 8"},
	{"#  - {on: cc 1, to: [/strip/1/fader, /strip/2/x]}\n",
		":4:37: controls[0].to[1]: no parameter \"/strip/2/x\"; "
		"tapdeck get --list tells what there is"},
	{"#  - {on: note 1, to: /strip/1/mute, quantise: 8bars}\n",
		":4:47: controls[0].quantise: \"8bars\" must be off, beat, "
		"bar, 2bars or 4bars"},
	{"#  - {on: cc 1, to: /strip/1/gain, quantise: bar}\n",
		":4:45: controls[0].quantise: only for toggle, latch, up, "
		"down, step, cycle, set, radio and velocity"},
	{"#  - {on: cc 1, to: /strip/1/app}\n",
		":4:5: controls[0]: /strip/1/app cannot be set; without on: it "
		"can be shown"},
	{"#  - {on: cc 1, to: /strip/1/name}\n",
		":4:5: controls[0]: /strip/1/name is a text; as: set or radio, "
		"with a value:"},
	{"#  - {on: note 1, to: /strip/1/route}\n",
		":4:5: controls[0]: /strip/1/route is a text; as: set or "
		"radio, with a value:"},
	{"#  - {on: cc 1, to: /strip/1/fader, as: press}\n",
		":4:40: controls[0].as: \"press\" must be value, toggle, "
		"momentary, latch, up, down, step, cycle, velocity, set, "
		"radio, shift, layer, bank-left, bank-right or repaint"},
	{"#  - {on: note 1, to: /strip/1/fader, as: value}\n",
		":4:42: controls[0].as: a button has no value; as: toggle, "
		"or as: velocity"},
	{"#  - {on: bend, to: /strip/1/mute, as: toggle}\n",
		":4:39: controls[0].as: a button is note, cc, nrpn, rpn, "
		"program N, start, continue, stop or sysex"},
	{"#  - {on: program 3, to: /strip/1/mute, as: momentary}\n",
		":4:44: controls[0].as: needs a button that tells its release: "
		"note, cc, nrpn or rpn"},
	{"#  - {on: note 1, to: /strip/1/route, as: radio}\n",
		":4:5: controls[0]: \"as: radio\" needs a value:"},
	{"#  - {on: note 1, to: /strip/1/route, as: radio, value: moon}\n",
		":4:56: controls[0].value: /strip/1/route: no route \"moon\"; "
		"one of both, main, loop, none"},
	{"#  - {on: note 1, to: /strip/1/gain, as: set, value: loud}\n",
		":4:53: controls[0].value: \"loud\" must be -90..12"},
	{"#  - {on: note 1, to: /strip/1/gain, as: set, value: 13}\n",
		":4:53: controls[0].value: \"13\" must be -90..12"},
	{"#  - {on: note 1, to: /strip/1/mute, as: toggle, value: 1}\n",
		":4:56: controls[0].value: only for as: set and radio"},
	{"#  - {on: cc 1, to: /strip/1/gain, range: [-60]}\n",
		":4:42: controls[0].range: must be two numbers that rise, such "
		"as [-60, 0]; invert: yes turns it round"},
	{"#  - {on: cc 1, to: /strip/1/gain, range: [0, -60]}\n",
		":4:42: controls[0].range: must be two numbers that rise, such "
		"as [-60, 0]; invert: yes turns it round"},
	{"#  - {on: cc 1, to: /strip/1/gain, range: [-60, 20]}\n",
		":4:42: controls[0].range: -60 to 20 is beyond that of "
		"/strip/1/gain, -90 to 12 dB"},
	{"#  - {on: cc 1, to: /strip/1/route, range: [0, 1]}\n",
		":4:43: controls[0].range: /strip/1/route has no range"},
	{"#  - {on: cc 1, to: /strip/1/gain, curve: steep}\n",
		":4:42: controls[0].curve: \"steep\" must be linear or audio"},
	{"#  - {on: cc 1, to: /strip/1/gain, curve: [[0, 0], [0.5, 0.2], "
	 "[1]]}\n",
		":4:63: controls[0].curve[2]: must be a point such as [0.5, "
		"0.2]; points rise from [0, 0] to [1, 1]"},
	{"#  - {on: cc 1, to: /strip/1/gain, curve: [[0, 0], [0.5, 0.2, 1], "
	 "[1, 1]]}\n",
		":4:51: controls[0].curve[1]: must be a point such as [0.5, "
		"0.2]; points rise from [0, 0] to [1, 1]"},
	{"#  - {on: cc 1, to: /strip/1/gain, curve: [[0, 0], [0.5, 0.2], [0.4, "
	 "0.3], [1, 1]]}\n",
		":4:63: controls[0].curve[2]: must be a point such as [0.5, "
		"0.2]; points rise from [0, 0] to [1, 1]"},
	{"#  - {on: cc 1, to: /strip/1/gain, curve: [[0, 0]]}\n",
		":4:42: controls[0].curve: needs 2 to 16 points"},
	{"#  - {on: cc 1, to: /strip/1/gain, invert: maybe}\n",
		":4:43: controls[0].invert: \"maybe\" must be no, yes, off, "
		"on, false or true"},
	{"#  - {on: note 1, to: /strip/1/mute, as: toggle, invert: yes}\n",
		":4:57: controls[0].invert: only for momentary, latch "
		"and velocity, and for a value that is no program"},
	{"#  - {on: program, to: /strip/1/route, invert: yes}\n",
		":4:47: controls[0].invert: only for momentary, latch "
		"and velocity, and for a value that is no program"},
	{"#  - {on: cc 1, to: /strip/1/gain, relative: mackie}\n",
		":4:45: controls[0].relative: \"mackie\" must be off, twos, "
		"offset, sign, sign-up, offset16, on-off or clicks"},
	{"#  - {on: bend, to: /strip/1/gain, relative: twos}\n",
		":4:45: controls[0].relative: only for a cc, nrpn or rpn that "
		"is a value"},
	{"#  - {on: cc 1, to: /strip/1/gain, relative: clicks}\n",
		":4:45: controls[0].relative: only for an nrpn or rpn that is "
		"a value"},
	{"#  - {on: note 1, to: /strip/1/gain, relative: twos}\n",
		":4:47: controls[0].relative: only for a cc, nrpn or rpn that "
		"is a value"},
	{"#  - {on: bend, to: /strip/1/gain, relative: on-off}\n",
		":4:45: controls[0].relative: only for a note, cc, nrpn or "
		"rpn that is a value"},
	{"#  - {on: cc 1, to: /strip/1/gain, step: 0.1}\n",
		":4:41: controls[0].step: only for a relative control, an "
		"nrpn or rpn, up and down"},
	{"#  - {on: cc 1, to: /strip/1/gain, relative: twos, step: 2}\n",
		":4:57: controls[0].step: \"2\" must be 0.0001..1"},
	{"#  - {on: cc 1, to: /strip/1/gain, relative: twos, acceleration: "
	 "fast}\n",
		":4:65: controls[0].acceleration: \"fast\" must be 1..32"},
	{"#  - {on: cc 1, to: /strip/1/gain, relative: twos, takeover: jump}\n",
		":4:61: controls[0].takeover: only for an absolute control "
		"that is a value"},
	{"#  - {on: cc 1, to: /strip/1/gain, takeover: soft}\n",
		":4:45: controls[0].takeover: \"soft\" must be jump, pickup or "
		"scale"},
	{"#  - {on: cc 1, to: /strip/1/gain, light: lamp}\n",
		":4:42: controls[0].light: \"lamp\" is no kind of "
		"message; there are note, cc, cc14, bend, nrpn, rpn, "
		"pressure, poly, sysex, meter, each with its channel as ch 1 "
		"to 16"},
	{"#  - {on: cc 1, to: /strip/1/gain, touch: key}\n",
		":4:42: controls[0].touch: \"key\" is no kind of message; "
		"there are note, each with its channel as ch 1 to 16"},
	{"#  - {on: cc 1, to: /strip/1/gain, light: program}\n",
		":4:42: controls[0].light: must be note, cc, cc14, bend, "
		"nrpn, rpn, pressure, poly or sysex"},
	{"#  - {on: note 1-3, to: '/strip/{1-3}/mute', light: note 1-2}\n",
		":4:52: controls[0].light: a row of 2, and the control is a "
		"row of 3"},
	{"#  - {on: note 1, to: /strip/1/mute, lit: 1}\n",
		":4:42: controls[0].lit: needs light: a message, or same"},
	{"#  - {on: note 1, to: /strip/1/mute, light: same, lit: 128}\n",
		":4:55: controls[0].lit: \"128\" must be 0..127"},
	{"#  - {on: note 60, to: /strip/1/mute, light: same, lit: +68}\n",
		":4:56: controls[0].lit: \"68\" must be 0..67"},
	{"#  - {on: note 60, to: /strip/1/mute, light: pressure, dark: +1}\n",
		":4:61: controls[0].dark: \"+1\" is for a note or a cc"},
	{"#  - {on: note 1, as: repaint, to: /strip/1/mute}\n",
		":4:35: controls[0].to: \"as: repaint\" has no target"},
	{"#  - {on: note 1, to: /strip/1/mute, light: same, ring: wrap}\n",
		":4:44: controls[0].light: a ring is a cc"},
	{"#  - {on: cc 1, to: /strip/1/gain, light: same, ring: round}\n",
		":4:54: controls[0].ring: \"round\" must be single, boost, "
		"wrap or spread"},
	{"#  - {on: cc 1, to: /strip/1/gain, light: note 1, ring: wrap}\n",
		":4:42: controls[0].light: a ring is a cc"},
	{"#  - {on: note 1, to: /strip/1/mute, light: sysex F0 01 F7}\n",
		":4:44: controls[0].light: needs vv where the value goes, or "
		"t7 for a text of 7"},
	{"#  - {on: note 1, to: /strip/1/mute, light: same, colors: [red]}\n",
		":4:59: controls[0].colors[0]: \"red\" must be a value of the "
		"parameter, a blank and a number from 0 to 127"},
	{"#  - {on: note 1, to: /strip/1/mute, light: same, colors: [0 1, 2 "
	 "3]}\n",
		":4:64: controls[0].colors[1]: \"2\" must be 0..1"},
	{"#  - {on: cc 1, to: /strip/1/gain, touch: cc 2}\n",
		":4:42: controls[0].touch: must be a note"},
	{"#  - {on: note 1, to: /strip/1/mute, touch: note 2}\n",
		":4:44: controls[0].touch: only for a value"},
	{"#  - {on: note 1, as: shift}\n", ":4:22: controls[0].as: needs the "
					   "layer's name: \"as: shift fx\""},
	{"#  - {on: note 1, as: shift fx, to: /strip/1/mute}\n",
		":4:36: controls[0].to: \"as: shift\" has no target"},
	{"#  - {on: note 1, to: /strip/1/mute, layer: fx}\n",
		":4:44: controls[0].layer: no control is \"as: shift fx\" or "
		"\"as: layer fx\""},
	{"#  - {on: note 1, as: bank-left}\n",
		":4:22: controls[0].as: needs bank: at the top"},
	{"@bank: 8\ncontrols:\n  - {on: note 1, as: bank-left 99}\n",
		":5:22: controls[0].as: \"99\" must be 1..64"},
	{"#  - {on: note 1, as: toggle 1, to: /strip/1/mute}\n",
		":4:22: controls[0].as: nothing goes behind \"toggle\""},
	{"#  - {on: cc 1, to: /strip/1/gain, fixed: maybe}\n",
		":4:42: controls[0].fixed: \"maybe\" must be no, yes, off, on, "
		"false or true"},
	{"#  - {on: cc 1-4, to: '/strip/{1-4}/gain'}\n  - {on: cc 4, to: "
	 "/strip/5/gain}\n",
		":5:10: controls[1].on: cc 4 of channel 1 has a control "
		"already, on line 4"},
	{"#  - {on: cc14 1, to: /strip/1/gain}\n  - {on: cc 33, to: "
	 "/strip/5/gain}\n",
		":5:10: controls[1].on: cc 33 of channel 1 has a control "
		"already, on line 4: cc 33 is the lower half of cc14 1"},
	{"#  - {on: cc 33, to: /strip/1/gain}\n  - {on: cc14 1, to: "
	 "/strip/5/gain}\n",
		":5:10: controls[1].on: cc14 1 of channel 1 has a control "
		"already, on line 4: cc 33 is its lower half"},
	{"#  - {on: cc14 68/69, to: /strip/1/gain}\n  - {on: cc14 70/69, to: "
	 "/strip/5/gain}\n",
		":5:10: controls[1].on: cc14 70/69 of channel 1 has a control "
		"already, on line 4: both have cc 69"},
	{"#  - {on: ch any cc 1, to: /strip/1/gain}\n  - {on: ch 5 cc 1, to: "
	 "/strip/5/gain}\n",
		":5:10: controls[1].on: cc 1 of channel 5 has a control "
		"already, on line 4"},
	{"#  - {on: bend, to: /strip/1/gain, touch: note 7}\n  - {on: note 7, "
	 "to: /strip/5/mute}\n",
		":5:10: controls[1].on: note 7 of channel 1 has a control "
		"already, on line 4"},
	{"#  - {on: program, to: /strip/1/route}\n  - {on: program 7, to: "
	 "/strip/5/mute}\n",
		":5:10: controls[1].on: program 7 of channel 1 has a control "
		"already, on line 4"},
	{"#  - {on: note 1, as: shift fx}\n  - {on: note 2, to: /strip/1/mute, "
	 "layer: fx}\n  - {on: note 2, to: /strip/2/mute, layer: fx}\n",
		":6:10: controls[2].on: note 2 of channel 1 has a control "
		"already, on line 5"},
};

static void
every_mistake_has_its_line_and_column(void **state)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
		assert_refused(*state, mistakes[i].text, mistakes[i].want);
}

static void
other_layers_and_other_messages_are_no_duplicates(void **state)
{
	parse(*state, "#  - {on: note 1, as: shift fx}\n"
		      "  - {on: note 2, to: /strip/1/mute}\n"
		      "  - {on: note 2, to: /strip/2/mute, layer: fx}\n"
		      "  - {on: cc 2, to: /strip/3/fader}\n"
		      "  - {on: poly 2, to: /strip/4/fader}\n"
		      "  - {on: ch 2 note 2, to: /strip/3/mute}\n"
		      "  - {on: cc14 3, to: /strip/5/fader}\n"
		      "  - {on: cc 36, to: /strip/6/fader}\n"
		      "  - {on: program 1, to: /strip/1/mute}\n"
		      "  - {on: program 2, to: /strip/1/mute}\n"
		      "  - {on: sysex F0 01 F7, to: /strip/1/mute}\n"
		      "  - {on: sysex F0 02 F7, to: /strip/1/mute}\n");
}

static void
size_and_depth_are_bounded(void **state)
{
	struct rig *r = *state;
	char *text = malloc(MAPPING_BYTES_MAX + 2);
	size_t used;

	/* 9 x 128 controls */
	used = (size_t)sprintf(text, "name: T\ndevice: T\ncontrols:\n");
	for (int i = 1; i <= 9; i++)
		used += (size_t)sprintf(text + used,
			"  - {on: ch %d note 0-127, to: /strip/1/mute}\n", i);
	assert_int_equal(
		mapping_parse(&r->m, text, used, "x.yaml", NULL, r->why),
		-EINVAL);
	assert_string_equal(
		r->why, "x.yaml:12:5: controls[8]: more than 1024 controls");
	memset(text, '[', 100);
	assert_int_equal(
		mapping_parse(&r->m, text, 100, "x.yaml", NULL, r->why),
		-EINVAL);
	assert_string_equal(r->why, "x.yaml:1:17: more than 16 levels deep");
	assert_refused(r, "#  - {on: note 0-999, to: /strip/1/mute}\n",
		":4:10: controls[0].on: \"0-999\" is not a number or a range "
		"such as 1-8, from 0 to 127");
	assert_refused(r, "#  - {on: 'note 1,1', to: /strip/1/mute}\n",
		":4:10: controls[0].on: note 1 of channel 1 has a control "
		"already, on line 4");
	free(text);
}

static void
names_are_found_with_letters_of_several_bytes_before_them(void **state)
{
	assert_refused(*state,
		"{name: \u00c4\u00d6, device: [\u00c4, \u00d6], "
		"bank: 8, port: alsa, \"channel\": 1, controls: [{on: cc 1, "
		"to: [/strip/1/fader, /strip/1/x]}]}\r\n",
		":1:106: controls[0].to[1]: no parameter \"/strip/1/x\"; "
		"tapdeck get --list tells what there is");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			every_mistake_has_its_line_and_column, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			other_layers_and_other_messages_are_no_duplicates,
			set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			size_and_depth_are_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			names_are_found_with_letters_of_several_bytes_before_them,
			set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
