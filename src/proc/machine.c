/* Reading the few files that say what this machine offers. A missing file is an empty list. */
#include "proc/machine.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/acl.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "plan/access/jobs.h"
#include "plan/access/tunables.h"
#include "plan/service/syslog.h"

#define LINE_MAX_BYTES 4096
#define CHOICES_MAX    4096

struct list {
	const char    *names; /* comma separated: ours and upstream's */
	struct choice *choices;
	size_t         count;
};

enum { LIST_TIMEZONES, LIST_SHELLS, LIST_LOCALES, LIST_PRIVILEGES, LIST_TUNABLES, LIST_ACTIONS, LIST_APPLICATIONS, LISTS };

enum { LIVE_DEVICES, LIVE_ADDRESSES, LIVE_LISTS };

/* The links at one time. */
struct generation {
	struct arena           *arena;
	const struct links     *links;
	struct filter_address **addresses; /* of each link, without link-local ones */
	size_t                 *naddresses;
	struct list             lists[LIVE_LISTS];
};

struct machine {
	struct arena                 *arena;
	_Atomic(struct generation *)  now;
	struct generation            *past[MACHINE_GENERATIONS]; /* a ring */
	size_t                        changes;
	_Atomic(uint64_t)             stamp; /* changes that readers can see */
	struct facts  facts;
	struct list   lists[LISTS];
};

static void
add_to(struct arena *arena, struct list *list, struct text key, struct text label)
{
	if (!list->choices)
		list->choices = ARENA_MAKE(arena, struct choice, CHOICES_MAX);
	if (list->count == CHOICES_MAX)
		return;
	list->choices[list->count++] = (struct choice){
		.key = arena_copy(arena, key),
		.label = label.len ? arena_copy(arena, label) : NULL,
	};
}

static void
add(struct machine *machine, struct list *list, struct text key, struct text label)
{
	add_to(machine->arena, list, key, label);
}

static int
by_key(const void *a, const void *b)
{
	return text_compare_natural(text_of(((const struct choice *)a)->key), text_of(((const struct choice *)b)->key));
}

static void
sort(struct list *list)
{
	if (list->count > 0)
		qsort(list->choices, list->count, sizeof(*list->choices), by_key);
}

/* --- links --------------------------------------------------------------------------------------------- */

static void
add_link(struct generation *generation, size_t at)
{
	const struct link     *link = &generation->links->links[at];
	struct filter_address *list = ARENA_MAKE(generation->arena, struct filter_address, link->naddresses + 1);

	generation->addresses[at] = list;
	if (strcmp(link->name, "lo") == 0)
		return;
	add_to(generation->arena, &generation->lists[LIVE_DEVICES], text_of(link->name), TEXT_NONE);
	for (size_t i = 0; i < link->naddresses; i++) {
		const struct prefix *prefix = &link->addresses[i].prefix;

		if (link->addresses[i].local)
			continue;
		list[generation->naddresses[at]++].prefix = *prefix;
		add_to(generation->arena, &generation->lists[LIVE_ADDRESSES], text_of(link->name),
		       text_of(prefix_print(generation->arena, prefix)));
	}
}

static struct generation *
generation_new(const struct links *links)
{
	struct arena      *arena = arena_new();
	struct generation *generation = ARENA_MAKE(arena, struct generation, 1);
	scoped_buffer      bytes = BUFFER_NONE;
	struct links      *copy = ARENA_MAKE(arena, struct links, 1);

	links_encode(&bytes, links);
	const struct text kept = { arena_copy(arena, buffer_text(&bytes)), bytes.len };

	BUG_IF(!links_decode(arena, kept, copy), "links do not survive their own coding");
	generation->arena = arena;
	generation->links = copy;
	generation->addresses = ARENA_MAKE(arena, struct filter_address *, copy->n + 1);
	generation->naddresses = ARENA_MAKE(arena, size_t, copy->n + 1);
	for (size_t i = 0; i < copy->n; i++)
		add_link(generation, i);
	sort(&generation->lists[LIVE_DEVICES]);
	return generation;
}

void
machine_take_links(struct machine *machine, const struct links *links)
{
	struct generation **place = &machine->past[machine->changes++ % MACHINE_GENERATIONS];

	if (*place)
		arena_free((*place)->arena);
	*place = atomic_exchange(&machine->now, generation_new(links));
	atomic_fetch_add(&machine->stamp, 1);
}

const struct filter_address *
machine_addresses(void *context, const char *device, size_t *count)
{
	struct machine          *machine = context;
	const struct generation *now = atomic_load(&machine->now);

	*count = 0;
	for (size_t i = 0; i < now->links->n; i++)
		if (strcmp(now->links->links[i].name, device) == 0) {
			*count = now->naddresses[i];
			return now->addresses[i];
		}
	return NULL;
}

const char *
machine_link_name(struct machine *machine, struct arena *arena, uint32_t index)
{
	const struct generation *now = atomic_load(&machine->now);

	for (size_t i = 0; index && i < now->links->n; i++)
		if (now->links->links[i].index == index)
			return arena_copy(arena, text_of(now->links->links[i].name));
	return index ? arena_print(arena, "#%u", index) : "";
}

static void
take_simulated(struct machine *machine)
{
	static const struct link_address wan[] = {
		{ .prefix = { { FAMILY_INET, { 198, 51, 100, 2 } }, 24 } },
		{ .prefix = { { FAMILY_INET6, { 0x20, 0x01, 0x0d, 0xb8, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } }, 64 } },
	};
	static const struct link links[] = {
		{ .index = 2, .mtu = 1500, .up = true, .running = true, .mac = { 2, 0xdb, 0, 0, 0, 0 }, .name = "em0", .kind = "" },
		{ .index = 3, .mtu = 1500, .up = true, .running = true, .mac = { 2, 0xdb, 0, 0, 0, 1 }, .name = "em1", .kind = "",
		  .addresses = wan, .naddresses = COUNT(wan) },
		{ .index = 4, .mtu = 1500, .mac = { 2, 0xdb, 0, 0, 0, 2 }, .name = "em2", .kind = "" },
		{ .index = 5, .mtu = 1500, .mac = { 2, 0xdb, 0, 0, 0, 3 }, .name = "em3", .kind = "" },
	};

	machine_take_links(machine, &(struct links){ links, COUNT(links) });
}

/* --- files ------------------------------------------------------------------------------------------------ */

/* Call for each line of a file, without its end. */
static void
each_line(const char *path, void (*take)(struct machine *, struct text), struct machine *machine)
{
	FILE *file = fopen(path, "re");
	char  line[LINE_MAX_BYTES];

	while (file && fgets(line, sizeof(line), file))
		take(machine, text_trim(text_of(line)));
	if (file)
		fclose(file);
}

/* zone1970.tab: country codes, coordinates, name, separated by tabs. */
static void
take_timezone(struct machine *machine, struct text line)
{
	struct text rest = line;

	if (line.len == 0 || line.ptr[0] == '#')
		return;
	text_until(&rest, '\t');
	text_until(&rest, '\t');
	const struct text name = text_until(&rest, '\t');

	if (name.len > 0)
		add(machine, &machine->lists[LIST_TIMEZONES], name, TEXT_NONE);
}

static void
take_shell(struct machine *machine, struct text line)
{
	if (line.len > 0 && line.ptr[0] == '/')
		add(machine, &machine->lists[LIST_SHELLS], line, TEXT_NONE);
}

static void
read_privileges(struct machine *machine)
{
	for (size_t i = 0; i < acl_privileges_count; i++)
		add(machine, &machine->lists[LIST_PRIVILEGES], text_of(acl_privileges[i].id),
		    text_of(acl_privileges[i].name));
}

/* What we can do for those who ask what there is to choose. */
static void
read_offers(struct machine *machine)
{
	const struct job_command *command;
	const char               *name, *help;

	for (size_t i = 0; (name = tunable_known(i, &help)); i++)
		add(machine, &machine->lists[LIST_TUNABLES], text_of(name), text_of(help));
	for (size_t i = 0; (name = syslog_program(i)); i++)
		add(machine, &machine->lists[LIST_APPLICATIONS], text_of(name), TEXT_NONE);
	for (size_t i = 0; (command = job_command_at(i)); i++)
		add(machine, &machine->lists[LIST_ACTIONS], text_of(command->name), text_of(command->help));
}

static const char *const live_names[LIVE_LISTS] = { "devices", "device addresses" };

static uint64_t
stamp_of(void *context)
{
	struct machine *machine = context;

	return atomic_load(&machine->stamp);
}

static const struct choice *
find_list(void *context, const char *name, size_t *count)
{
	const struct machine *machine = context;

	const struct generation *now = atomic_load(&((struct machine *)context)->now);

	*count = 0;
	for (size_t i = 0; i < LIVE_LISTS; i++)
		if (strcmp(live_names[i], name) == 0) {
			*count = now->lists[i].count;
			return now->lists[i].choices;
		}
	for (size_t i = 0; i < LISTS; i++) {
		struct text rest = text_of(machine->lists[i].names), one;

		while (text_next(&rest, ",", &one))
			if (text_is(one, name)) {
				*count = machine->lists[i].count;
				return machine->lists[i].choices;
			}
	}
	return NULL;
}

struct machine *
machine_new(bool simulated)
{
	struct arena   *arena = arena_new();
	struct machine *machine = ARENA_MAKE(arena, struct machine, 1);

	machine->arena = arena;
	machine->facts = (struct facts){ machine, find_list, stamp_of };
	machine->lists[LIST_TIMEZONES].names = "timezones,system list timezones";
	machine->lists[LIST_SHELLS].names = "shells,system list shells";
	machine->lists[LIST_LOCALES].names = "locales,system list locales";
	machine->lists[LIST_PRIVILEGES].names = "privileges";
	machine->lists[LIST_TUNABLES].names = "tunables";
	machine->lists[LIST_ACTIONS].names = "actions";
	machine->lists[LIST_APPLICATIONS].names = "syslog list applications";
	if (simulated)
		take_simulated(machine);
	else
		machine_take_links(machine, &(struct links){ NULL, 0 });
	add(machine, &machine->lists[LIST_TIMEZONES], TEXT("Etc/UTC"), TEXT_NONE);
	each_line("/usr/share/zoneinfo/zone1970.tab", take_timezone, machine);
	sort(&machine->lists[LIST_TIMEZONES]);
	each_line("/etc/shells", take_shell, machine);
	add(machine, &machine->lists[LIST_LOCALES], TEXT("en_US"), TEXT("English"));
	read_privileges(machine);
	read_offers(machine);
	return machine;
}

void
machine_free(struct machine *machine)
{
	if (!machine)
		return;
	for (size_t i = 0; i < MACHINE_GENERATIONS; i++)
		if (machine->past[i])
			arena_free(machine->past[i]->arena);
	arena_free(atomic_load(&machine->now)->arena);
	arena_free(machine->arena);
}

const struct facts *
machine_facts(const struct machine *machine)
{
	return &machine->facts;
}
