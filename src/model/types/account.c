/* Fields of users and groups. */
#include "model/types.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

#define FIRST_NUMBER       2000
#define SYSTEM_NAME_MAX    32
#define NAME_LENGTH_MAX    320

/* --- numbers ------------------------------------------------------------------------------------ */

static const char *
fresh_number(const struct field *field, const struct view *view)
{
	if (!view->snapshot || !view->record)
		return arena_print(view->arena, "%d", FIRST_NUMBER);
	return arena_print(view->arena, "%lld", (long long)number_lowest_free(field, view, FIRST_NUMBER));
}

/* Given out once; what clients send is passed over. */
static const char *
normal_number(const struct field *field, const char *value, const struct view *view)
{
	const char *present = view->record ? record_get(view->record, field->name) : "";

	(void)value;
	return present[0] ? present : fresh_number(field, view);
}

const struct type type_uid = { .name = "uid", .normal = normal_number, .fresh = fresh_number };
const struct type type_gid = { .name = "gid", .normal = normal_number, .fresh = fresh_number };

/* --- names ---------------------------------------------------------------------------------------- */

/* A user that logs in on the machine has a name that the machine can have. */
static void
check_username(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	const size_t at = view->record ? resource_find_field(view->record->resource, TEXT("shell")) : SIZE_MAX;
	const bool   shell = at != SIZE_MAX && view->record->values[at][0] != '\0';
	const size_t max = shell ? SYSTEM_NAME_MAX : NAME_LENGTH_MAX;
	const char  *c = value;

	while (isascii(*c) && (isalnum((unsigned char)*c) || (*c && strchr("._-", *c))) && !(shell && isupper((unsigned char)*c)))
		c++;
	if (*c && (shell || !mail_address_is_valid(text_of(value))))
		faults_add(faults, field->name, FAULT_FORMAT, "A user name has letters, digits, dots, dashes and underscores.");
	else if (strlen(value) > max)
		faults_add(faults, field->name, FAULT_RANGE, "A user name has at most %zu characters.", max);
}

const struct type type_username = { .name = "username", .check = check_username };

/* --- time ------------------------------------------------------------------------------------------- */

static bool
read_numbers(const char *value, const char *format, struct tm *when)
{
	const char *end = strptime(value, format, when);

	return end && *end == '\0';
}

/* "+1 day", "-2 weeks", "tomorrow", "now", "today". */
static bool
read_relative(const char *value, struct tm *when)
{
	static const struct {
		const char *word;
		int         days, months;
	} units[] = { { "day", 1, 0 }, { "week", 7, 0 }, { "fortnight", 14, 0 }, { "month", 0, 1 }, { "year", 0, 12 } };
	char     *unit;
	long long count;

	if (strcmp(value, "now") == 0 || strcmp(value, "today") == 0)
		return true;
	if (strcmp(value, "tomorrow") == 0) {
		when->tm_mday++;
		return true;
	}
	count = strtoll(value, &unit, 10);
	if (unit == value || count < -100000 || count > 100000)
		return false;
	while (*unit == ' ')
		unit++;
	for (size_t i = 0; i < COUNT(units); i++) {
		const size_t len = strlen(units[i].word);

		if (strncmp(unit, units[i].word, len) != 0 || (strcmp(unit + len, "") != 0 && strcmp(unit + len, "s") != 0))
			continue;
		when->tm_mday += (int)count * units[i].days;
		when->tm_mon += (int)count * units[i].months;
		return true;
	}
	return false;
}

static bool
read_date(const char *value, struct tm *when)
{
	static const char *const formats[] = { "%m/%d/%Y", "%Y-%m-%d", "%Y/%m/%d", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y",
		                               "%b %d %Y", "%b %d, %Y", "%Y%m%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
		                               "%Y-%m-%dT%H:%M:%S", "@%s" };
	const time_t now = time(NULL);

	for (size_t i = 0; i < COUNT(formats); i++) {
		memset(when, 0, sizeof(*when));
		if (read_numbers(value, formats[i], when))
			return true;
	}
	gmtime_r(&now, when);
	return read_relative(value, when);
}

static const char *
normal_expires(const struct field *field, const char *value, const struct view *view)
{
	const char *text = trimmed(value, view);
	struct tm   when;
	char        out[32];

	(void)field;
	if (text[0] == '\0' || !read_date(text, &when))
		return value;
	when.tm_isdst = -1;
	timegm(&when);
	strftime(out, sizeof(out), "%m/%d/%Y", &when);
	return arena_copy(view->arena, text_of(out));
}

static void
check_expires(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct tm when;

	(void)view;
	if (!read_date(value, &when))
		faults_add(faults, field->name, FAULT_FORMAT, "This must be a date: 12/31/2030.");
}

const struct type type_expires = { .name = "expires", .check = check_expires, .normal = normal_expires };

/* --- who and what ----------------------------------------------------------------------------------- */

static void
priv_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	size_t               count;
	const struct choice *privileges = facts_list(view->facts, "privileges", &count);
	struct choice_list   list = { .arena = view->arena };

	(void)field;
	(void)value;
	for (size_t i = 0; i < count; i++)
		choice_list_add(&list, privileges[i].key, privileges[i].label, NULL);
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
priv_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return facts_find(view->facts, "privileges", key);
}

const struct type type_priv = {
	.name = "priv", .is_list = true, .check = check_choices, .choices = priv_choices, .find = priv_find,
};

/* Numbers of users or groups, by number. */
static const struct choice_records users = { "auth.user", "uid", "name" }, groups = { "auth.group", "gid", "name" };

static void
give_numbers(const struct choice_records *from, const struct view *view, choose *choose_one, void *context)
{
	const struct collection *records = view->snapshot ? snapshot_named(view->snapshot, from->resource) : NULL;
	struct choice_list       list = { .arena = view->arena };

	for (size_t i = 0; records && i < collection_count(records); i++)
		choice_list_add(&list, record_get(collection_at(records, i), from->key),
		                record_get(collection_at(records, i), from->label), NULL);
	choice_list_sort_keys(&list);
	choice_list_give(&list, choose_one, context);
}

static void
member_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	(void)field;
	(void)value;
	give_numbers(&users, view, choose_one, context);
}

static const struct choice *
member_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return choice_of_record(&users, key, view);
}

const struct type type_member = {
	.name = "member", .is_list = true, .check = check_choices, .choices = member_choices, .find = member_find,
};

static void
membership_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                   void *context)
{
	(void)field;
	(void)value;
	give_numbers(&groups, view, choose_one, context);
}

static const struct choice *
membership_find(const struct field *field, struct text key, const struct view *view)
{
	(void)field;
	return choice_of_record(&groups, key, view);
}

const struct type type_group_membership = {
	.name = "group_membership", .is_list = true, .check = check_choices, .choices = membership_choices, .find = membership_find,
};

/* --- kept in another form --------------------------------------------------------------------------- */

/* Keys are made and taken away by their own commands. */
static const char *
normal_api_key(const struct field *field, const char *value, const struct view *view)
{
	(void)field;
	(void)view;
	return strcmp(value, "0") == 0 ? "" : value;
}

const struct type type_api_key = { .name = "api_key", .normal = normal_api_key };

static const char *
normal_store_b64(const struct field *field, const char *value, const struct view *view)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const size_t      len = strlen(value);
	char             *out = arena_take(view->arena, (len + 2) / 3 * 4 + 1), *next = out;

	(void)field;
	if (strcmp(value, "0") == 0)
		return "";
	for (size_t i = 0; i < len; i += 3) {
		const unsigned char *in = (const unsigned char *)value + i;
		const unsigned       group = (unsigned)in[0] << 16 | (i + 1 < len ? (unsigned)in[1] << 8 : 0) |
		                       (i + 2 < len ? (unsigned)in[2] : 0);

		*next++ = digits[group >> 18];
		*next++ = digits[group >> 12 & 63];
		*next++ = i + 1 < len ? digits[group >> 6 & 63] : '=';
		*next++ = i + 2 < len ? digits[group & 63] : '=';
	}
	return out;
}

const struct type type_store_b64 = { .name = "store_b64", .normal = normal_store_b64 };
