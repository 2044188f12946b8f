/* The plan of the daemons as bytes: every text with its length before it. Reading remembers the first fault. */
#include "plan/service/service.h"

#include <stdint.h>
#include <string.h>

#include "base/bug.h"

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
	return first.len == name.len || is_word(rest, "._@+");
}

/* --- Writing ------------------------------------------------------------------------------------ */

static void
add_u32(struct buffer *out, size_t number)
{
	const uint32_t narrow = (uint32_t)number;

	BUG_IF(number > UINT32_MAX, "a text of %zu bytes in a plan", number);
	buffer_add(out, (struct text){ (const char *)&narrow, sizeof(narrow) });
}

static void
add_text(struct buffer *out, struct text text)
{
	add_u32(out, text.len);
	buffer_add(out, text);
}

static void
add_plan(struct buffer *out, const struct service_plan *plan)
{
	add_text(out, text_of(plan->name));
	buffer_add_byte(out, plan->wanted);
	add_u32(out, plan->nfiles);
	for (size_t i = 0; i < plan->nfiles; i++) {
		add_text(out, text_of(plan->files[i].name));
		add_text(out, plan->files[i].content);
		buffer_add_byte(out, plan->files[i].secret);
	}
}

void
services_encode(struct buffer *out, const struct services *services)
{
	add_u32(out, services->nprograms);
	for (size_t i = 0; i < services->nprograms; i++)
		add_text(out, text_of(services->programs[i]));
	add_u32(out, services->n);
	for (size_t i = 0; i < services->n; i++)
		add_plan(out, &services->plans[i]);
}

/* --- Reading ------------------------------------------------------------------------------------ */

struct input {
	struct text   rest;
	bool          failed;
	struct arena *arena;
};

static struct text
take(struct input *in, size_t n)
{
	const struct text taken = text_first(in->rest, n);

	in->failed |= taken.len < n;
	in->rest = text_after(in->rest, n);
	return in->failed ? TEXT_NONE : taken;
}

static size_t
take_count(struct input *in, size_t most)
{
	const struct text bytes = take(in, sizeof(uint32_t));
	uint32_t          number = 0;

	if (!in->failed)
		memcpy(&number, bytes.ptr, sizeof(number));
	in->failed |= number > most;
	return in->failed ? 0 : number;
}

static struct text
take_text(struct input *in)
{
	return take(in, take_count(in, in->rest.len));
}

static bool
take_bool(struct input *in)
{
	const struct text byte = take(in, 1);

	in->failed |= !in->failed && (unsigned char)byte.ptr[0] > 1;
	return !in->failed && byte.ptr[0];
}

static const char *
take_name(struct input *in, bool (*is_valid)(struct text))
{
	const struct text name = take_text(in);

	in->failed |= !is_valid(name);
	return in->failed ? "" : arena_copy(in->arena, name);
}

static bool
is_program(struct text name)
{
	return service_name_is_valid(name) && !memchr(name.ptr, '@', name.len);
}

static struct service_plan
take_plan(struct input *in)
{
	struct service_plan  plan = { .name = take_name(in, service_name_is_valid), .wanted = take_bool(in) };
	struct service_file *files;

	plan.nfiles = take_count(in, SERVICE_FILES_MAX);
	if (plan.nfiles > in->rest.len)
		in->failed = true;
	if (in->failed)
		return (struct service_plan){ .name = "" };
	files = ARENA_MAKE(in->arena, struct service_file, plan.nfiles);
	for (size_t i = 0; i < plan.nfiles && !in->failed; i++) {
		files[i].name = take_name(in, service_file_is_valid);
		files[i].content = take_text(in);
		files[i].secret = take_bool(in);
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
	struct input         in = { .rest = bytes, .arena = arena };
	struct services      services = { .nprograms = take_count(&in, SERVICES_MAX) };
	const char         **programs = ARENA_MAKE(arena, const char *, services.nprograms);
	struct service_plan *plans;

	for (size_t i = 0; i < services.nprograms && !in.failed; i++)
		programs[i] = take_name(&in, is_program);
	services.programs = programs;
	services.n = take_count(&in, SERVICES_MAX);
	plans = ARENA_MAKE(arena, struct service_plan, services.n);
	for (size_t i = 0; i < services.n && !in.failed; i++)
		plans[i] = take_plan(&in);
	services.plans = plans;
	if (in.failed || in.rest.len > 0)
		return false;
	for (size_t i = 0; i < services.n; i++)
		if (!is_covered(&services, i))
			return false;
	*out = services;
	return true;
}
