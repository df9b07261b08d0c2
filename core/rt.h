/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RT_H
#define RT_H

/* RT marks a function that may run on the audio thread: it never allocates,
 * locks, waits, logs or makes a system call. Clang 20 and later check it. */
#ifdef __has_attribute
#if __has_attribute(nonblocking)
#define RT __attribute__((nonblocking))
#endif
#endif
#ifndef RT
#define RT
#endif

#endif
