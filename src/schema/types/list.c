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

static const char *const   resources[] = { "routing.gateway", "routing.gateway_group" };
static const struct choice none[] = { { "Null4", "Null4 - 127.0.0.1", NULL }, { "Null6", "Null6 - ::1", NULL } };

static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };

/* The gateway that an interface is given, unless a record says that it is that; NULL: none. */
static const char *
found_gateway(struct arena *arena, const struct record *interface, enum family family, const struct snapshot *snapshot)
{
	const char *suffix = record_bool(interface, "enable") ? gateway_found_suffix(interface, family) : NULL;

	return suffix && !gateway_is_adopted(snapshot, interface, family) ? gateway_found_name(arena, interface, suffix) : NULL;
}

/* Those that no record has the name of. */
static void
add_found(struct choice_list *list, const struct view *view)
{
	const struct collection *interfaces = snapshot_named(view->snapshot, "interfaces.interface");
	const struct collection *gateways = snapshot_named(view->snapshot, "routing.gateway");

	for (size_t i = 0; i < collection_count(interfaces) * 2; i++) {
		const char *name = found_gateway(view->arena, collection_at(interfaces, i / 2), families[i % 2], view->snapshot);

		if (name && !collection_where(gateways, "name", text_of(name)))
			choice_list_add(list, name, name, NULL);
	}
}

/* Of a gateway or a group of them. */
static const char *
gateway_label(const struct record *record, const struct view *view)
{
	const char *name = record_get(record, "name");
	const char *address = strcmp(record->resource->name, resources[0]) == 0 ? record_get(record, "gateway") : "";

	return address[0] ? arena_print(view->arena, "%s - %s", name, address) : name;
}

static void
add_gateways(struct choice_list *list, const char *source, const struct view *view)
{
	const bool with_groups = text_ends(text_of(source), TEXT(" -g"));

	for (size_t i = 0; i < (with_groups ? 2 : 1) && view->snapshot; i++) {
		const struct collection *records = snapshot_named(view->snapshot, resources[i]);

		for (size_t j = 0; j < collection_count(records); j++)
			choice_list_add(list, record_get(collection_at(records, j), "name"),
					gateway_label(collection_at(records, j), view), NULL);
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

/* The names of what an interface may be given. */
static void
found_names(const struct index *by, const struct record *interface, void (*add)(void *, struct text), void *context)
{
	scoped_arena scratch = arena_new();

	(void)by;
	for (size_t i = 0; i < COUNT(families); i++) {
		const char *suffix = gateway_found_suffix(interface, families[i]);

		if (suffix)
			add(context, text_of(gateway_found_name(scratch, interface, suffix)));
	}
}

/* As add_found() has it. */
static bool
is_found(struct text key, const struct view *view)
{
	static const struct index by_name = { .words = found_names };
	scoped_arena              scratch = arena_new();
	size_t                    count;
	const struct record     **interfaces =
		collection_having(scratch, snapshot_named(view->snapshot, "interfaces.interface"), &by_name, key, &count);

	for (size_t i = 0; i < count * COUNT(families); i++) {
		const char *name = found_gateway(scratch, interfaces[i / COUNT(families)], families[i % COUNT(families)], view->snapshot);

		if (name && text_is(key, name))
			return true;
	}
	return false;
}

/* Of the list, those that have a label of their own. */
static const struct choice *
labelled_gateway(const char *source, struct text key, const struct view *view)
{
	const bool with_groups = text_ends(text_of(source), TEXT(" -g"));

	for (size_t i = 0; i < (with_groups ? 2 : 1) && view->snapshot && key.len; i++) {
		const struct record *record = collection_where(snapshot_named(view->snapshot, resources[i]), "name", key);

		if (record)
			return choice_make(view, record_get(record, "name"), gateway_label(record, view));
	}
	for (size_t i = 0; i < COUNT(none) && strcmp(source, GATEWAY_LIST) == 0; i++)
		if (text_is(key, none[i].key))
			return &none[i];
	return NULL;
}

static const struct choice *
key_value_labelled(const struct field *field, struct text key, const struct view *view)
{
	const char          *source = field->source ? field->source : "";
	const bool           is_gateway = text_starts(text_of(source), TEXT(GATEWAY_LIST));
	const struct choice *gateway = is_gateway ? labelled_gateway(source, key, view) : NULL;

	return gateway ? gateway : facts_find(view->facts, source, key);
}

static const struct choice *
key_value_find(const struct field *field, struct text key, const struct view *view)
{
	const struct choice *named = key_value_labelled(field, key, view);

	if (named || !text_starts(text_of(field->source ? field->source : ""), TEXT(GATEWAY_LIST)) || !view->snapshot || !is_found(key, view))
		return named;
	const char *name = arena_copy(view->arena, key);

	return choice_make(view, name, name);
}

const struct type type_key_value = {
	.name = "key_value", .is_list = true, .check = check_choices, .choices = key_value_choices, .find = key_value_find,
	.labelled = key_value_labelled,
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

static void
give_records(const struct choice_records *from, const struct view *view, choose *choose_one, void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, from->resource) : NULL;

	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct record *record = collection_at(records, i);

		if (record_get(record, from->key)[0])
			choose_one(context, &(struct choice){ record_get(record, from->key), record_get(record, from->label), NULL });
	}
}

static const struct choice_records groups = { "auth.group", "gid", "name" };

static void
auth_group_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	(void)field;
	(void)value;
	give_records(&groups, view, choose_one, context);
}

static const struct choice *
auth_group_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return choice_of_record(&groups, key, view);
}

const struct type type_auth_group = {
	.name = "auth_group", .is_list = true, .check = check_choices, .choices = auth_group_choices, .find = auth_group_find,
};

/* Those that only the captive portal asks. */
static void
voucher_server_choices(const struct view *view, choose *choose_one, void *context)
{
	static const struct choice_records servers = { "auth.voucher_server", "name", "name" };

	if (view->snapshot && schema_named(snapshot_schema(view->snapshot), servers.resource))
		give_records(&servers, view, choose_one, context);
}

/* The group of a fact is the kind of server ("radius"); users of this box are always there. */
static void
auth_server_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	static const struct choice local = { "Local Database", NULL, "local" };
	size_t                     count;
	const struct choice       *servers = facts_list(view->facts, "authentication servers", &count);

	(void)value;
	if (field->source && strcmp(field->source, "CaptivePortal") == 0)
		voucher_server_choices(view, choose_one, context);
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

static struct choice_records
certificates_of(const struct field *field)
{
	const char *source = field->source ? field->source : "cert";
	const char *resource = strcmp(source, "crl") == 0 ? "trust.crl" : strcmp(source, "ca") == 0 ? "trust.ca" : "trust.cert";

	return (struct choice_records){ resource, "refid", "descr" };
}

static void
certificate_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	const struct choice_records from = certificates_of(field);

	(void)value;
	give_records(&from, view, choose_one, context);
}

static const struct choice *
certificate_find(const struct field *field, struct text key, const struct view *view)
{
	const struct choice_records from = certificates_of(field);

	return choice_of_record(&from, key, view);
}

const struct type type_certificate = {
	.name = "certificate", .is_list = true, .check = check_choices, .choices = certificate_choices, .find = certificate_find,
};

/* NULL: this is none for the field. */
static const struct choice *
virtual_ip_choice(const struct field *field, const struct record *vip, const struct view *view)
{
	const char *address = record_get(vip, "subnet"), *described = record_get(vip, "descr"), *vhid = record_get(vip, "vhid");

	if (field->source && strcmp(field->source, record_get(vip, "mode")) != 0)
		return NULL;
	const char *label = described[0] ? arena_print(view->arena, "%s (%s)", address, described) : address;

	if (vhid[0])
		label = arena_print(view->arena, "%s (vhid %s)", label, vhid);
	return choice_make(view, field->settings & KEY_UUID ? vip->uuid : address, label);
}

static void
virtual_ip_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "interfaces.vip") : NULL;
	struct choice_list       list = { .arena = view->arena };

	(void)value;
	for (size_t i = 0; records && i < collection_count(records); i++) {
		const struct choice *choice = virtual_ip_choice(field, collection_at(records, i), view);

		if (choice)
			choice_list_add(&list, choice->key, choice->label, NULL);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
virtual_ip_find(const struct field *field, struct text key, const struct view *view)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "interfaces.vip") : NULL;
	const struct choice     *choice = NULL;
	size_t                   count;

	if (!records)
		return NULL;
	if (field->settings & KEY_UUID) {
		const struct record *vip = collection_find(records, key);

		return vip ? virtual_ip_choice(field, vip, view) : NULL;
	}
	const struct record **vips = collection_naming(view->arena, records, "subnet", key, &count);

	for (size_t i = 0; i < count && !choice; i++)
		choice = virtual_ip_choice(field, vips[i], view);
	return choice;
}

const struct type type_virtual_ip = {
	.name = "virtual_ip", .is_list = true, .check = check_choices, .choices = virtual_ip_choices, .find = virtual_ip_find,
};
