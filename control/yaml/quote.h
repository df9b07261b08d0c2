/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text of one line as YAML. Any thread. */
#ifndef QUOTE_H
#define QUOTE_H

#include <stdio.h>

void yaml_quote(FILE *to, const char *text);

#endif
