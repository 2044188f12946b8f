/* Fields of packet filter and translation rules. */
#include "model/types.h"

#include <string.h>

#include "schema/hosts.h"
#include "schema/interfaces.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

#define SEQUENCE_STEP      100
#define GROUP_LENGTH_MAX   15

/* --- order -------------------------------------------------------------------------------------- */

/* Behind the last one, with room between. */
static const char *
sequence_behind(const struct field *field, const struct view *view, int64_t otherwise)
{
	const int64_t highest = view->snapshot && view->record ? number_highest(field, view, otherwise) : otherwise;
	const int64_t next = highest > field->max - SEQUENCE_STEP ? field->max : highest + SEQUENCE_STEP;

	return arena_print(view->arena, "%lld", (long long)next);
}

static const char *
fresh_sequence(const struct field *field, const struct view *view)
{
	return sequence_behind(field, view, 0);
}

static void
check_sequence(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_integer.check(field, value, view, faults);
}

const struct type type_filter_sequence = {
	.name = "filter_sequence", .check = check_sequence, .fresh = fresh_sequence,
};

/* These begin one step later. */
static const char *
fresh_dnat_sequence(const struct field *field, const struct view *view)
{
	return sequence_behind(field, view, SEQUENCE_STEP);
}

const struct type type_dnat_sequence = {
	.name = "dnat_sequence", .check = check_sequence, .fresh = fresh_dnat_sequence,
};

/* --- addresses and ports of the older rules --------------------------------------------------------- */

/* As the general types; their own names are what older rule sets are read by. */
static void
check_network_mapped(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_network_alias.check(field, value, view, faults);
}

static void
network_mapped_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                       void *context)
{
	type_network_alias.choices(field, value, view, choose_one, context);
}

static const struct choice *
network_mapped_find(const struct field *field, struct text key, const struct view *view)
{
	return type_network_alias.find(field, key, view);
}

const struct type type_network_mapped = {
	.name = "network_mapped", .check = check_network_mapped, .choices = network_mapped_choices,
	.find = network_mapped_find,
};

static void
check_port_mapped(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_port.check(field, value, view, faults);
}

static const char *
normal_port_mapped(const struct field *field, const char *value, const struct view *view)
{
	return type_port.normal(field, value, view);
}

static void
port_mapped_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                    void *context)
{
	type_port.choices(field, value, view, choose_one, context);
}

const struct type type_port_mapped = {
	.name = "port_mapped", .check = check_port_mapped, .normal = normal_port_mapped, .choices = port_mapped_choices,
};

/* Nothing is kept for it: a rule of ours needs no twin. */
static const char *
normal_nothing(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	(void)value;
	(void)view;
	return "";
}

const struct type type_dnat_associated_rule = {
	.name = "dnat_associated_rule", .normal = normal_nothing, .choices = network_mapped_choices,
};

/* --- lists -------------------------------------------------------------------------------------- */

/* clang-format off */
static const struct choice services[] = {
	{ "lowdelay" }, { "critical" }, { "inetcontrol" }, { "netcontrol" }, { "throughput" }, { "reliability" }, { "ef", "EF" },
	{ "af11", "AF11" }, { "af12", "AF12" }, { "af13", "AF13" }, { "af21", "AF21" }, { "af22", "AF22" }, { "af23", "AF23" },
	{ "af31", "AF31" }, { "af32", "AF32" }, { "af33", "AF33" }, { "af41", "AF41" }, { "af42", "AF42" }, { "af43", "AF43" },
	{ "cs0", "CS0" }, { "cs1", "CS1" }, { "cs2", "CS2" }, { "cs3", "CS3" }, { "cs4", "CS4" }, { "cs5", "CS5" },
	{ "cs6", "CS6" }, { "cs7", "CS7" },
};
/* clang-format on */

static void
tos_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)field;
	(void)value;
	for (size_t i = 0; i < COUNT(services); i++)
		choose_one(context, &services[i]);
	for (unsigned byte = 0; byte < 256; byte++)
		choose_one(context, &(struct choice){ arena_print(view->arena, "0x%x", byte), NULL, NULL });
}

const struct type type_tos = { .name = "tos", .is_list = true, .check = check_choices, .choices = tos_choices };

static void
schedule_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                 void *context)
{
	const struct collection *schedules = snapshot_named(view->snapshot, "firewall.schedule");

	(void)field;
	(void)value;
	for (size_t i = 0; i < collection_count(schedules); i++)
		choose_one(context, &(struct choice){ record_get(collection_at(schedules, i), "name"), NULL, NULL });
}

static const struct choice *
schedule_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return choice_of_record(&(struct choice_records){ "firewall.schedule", "name", NULL }, key, view);
}

const struct type type_schedule = {
	.name = "schedule", .is_list = true, .check = check_choices, .choices = schedule_choices, .find = schedule_find,
};

/* Categories by name. */
static void
category_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                 void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, "firewall.category") : NULL;
	struct choice_list       list = { .arena = view->arena };

	(void)field;
	(void)value;
	for (size_t i = 0; records && i < collection_count(records); i++) {
		const char *name = record_get(collection_at(records, i), "name");

		choice_list_add(&list, name, name, NULL);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
category_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return choice_of_record(&(struct choice_records){ "firewall.category", "name", "name" }, key, view);
}

const struct type type_category = {
	.name = "category", .is_list = true, .check = check_choices, .choices = category_choices, .find = category_find,
};

/* Shows the uuids of the categories its sibling names; takes anything and keeps nothing. */
const struct type type_category_map = { .name = "category_map" };

static void
snat_mode_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                  void *context)
{
	type_option.choices(field, value, view, choose_one, context);
}

const struct type type_snat_mode = {
	.name = "snat_mode", .is_list = true, .check = check_choices, .choices = snat_mode_choices,
};

/* --- names of groups ------------------------------------------------------------------------------ */

static bool
is_group_name(struct text name)
{
	if (name.len > GROUP_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];
		const bool digit = c >= '0' && c <= '9';

		if (!digit && c != '_' && !((c | 32) >= 'a' && (c | 32) <= 'z'))
			return false;
		if (digit && (i == 0 || i == name.len - 1))
			return false;
	}
	return name.len > 0;
}

static void
check_group_name(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	if (!is_group_name(text_of(value)))
		faults_add(faults, field->name, FAULT_FORMAT,
		           "A group has up to %d letters, digits and underscores, with no digit at either end.", GROUP_LENGTH_MAX);
	else if (facts_find(view->facts, "devices", text_of(value)))
		faults_add(faults, field->name, FAULT_UNIQUE, "A device has this name.");
}

const struct type type_group_name = { .name = "group_name", .check = check_group_name };
