/* http/watch.h: a thread that ends connections whose time is up. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch;

/*
 * One connection. The memory is the caller's, from watch_add() to watch_remove(); the descriptor
 * must be open as long. A connection past its deadline is shut down, not closed: its owner sees the
 * end of file.
 */
struct watched {
	struct watched  *older, *newer; /* the watch's */
	int              fd;
	_Atomic uint64_t deadline; /* on the clock of watch_now(); 0: none */
	_Atomic bool     idle;     /* nothing is under way: watch_drain() may end it */
};

/* tick is called a few times a second while there are connections. NULL when there is no thread to
 * be had. */
struct watch *watch_new(void (*tick)(void *), void *context);
/* All that was added must be removed. NULL is fine. */
void watch_free(struct watch *);

void   watch_add(struct watch *, struct watched *);
void   watch_remove(struct watch *, struct watched *);
size_t watch_count(struct watch *);
/* Is there one for which this holds? */
bool watch_any(struct watch *, bool (*holds)(struct watched *));
/* From now on idle connections are shut down. */
void watch_drain(struct watch *);

/*
 * Take a connection that was shut down for writing while its peer still sends: read and forget for
 * a few seconds, so that the peer gets to see the answer instead of a reset. Takes the descriptor.
 */
void watch_linger(struct watch *, int fd);

/* Milliseconds of a clock that only runs on; cheap, a few milliseconds coarse. Never 0. */
uint64_t watch_now(void);
