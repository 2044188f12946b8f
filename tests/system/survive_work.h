/*
 * tests/system/survive_work.h: clients of both dialects that change one kind of thing each and remember what was acknowledged.
 *
 * Texts of a kind are patterns: @k is the name of an item, @v the two last numbers of its address, @u its uuid, @m a hardware address,
 * @s the subnet of reservations.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "client.h"

#define ITEMS_MAX 400

/* Where what a kind makes can be seen. */
enum look { LOOK_RULES, LOOK_ADDRESSES, LOOK_ROUTES, LOOK_KEA, LOOK_UNBOUND, LOOK_DNSMASQ, LOOKS };

struct kind {
	const char *name;
	bool        is_pfsense;       /* one path and three methods; applies with the change */
	const char *add, *add_body;
	const char *set, *set_body;   /* NULL: it is made and stays */
	const char *del, *del_body;   /* NULL: it is never taken away */
	const char *also, *also_body; /* made with it, so that it counts; NULL: nothing */
	const char *uuid;             /* where the answer to adding has it */
	const char *apply;
	const char *search, *key, *value, *kept; /* the list of all, the fields of a row, and what is at `value` */
	enum look   look;
	const char *seen;             /* what is to be seen there */
	const char *question;         /* a name to ask for; NULL: none */
};

extern const struct kind kinds[];
extern const size_t      nkinds;

/* Not knowing whether a change was kept, it may have either number. 0: it is not there. */
struct item {
	char     uuid[48];
	unsigned number, other;
	unsigned last;      /* the newest that was sent */
	bool     is_unseen; /* what makes it count may not be there */
	bool     is_left;   /* nobody knows how to speak of it any more */
};

struct work {
	const struct instance *instance;
	const struct kind     *kind;
	const char            *subnet;
	pthread_t              thread;
	unsigned               number, seed;
	atomic_bool           *is_over;
	atomic_uint           *kept;    /* changes acknowledged by all */
	struct item            items[ITEMS_MAX];
	unsigned               nitems, step;
	unsigned               unknown; /* changes without an answer */
	char                   trouble[1024]; /* "": none */
};

/* A thread that changes until it is over, and then applies until that is acknowledged. */
void *work_on(void *work);
/* A pattern of the kind, for one of its items. */
const char *work_fill(struct arena *, const struct work *, const char *pattern, size_t item, unsigned number);
