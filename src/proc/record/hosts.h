/*
 * proc/record/hosts.h: the hosts that were ever seen on our links: which address with which hardware, since when and until when. A host
 * that takes another address, or an address that another host takes, is one more. Not for several threads at a time.
 */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/buffer.h"

#define HOSTS_MAX       65536 /* of more, those that were not seen for longest are forgotten */
#define HOSTS_BYTES_MAX ((size_t)HOSTS_MAX * 128)

struct host {
	char           device[IFNAMSIZ];
	struct address address;
	uint8_t        mac[6];
	int64_t        first, last; /* seconds since 1970 */
};

struct hosts;

struct hosts *hosts_new(void);
void          hosts_free(struct hosts *); /* NULL is fine */

/*
 * Seen at `last`, true: for the first time, at `first`; then it was not seen last before that. The kernel has an entry that is new say that
 * it was confirmed some time ago.
 */
bool               hosts_see(struct hosts *, const struct host *);
/* Forget those of a family that were seen before this time only; how many it were. */
size_t             hosts_expire(struct hosts *, enum family, int64_t before);
size_t             hosts_count(const struct hosts *);
/* In no order. Until anything changes. */
const struct host *hosts_at(const struct hosts *, size_t n);

/* As a text to keep: a line each. */
void hosts_write(const struct hosts *, struct buffer *);
/* What was kept, added; a line that is none is passed over. */
void hosts_read(struct hosts *, struct text);
