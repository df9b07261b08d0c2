/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who plays: an app's identity out of what its client and its node say.
 *
 * Key, the same at each start, is the first there is of
 *
 *	1 the portal's app id (a flatpak's)
 *	2 application.id
 *	3 the program's file: not an interpreter's, not Wine's, and not that of
 *	  a bare player (pw-cat, mpv) whose user has given it another name
 *	4 application.name; for Wine without one, what its process is called
 *	5 the node's name
 *
 * Name, for people, is the first there is of
 *
 *	1 Name of the desktop file of the portal's app id
 *	2 application.name, without version, brackets and ".exe", unless it is
 *	  the word of a library ("WEBRTC VoiceEngine", "SDL Application")
 *	3 Name of the desktop file of application.id, or of that which starts
 *	  the program's file
 *	4 the program's file, or what Wine's process is called
 *	5 the node's name
 *	6 whatever was passed over
 *
 * The node's word goes before the client's: Spotify's stream says nothing of
 * itself but `audio-src`, browsers say all of it on both.
 *
 * A process of PipeWire's own (the daemon, its pulse server, pw-loopback) is
 * no program: each of its streams is one. Key is the node's name, then that of
 * the other half of its loopback, then "loopback of" what that half records;
 * name is the node's description, else as the key. */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <spa/utils/dict.h>

#include "driver/driver.h"

/* Any may be NULL. */
struct identity_from {
	const struct spa_dict *client;
	const struct spa_dict *node;
	const struct spa_dict *mate; /* the recording half of a loopback */
	const struct desktop_files *files;
};

/* control: for Wine without a name it asks the kernel what its process is
 * called */
void identity_read(const struct identity_from *from, char key[APP_KEY_MAX],
	char name[APP_NAME_MAX]);

#endif
