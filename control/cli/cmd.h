/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of the one binary. Each gets its own name in argv[0], parses
 * its options, and returns an exit code of sysexits.h. Control thread only. */
#ifndef CMD_H
#define CMD_H

int cmd_run(int argc, char **argv);
int cmd_engine(int argc, char **argv); /* what `run` starts; not for people */
int cmd_render(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_apps(int argc, char **argv);
int cmd_assign(int argc, char **argv);
int cmd_get(int argc, char **argv);
int cmd_set(int argc, char **argv);
int cmd_watch(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_retake(int argc, char **argv);
int cmd_device(int argc, char **argv);
int cmd_config(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_layout(int argc, char **argv);
int cmd_midi(int argc, char **argv);
int cmd_learn(int argc, char **argv);
int cmd_scene(int argc, char **argv);

#endif
