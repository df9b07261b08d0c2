/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program a node belongs to, as far as anybody can know. What is read
 * points into the properties and is good while they are. Control thread only.
 *
 *	native, JACK	pipewire.sec.pid: the server has it from the kernel, so
 *			a sandbox cannot change it (inside, every flatpak is
 *			process 2)
 *	pulse		for the server they are all the pulse server; what they
 *			say themselves: application.process.id, with what tells
 *			two sandboxes apart, the portal's app id (which the
 *			pulse server looks up itself), the program's file and
 *			the machine
 *	one of each	what both say themselves
 *	modules		PipeWire's own processes (the daemon, its pulse server,
 *			pw-loopback) carry modules that have nothing to do with
 *			each other: none of their streams are one program
 *
 * Where it cannot be known (twice the same flatpak, over pulse), it is said to
 * be one: a program too few on a strip is better than a howl. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>

#include <spa/utils/dict.h>

struct program {
	bool stream;	     /* media.class is Stream/... */
	bool jack;	     /* a JACK client */
	bool modules;	     /* of a process that carries modules */
	const char *client;  /* the id of the client's object */
	const char *pid;     /* as the server knows it; NULL: pulse */
	const char *said;    /* the process's id as it says itself */
	const char *portal;  /* portal's app id */
	const char *binary;  /* the program's file */
	const char *host;    /* the machine's name */
	const char *machine; /* the machine's id */
};

/* Either may be NULL; so is what is not there, and an empty text. */
void program_read(struct program *p, const struct spa_dict *client,
	const struct spa_dict *node);

/* What the one records the other may play. */
bool program_same(const struct program *a, const struct program *b);

/* The node's word, else the client's; NULL when there is none */
const char *program_word(const struct spa_dict *client,
	const struct spa_dict *node, const char *key);

#define PROGRAM_PORTAL_APP_ID "pipewire.access.portal.app_id"

#endif
