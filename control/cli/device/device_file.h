/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The drop-in that makes a loop device at PipeWire's start, in the user's
 * pipewire.conf.d. Control thread only. */
#ifndef DEVICE_FILE_H
#define DEVICE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 0, -ENOENT without a home directory, -ENAMETOOLONG */
int device_file_path(uint32_t number, char *path, size_t size_bytes);

/* 0, or -errno and there is no half a file */
int device_file_write(uint32_t number);

/* 0, -ENOENT when there was none, -errno */
int device_file_remove(uint32_t number);

bool device_file_exists(uint32_t number);

#endif
