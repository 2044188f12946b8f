/* Whom Monit tells, of what, and in which words. */
#include <string.h>

#include "base/bug.h"
#include "plan/service/monit/inside.h"

#define FORMAT_MAX    4096  /* bytes */
#define REMINDER_MAX  86400 /* cycles */

bool
monit_is_of(struct text value, const char *signs)
{
	for (size_t i = 0; i < value.len; i++) {
		const char c = value.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(signs, c))))
			return false;
	}
	return value.len > 0;
}

/* Monit knows no other signs in one. */
static bool
is_mail_address(struct text value)
{
	struct text       host = value;
	const struct text name = text_until(&host, '@');

	return name.len < value.len && monit_is_of(name, "._+-") && monit_is_of(host, ".-") && name.ptr[0] != '-' && host.ptr[0] != '.';
}

/* "support@example.org", "Support <support@example.org>" */
static bool
is_sender(struct text value)
{
	struct text       rest = value;
	const struct text name = text_trim(text_until(&rest, '<'));

	if (name.len == value.len)
		return is_mail_address(value);
	return monit_is_of(name, " ._-") && text_ends(rest, TEXT(">")) && is_mail_address(text_first(rest, rest.len - 1));
}

static bool
is_line(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (((unsigned char)value.ptr[i] < ' ' && value.ptr[i] != '\t') || value.ptr[i] == '{' || value.ptr[i] == '}')
			return false;
	return value.len > 0;
}

/* One line each, but for the message, which is the rest: to Monit all is message up to the brace. */
static bool
put_format_lines(struct buffer *out, struct text format)
{
	static const char *const names[] = { "from", "reply-to", "subject", "message" };
	struct text              line;
	bool                     is_message = false;

	while (text_next(&format, "\n", &line)) {
		struct text       value = text_trim(line);
		const struct text whole = value, name = text_trim(text_until(&value, ':'));
		const char       *found = NULL;

		for (size_t i = 0; i < COUNT(names) && !is_message && name.len < whole.len; i++)
			if (text_equal_any_case(name, text_of(names[i])))
				found = names[i];
		value = found ? text_trim(value) : whole;
		if (value.len > 0 && !is_line(value))
			return false;
		if (!is_message && (!found || (value.len == 0 && found != names[3])))
			return false;
		if (found && (found == names[0] || found == names[1]) && !is_sender(value))
			return false;
		is_message = is_message || found == names[3];
		if (found)
			buffer_print(out, "\t%s: ", found);
		buffer_print(out, "%.*s\n", TEXT_ARGS(value));
	}
	return true;
}

static void
put_format(struct monit_writing *writing, const struct record *alert)
{
	const struct text format = record_text(alert, "format");
	scoped_buffer     lines = BUFFER_NONE;

	if (text_trim(format).len == 0)
		return;
	if (format.len > FORMAT_MAX || !put_format_lines(&lines, text_trim(format)))
		service_miss(writing->draft, "the mail format for %.64s is none: there are from, reply-to, subject and message, one a line",
			     record_get(alert, "recipient"));
	else
		buffer_print(&writing->out, " with mail-format {\n%s}", buffer_string(&lines));
}

void
monit_put_alert(struct monit_writing *writing, const struct record *alert)
{
	const struct text recipient = record_text(alert, "recipient");
	struct text       rest = record_text(alert, "events"), one;
	const char       *before = record_bool(alert, "noton") ? " not on { " : " only on { ";
	bool              is_any = false;
	int64_t           cycles;

	if (!is_mail_address(recipient)) {
		service_miss(writing->draft, "Monit cannot send mail to %.64s", record_get(alert, "recipient"));
		return;
	}
	buffer_print(&writing->out, "set alert %.*s", TEXT_ARGS(recipient));
	while (text_next(&rest, ",", &one)) {
		if (!monit_is_of(one, ""))
			continue;
		buffer_print(&writing->out, "%s%.*s", is_any ? ", " : before, TEXT_ARGS(one));
		is_any = true;
	}
	buffer_add_string(&writing->out, is_any ? " }" : "");
	put_format(writing, alert);
	if (service_number(alert, "reminder", 1, REMINDER_MAX, &cycles))
		buffer_print(&writing->out, " with reminder on %lld cycles", (long long)cycles);
	buffer_add_byte(&writing->out, '\n');
}
