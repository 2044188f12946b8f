/* Single settings of the Core.Firmware model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "mirror", &type_text },
	{ "flavour", &type_text },
	{ "plugins", &type_text },
	{ "type", &type_text },
	{ "subscription", &type_text },
	{ "reboot", &type_boolean },
	{ "aux", &type_boolean },
};
/* clang-format on */

/* "8-4-4-4-12" letters and digits. */
static bool
is_subscription(struct text key)
{
	static const size_t groups[] = { 8, 4, 4, 4, 12 };

	for (size_t i = 0; i < COUNT(groups); i++) {
		const struct text group = text_until(&key, '-');

		if (group.len != groups[i])
			return false;
		for (size_t j = 0; j < group.len; j++)
			if (!(group.ptr[j] >= '0' && group.ptr[j] <= '9') && !((group.ptr[j] | 32) >= 'a' && (group.ptr[j] | 32) <= 'z'))
				return false;
	}
	return key.len == 0;
}

static void
check(const struct record *firmware, const struct view *view, struct faults *faults)
{
	(void)view;
	if (is_set(firmware, "type") && !is_one_of(firmware, "type", "business,community,development,devel"))
		faults_add(faults, "type", FAULT_CHOICE, "There is no such family of releases.");
	if (is_set(firmware, "subscription") ? !is_subscription(record_text(firmware, "subscription")) :
	                                       is_value(firmware, "type", "business"))
		faults_add(faults, "subscription", FAULT_FORMAT, "A subscription has the form 8-4-4-4-12.");
}

const struct resource core_firmware_resource = {
	.name = "core.firmware",
	.summary = "Single settings of the Core.Firmware model",
	.shape = SINGLETON,
	.fields = fields,
	.nfields = COUNT(fields),
	.model = "Core.Firmware",
	.path = "",
	.check = check,
	.mount = "//system/firmware",
	.version = "1.0.1",
	.faces = { [OPNSENSE] = FACES(
		{ "core/firmware", "", "firmware", VERB_GET | VERB_SET }) },
};
