/*
 * Virtual addresses, and who has those that move between boxes: keepalived is asked, not the links, for an address that is here may
 * still be about to go.
 */
#include <string.h>

#include "json/read.h"
#include "plan/network/carp.h"
#include "proc/diagnose/diagnose.h"

#define INSTANCES_BYTES_MAX ((size_t)4 * 1024 * 1024)
#define INSTANCES_MAX       1000000 /* members of what it says */

struct looking {
	struct asking      *asking;
	struct links        links;
	const struct value *instances; /* as keepalived says; NULL: it does not */
	bool                is_disabled;
};

static const struct record *
interface_of(const struct looking *looking, const struct record *vip)
{
	return collection_find(snapshot_named(looking->asking->snapshot, "interfaces.interface"), record_text(vip, "interface"));
}

static const struct link *
link_of(const struct looking *looking, const struct record *vip)
{
	const struct record *record = interface_of(looking, vip);

	return record ? links_find(&looking->links, record_get(record, "if")) : NULL;
}

static bool
has_address(const struct link *link, const struct address *address)
{
	for (size_t i = 0; i < link->naddresses; i++)
		if (address_compare(&link->addresses[i].prefix.address, address) == 0)
			return true;
	return false;
}

static int64_t
number_in(const struct value *object, const char *name)
{
	const struct value *value = value_get(object, name);

	return value_is(value, VALUE_INTEGER) ? value->integer : -1;
}

/* What keepalived says of this virtual router on this link. */
static const struct value *
instance_of(const struct looking *looking, const struct record *vip, const struct link *link)
{
	for (size_t i = 0; i < value_count(looking->instances); i++) {
		const struct value *data = value_get(looking->instances->members[i].value, "data");
		const struct value *name = value_get(data, "ifp_ifname");

		if (value_is(name, VALUE_TEXT) && text_is(name->text, link->name) &&
		    number_in(data, "vrid") == record_number(vip, "vhid", 0))
			return data;
	}
	return NULL;
}

static const char *
carp_status(const struct looking *looking, const struct record *vip, const struct link *link)
{
	static const char *const states[] = { "INIT", "BACKUP", "MASTER" };

	if (looking->is_disabled)
		return "DISABLED";
	if (!link || !link->up)
		return "INIT";
	/* Nobody else is there. */
	if (looking->asking->box->setup.is_simulated)
		return "MASTER";
	const int64_t state = number_in(instance_of(looking, vip, link), "state");

	return state >= 0 && state < (int64_t)COUNT(states) ? states[state] : "INIT";
}

static const char *
vip_status(const struct looking *looking, const struct record *vip)
{
	const struct link *link = link_of(looking, vip);
	struct address     address;

	if (carp_floats(vip))
		return carp_status(looking, vip, link);
	return link && link->up && address_read(record_text(vip, "subnet"), &address) && has_address(link, &address) ? "MASTER" : "INIT";
}

static struct value *
vip_row(const struct looking *looking, const struct record *vip)
{
	static const char *const copied[] = { "vhid", "advbase", "advskew", "subnet", "subnet_bits", "mode" };
	struct arena            *arena = looking->asking->arena;
	struct value            *row = value_object(arena);
	const struct record     *interface = interface_of(looking, vip);
	const char              *status = vip_status(looking, vip);

	value_set_string(arena, row, "interface",
			 interface && record_has(interface, "descr") ? record_get(interface, "descr") : record_get(vip, "interface"));
	value_set_string(arena, row, "identifier", record_get(vip, "interface"));
	for (size_t i = 0; i < COUNT(copied); i++)
		value_set_string(arena, row, copied[i], record_get(vip, copied[i]));
	value_set_string(arena, row, "status", status);
	value_set_string(arena, row, "status_txt", status);
	value_set_string(arena, row, "vhid_txt", record_has(vip, "vhid")
		? arena_print(arena, "%s (freq. %s/%s)", record_get(vip, "vhid"), record_get(vip, "advbase"), record_get(vip, "advskew"))
		: "");
	return row;
}

/* How much less this box is wanted than its configuration says. */
static int64_t
demotion(const struct looking *looking)
{
	bool is_less = false;

	/* How much is not seen: priorities end at 1, CARP's demotion does not. */
	for (size_t i = 0; i < value_count(looking->instances); i++) {
		const struct value *data = value_get(looking->instances->members[i].value, "data");

		is_less |= number_in(data, "effective_priority") < number_in(data, "base_priority");
	}
	return (is_less ? CARP_DEMOTION : 0) + (carp_is_in_maintenance(looking->asking->snapshot) ? CARP_DEMOTION : 0);
}

static void
put_carp(const struct looking *looking, struct value *answer, const char *message)
{
	struct arena *arena = looking->asking->arena;
	struct value *carp = value_object(arena);
	const int64_t less = demotion(looking);

	value_set_string(arena, carp, "demotion", arena_print(arena, "%lld", (long long)less));
	value_set_string(arena, carp, "allow", looking->is_disabled ? "0" : "1");
	value_set(arena, carp, "maintenancemode", value_bool(arena, carp_is_in_maintenance(looking->asking->snapshot)));
	if (!message[0] && less > 0)
		message = "This box is demoted: it is in maintenance mode, or a link of a CARP address is down.";
	value_set_string(arena, carp, "status_msg", message);
	value_set(arena, answer, "carp", carp);
}

/* Is there anything to ask keepalived about? */
static bool
is_any_carp(const struct snapshot *snapshot)
{
	const struct collection *vips = snapshot_named(snapshot, "interfaces.vip");

	for (size_t i = 0; i < collection_count(vips); i++)
		if (carp_floats(collection_at(vips, i)))
			return true;
	return false;
}

/* Why nothing is known is a word of the answer: that the addresses are nowhere here is known all the same. */
static const char *
ask_keepalived(struct looking *looking)
{
	const struct json_limits limits = { .bytes = INSTANCES_BYTES_MAX, .members = INSTANCES_MAX };
	struct asking           *asking = looking->asking;
	struct text              text;
	struct value            *instances = NULL;
	scoped_buffer            said = BUFFER_NONE;
	struct asking            quiet = *asking;

	if (looking->is_disabled || asking->box->setup.is_simulated || !is_any_carp(asking->snapshot))
		return "";
	quiet.message = &said;
	if (asked_daemon(&quiet, "keepalived.state", "", &text) != RESULT_DONE)
		return arena_print(asking->arena, "keepalived: %s", said.len > 0 ? buffer_string(&said) : "it does not answer");
	if (json_read(asking->arena, text, &limits, &instances, NULL) != RESULT_DONE || !value_is(instances, VALUE_LIST))
		return "keepalived: what it says cannot be read";
	looking->instances = instances;
	return "";
}

/* Those of the modes that are asked for, comma separated; none: all that have a status. */
enum result
topic_vips(struct asking *asking, struct value **answer)
{
	const struct collection *vips = snapshot_named(asking->snapshot, "interfaces.vip");
	const char              *modes = asked_text(asking, "mode");
	struct looking           looking = { .asking = asking, .is_disabled = carp_is_disabled(asking->snapshot) };
	const enum result        result = asked_links(asking, &looking.links);
	struct value            *rows = value_list(asking->arena);

	if (result != RESULT_DONE)
		return result;
	const char *message = ask_keepalived(&looking);

	*answer = value_object(asking->arena);
	for (size_t i = 0; i < collection_count(vips); i++) {
		const struct record *vip = collection_at(vips, i);
		struct text          rest = text_of(modes[0] ? modes : "carp,ipalias"), mode;

		while (text_next(&rest, ",", &mode))
			if (text_equal(mode, record_text(vip, "mode")))
				value_add(asking->arena, rows, vip_row(&looking, vip));
	}
	value_set(asking->arena, *answer, "rows", rows);
	put_carp(&looking, *answer, message);
	return RESULT_DONE;
}
