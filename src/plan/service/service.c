/* The plan of the daemons as bytes. */
#include "plan/service/service.h"

#include <stdint.h>
#include <string.h>

#include "plan/coding.h"

/* --- Names -------------------------------------------------------------------------------------- */

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool
is_word(struct text word, const char *others)
{
	for (size_t i = 0; i < word.len; i++)
		if (!is_plain(word.ptr[i]) && (word.ptr[i] == '\0' || !strchr(others, word.ptr[i])))
			return false;
	return word.len > 0 && word.ptr[0] != '.' && word.ptr[0] != '-';
}

bool
service_name_is_valid(struct text name)
{
	struct text       rest = name;
	const struct text program = text_until(&rest, '@');

	if (name.len > SERVICE_NAME_MAX || !is_word(program, ""))
		return false;
	return program.len == name.len || is_word(rest, "");
}

bool
service_file_is_valid(struct text name)
{
	struct text       rest = name;
	const struct text first = text_until(&rest, '/');

	if (name.len > SERVICE_FILE_NAME_MAX || !is_word(first, "._@+"))
		return false;
	return first.len == name.len || (is_word(rest, " ._@+") && rest.ptr[0] != ' ');
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void
add_plan(struct buffer *out, const struct service_plan *plan)
{
	coding_put_text(out, text_of(plan->name));
	coding_put_bool(out, plan->wanted);
	coding_put_number(out, plan->nfiles);
	for (size_t i = 0; i < plan->nfiles; i++) {
		coding_put_text(out, text_of(plan->files[i].name));
		coding_put_text(out, plan->files[i].content);
		coding_put_bool(out, plan->files[i].secret);
	}
}

void
services_encode(struct buffer *out, const struct services *services)
{
	coding_put_number(out, services->nprograms);
	for (size_t i = 0; i < services->nprograms; i++)
		coding_put_text(out, text_of(services->programs[i]));
	coding_put_number(out, services->n);
	for (size_t i = 0; i < services->n; i++)
		add_plan(out, &services->plans[i]);
}

/* --- Reading ------------------------------------------------------------------------------------ */

static bool
is_program(struct text name)
{
	return service_name_is_valid(name) && !memchr(name.ptr, '@', name.len);
}

static struct service_plan
take_plan(struct coding *in)
{
	struct service_plan  plan = { .name = coding_string(in, SERVICE_NAME_MAX, service_name_is_valid) };
	struct service_file *files;

	plan.wanted = coding_bool(in);
	plan.nfiles = coding_number(in, SERVICE_FILES_MAX);
	if (plan.nfiles > in->rest.len)
		in->failed = true;
	if (in->failed)
		return (struct service_plan){ .name = "" };
	files = ARENA_MAKE(in->arena, struct service_file, plan.nfiles);
	for (size_t i = 0; i < plan.nfiles && !in->failed; i++) {
		files[i].name = coding_string(in, SERVICE_FILE_NAME_MAX, service_file_is_valid);
		files[i].content = coding_text(in, in->rest.len);
		files[i].secret = coding_bool(in);
	}
	plan.files = files;
	return plan;
}

/* Each of a program that the plan is about, none twice. */
static bool
is_covered(const struct services *services, size_t at)
{
	struct text       rest = text_of(services->plans[at].name);
	const struct text program = text_until(&rest, '@');
	bool              found = false;

	for (size_t i = 0; i < services->nprograms; i++)
		found |= text_is(program, services->programs[i]);
	for (size_t i = 0; i < at; i++)
		found &= strcmp(services->plans[i].name, services->plans[at].name) != 0;
	return found;
}

bool
services_decode(struct arena *arena, struct text bytes, struct services *out)
{
	struct coding        in = { .rest = bytes, .arena = arena };
	struct services      services = { .nprograms = coding_number(&in, SERVICES_MAX) };
	const char         **programs = ARENA_MAKE(arena, const char *, services.nprograms);
	struct service_plan *plans;

	for (size_t i = 0; i < services.nprograms && !in.failed; i++)
		programs[i] = coding_string(&in, SERVICE_NAME_MAX, is_program);
	services.programs = programs;
	services.n = coding_number(&in, SERVICES_MAX);
	plans = ARENA_MAKE(arena, struct service_plan, services.n);
	for (size_t i = 0; i < services.n && !in.failed; i++)
		plans[i] = take_plan(&in);
	services.plans = plans;
	if (!coding_is_whole(&in))
		return false;
	for (size_t i = 0; i < services.n; i++)
		if (!is_covered(&services, i))
			return false;
	*out = services;
	return true;
}
