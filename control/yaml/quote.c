/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "control/yaml/quote.h"

void
yaml_quote(FILE *to, const char *text)
{
	fputc('\'', to);
	for (; *text; text++) {
		if (*text == '\'')
			fputc('\'', to);
		fputc(*text, to);
	}
	fputc('\'', to);
}
