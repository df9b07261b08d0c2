/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of the OSC server, for the commands: OSC over TCP with a length
 * before each packet. /ping is the fence: the answers to what was asked before
 * it have come when it comes back. Control thread only. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <lo/lo.h>

#include "control/cli/options.h"

struct client;

/* First member of a command's own struct of options. */
struct client_args {
	char host[256];
	uint32_t port; /* 0: TAPDECK_PORT, or what the tapdeck of this
			  session has, or 9000 */
	bool json;
	char refusal[256]; /* what it said before it hung up, or "" */
};

/* --json, --host, --port: a command that prints no JSON starts at [1]. Their
 * data starts with a struct client_args. */
extern const struct option_row client_rows[];

/* One message that came. Valid until it returns. */
struct client_message {
	const char *address;
	const char *types;
	lo_arg **args;
	int count;
};
/* NULL where one is asked for: what comes is not looked at. */
typedef void (*client_take)(void *data, const struct client_message *m);

/* 0 and *out is the caller's, or -errno and *out is NULL. args outlive it. */
int client_open(struct client **out, struct client_args *args);
void client_close(struct client *c); /* NULL is fine */
int client_fd(const struct client *c);

/* The same, and says on stderr what is wrong; 0 or an exit code. */
int client_start(
	struct client **out, struct client_args *args, const char *command);
/* The exit code for what a call below returned, said on stderr. */
int client_fail(const struct client_args *args, const char *command, int error);
/* A command that asks and ends: opens, runs, closes. data starts with a struct
 * client_args. The exit code: that of run, or client_fail() of its -errno. */
int client_run(const char *command, void *data,
	int (*run)(void *data, struct client *c, char **operands),
	char **operands);

/* Sends; frees the message. 0 or -errno. */
int client_send_message(struct client *c, const char *address, lo_message m);
int client_send_bundle(struct client *c, lo_bundle b); /* frees all of it */
/* The same of arguments of these types of liblo, of 15 letters at most. */
int client_send(struct client *c, const char *address, const char *types, ...);

/* Takes what is there to be read, without waiting. 0, -EPIPE: the server hung
 * up, -EPROTO: it talks no OSC, -errno. */
int client_receive(struct client *c, client_take take, void *data);

/* Sends the fence and takes all that comes before it. 0, -ETIMEDOUT, or as
 * client_receive(). */
int client_fence(struct client *c, client_take take, void *data);
/* client_send() and client_fence() */
int client_ask(struct client *c, client_take take, void *data,
	const char *address, const char *types, ...);

/* An /error: what it says, safe for a terminal. False: it is none. */
bool client_refused(
	const struct client_message *m, char *why, size_t size_bytes);
/* The same, said on stderr with its address. */
bool client_refused_say(const struct client_message *m, const char *command);

/* What asks for the value at an address: it, or, where it alone would do what
 * it is called, a pattern that fits nothing else, for patterns do nothing. */
const char *client_question(const char *address);

/* Arguments of /list. */
enum client_list {
	CLIENT_LIST_ADDRESS,
	CLIENT_LIST_TYPE,
	CLIENT_LIST_MIN,
	CLIENT_LIST_MAX,
	CLIENT_LIST_DEFAULT,
	CLIENT_LIST_UNIT,
	CLIENT_LIST_CHOICES,
};

/* An argument as text, numbers as short as they can be; "" beyond the last. */
void client_text(
	const struct client_message *m, int arg, char *out, size_t size);
/* A number of any type, or NaN. */
double client_number(const struct client_message *m, int arg);
/* A string, or "". */
const char *client_string(const struct client_message *m, int arg);
/* The argument as JSON. */
void client_json(const struct client_message *m, int arg, FILE *to);

#endif
