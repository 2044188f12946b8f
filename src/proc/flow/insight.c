/* The providers, and what is asked of all of them. Names, fields and resolutions are upstream's. */
#include "proc/flow/insight.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "proc/flow/insight_inside.h"

#define FOLDER "flows"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

/* clang-format off */
const struct provider providers[PROVIDERS] = {
	{ "FlowInterfaceTotals", "interfaces",
	  { FIELD_IF, FIELD_DIRECTION },
	  { { 30, DAY / 30, 512 }, { 5 * MINUTE, 7 * DAY / (5 * MINUTE), 512 }, { HOUR, 31 * DAY / HOUR, 512 }, { DAY, 365, 512 } } },
	{ "FlowDstPortTotals", "ports",
	  { FIELD_IF, FIELD_PROTOCOL, FIELD_DST_PORT },
	  { { 5 * MINUTE, HOUR / (5 * MINUTE), 512 }, { HOUR, 24, 512 }, { DAY, 365, 512 } } },
	{ "FlowSourceAddrTotals", "sources",
	  { FIELD_IF, FIELD_SRC_ADDR, FIELD_DIRECTION },
	  { { 5 * MINUTE, HOUR / (5 * MINUTE), 512 }, { HOUR, 24, 512 }, { DAY, 365, 512 } } },
	{ "FlowSourceAddrDetails", "details",
	  { FIELD_IF, FIELD_DIRECTION, FIELD_SRC_ADDR, FIELD_DST_ADDR, FIELD_SERVICE_PORT, FIELD_PROTOCOL },
	  { { DAY, 62, 2048 } } },
};

static const char *const names[] = {
	[FIELD_IF] = "if", [FIELD_DIRECTION] = "direction", [FIELD_PROTOCOL] = "protocol", [FIELD_DST_PORT] = "dst_port",
	[FIELD_SERVICE_PORT] = "service_port", [FIELD_SRC_ADDR] = "src_addr", [FIELD_DST_ADDR] = "dst_addr",
};
/* clang-format on */

/* --- Fields ------------------------------------------------------------------------------------------------------- */

const char *
field_text(struct arena *arena, const struct flow_key *key, enum flow_field field)
{
	/* What others were added to says no more than the interface and the direction. */
	const bool is_others = key->protocol == 0 && key->port == 0 && key->destination.family == FAMILY_NONE;

	switch (field) {
	case FIELD_IF:
		return arena_copy(arena, text_of(key->device));
	case FIELD_DIRECTION:
		return key->device[0] ? key->is_out ? "out" : "in" : "";
	case FIELD_PROTOCOL:
		return is_others ? "" : arena_print(arena, "%u", key->protocol);
	case FIELD_DST_PORT:
	case FIELD_SERVICE_PORT:
		return is_others ? "" : arena_print(arena, "%u", key->port);
	case FIELD_SRC_ADDR:
		return key->source.family == FAMILY_NONE ? "" : address_print(arena, &key->source);
	case FIELD_DST_ADDR:
		return key->destination.family == FAMILY_NONE ? "" : address_print(arena, &key->destination);
	default:
		return "";
	}
}

enum flow_field
field_of(const struct provider *provider, struct text name)
{
	for (size_t i = 0; i < INSIGHT_FIELDS_MAX; i++)
		if (provider->fields[i] && text_is(name, names[provider->fields[i]]))
			return provider->fields[i];
	return FIELD_NONE;
}

const char *
field_name(enum flow_field field)
{
	return names[field];
}

static struct flow_key
key_of(const struct provider *provider, const struct passing *passing)
{
	struct flow_key key = { 0 };

	for (size_t i = 0; i < INSIGHT_FIELDS_MAX; i++)
		switch (provider->fields[i]) {
		case FIELD_IF:
			memcpy(key.device, passing->device, sizeof(key.device));
			break;
		case FIELD_DIRECTION:
			key.is_out = passing->is_out;
			break;
		case FIELD_PROTOCOL:
			key.protocol = passing->protocol;
			break;
		case FIELD_DST_PORT:
		case FIELD_SERVICE_PORT:
			key.port = passing->service;
			break;
		case FIELD_SRC_ADDR:
			key.source = passing->source.address;
			break;
		case FIELD_DST_ADDR:
			key.destination = passing->destination.address;
			break;
		default:
			break;
		}
	return key;
}

/* --- All archives ------------------------------------------------------------------------------------------------------ */

void
insight_add(struct insight *insight, const struct passing *passing)
{
	pthread_mutex_lock(&insight->lock);
	for (size_t i = 0; i < PROVIDERS; i++) {
		const struct flow_key key = key_of(&providers[i], passing);

		for (size_t k = 0; k < RESOLUTIONS_MAX && insight->archives[i][k]; k++)
			archive_add(insight->archives[i][k], &key, passing->octets, passing->packets, passing->last / 1000);
	}
	pthread_mutex_unlock(&insight->lock);
}

bool
insight_save(struct insight *insight)
{
	bool is_saved = true;

	pthread_mutex_lock(&insight->lock);
	for (size_t i = 0; i < PROVIDERS; i++)
		for (size_t k = 0; k < RESOLUTIONS_MAX && insight->archives[i][k]; k++)
			is_saved &= archive_save(insight->archives[i][k]);
	pthread_mutex_unlock(&insight->lock);
	return is_saved;
}

void
insight_clear(struct insight *insight)
{
	pthread_mutex_lock(&insight->lock);
	for (size_t i = 0; i < PROVIDERS; i++)
		for (size_t k = 0; k < RESOLUTIONS_MAX && insight->archives[i][k]; k++)
			archive_clear(insight->archives[i][k]);
	pthread_mutex_unlock(&insight->lock);
}

struct value *
insight_metadata(struct arena *arena)
{
	struct value *all = value_object(arena);

	for (size_t i = 0; i < PROVIDERS; i++) {
		struct value *one = value_object(arena), *resolutions = value_list(arena), *fields = value_list(arena);

		for (size_t k = 0; k < RESOLUTIONS_MAX && providers[i].shapes[k].step; k++)
			value_add(arena, resolutions, value_integer(arena, providers[i].shapes[k].step));
		for (size_t k = 0; k < INSIGHT_FIELDS_MAX && providers[i].fields[k]; k++)
			value_add(arena, fields, value_string(arena, names[providers[i].fields[k]]));
		value_set(arena, one, "resolutions", resolutions);
		value_set(arena, one, "fields", fields);
		value_set(arena, all, providers[i].name, one);
	}
	return all;
}

/* --- Life ------------------------------------------------------------------------------------------------------------ */

/* -1: nowhere. */
static int
open_file(int folder, const struct provider *provider, unsigned step)
{
	char name[64];

	snprintf(name, sizeof(name), "%s-%u.flows", provider->file, step);
	return folder >= 0 ? openat(folder, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)
			   : memfd_create(name, MFD_CLOEXEC);
}

struct insight *
insight_new(int state_fd)
{
	struct insight *insight = calloc(1, sizeof(*insight));
	int             folder = -1;

	BUG_IF(!insight, "out of memory");
	if (state_fd >= 0) {
		mkdirat(state_fd, FOLDER, 0700);
		folder = openat(state_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	}
	pthread_mutex_init(&insight->lock, NULL);
	for (size_t i = 0; i < PROVIDERS; i++)
		for (size_t k = 0; k < RESOLUTIONS_MAX && providers[i].shapes[k].step; k++)
			insight->archives[i][k] = archive_new(
				&providers[i].shapes[k], open_file(folder, &providers[i], providers[i].shapes[k].step));
	if (folder >= 0)
		close(folder);
	return insight;
}

void
insight_free(struct insight *insight)
{
	if (!insight)
		return;
	for (size_t i = 0; i < PROVIDERS; i++)
		for (size_t k = 0; k < RESOLUTIONS_MAX; k++)
			archive_free(insight->archives[i][k]);
	pthread_mutex_destroy(&insight->lock);
	free(insight);
}
