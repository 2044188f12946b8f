/* Fields of the local name servers, and of what they block. */
#include "model/types.h"

#include <string.h>

#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

#define LABEL_MAX       63
#define NAME_LENGTH_MAX 253

static bool
is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool
is_label(struct text label)
{
	if (label.len == 0 || label.len > LABEL_MAX || !is_letter_or_digit(label.ptr[0]))
		return false;
	for (size_t i = 0; i < label.len; i++)
		if (!is_letter_or_digit(label.ptr[i]) && label.ptr[i] != '-' && label.ptr[i] != '_')
			return false;
	return true;
}

/* One label, or a whole domain where the field takes one. */
static bool
is_dnsmasq_name(const struct field *field, struct text entry, const struct view *view)
{
	struct entries labels = { entry, '.', true };
	struct text    label;

	(void)view;
	if ((field->settings & HOST_WILDCARD) && text_is(entry, "*"))
		return true;
	if (!(field->settings & IS_DOMAIN))
		return is_label(entry);
	while (entry_next(&labels, &label))
		if (!is_label(label))
			return false;
	return entry.len <= NAME_LENGTH_MAX;
}

static void
check_dnsmasq_name(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	check_entries(field, value, view, faults, is_dnsmasq_name,
	              field->settings & IS_DOMAIN ? "This must be a domain name." : "This must be a host name without dots.");
}

const struct type type_dnsmasq_name = { .name = "dnsmasq_name", .check = check_dnsmasq_name };

/* --- addresses ------------------------------------------------------------------------------------ */

static void
check_address(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_network.check(field, value, view, faults);
}

static const char *
normal_address(const struct field *field, const char *value, const struct view *view)
{
	return type_network.normal(field, value, view);
}

/* "!" says that the domain is answered by nobody; that is what empty means. */
static const char *
normal_domain_ip(const struct field *field, const char *value, const struct view *view)
{
	return strcmp(value, "!") == 0 ? "" : type_network.normal(field, value, view);
}

const struct type type_range_address = { .name = "range_address", .check = check_address, .normal = normal_address };
const struct type type_domain_ip = { .name = "domain_ip", .check = check_address, .normal = normal_domain_ip };

/* --- other names of a host ------------------------------------------------------------------------ */

static void
check_alias_reflector(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_hostname.check(field, value, view, faults);
}

static const char *
normal_alias_reflector(const struct field *field, const char *value, const struct view *view)
{
	return type_hostname.normal(field, value, view);
}

/* Mirrors records of unbound.host_alias; the resource's complete and derive functions do that. */
const struct type type_alias_reflector = {
	.name = "alias_reflector", .check = check_alias_reflector, .normal = normal_alias_reflector,
};

/* --- intrusion detection ---------------------------------------------------------------------------- */

static void
policy_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	size_t               count;
	const struct choice *metadata = facts_list(view->facts, "ids rule metadata", &count);

	(void)field;
	(void)value;
	for (size_t i = 0; i < count; i++)
		choose_one(context, &metadata[i]);
}

const struct type type_policy_content = {
	.name = "policy_content", .is_list = true, .check = check_choices, .choices = policy_choices,
};
