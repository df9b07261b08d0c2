/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What control asks of the live driver, and what the driver tells control.
 *
 * The driver finds apps, links them to strips, runs the mixer on its own audio
 * thread and brings the buses where they belong. Control decides which strip
 * an app gets and keeps every value. All functions and all events run on the
 * control thread; the driver makes its own audio thread. */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/limits.h"
#include "driver/bus_name.h"

#define APP_KEY_MAX  128
#define APP_NAME_MAX 64
#define APP_NOTE_MAX 160
#define PAIRS_MAX    32 /* of a program's outputs */

struct driver;
struct mixer;
struct reflex;
struct reflex_done;
struct supervisor_client;
struct desktop_files;
struct clock_line;

enum tap_mode {
	TAP_OFF,  /* left alone */
	TAP_COPY, /* keeps its own way to the speakers; we hear a copy */
	TAP_TAKE, /* heard only through its strip */
	/* The same, also of what its user has sent to another sink than the
	 * room's: that is copied otherwise. Asked for; told as TAP_TAKE. */
	TAP_TAKE_BY_HAND,
};

/* Which rate the graph is to have, of those that its settings allow. */
enum rate_mode {
	RATE_KEEP,	/* as it is */
	RATE_FOLLOW,	/* of the program that plays alone */
	RATE_MATCH_DAW, /* of the program that records a loop device */
};

/* A program that plays: all its streams, grouped by identity. */
struct app {
	uint32_t id;		 /* the driver's; never used again */
	char key[APP_KEY_MAX];	 /* identity, the same at its next start */
	char name[APP_NAME_MAX]; /* for people: "Spotify" */
	uint32_t streams;
	int strip;		 /* 0.., or -1 */
	enum tap_mode tap;	 /* what is in force, not what was asked */
	bool tappable;		 /* false: all of it hears us, see note; its
				  * strip is given up until it is asked for */
	uint32_t rule;		 /* what the event stream() gave, or 0 */
	char note[APP_NOTE_MAX]; /* why it is not tapped or only copied; or ""
				  */
};

struct driver_status {
	bool running;
	uint32_t rate_hz;
	uint32_t block_frames;
	uint64_t cycles;
	uint64_t xruns;	       /* cycles that the clock jumped over */
	uint64_t dead_buffers; /* linked ports that gave no buffer */
	uint64_t looks;	       /* at the whole graph */
	uint64_t look_us;      /* that they took, all together */
	uint32_t turn_us_max;  /* the most work in one driver_dispatch() */
	float load;	       /* 0..1, the time of mixing in a block's time */
	float load_max;
	char scheduler[32];  /* "SCHED_FIFO 88", as read back */
	char main_sink[128]; /* node name of what main plays into, or "" */
	char cue_sink[128];  /* the same of a bus called cue */
	bool cue_resampled;  /* that sink, or main's, follows the other's clock
			      */
	int32_t cue_late_us; /* heard there after main */
	uint32_t links;
	uint32_t foreign_links; /* into the loop device, removed */
	uint64_t midi_lost;	/* messages that came and found no room */
};

struct driver_config {
	uint32_t strips;
	uint32_t buses;
	char bus_name[BUSES_MAX][BUS_NAME_MAX];
	/* Where a bus plays: "" for the bus named main means the default sink;
	 * for others, the node.name of a sink, "" for none. A loop bus feeds
	 * its loop device. */
	char bus_sink[BUSES_MAX][128];
	uint32_t block_frames; /* asked of the graph; 0: leave it alone */
	enum rate_mode rate;
	struct supervisor_client
		*supervisor;		   /* moves streams for us; borrowed */
	const struct desktop_files *files; /* names; borrowed, or NULL */
};

/* What a stream says of itself. */
struct driver_stream {
	const char *key, *name; /* of its program */
	/* NULL: nothing but these */
	const char *(*word)(const void *of, const char *property);
	/* tells them all, each once; NULL likewise */
	void (*words)(const void *of,
		void (*tell)(
			void *data, const char *property, const char *value),
		void *data);
	const void *of;
};
/* Good until it returns. The stream of the app of this number. */
typedef void (*driver_tell_stream)(
	void *data, uint32_t app_id, const struct driver_stream *s);

struct driver_events {
	/* The mixer is there and the audio thread not yet: post every value,
	 * set the rings. x is what the audio thread does with MIDI by itself.
	 * block_frames is a guess until the first block. */
	void (*start)(void *data, struct mixer *m, struct reflex *x,
		uint32_t rate_hz, uint32_t block_frames);
	/* The audio thread is gone; mixer and reflexes go when this returns. */
	void (*stop)(void *data, const char *why);
	/* A stream that is new, or says something else of itself: may put a
	 * part behind its program's key and name, and it is one program with
	 * those that have the same. What it gives is told with the app. May be
	 * NULL. */
	uint32_t (*stream)(void *data, const struct driver_stream *s,
		char key[APP_KEY_MAX], char name[APP_NAME_MAX]);
	/* A new app, or something about it changed. */
	void (*app)(void *data, const struct app *app);
	void (*app_gone)(void *data, uint32_t app_id);
	/* So many links go into midi_in and out of midi_out now. flows: one of
	 * these has just begun to, and what was written before is lost on it.
	 */
	void (*midi)(void *data, uint32_t in, uint32_t out, bool flows);
	/* Something waits for driver_midi_read(). */
	void (*midi_came)(void *data);
	/* What takes long goes on: driver_release_all(), or reading of many
	 * objects that come or go; may be NULL. */
	void (*turn)(void *data);
	/* One line for the log: what, where, value. */
	void (*say)(void *data, const char *line);
};

/* Bytes that came at midi_in at this frame of the mixer, and what the audio
 * thread did with them already: done[count], after it had taken so many of the
 * messages that were posted to the mixer; see core/reflex.h. */
struct driver_midi {
	uint64_t frame;
	uint32_t taken;
	uint32_t count;
	const struct reflex_done *done;
	const uint8_t *bytes;
	uint32_t n;
	uint64_t block_ns; /* how long a block takes now */
	bool lost;	   /* what came before it was, for want of room */
};
typedef void (*driver_heard)(void *data, const struct driver_midi *midi);

/* control: 0 and *out is the caller's, or -EHOSTDOWN when there is no PipeWire
 * to talk to, -ENOMEM, and *out is NULL. start() comes later. */
int driver_open(struct driver **out, const struct driver_config *config,
	const struct driver_events *events, void *data);

/* control: fades nothing, removes links, stops audio (stop() is called when it
 * ran), and waits, bounded, for a session manager that owes its words; NULL is
 * fine */
void driver_close(struct driver *d);

/* control: readable when driver_dispatch() has work */
int driver_fd(const struct driver *d);

/* control: 0, or -EPIPE when the connection is lost: close, open again later */
int driver_dispatch(struct driver *d);

/* control: puts an app on a strip (-1: on none) in this mode, with its outputs
 * 2 * pair - 1 and 2 * pair; 0: its channels by their names, and the first two
 * where they have none. 0, or -ENOENT; what came of it is told by the event
 * app(). */
int driver_tap(struct driver *d, uint32_t app_id, int strip, enum tap_mode mode,
	uint32_t pair);

/* control: each stream of each app */
void driver_streams(
	const struct driver *d, driver_tell_stream tell, void *data);

/* control: asks the event stream() again for each, whose rules have changed. */
void driver_regroup(struct driver *d);

/* control: gives every app back and waits, bounded, until each is heard where
 * its user had it. The strips fade out. */
void driver_release_all(struct driver *d);

/* control: tells what came at midi_in since the last call, in order. False:
 * nothing did. midi_came() says that something waits, a moment after the audio
 * thread has done its part of it; ask in stop() as well. */
bool driver_midi_read(struct driver *d, driver_heard heard, void *data);

/* control: one whole message to midi_out, in the next block. 0, -ENOTCONN when
 * no audio runs, -EMSGSIZE, -ENOSPC. */
int driver_midi_write(struct driver *d, const uint8_t *bytes, uint32_t n);

/* control: ticks of a MIDI clock leave at midi_out from now on, each at its
 * frame; see core/clock_out.h */
void driver_clock(struct driver *d, const struct clock_line *line);

void driver_status(const struct driver *d, struct driver_status *out);

#endif
