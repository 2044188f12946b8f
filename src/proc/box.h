/* proc/box.h: api/service.h's box, through the keeper. */
#pragma once

#include "api/service.h"
#include "wire/courier.h"

/* So begin the settings of the store that say which revision a part of the box was made of. */
#define BOX_APPLIED "applied."

struct journal;
struct mailer;
struct keeper_box;

struct keeper_box_setup {
	const struct schema *schema;
	const struct facts  *facts;
	struct machine      *machine; /* whose links have addresses */
	struct courier      *courier;
	struct store        *store;   /* remembers what was applied */
	int                  state_fd; /* the state directory for fetched lists, -1: none */
	uint32_t             lacks;    /* what the packet filter cannot do (wire/lacking.h) */
	const uint16_t      *management_ports; /* where clients reach us and administrators the box; none: the usual */
	size_t               nmanagement_ports;
	bool                 is_alone;     /* no user but root is known where it is applied */
	bool                 allows_commands; /* clients may run programs: the administrator's own file says so */
	bool                 is_simulated; /* --apply none: parts without a backend are as good as applied */
	_Atomic(unsigned)   *pending;
	struct journal      *journal;
	struct mailer       *mailer;   /* hears what people should know; NULL: nobody does */
};

struct keeper_box *keeper_box_new(const struct keeper_box_setup *);
void               keeper_box_free(struct keeper_box *);
/*
 * Bring the machine to what was applied last, by this process or one before it; when that is not known, to what is saved,
 * unless the store is new. Before anything else is asked.
 */
void               keeper_box_resume(struct keeper_box *, bool is_new);
/* The filter in force made anew: names, lists or addresses mean something else now. Any thread. */
void               keeper_box_refresh(struct keeper_box *);
/* Links, addresses or routes are others than before: what was applied is made true again. Any thread. */
void               keeper_box_links_changed(struct keeper_box *);
/* The kernel has learnt of neighbours. Any thread; NULL is fine. */
void               keeper_box_neighbours_changed(struct keeper_box *);
/* What a rule in force is called, made in the arena; "" when it is not known. Any thread. */
const char        *keeper_box_label(void *box, struct arena *, const char *uuid);
/* Connections that ended. The context is the box. */
struct feed_entries;
void               keeper_box_flows(void *box, const struct feed_entries *);
const struct box  *keeper_box_face(struct keeper_box *);

/*
 * For lanes_setup.applying: what is applied from now on answers for all requests up to `newest`; a
 * request whose ticket an earlier apply answers for gets that one's result.
 */
void keeper_box_turn(void *box, uint64_t ticket, uint64_t newest);
