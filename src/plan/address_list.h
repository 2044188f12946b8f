/* plan/address_list.h: address lists as the world publishes them, as ranges. */
#pragma once

#include "base/arena.h"
#include "base/text.h"
#include "plan/filter.h"

#define ADDRESS_LIST_MAX 2000000 /* ranges of one list; what follows is left out */

struct address_list {
	struct address_range *ranges; /* in the arena */
	size_t                count, room;
	size_t                ignored; /* lines that were no address */
};

/*
 * Text: an address, prefix or "first-last" at the beginning of each line; "#", ";" and what follows the first word
 * do not count.
 */
void address_list_read(struct arena *, struct text, struct address_list *);
void address_list_append(struct arena *, struct address_list *, struct address first, struct address last);
/* One of them; false when it is none. */
bool address_list_add(struct arena *, struct address_list *, struct text);
/*
 * JSON: the texts at a path such as ".data[].cidr" or ".prefixes[] | .ip": names behind dots, [] for every member;
 * nothing else of jq. An empty path means the whole document. Called with each text that is found.
 */
struct value;
void address_list_select(struct arena *, const struct value *, struct text path, struct address_list *);
