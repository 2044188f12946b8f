/* One job that cron cannot read would keep it from reading all of them: so each field is taken apart as cron does it. */
#include "plan/access/jobs.h"

#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "plan/coding.h"

#define LAST_DAY      "L"
#define LAST_DAYS     "28-31" /* of which the tool finds out whether it is the last one */
#define MISSING_MAX   2000    /* bytes; more would only repeat itself */
#define SERVICE(name) "/api/core/service/restart/" name

/* clang-format off */
static const struct job_command commands[] = {
	{ "captiveportal restart", "Restart captive portal", SERVICE("captiveportal") },
	{ "dnsmasq restart", "Restart Dnsmasq DNS/DHCP", SERVICE("dnsmasq") },
	{ "filter refresh_aliases", "Update and reload firewall aliases", "/api/firewall/alias/reconfigure" },
	{ "filter reload", "Reload firewall rules", "/api/firewall/filter/apply" },
	{ "firmware auto-update", "Automatic firmware update", "/api/core/firmware/update" },
	{ "firmware poll", "Firmware update check", "/api/core/firmware/check" },
	{ "ids restart", "Restart intrusion detection", SERVICE("suricata") },
	{ "interface reconfigure", "Periodic interface reset", "/api/interfaces/overview/reload_interface", true },
	{ "ipsec restart", "Restart IPsec VPN", SERVICE("strongswan") },
	{ "kea restart", "Restart Kea DHCP", SERVICE("kea-dhcp") },
	{ "monit restart", "Restart Monit", SERVICE("monit") },
	{ "ntpd restart", "Restart time service", SERVICE("ntpd") },
	{ "openssh restart", "Restart secure shell", SERVICE("openssh") },
	{ "openvpn restart", "Restart OpenVPN", SERVICE("openvpn") },
	{ "radvd restart", "Restart router advertisements", SERVICE("radvd") },
	{ "syslog restart", "Restart remote logging", SERVICE("syslog-ng") },
	{ "system halt", "Issue a halt", "/api/core/system/halt" },
	{ "system reboot", "Issue a reboot", "/api/core/system/reboot" },
	{ "unbound dnsbl", "Update Unbound blocklists", "/api/unbound/service/dnsbl" },
	{ "unbound restart", "Restart Unbound DNS", SERVICE("unbound") },
	{ "wireguard restart", "Restart WireGuard VPN", SERVICE("wireguard") },
};

static const char *const month_names[] = { "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC", NULL };

static const struct limits {
	const char        *name; /* in the record */
	int64_t            min, max;
	const char *const *words; /* for min and what follows; NULL: none */
} limits[JOB_FIELDS] = {
	[JOB_MINUTE]  = { "minutes", 0, 59 },
	[JOB_HOUR]    = { "hours", 0, 23 },
	[JOB_DAY]     = { "days", 1, 31 },
	[JOB_MONTH]   = { "months", 1, 12, month_names },
	[JOB_WEEKDAY] = { "weekdays", 0, 7 },
};
/* clang-format on */

const struct job_command *
job_command_at(size_t n)
{
	return n < COUNT(commands) ? &commands[n] : NULL;
}

/* --- Times ------------------------------------------------------------------------------------------- */

static bool
read_number(struct text text, const struct limits *limit, int64_t *out)
{
	for (size_t i = 0; limit->words && limit->words[i]; i++)
		if (text_equal_any_case(text, text_of(limit->words[i]))) {
			*out = limit->min + (int64_t)i;
			return true;
		}
	return number_read(text, limit->min, limit->max, out);
}

/* "*", "5", "1-5", with a step behind it: "/2". */
static bool
is_item(struct text item, const struct limits *limit)
{
	struct text       step = item;
	const struct text range = text_until(&step, '/');
	const bool        has_step = range.len < item.len;
	struct text       last = range;
	const struct text first = text_until(&last, '-');
	int64_t           from, to, number;

	if (has_step && !number_read(step, 1, limit->max, &number))
		return false;
	if (text_is(range, "*"))
		return true;
	if (!read_number(first, limit, &from))
		return false;
	if (first.len == range.len)
		return !has_step;
	return read_number(last, limit, &to) && from <= to;
}

static bool
is_field(struct text field, enum job_field which)
{
	struct text item;

	if (field.len == 0 || field.len > JOB_FIELD_MAX || field.ptr[field.len - 1] == ',')
		return false;
	if (which == JOB_DAY && text_is(field, LAST_DAY))
		return true;
	while (text_next(&field, ",", &item))
		if (!is_item(item, &limits[which]))
			return false;
	return true;
}

static bool
is_parameter(struct text parameter)
{
	for (size_t i = 0; i < parameter.len; i++) {
		const char c = parameter.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
			return false;
	}
	return parameter.len <= JOB_PARAMETER_MAX;
}

static bool
is_job(const struct job *job)
{
	const struct job_command *command = job_command_at(job->command);
	const struct text         parameter = text_of(job->parameter);

	for (enum job_field i = 0; i < JOB_FIELDS; i++)
		if (!is_field(text_of(job->fields[i]), i))
			return false;
	return command && is_parameter(parameter) && (command->has_parameter ? parameter.len > 0 : parameter.len == 0);
}

/* --- From the configuration -------------------------------------------------------------------------- */

static bool
read_job(const struct record *record, struct job *job)
{
	const struct job_command *command;

	for (job->command = 0; (command = job_command_at(job->command)); job->command++)
		if (text_is(record_text(record, "command"), command->name))
			break;
	for (enum job_field i = 0; i < JOB_FIELDS; i++)
		job->fields[i] = record_get(record, limits[i].name);
	job->parameter = command && command->has_parameter ? record_get(record, "parameters") : "";
	return is_job(job);
}

void
jobs_read(struct arena *arena, const struct snapshot *snapshot, struct jobs *out, struct buffer *missing)
{
	const struct collection *all = snapshot_named(snapshot, "cron.job");
	struct job              *jobs = ARENA_MAKE(arena, struct job, JOBS_MAX);

	*out = (struct jobs){ .jobs = jobs };
	for (size_t i = 0; i < collection_count(all) && out->n < JOBS_MAX; i++) {
		const struct record *record = collection_at(all, i);

		if (!record_bool(record, "enabled"))
			continue;
		if (read_job(record, &jobs[out->n]) && text_is(record_text(record, "who"), "root"))
			out->n++;
		else if (missing->len < MISSING_MAX)
			buffer_print(missing, "%sjob %.80s: its command, time, parameters or user are none that can be had",
				     missing->len > 0 ? "; " : "", record_get(record, "description"));
	}
}

/* --- To the keeper ------------------------------------------------------------------------------------ */

void
jobs_encode(struct buffer *out, const struct jobs *all)
{
	coding_put_number(out, all->n);
	for (size_t i = 0; i < all->n; i++) {
		for (enum job_field k = 0; k < JOB_FIELDS; k++)
			coding_put_text(out, text_of(all->jobs[i].fields[k]));
		coding_put_number(out, all->jobs[i].command);
		coding_put_text(out, text_of(all->jobs[i].parameter));
	}
}

bool
jobs_decode(struct arena *arena, struct text bytes, struct jobs *out)
{
	struct coding in = { .arena = arena, .rest = bytes };
	const size_t  n = coding_number(&in, JOBS_MAX);
	struct job   *jobs = ARENA_MAKE(arena, struct job, n);

	for (size_t i = 0; i < n && !in.failed; i++) {
		for (enum job_field k = 0; k < JOB_FIELDS; k++)
			jobs[i].fields[k] = coding_string(&in, JOB_FIELD_MAX, NULL);
		jobs[i].command = coding_number(&in, COUNT(commands) - 1);
		jobs[i].parameter = coding_string(&in, JOB_PARAMETER_MAX, NULL);
		in.failed |= !in.failed && !is_job(&jobs[i]);
	}
	if (!coding_is_whole(&in))
		return false;
	*out = (struct jobs){ jobs, n };
	return true;
}

/* --- The file ---------------------------------------------------------------------------------------- */

static bool
add_word(struct buffer *out, const char *word)
{
	for (; *word; word++) {
		if (*word <= ' ' || *word > '~' || strchr("'\"\\#", *word))
			return false;
		if (*word == '%')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, *word);
	}
	return true;
}

bool
jobs_print(const struct jobs *all, const char *tool, const char *socket, struct buffer *out)
{
	scoped_buffer escaped = BUFFER_NONE, shell = BUFFER_NONE;

	/* What is no command line is not read by cron's rule for "%". */
	if (!add_word(&escaped, socket) || !add_word(&shell, tool) || strchr(tool, '%'))
		return false;
	buffer_print(out, "# Written by drawbridge.\nSHELL=%s\nMAILTO=\"\"\n", tool);
	for (size_t i = 0; i < all->n; i++) {
		const struct job         *job = &all->jobs[i];
		const struct job_command *command = job_command_at(job->command);
		const bool                is_last = strcmp(job->fields[JOB_DAY], LAST_DAY) == 0;

		buffer_print(out, "%s %s %s %s %s root ", job->fields[JOB_MINUTE], job->fields[JOB_HOUR],
			     is_last ? LAST_DAYS : job->fields[JOB_DAY], job->fields[JOB_MONTH], job->fields[JOB_WEEKDAY]);
		buffer_print(out, "%s--socket %s call %s%s%s {}\n", is_last ? "--on-last-day " : "", buffer_string(&escaped),
			     command->path, *job->parameter ? "/" : "", job->parameter);
	}
	return true;
}
