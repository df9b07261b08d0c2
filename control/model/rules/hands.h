/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where somebody has put apps, whatever the rules say: by the app's key. In
 * memory that may outlive the process, which may be killed between any two
 * stores: what is not complete is not there. Control thread only. */
#ifndef HANDS_H
#define HANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/driver.h"

#define HANDS_MAX     64
#define HANDS_NOWHERE (-1) /* on no strip */

struct hand {
	char key[APP_KEY_MAX];
	int32_t strip; /* from 0, or HANDS_NOWHERE */
	uint32_t saved;
};

struct hands {
	uint32_t magic;
	uint32_t count; /* stored last */
	struct hand hand[HANDS_MAX];
};

/* Takes over what is there, but for what is damaged; of so many strips. */
void hands_open(struct hands *h, uint32_t strips);

/* NULL: nobody has put it anywhere */
const struct hand *hands_find(const struct hands *h, const char *key);

/* When there are too many, the first that is not saved goes. False: all are
 * saved, and it is not put. */
bool hands_put(struct hands *h, const char *key, int strip, bool saved);
/* False: it was not there. */
bool hands_forget(struct hands *h, const char *key);

#endif
