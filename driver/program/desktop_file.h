/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop calls programs: Name of the .desktop files in the folders
 * applications/ of XDG_DATA_HOME, XDG_DATA_DIRS, flatpak and snap. Read once,
 * when it is made, so that nothing waits for a disk later. Control thread only.
 */
#ifndef DESKTOP_FILE_H
#define DESKTOP_FILE_H

#include <stddef.h>

struct desktop_files;

/* control: NULL only without memory; what cannot be read is left out. Reads at
 * most 4096 files and for at most half a second. */
struct desktop_files *desktop_files_new(void);
/* control: NULL is fine */
void desktop_files_free(struct desktop_files *f);

/* control: files in it */
size_t desktop_files_count(const struct desktop_files *f);

/* any: the Name of ID.desktop, the first folder's; NULL when there is none.
 * Both may be NULL. */
const char *desktop_files_by_id(const struct desktop_files *f, const char *id);

/* any: the Name of the file that starts this program (Exec, TryExec): the
 * program alone, not one that it is told to open; NULL when there is none.
 * Both may be NULL. */
const char *desktop_files_by_program(
	const struct desktop_files *f, const char *program);

#endif
