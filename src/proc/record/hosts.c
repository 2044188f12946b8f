/* An array, and places in it by a hash of what a host is told apart by. */
#include "proc/record/hosts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bug.h"
#include "base/map.h"
#include "base/number.h"

#define PLACES   (HOSTS_MAX * 2) /* a power of two */
#define NONE     UINT32_MAX
#define FORGOTTEN (HOSTS_MAX / 8) /* at a time */
#define HEAD     "drawbridge-hosts-1\n"

struct hosts {
	struct host *list; /* HOSTS_MAX */
	size_t       n;
	uint32_t    *places; /* PLACES: where in the list, NONE */
};

struct hosts *
hosts_new(void)
{
	struct hosts *hosts = calloc(1, sizeof(*hosts));

	BUG_IF(!hosts, "out of memory");
	hosts->list = calloc(HOSTS_MAX, sizeof(*hosts->list));
	hosts->places = malloc(PLACES * sizeof(*hosts->places));
	BUG_IF(!hosts->list || !hosts->places, "out of memory");
	memset(hosts->places, 0xff, PLACES * sizeof(*hosts->places));
	return hosts;
}

void
hosts_free(struct hosts *hosts)
{
	if (!hosts)
		return;
	free(hosts->list);
	free(hosts->places);
	free(hosts);
}

/* --- Places ------------------------------------------------------------------------------------------------- */

static bool
is_same(const struct host *a, const struct host *b)
{
	return strcmp(a->device, b->device) == 0 && memcmp(a->mac, b->mac, sizeof(a->mac)) == 0 &&
	       address_compare(&a->address, &b->address) == 0;
}

/* Where it is, or would be. */
static uint32_t *
place_of(const struct hosts *hosts, const struct host *host)
{
	char   key[IFNAMSIZ + 16 + 6] = "";
	size_t at;

	memcpy(key, host->device, strlen(host->device));
	memcpy(key + IFNAMSIZ, host->address.bytes, address_bits(host->address.family) / 8);
	memcpy(key + IFNAMSIZ + 16, host->mac, sizeof(host->mac));
	at = text_spread((struct text){ key, sizeof(key) }) & (PLACES - 1);
	while (hosts->places[at] != NONE && !is_same(&hosts->list[hosts->places[at]], host))
		at = (at + 1) & (PLACES - 1);
	return &hosts->places[at];
}

static void
find_places(struct hosts *hosts)
{
	memset(hosts->places, 0xff, PLACES * sizeof(*hosts->places));
	for (size_t i = 0; i < hosts->n; i++)
		*place_of(hosts, &hosts->list[i]) = (uint32_t)i;
}

/* --- Coming and going --------------------------------------------------------------------------------------- */

static int
newest_first(const void *left, const void *right)
{
	const struct host *a = left, *b = right;

	return a->last < b->last ? 1 : a->last > b->last ? -1 : 0;
}

static void
make_room(struct hosts *hosts)
{
	qsort(hosts->list, hosts->n, sizeof(*hosts->list), newest_first);
	hosts->n -= FORGOTTEN;
	find_places(hosts);
}

bool
hosts_see(struct hosts *hosts, const struct host *seen)
{
	uint32_t *place = place_of(hosts, seen);

	if (*place != NONE) {
		struct host *known = &hosts->list[*place];

		known->last = seen->last > known->last ? seen->last : known->last;
		return false;
	}
	if (hosts->n == HOSTS_MAX) {
		make_room(hosts);
		place = place_of(hosts, seen);
	}
	*place = (uint32_t)hosts->n;
	hosts->list[hosts->n] = *seen;
	if (seen->last < seen->first)
		hosts->list[hosts->n].last = seen->first;
	hosts->n++;
	return true;
}

size_t
hosts_expire(struct hosts *hosts, enum family family, int64_t before)
{
	const size_t had = hosts->n;
	size_t       kept = 0;

	for (size_t i = 0; i < had; i++)
		if (hosts->list[i].address.family != family || hosts->list[i].last >= before)
			hosts->list[kept++] = hosts->list[i];
	hosts->n = kept;
	if (kept < had)
		find_places(hosts);
	return had - kept;
}

size_t
hosts_count(const struct hosts *hosts)
{
	return hosts->n;
}

const struct host *
hosts_at(const struct hosts *hosts, size_t n)
{
	return n < hosts->n ? &hosts->list[n] : NULL;
}

/* --- Kept ----------------------------------------------------------------------------------------------------- */

void
hosts_write(const struct hosts *hosts, struct buffer *out)
{
	scoped_arena arena = arena_new();

	buffer_add_string(out, HEAD);
	for (size_t i = 0; i < hosts->n; i++) {
		const struct host *host = &hosts->list[i];

		buffer_print(out, "%s %s %s %lld %lld\n", host->device, address_print(arena, &host->address), mac_print(arena, host->mac),
			     (long long)host->first, (long long)host->last);
	}
}

static bool
read_mac(struct text text, uint8_t mac[6])
{
	if (text.len != 17)
		return false;
	for (size_t i = 0; i < 6; i++) {
		const int high = text_hex(text.ptr[i * 3]), low = text_hex(text.ptr[i * 3 + 1]);

		if (high < 0 || low < 0 || (i < 5 && text.ptr[i * 3 + 2] != ':'))
			return false;
		mac[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static bool
read_line(struct text line, struct host *out)
{
	struct text words[5], none;

	*out = (struct host){ .first = 0 };
	for (size_t i = 0; i < COUNT(words); i++)
		if (!text_next_word(&line, &words[i]))
			return false;
	if (text_next_word(&line, &none) || words[0].len >= sizeof(out->device) || memchr(words[0].ptr, '\0', words[0].len))
		return false;
	memcpy(out->device, words[0].ptr, words[0].len);
	return address_read(words[1], &out->address) && read_mac(words[2], out->mac) &&
	       number_read(words[3], 0, INT64_MAX, &out->first) && number_read(words[4], out->first, INT64_MAX, &out->last);
}

void
hosts_read(struct hosts *hosts, struct text text)
{
	struct text line;
	struct host host;

	if (!text_starts(text, TEXT(HEAD)))
		return;
	text = text_after(text, sizeof(HEAD) - 1);
	while (text_next(&text, "\n", &line))
		if (read_line(line, &host))
			(void)hosts_see(hosts, &host);
}
