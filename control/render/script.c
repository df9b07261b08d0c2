/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/render/script.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"

/* A change makes one message at most, so a block with this many leaves room in
 * the queue for what the model itself has to say. */
#define STEP_CHANGES_MAX (QUEUE_MESSAGES / 2)
#define ERRORS_TOLD_MAX	 20

struct move {
	uint64_t frame;
	uint64_t order; /* of the line, then of the pattern's matches */
	uint32_t line;
	struct param_change change;
};

struct script {
	struct move *move; /* sorted by frame, then order */
	size_t count, room;
	size_t next;		    /* the first not applied yet */
	struct param_change *group; /* [param_set_count]: what applies as one */
	size_t *last; /* [param_set_count]: a parameter's last move of the group
		       */
};

/* While reading. */
struct reader {
	struct script *script;
	const struct params *params;
	uint32_t *ids; /* [param_set_count] */
	uint32_t rate_hz;
	uint32_t line;
	char why[1024];
};

static int
refuse(struct reader *r, const char *what, const char *why)
{
	snprintf(r->why, sizeof(r->why), "%.300s: %s", what, why);
	return -EINVAL;
}

/* Cuts the next word out of *at, in place. A quoted one keeps its blanks; \"
 * and \\ stand for themselves. NULL at the end of the line or at a comment;
 * *quoted is set to -1 when the quote has no end. */
static char *
word_next(char **at, int *quoted)
{
	char *from = *at + strspn(*at, " \t\r\n"), *to, *word;

	*quoted = *from == '"';
	if (!*from || *from == '#')
		return NULL;
	if (!*quoted) {
		word = from;
		from += strcspn(from, " \t\r\n");
		*at = from + (*from != '\0');
		*from = '\0';
		return word;
	}
	for (word = to = ++from; *from && *from != '"'; from++) {
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
		*to++ = *from;
	}
	if (!*from)
		*quoted = -1;
	*at = from + (*from != '\0');
	*to = '\0';
	return word;
}

static int
frame_parse(struct reader *r, const char *word, uint64_t *frame)
{
	char *end;
	double seconds = strtod(word, &end);

	if (end == word || *end ||
		!(seconds >= 0.0 && seconds <= SCRIPT_SECONDS_MAX))
		return refuse(r, word, "a time must be 0..1000000 seconds");
	*frame = (uint64_t)llround(seconds * r->rate_hz);
	return 0;
}

static int
value_parse(struct reader *r, const char *word, bool quoted,
	struct param_value *value)
{
	char *end;
	double number = strtod(word, &end);

	memset(value, 0, sizeof(*value));
	if (!quoted && end != word && !*end && isfinite(number)) {
		bool whole = floor(number) == number && fabs(number) < 9e15;

		value->type = whole ? PARAM_INT : PARAM_FLOAT;
		if (whole)
			value->i = (int64_t)number;
		else
			value->f = number;
		return 0;
	}
	if (!quoted && (!strcmp(word, "true") || !strcmp(word, "false"))) {
		value->type = PARAM_INT;
		value->i = *word == 't';
		return 0;
	}
	value->type = PARAM_TEXT;
	if (strlen(word) >= sizeof(value->s))
		return refuse(r, word, "a text is at most 63 bytes");
	snprintf(value->s, sizeof(value->s), "%s", word);
	return 0;
}

static int
move_add(struct script *s, const struct move *move)
{
	if (s->count == s->room) {
		size_t room = s->room ? 2 * s->room : 256;
		struct move *more = realloc(s->move, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->move = more;
		s->room = room;
	}
	s->move[s->count] = *move;
	s->move[s->count].order = s->count;
	s->count++;
	return 0;
}

static int
script_add(struct reader *r, uint64_t frame, const char *address,
	const struct param_value *value)
{
	struct move move = {.frame = frame, .line = r->line};
	char why[PARAM_WHY_MAX], near[PARAM_ADDRESS_MAX];
	uint32_t n = param_match_set(
		r->params, address, r->ids, param_set_count(r->params));

	if (n == 0 && param_nearest(r->params, address, near)) {
		snprintf(r->why, sizeof(r->why),
			"%.300s: no such address; did you mean %s?", address,
			near);
		return -EINVAL;
	}
	if (n == 0)
		return refuse(r, address,
			"no such address; it must be one like /strip/1/gain "
			"or /bus/loop/mute, see tapdeck(1)");
	for (uint32_t i = 0; i < n; i++) {
		int e;

		move.change.id = r->ids[i];
		if (param_check(r->params, r->ids[i], value, &move.change.value,
			    why) < 0) {
			snprintf(r->why, sizeof(r->why), "%s", why);
			return -EINVAL;
		}
		e = move_add(r->script, &move);
		if (e < 0)
			return e;
	}
	return 0;
}

/* 0, -EINVAL and r->why, or -ENOMEM */
static int
line_parse(struct reader *r, char *line, size_t length)
{
	char *at = line, *seconds, *address, *text, *more;
	int quoted, text_quoted;
	struct param_value value;
	uint64_t frame;

	if (strlen(line) != length)
		return refuse(r, "this line", "has a NUL byte");
	seconds = word_next(&at, &quoted);
	if (!seconds)
		return 0;
	if (frame_parse(r, seconds, &frame) < 0)
		return -EINVAL;
	address = word_next(&at, &quoted);
	if (!address || quoted || *address != '/')
		return refuse(r, address ? address : seconds,
			"an address must follow the time: SECONDS ADDRESS "
			"VALUE");
	text = word_next(&at, &text_quoted);
	if (!text)
		return refuse(r, address, "needs a value");
	if (text_quoted < 0)
		return refuse(r, address, "the quote has no end");
	more = word_next(&at, &quoted);
	if (more)
		return refuse(r, address,
			"takes one value; quote a text with blanks");
	if (value_parse(r, text, text_quoted, &value) < 0)
		return -EINVAL;
	return script_add(r, frame, address, &value);
}

static int
move_order(const void *left, const void *right)
{
	const struct move *a = left, *b = right;

	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static int
file_read(struct reader *r, FILE *from, const char *path, FILE *err)
{
	char *line = NULL;
	size_t room = 0;
	uint32_t errors = 0;
	ssize_t length;
	int e = 0, read_errno;

	errno = 0;
	while (e != -ENOMEM && (length = getline(&line, &room, from)) >= 0) {
		r->line++;
		e = line_parse(r, line, (size_t)length);
		if (e == -EINVAL && errors++ < ERRORS_TOLD_MAX)
			fprintf(err, "%s:%u: %s\n", path, r->line, r->why);
	}
	read_errno = errno;
	free(line);
	if (errors > ERRORS_TOLD_MAX)
		fprintf(err, "%s: and %u more\n", path,
			errors - ERRORS_TOLD_MAX);
	if (ferror(from))
		return read_errno ? -read_errno : -EIO;
	return e == -ENOMEM ? e : errors ? -EINVAL : 0;
}

static int
script_read(struct script *s, const char *path, const struct params *p,
	uint32_t rate_hz, FILE *err)
{
	bool is_stdin = !strcmp(path, "-");
	struct reader r = {.script = s, .params = p, .rate_hz = rate_hz};
	FILE *from;
	int e;

	r.ids = calloc(param_set_count(p), sizeof(*r.ids));
	s->group = calloc(param_set_count(p), sizeof(*s->group));
	s->last = calloc(param_set_count(p), sizeof(*s->last));
	if (!r.ids || !s->group || !s->last) {
		free(r.ids);
		return -ENOMEM;
	}
	from = is_stdin ? stdin : fopen(path, "re");
	e = from ? file_read(&r, from, path, err) : -errno;
	if (from && !is_stdin)
		fclose(from);
	free(r.ids);
	return e;
}

int
script_load(struct script **out, const char *path, const struct params *p,
	uint32_t rate_hz, FILE *err)
{
	struct script *s = calloc(1, sizeof(*s));
	int e = s ? script_read(s, path, p, rate_hz, err) : -ENOMEM;

	*out = NULL;
	if (e < 0) {
		if (e != -EINVAL)
			fprintf(err, "%s: %s\n", path, strerror(-e));
		script_free(s);
		return e;
	}
	if (s->count)
		qsort(s->move, s->count, sizeof(*s->move), move_order);
	*out = s;
	return 0;
}

void
script_free(struct script *s)
{
	if (!s)
		return;
	free(s->move);
	free(s->group);
	free(s->last);
	free(s);
}

/* Of a parameter that moves twice at one frame, the last one holds: so a group
 * is never longer than the table. */
static uint32_t
group_apply(struct script *s, struct params *p, size_t end)
{
	uint64_t frame = s->move[s->next].frame;
	uint32_t n = 0;

	for (size_t i = s->next; i < end; i++)
		s->last[s->move[i].change.id] = i;
	for (size_t i = s->next; i < end; i++)
		if (s->last[s->move[i].change.id] == i)
			s->group[n++] = s->move[i].change;
	s->next = end;
	param_apply(p, s->group, n, frame, PARAM_SOURCE_NONE);
	return n;
}

/* The end of what may be one group: all of one frame, but an action, which adds
 * to what is there, is alone. */
static size_t
group_end(const struct script *s, const struct params *p)
{
	uint64_t frame = s->move[s->next].frame;
	size_t end = s->next;

	while (end < s->count && s->move[end].frame == frame) {
		bool action = param_is_action(p, s->move[end].change.id);

		if (action && end > s->next)
			break;
		end++;
		if (action)
			break;
	}
	return end;
}

uint32_t
script_step(struct script *s, struct params *p, uint64_t frame, uint32_t n)
{
	uint32_t changes = 0;

	while (s->next < s->count && s->move[s->next].frame < frame + n) {
		uint64_t at = s->move[s->next].frame;

		if (changes >= STEP_CHANGES_MAX && at > frame)
			return (uint32_t)(at - frame);
		changes += group_apply(s, p, group_end(s, p));
	}
	return n;
}

uint32_t
script_left(const struct script *s, uint64_t *frame)
{
	if (s->next == s->count)
		return 0;
	*frame = s->move[s->next].frame;
	return s->move[s->next].line;
}
