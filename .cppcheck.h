/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cppcheck needs to know of headers that it does not read. */
#define spa_list_for_each(pos, head, member)                                   \
	for (pos = spa_list_next(head); pos; pos = spa_list_next(pos))
#define spa_list_for_each_safe(pos, tmp, head, member)                         \
	for (pos = spa_list_next(head); pos && (tmp = spa_list_next(pos), 1);  \
		pos = tmp)
#define pw_array_for_each(pos, array)                                          \
	for (pos = pw_array_first(array); pos; pos = pw_array_next(pos))
