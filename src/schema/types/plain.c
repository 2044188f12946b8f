/* Types of plain text: switches, descriptions, encoded text, addresses of mail and pages. */
#include "schema/types.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/address.h"
#include "base/number.h"
#include "schema/hosts.h"
#include "schema/json_text.h"
#include "schema/lists.h"
#include "schema/mask.h"

#define DESCRIPTION_MAX 255
#define JSON_TEXT_MAX   ((size_t)1024 * 1024)
#define LOCAL_PART_MAX  64
#define MAIL_MAX        320

/* --- switches ------------------------------------------------------------------------------- */

static void
check_boolean(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	(void)view;
	if (strcmp(value, "0") != 0 && strcmp(value, "1") != 0)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be 0 or 1.");
}

const struct type type_boolean = { .name = "boolean", .check = check_boolean };

/* --- text ----------------------------------------------------------------------------------- */

static void
check_text(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const size_t len = strlen(value);

	(void)view;
	if ((field->settings & NO_SPACES) && strchr(value, ' '))
		faults_add(faults, field->name, FAULT_FORMAT, "No blanks are allowed here.");
	else if ((field->settings & NO_NEWLINES) && strpbrk(value, "\r\n"))
		faults_add(faults, field->name, FAULT_FORMAT, "Only a single line is allowed here.");
	else if ((field->settings & NO_SPECIAL) && strpbrk(value, "\v\f"))
		faults_add(faults, field->name, FAULT_FORMAT, "Control characters are not allowed here.");
	else if ((field->flags & HIGH_LIMIT) && len > (size_t)field->max)
		faults_add(faults, field->name, FAULT_RANGE, "This is longer than %lld bytes.", (long long)field->max);
	else if ((field->flags & LOW_LIMIT) && len < (size_t)field->min)
		faults_add(faults, field->name, FAULT_RANGE, "This is shorter than %lld bytes.", (long long)field->min);
}

const struct type type_text = { .name = "text", .check = check_text };
const struct type type_update_only = { .name = "update_only", .check = check_text };

static void
check_strict_text(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	(void)view;
	if (strpbrk(value, field->settings & SPACES_ALLOWED ? "\r\n\v\f" : " \t\r\n\v\f"))
		faults_add(faults, field->name, FAULT_FORMAT,
		           field->settings & SPACES_ALLOWED ? "Only a single line of plain text is allowed here." :
		                                              "Blanks and control characters are not allowed here.");
}

const struct type type_strict_text = { .name = "strict_text", .check = check_strict_text };

static void
check_description(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	(void)view;
	if (strlen(value) > DESCRIPTION_MAX)
		faults_add(faults, field->name, FAULT_RANGE, "A description has at most %d bytes.", DESCRIPTION_MAX);
	else if (strpbrk(value, "\r\n\v\f"))
		faults_add(faults, field->name, FAULT_FORMAT, "A description is a single line of plain text.");
}

const struct type type_description = { .name = "description", .check = check_description };

/* --- encoded text ----------------------------------------------------------------------------- */

static int
base64_digit(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char       *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Groups of four, padded; line breaks anywhere. */
static void
check_base64(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	size_t digits = 0, pads = 0;
	bool   good = true;

	(void)view;
	for (; *value && good; value++) {
		if (*value == '\n' || *value == '\r')
			continue;
		if (*value == '=')
			pads++;
		else
			good = pads == 0 && base64_digit(*value) >= 0;
		digits++;
	}
	if (!good || digits == 0 || digits % 4 != 0 || pads > 2)
		faults_add(faults, field->name, FAULT_FORMAT, "This must be base64 text.");
}

const struct type type_base64 = { .name = "base64", .check = check_base64 };

/* What a lenient reader makes of it: other characters are passed over, padding is not asked for. */
static struct text
base64_decode(const char *value, const struct view *view)
{
	char  *out = arena_take(view->arena, strlen(value) / 4 * 3 + 4);
	size_t len = 0, digits = 0;
	unsigned held = 0;

	for (; *value && *value != '='; value++) {
		const int digit = base64_digit(*value);

		if (digit < 0)
			continue;
		held = held << 6 | (unsigned)digit;
		if (++digits % 4 == 1)
			continue;
		const unsigned shift = digits % 4 == 2 ? 4 : digits % 4 == 3 ? 2 : 0;

		out[len++] = (char)(held >> shift & 0xff);
	}
	return (struct text){ out, len };
}

static void
check_json(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	if (strlen(value) / 4 * 3 > JSON_TEXT_MAX)
		faults_add(faults, field->name, FAULT_RANGE, "This is more than %zu bytes.", JSON_TEXT_MAX);
	else if (!json_text_is_valid(base64_decode(value, view)))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be JSON text in base64.");
}

const struct type type_json = { .name = "json", .check = check_json };

/* --- mail and pages ----------------------------------------------------------------------------- */

/* RFC 5321 without quoted local parts: nobody who reads our mail has one. */
bool
mail_address_is_valid(struct text t)
{
	static const char allowed[] = "!#$%&'*+-/=?^_`{|}~.";
	struct text       domain = t;
	struct text       local = text_until(&domain, '@');

	if (local.len == 0 || local.len > LOCAL_PART_MAX || t.len > MAIL_MAX || local.ptr[0] == '.' ||
	    local.ptr[local.len - 1] == '.' || text_contains(local, TEXT("..")))
		return false;
	for (size_t i = 0; i < local.len; i++)
		if (!((local.ptr[i] >= '0' && local.ptr[i] <= '9') || ((local.ptr[i] | 32) >= 'a' && (local.ptr[i] | 32) <= 'z')) &&
		    (local.ptr[i] == '\0' || !strchr(allowed, local.ptr[i])))
			return false;
	return host_name_is_valid(domain) && text_contains(domain, TEXT("."));
}

static void
check_email(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	(void)view;
	if (!mail_address_is_valid(text_of(value)))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a mail address.");
}

const struct type type_email = { .name = "email", .check = check_email };

static bool
is_scheme(struct text scheme)
{
	for (size_t i = 0; i < scheme.len; i++)
		if (!((scheme.ptr[i] | 32) >= 'a' && (scheme.ptr[i] | 32) <= 'z') &&
		    (i == 0 || !(scheme.ptr[i] >= '0' && scheme.ptr[i] <= '9')) &&
		    (i == 0 || !strchr("+-.", scheme.ptr[i])))
			return false;
	return scheme.len > 0;
}

/* "[v6]", "[v6]:port", "host", "host:port", with "user@" or "user:password@" in front. */
static bool
is_authority(struct text t)
{
	for (size_t i = t.len; i > 0; i--) {
		if (t.ptr[i - 1] != '@')
			continue;
		t = text_after(t, i);
		break;
	}
	struct address address;
	struct text    host = t, port = TEXT_NONE;
	int64_t        number;

	if (text_starts(t, TEXT("["))) {
		port = text_after(t, 1);
		host = text_until(&port, ']');
		if (!address_read(host, &address) || address.family != FAMILY_INET6)
			return false;
		if (port.len && port.ptr[0] != ':')
			return false;
		port = text_after(port, 1);
	} else {
		port = t;
		host = text_until(&port, ':');
		if (!host_name_is_valid(host) && !address_read(host, &address))
			return false;
	}
	return port.len == 0 || number_read(port, 0, 65535, &number);
}

bool
url_is_valid(struct text t)
{
	struct text rest = t;

	for (size_t i = 0; i < t.len; i++)
		if ((unsigned char)t.ptr[i] <= ' ' || (unsigned char)t.ptr[i] >= 0x7f)
			return false;
	if (!is_scheme(text_until(&rest, ':')) || !text_starts(rest, TEXT("//")))
		return false;
	rest = text_after(rest, 2);
	for (size_t i = 0; i < rest.len; i++)
		if (strchr("/?#", rest.ptr[i]))
			rest.len = i;
	return is_authority(rest);
}

static void
check_url(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	(void)view;
	if (!url_is_valid(text_of(value)))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a complete URL.");
}

const struct type type_url = { .name = "url", .check = check_url };

/* --- lists of words --------------------------------------------------------------------------- */

static void
csv_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	struct entries entries = entries_of(value, field_separator(field));
	struct text    entry;

	while (entry_next(&entries, &entry))
		choose_one(context, &(struct choice){ arena_copy(view->arena, entry), NULL, NULL });
}

/* The mask is all there is to check. */
const struct type type_csv = { .name = "csv", .is_list = true, .choices = csv_choices };

/* --- what clients do not choose ---------------------------------------------------------------- */

static const char *
normal_unique_id(const struct field *field, const char *value, const struct view *view)
{
	(void)value;
	if (view->record) {
		const char *present = record_get(view->record, field->name);

		if (present[0])
			return present;
	}
	return field->type->fresh(field, view);
}

/* The form of PHP's uniqid(): seconds and microseconds in hex, then nine random digits. */
static const char *
fresh_unique_id(const struct field *field, const struct view *view)
{
	struct timespec now;
	uint64_t        noise = 0;

	(void)field;
	clock_gettime(CLOCK_REALTIME, &now);
	BUG_IF(getrandom(&noise, sizeof(noise), 0) != sizeof(noise), "no random numbers");
	return arena_print(view->arena, "%08llx%05lx%llu.%08llu", (unsigned long long)now.tv_sec & 0xffffffffULL,
	                   (unsigned long)(now.tv_nsec / 1000), (unsigned long long)(noise % 10),
	                   (unsigned long long)(noise / 10 % 100000000));
}

const struct type type_unique_id = { .name = "unique_id", .normal = normal_unique_id, .fresh = fresh_unique_id };

static const char *
normal_nothing(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	(void)value;
	(void)view;
	return "";
}

/* Shows another setting; what is sent for it goes nowhere. */
const struct type type_legacy_link = { .name = "legacy_link", .normal = normal_nothing };
