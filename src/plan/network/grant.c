/* A block at a time: first what it is about, then what it says. */
#include "plan/network/grant.h"

#include <string.h>

#include "base/bug.h"
#include "base/number.h"

struct block {
	struct text device, protocol, reason, lines;
};

/* In a block that is still true. */
static bool
is_in_force(struct text reason)
{
	static const char *const words[] = { "BOUND", "RENEW", "REBIND", "REBOOT", "INFORM", "DELEGATED6" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_starts(reason, text_of(words[i])))
			return true;
	return false;
}

static bool
next_block(struct text *rest, struct block *out)
{
	const char *begin = rest->ptr;
	struct text line;

	*out = (struct block){ TEXT_NONE, TEXT_NONE, TEXT_NONE, TEXT_NONE };
	if (rest->len == 0)
		return false;
	while (text_next(rest, "\n", &line) && line.len > 0) {
		struct text       value = line;
		const struct text name = text_until(&value, '=');

		if (text_is(name, "interface"))
			out->device = value;
		else if (text_is(name, "protocol"))
			out->protocol = value;
		else if (text_is(name, "reason"))
			out->reason = value;
		out->lines = (struct text){ begin, (size_t)(line.ptr + line.len - begin) };
	}
	return true;
}

/* --- Values ----------------------------------------------------------------------------------- */

static void
read_servers(struct grant *grant, struct text list)
{
	struct text    one;
	struct address address;

	while (grant->nservers < GRANT_SERVERS_MAX && text_next(&list, " ", &one))
		if (address_read(one, &address))
			grant->servers[grant->nservers++] = address;
}

static void
read_domain(struct grant *grant, struct text domain)
{
	for (size_t i = 0; i < domain.len; i++) {
		const char c = domain.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'))
			return;
	}
	if (domain.len == 0 || domain.len > GRANT_DOMAIN_MAX)
		return;
	memcpy(grant->domain, domain.ptr, domain.len);
	grant->domain[domain.len] = '\0';
}

static uint32_t
read_seconds(struct text t)
{
	int64_t number;

	return number_read(t, 0, UINT32_MAX, &number) ? (uint32_t)number : 0;
}

/* "dhcp6_ia_pd1_prefix1", "..._length", "..._vltime": the first one that is whole. */
static void
read_prefix(struct grant *grant, struct text name, struct text value)
{
	struct address address;
	int64_t        bits;

	if (text_ends(name, TEXT("_prefix1"))) {
		if (grant->prefix.address.family == FAMILY_NONE && address_read(value, &address) && address.family == FAMILY_INET6)
			grant->prefix.address = address;
	} else if (text_ends(name, TEXT("_prefix1_length"))) {
		if (grant->prefix.bits == 0 && number_read(value, 1, 127, &bits))
			grant->prefix.bits = (unsigned)bits;
	} else if (text_ends(name, TEXT("_prefix1_vltime"))) {
		grant->prefix_seconds = grant->prefix_seconds ? grant->prefix_seconds : read_seconds(value);
	}
}

static void
read_line(struct grant *grant, struct text name, struct text value)
{
	struct text first = value;

	if (text_is(name, "domain_name_servers") || text_is(name, "dhcp6_name_servers"))
		read_servers(grant, value);
	else if (text_is(name, "domain_name"))
		read_domain(grant, value);
	else if (text_is(name, "routers"))
		address_read(text_until(&first, ' '), &grant->router);
	else if (text_is(name, "dhcp_lease_time"))
		grant->seconds = read_seconds(value);
	else if (text_starts(name, TEXT("dhcp6_ia_pd")))
		read_prefix(grant, name, value);
}

/* --- All of it -------------------------------------------------------------------------------- */

static struct grant *
grant_of(struct grant *list, size_t *n, struct text device)
{
	for (size_t i = 0; i < *n; i++)
		if (text_is(device, list[i].device))
			return &list[i];
	if (*n == GRANTS_MAX || !network_name_is_valid(device))
		return NULL;
	list[*n] = (struct grant){ .seconds = 0 };
	memcpy(list[*n].device, device.ptr, device.len);
	return &list[(*n)++];
}

/* A prefix is whole when its length was told, and nothing is left of its last bits. */
static void
finish(struct grant *grant)
{
	if (grant->prefix.address.family == FAMILY_NONE || grant->prefix.bits == 0 || grant->prefix_seconds == 0)
		grant->prefix = (struct prefix){ { FAMILY_NONE }, 0 };
	else
		grant->prefix.address = prefix_first(&grant->prefix);
}

struct grants
grants_read(struct arena *arena, struct text said)
{
	struct grant *list = ARENA_MAKE(arena, struct grant, GRANTS_MAX);
	struct block  block;
	size_t        n = 0;

	while (next_block(&said, &block)) {
		struct grant *grant = is_in_force(block.reason) ? grant_of(list, &n, block.device) : NULL;
		struct text   line;

		while (grant && text_next(&block.lines, "\n", &line)) {
			struct text       value = line;
			const struct text name = text_until(&value, '=');

			read_line(grant, name, value);
		}
	}
	for (size_t i = 0; i < n; i++)
		finish(&list[i]);
	return (struct grants){ list, n };
}

const struct grant *
grants_find(const struct grants *grants, const char *device)
{
	for (size_t i = 0; grants && i < grants->n; i++)
		if (strcmp(grants->list[i].device, device) == 0)
			return &grants->list[i];
	return NULL;
}
