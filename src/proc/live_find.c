/* Asking the resolver and the alias's own sources; keeping names in one small file of lines "name address address". */
#include "proc/live_find.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/bug.h"
#include "base/cleanup.h"
#include "base/map.h"
#include "proc/fetch.h"
#include "proc/live_fetch.h"
#include "schema/hosts.h"

#define NAMES_FILE "names"

/* --- Names ------------------------------------------------------------------------------------------------ */

static int
by_address(const void *a, const void *b)
{
	return address_compare(a, b);
}

/* Name servers shuffle. */
static void
settle_addresses(struct finding *finding)
{
	if (finding->count > 1)
		qsort(finding->addresses, finding->count, sizeof(*finding->addresses), by_address);
	finding->hash =
		text_hash((struct text){ (const char *)finding->addresses, finding->count * sizeof(struct address) }) | 1;
	finding->is_found = true;
}

static bool
take_address(const struct addrinfo *from, struct address *out)
{
	if (from->ai_family == AF_INET) {
		out->family = FAMILY_INET;
		memcpy(out->bytes, &((const struct sockaddr_in *)(const void *)from->ai_addr)->sin_addr, 4);
	} else if (from->ai_family == AF_INET6) {
		out->family = FAMILY_INET6;
		memcpy(out->bytes, &((const struct sockaddr_in6 *)(const void *)from->ai_addr)->sin6_addr, 16);
	} else {
		return false;
	}
	return true;
}

struct finding
find_name(const char *name)
{
	const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	struct finding        finding = { .arena = arena_new() };
	struct addrinfo      *list = NULL;
	size_t                most = 0;

	if (getaddrinfo(name, NULL, &hints, &list) != 0)
		return finding;
	for (const struct addrinfo *one = list; one; one = one->ai_next)
		most++;
	finding.addresses = ARENA_MAKE(finding.arena, struct address, most + 1);
	for (const struct addrinfo *one = list; one; one = one->ai_next)
		finding.count += take_address(one, &finding.addresses[finding.count]);
	freeaddrinfo(list);
	settle_addresses(&finding);
	return finding;
}

/* --- Lists ------------------------------------------------------------------------------------------------ */

static struct finding
list_of(bool (*get)(struct arena *, int, const struct record *, struct address_list *), int state_fd,
        const struct record *alias)
{
	struct finding      finding = { .arena = arena_new() };
	struct address_list list = { 0 };

	finding.is_found = get(finding.arena, state_fd, alias, &list);
	finding.ranges = list.ranges;
	finding.count = list.count;
	finding.hash =
		text_hash((struct text){ (const char *)finding.ranges, finding.count * sizeof(struct address_range) }) | 1;
	return finding;
}

struct finding
find_list(int state_fd, const struct record *alias)
{
	return list_of(live_fetch, state_fd, alias);
}

struct finding
find_kept_list(int state_fd, const struct record *alias)
{
	return list_of(live_fetch_kept, state_fd, alias);
}

/* --- Kept names --------------------------------------------------------------------------------------------- */

struct kept_names {
	int           folder; /* -1: nothing is kept */
	struct arena *arena;
	struct map   *lines; /* name -> the rest of its line */
	struct buffer text;
};

/* Lines that are no names and addresses are as if they were not there. */
static void
read_lines(struct kept_names *names, struct text text)
{
	struct text line;

	while (text_next(&text, "\n", &line)) {
		struct text       rest = line;
		const struct text name = text_until(&rest, ' ');

		if (host_name_is_valid(name))
			map_set(names->lines, (struct text){ arena_copy(names->arena, name), name.len },
				arena_copy(names->arena, rest));
	}
}

struct kept_names *
kept_names_open(int state_fd)
{
	struct kept_names *names = calloc(1, sizeof(*names));
	scoped_buffer      text = BUFFER_NONE;

	BUG_IF(!names, "out of memory");
	names->folder = fetch_folder(state_fd, LISTS_FOLDER);
	names->arena = arena_new();
	names->lines = map_make(names->arena);
	if (names->folder >= 0 && fetch_kept(names->folder, NAMES_FILE, &text))
		read_lines(names, buffer_text(&text));
	return names;
}

void
kept_names_close(struct kept_names *names)
{
	if (!names)
		return;
	if (names->folder >= 0)
		close(names->folder);
	buffer_clear(&names->text);
	arena_free(names->arena);
	free(names);
}

struct finding
kept_names_find(const struct kept_names *names, const char *name)
{
	const char    *line = map_get(names->lines, text_of(name));
	struct text    rest = text_of(line), word;
	struct finding finding = { 0 };

	if (!line)
		return finding;
	finding.arena = arena_new();
	finding.addresses = ARENA_MAKE(finding.arena, struct address, rest.len / 2 + 1);
	while (text_next(&rest, " ", &word))
		finding.count += address_read(word, &finding.addresses[finding.count]);
	settle_addresses(&finding);
	return finding;
}

void
kept_names_begin(struct kept_names *names)
{
	buffer_cut(&names->text, 0);
}

void
kept_names_add(struct kept_names *names, const char *name, const struct address *addresses, size_t count)
{
	scoped_arena arena = arena_new();

	buffer_add_string(&names->text, name);
	for (size_t i = 0; i < count; i++)
		buffer_print(&names->text, " %s", address_print(arena, &addresses[i]));
	buffer_add_byte(&names->text, '\n');
}

void
kept_names_write(struct kept_names *names)
{
	if (names->folder >= 0)
		fetch_keep(names->folder, NAMES_FILE, buffer_text(&names->text));
	buffer_clear(&names->text);
}
