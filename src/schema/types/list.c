/* Types with a list of choices: from the table, from facts of the machine, from the configuration. */
#include "schema/types.h"

#include <string.h>

#include "schema/gateways.h"
#include "schema/lists.h"
#include "schema/mask.h"
#include "schema/snapshot.h"

/* --- from the table --------------------------------------------------------------------------- */

static void
option_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)value;
	(void)view;
	for (size_t i = 0; i < field->nchoices; i++)
		choose_one(context, &field->choices[i]);
}

static const struct choice *
option_find(const struct field *field, struct text key, const struct view *view)
{
	(void)view;
	for (size_t i = 0; i < field->nchoices; i++)
		if (text_is(key, field->choices[i].key))
			return &field->choices[i];
	return NULL;
}

const struct type type_option = {
	.name = "option", .is_list = true, .check = check_choices, .choices = option_choices, .find = option_find,
};

/* --- from facts --------------------------------------------------------------------------------- */

#define GATEWAY_LIST "interface gateways list"

/* What interfaces are given, unless a record says that it is that, or has its name. */
static void
add_found(struct choice_list *list, const struct view *view)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };
	const struct collection *interfaces = snapshot_named(view->snapshot, "interfaces.interface");
	const struct collection *gateways = snapshot_named(view->snapshot, "routing.gateway");

	for (size_t i = 0; i < collection_count(interfaces) * 2; i++) {
		const struct record *interface = collection_at(interfaces, i / 2);
		const char          *suffix = gateway_found_suffix(interface, families[i % 2]);
		const char          *name = suffix ? gateway_found_name(view->arena, interface, suffix) : NULL;

		if (name && record_bool(interface, "enable") && !gateway_is_adopted(view->snapshot, interface, families[i % 2]) &&
		    !collection_where(gateways, "name", text_of(name)))
			choice_list_add(list, name, name, NULL);
	}
}

static void
add_gateways(struct choice_list *list, const char *source, const struct view *view)
{
	static const struct choice none[] = {
		{ "Null4", "Null4 - 127.0.0.1", NULL }, { "Null6", "Null6 - ::1", NULL },
	};
	static const char *const resources[] = { "routing.gateway", "routing.gateway_group" };
	const bool               with_groups = text_ends(text_of(source), TEXT(" -g"));

	for (size_t i = 0; i < (with_groups ? 2 : 1) && view->snapshot; i++) {
		const struct collection *records = snapshot_named(view->snapshot, resources[i]);

		for (size_t j = 0; j < collection_count(records); j++) {
			const struct record *record = collection_at(records, j);
			const char          *name = record_get(record, "name");
			const char          *address = i == 0 ? record_get(record, "gateway") : "";

			choice_list_add(list, name,
			                address[0] ? arena_print(view->arena, "%s - %s", name, address) : name, NULL);
		}
	}
	if (view->snapshot)
		add_found(list, view);
	if (strcmp(source, GATEWAY_LIST) == 0)
		for (size_t i = 0; i < COUNT(none); i++)
			choice_list_add(list, none[i].key, none[i].label, NULL);
}

/* A gateway that was found on the machine and is configured too shows once. */
static bool
has_key(const struct choice_list *list, const char *key)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].key, key) == 0)
			return true;
	return false;
}

static void
key_value_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                  void *context)
{
	const char          *source = field->source ? field->source : "";
	const bool           gateways = text_starts(text_of(source), TEXT(GATEWAY_LIST));
	struct choice_list   list = { .arena = view->arena };
	size_t               count;
	const struct choice *facts = facts_list(view->facts, source, &count);

	(void)value;
	if (gateways)
		add_gateways(&list, source, view);
	for (size_t i = 0; i < count; i++)
		if (!gateways || !has_key(&list, facts[i].key))
			choice_list_add(&list, facts[i].key, facts[i].label, facts[i].group);
	if (field->flags & SORT_BY_LABEL)
		choice_list_sort_labels(&list);
	else
		choice_list_sort_keys(&list);
	choice_list_give(&list, choose_one, context);
}

const struct type type_key_value = {
	.name = "key_value", .is_list = true, .check = check_choices, .choices = key_value_choices,
};

/* Commands that can be scheduled; those without a description cannot. */
static void
action_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	size_t               count;
	const struct choice *actions = facts_list(view->facts, "actions", &count);

	(void)value;
	for (size_t i = 0; i < count; i++) {
		const char *label = actions[i].label ? actions[i].label : "";
		bool        good = true;

		for (size_t j = 0; j < field->nconditions && good; j++)
			good = mask_matches(text_of(field->conditions[j].regex), false, text_of(label));
		if (good)
			choose_one(context, &actions[i]);
	}
}

const struct type type_actions = {
	.name = "actions", .is_list = true, .check = check_choices, .choices = action_choices,
};

static void
country_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                void *context)
{
	size_t               count;
	const struct choice *countries = facts_list(view->facts, "countries", &count);

	(void)value;
	for (size_t i = 0; i < count; i++)
		choose_one(context, &countries[i]);
	if (!(field->settings & INVERTED))
		return;
	for (size_t i = 0; i < count; i++)
		choose_one(context, &(struct choice){ arena_print(view->arena, "!%s", countries[i].key),
		                                      arena_print(view->arena, "%s (not)", countries[i].label), NULL });
}

const struct type type_country = {
	.name = "country", .is_list = true, .check = check_choices, .choices = country_choices,
};

/* --- protocols ------------------------------------------------------------------------------------ */

/* "any" stays in lower case; LOWER turns everything. */
static const char *
protocol_key(const struct field *field, const char *name, const struct view *view)
{
	if (field->flags & LOWER)
		return lowered(name, view);
	return text_equal_any_case(text_of(name), TEXT("any")) ? "any" : uppered(name, view);
}

static const char *
normal_protocol(const struct field *field, const char *value, const struct view *view)
{
	return protocol_key(field, value, view);
}

/* Most used first; what the field adds comes behind TCP and UDP. */
static void
protocol_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                 void *context)
{
	static const size_t  before_added = 2;
	size_t               count;
	const struct choice *protocols = facts_list(view->facts, "protocols", &count);

	(void)value;
	if (field->flags & REQUIRED)
		choose_one(context, &(struct choice){ "any", "any", NULL });
	for (size_t i = 0; i < count || i == before_added; i++) {
		if (i == before_added && field->source) {
			struct entries entries = entries_of(field->source, ',');
			struct text    entry;

			while (entry_next(&entries, &entry))
				choose_one(context, &(struct choice){
					protocol_key(field, arena_copy(view->arena, entry), view),
					arena_copy(view->arena, entry), NULL });
		}
		if (i < count)
			choose_one(context, &(struct choice){ protocol_key(field, protocols[i].key, view), protocols[i].key, NULL });
	}
}

const struct type type_protocol = {
	.name = "protocol", .is_list = true, .check = check_choices, .normal = normal_protocol, .choices = protocol_choices,
};

/* --- from the configuration ------------------------------------------------------------------------ */

/* Give key and label fields of every record, in order. */
static void
record_choices(const char *resource, const char *key, const char *label, const struct view *view, choose *choose_one,
               void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, resource) : NULL;

	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (record_get(record, key)[0])
			choose_one(context, &(struct choice){ record_get(record, key), record_get(record, label), NULL });
	}
}

static void
auth_group_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	(void)field;
	(void)value;
	record_choices("auth.group", "gid", "name", view, choose_one, context);
}

const struct type type_auth_group = {
	.name = "auth_group", .is_list = true, .check = check_choices, .choices = auth_group_choices,
};

/* The group of a fact is the kind of server ("radius"); users of this box are always there. */
static void
auth_server_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	static const struct choice local = { "Local Database", NULL, "local" };
	size_t                     count;
	const struct choice       *servers = facts_list(view->facts, "authentication servers", &count);

	(void)value;
	for (size_t i = 0; i <= count; i++) {
		const struct choice *server = i == 0 ? &local : &servers[i - 1];
		bool                 good = true;

		for (size_t j = 0; j < field->nconditions && good; j++)
			good = mask_matches(text_of(field->conditions[j].regex), false, text_of(server->group ? server->group : "0"));
		if (good)
			choose_one(context, &(struct choice){ server->key, server->label, NULL });
	}
}

const struct type type_auth_server = {
	.name = "auth_server", .is_list = true, .check = check_choices, .choices = auth_server_choices,
};

static void
certificate_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	const char *source = field->source ? field->source : "cert";

	(void)value;
	record_choices(strcmp(source, "crl") == 0  ? "trust.crl"
		       : strcmp(source, "ca") == 0 ? "trust.ca"
						   : "trust.cert",
		       "refid", "descr", view, choose_one, context);
}

const struct type type_certificate = {
	.name = "certificate", .is_list = true, .check = check_choices, .choices = certificate_choices,
};

static void
virtual_ip_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "interfaces.vip") : NULL;
	struct choice_list       list = { .arena = view->arena };

	(void)value;
	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);
		const char          *address = record_get(record, "subnet");
		const char          *described = record_get(record, "descr");
		const char          *vhid = record_get(record, "vhid");

		if (field->source && strcmp(field->source, record_get(record, "mode")) != 0)
			continue;
		const char *label = described[0] ? arena_print(view->arena, "%s (%s)", address, described) : address;

		if (vhid[0])
			label = arena_print(view->arena, "%s (vhid %s)", label, vhid);
		choice_list_add(&list, field->settings & KEY_UUID ? record->uuid : address, label, NULL);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

const struct type type_virtual_ip = {
	.name = "virtual_ip", .is_list = true, .check = check_choices, .choices = virtual_ip_choices,
};
