/* Dhcp_options records of the Dnsmasq.Dnsmasq model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "type", &type_option, .flags = REQUIRED, .preset = "set",
	  .choices = CHOICES({ "set", "Set" }, { "match", "Match" }) },
	{ "option", &type_key_value, .source = "dnsmasq list dhcp_options" },
	{ "option6", &type_key_value, .source = "dnsmasq list dhcp_options6" },
	{ "interface", &type_interface, .settings = DYNAMIC, .blank = "Any",
	  .conditions = CONDITIONS({ "if", "^(?!lo0$).*" }, { "type", "(?s)^((?!group).)*$" }) },
	{ "tag", &type_relation, .flags = MANY, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "set_tag", &type_relation, .relations = RELATIONS({ "dnsmasq.tag", "tag" }) },
	{ "value", &type_strict_text, .settings = SPACES_ALLOWED },
	{ "force", &type_boolean },
	{ "description", &type_description },
};
/* clang-format on */

/* Every entry an address; of IPv6 in brackets. */
static bool
are_addresses(const char *value, bool six)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;
	struct address address;

	if (value[0] == '\0')
		return false;
	while (entry_next(&entries, &entry)) {
		entry = text_trim(entry);
		if (six && !(entry.len > 2 && entry.ptr[0] == '[' && entry.ptr[entry.len - 1] == ']'))
			return false;
		if (six)
			entry = (struct text){ entry.ptr + 1, entry.len - 2 };
		if (!address_read(entry, &address) || address.family != (six ? FAMILY_INET6 : FAMILY_INET))
			return false;
	}
	return true;
}

static void
check(const struct record *option, const struct view *view, struct faults *faults)
{
	const char *value = record_get(option, "value");

	(void)view;
	if (is_set(option, "option") == is_set(option, "option6"))
		faults_add(faults, "option", FAULT_CONFLICT, "Choose either an IPv4 or an IPv6 option.");
	if (is_value(option, "type", "match"))
		must_be_set(option, "set_tag", faults, "What matches must set a tag.");
	if (is_one_of(option, "option", "3,4,5,6,7,8,9,10,11") && !are_addresses(value, false))
		faults_add(faults, "value", FAULT_FORMAT, "This option takes IPv4 addresses.");
	if (is_one_of(option, "option6", "22,23,31,34") && !are_addresses(value, true))
		faults_add(faults, "value", FAULT_FORMAT, "This option takes IPv6 addresses in square brackets.");
}

const struct resource dnsmasq_option_resource = {
	.name = "dnsmasq.option",
	.summary = "Dhcp_options records of the Dnsmasq.Dnsmasq model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "Dnsmasq.Dnsmasq",
	.path = "dhcp_options",
	.check = check,
	.touches = PART_RESOLVER | PART_DHCP,
	.faces = { [OPNSENSE] = FACES(
		{ "dnsmasq/settings", "_option", "option", CRUD | FACE_GUARDED }) },
};
