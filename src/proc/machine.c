/* Reading the few files that say what this machine offers. A missing file is an empty list. */
#include "proc/machine.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "auth/acl.h"
#include "base/arena.h"

#define LINE_MAX_BYTES 4096
#define CHOICES_MAX    4096

struct list {
	const char    *names; /* comma separated: ours and upstream's */
	struct choice *choices;
	size_t         count;
};

enum { LIST_DEVICES, LIST_TIMEZONES, LIST_SHELLS, LIST_LOCALES, LIST_PRIVILEGES, LISTS };

struct machine {
	struct arena *arena;
	struct facts  facts;
	struct list   lists[LISTS];
};

static void
add(struct machine *machine, struct list *list, struct text key, struct text label)
{
	if (!list->choices)
		list->choices = ARENA_MAKE(machine->arena, struct choice, CHOICES_MAX);
	if (list->count == CHOICES_MAX)
		return;
	list->choices[list->count++] = (struct choice){
		.key = arena_copy(machine->arena, key),
		.label = label.len ? arena_copy(machine->arena, label) : NULL,
	};
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

static void
read_devices(struct machine *machine)
{
	struct list *list = &machine->lists[LIST_DEVICES];
	DIR         *dir = opendir("/sys/class/net");

	for (const struct dirent *entry; dir && (entry = readdir(dir));)
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "lo") != 0)
			add(machine, list, text_of(entry->d_name), TEXT_NONE);
	if (dir)
		closedir(dir);
	sort(list);
}

static void
simulate_devices(struct machine *machine)
{
	static const char *const names[] = { "em0", "em1", "em2", "em3" };

	for (size_t i = 0; i < COUNT(names); i++)
		add(machine, &machine->lists[LIST_DEVICES], text_of(names[i]), TEXT_NONE);
}

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

static const struct choice *
find_list(void *context, const char *name, size_t *count)
{
	const struct machine *machine = context;

	*count = 0;
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
	machine->facts = (struct facts){ machine, find_list };
	machine->lists[LIST_DEVICES].names = "devices";
	machine->lists[LIST_TIMEZONES].names = "timezones,system list timezones";
	machine->lists[LIST_SHELLS].names = "shells,system list shells";
	machine->lists[LIST_LOCALES].names = "locales,system list locales";
	machine->lists[LIST_PRIVILEGES].names = "privileges";
	if (simulated)
		simulate_devices(machine);
	else
		read_devices(machine);
	add(machine, &machine->lists[LIST_TIMEZONES], TEXT("Etc/UTC"), TEXT_NONE);
	each_line("/usr/share/zoneinfo/zone1970.tab", take_timezone, machine);
	sort(&machine->lists[LIST_TIMEZONES]);
	each_line("/etc/shells", take_shell, machine);
	add(machine, &machine->lists[LIST_LOCALES], TEXT("en_US"), TEXT("English"));
	read_privileges(machine);
	return machine;
}

void
machine_free(struct machine *machine)
{
	if (machine)
		arena_free(machine->arena);
}

const struct facts *
machine_facts(const struct machine *machine)
{
	return &machine->facts;
}
