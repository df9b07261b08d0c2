/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who plays: an app's identity out of what its client and its node say. */
#ifndef PW_IDENTITY_H
#define PW_IDENTITY_H

#include <spa/utils/dict.h>

#include "driver/driver.h"

/* any: key is the first there is of the portal's app id, application.id, the
 * program's file name (interpreters and bare players left out),
 * application.name and node.name; name is what a person calls it. The node's
 * word goes before the client's: Spotify's stream says nothing of itself but
 * `audio-src`, browsers say all of it on both. Either may be NULL. */
void identity_read(const struct spa_dict *client, const struct spa_dict *node,
	char key[APP_KEY_MAX], char name[APP_NAME_MAX]);

#endif
