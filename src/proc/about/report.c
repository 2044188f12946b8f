/* Counting endpoints by dialect and module. */
#include "proc/about/report.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "auth/acl.h"
#include "base/map.h"
#include "dialect/opnsense/opnsense.h"
#include "dialect/pfsense/serve.h"
#include "model/registry.h"
#include "proc/about/proofs.h"

#define LINE_BYTES 512

struct dialect_report {
	const char      *name, *title;
	struct coverage *endpoints;
	size_t           count;
};

enum { REPORTS = 2 };

static void
collect(struct arena *arena, struct dialect_report reports[REPORTS])
{
	struct schema *schema = schema_new(registry, registry_count);

	reports[0] = (struct dialect_report){ .name = "opnsense", .title = "OPNsense API (core)" };
	reports[0].endpoints = opnsense_coverage(arena, opnsense_routes(arena, schema), &reports[0].count);
	reports[1] = (struct dialect_report){ .name = "pfsense", .title = "pfSense-API v1" };
	reports[1].endpoints = pfsense_coverage(arena, &reports[1].count);
	arena_defer(arena, (void (*)(void *))schema_free, schema);
}

void
report_routes(struct buffer *out)
{
	scoped_arena          arena = arena_new();
	struct dialect_report reports[REPORTS];

	collect(arena, reports);
	for (size_t r = 0; r < REPORTS; r++)
		for (size_t i = 0; i < reports[r].count; i++)
			if (reports[r].endpoints[i].served)
				buffer_print(out, "%s %s (%s)\n", reports[r].name, reports[r].endpoints[i].id,
					     reports[r].endpoints[i].kind);
}

/* --- coverage ----------------------------------------------------------------------------------------- */

/* "firewall" of "firewall/alias/add_item" and of "POST firewall/alias". */
static struct text
module_of(const char *id)
{
	struct text rest = text_of(id), word = text_until(&rest, ' ');

	if (rest.len > 0)
		word = rest;
	return text_until(&word, '/');
}

struct module {
	struct text name;
	size_t      served, missing, beyond, real;
};

static struct module *
find_module(struct module *modules, size_t *count, struct text name)
{
	for (size_t i = 0; i < *count; i++)
		if (text_equal(modules[i].name, name))
			return &modules[i];
	modules[*count] = (struct module){ .name = name };
	return &modules[(*count)++];
}

/* Does it end in a kernel or a daemon, or needs none? */
static bool
is_real(const char *dialect, const struct coverage *endpoint)
{
	const struct proof *proof = proof_find(dialect, endpoint->id);

	return endpoint->served && proof && proof->tests;
}

static void
count_endpoint(struct module *module, const char *dialect, const struct coverage *endpoint)
{
	module->real += is_real(dialect, endpoint);
	if (!endpoint->in_contract)
		module->beyond++;
	else if (endpoint->served)
		module->served++;
	else
		module->missing++;
}

static void
print_missing(struct buffer *out, const struct dialect_report *report)
{
	struct text last = TEXT_NONE;

	for (size_t i = 0; i < report->count; i++) {
		const struct coverage *endpoint = &report->endpoints[i];

		if (endpoint->served || !endpoint->in_contract)
			continue;
		const struct text module = module_of(endpoint->id);

		if (!text_equal(module, last))
			buffer_print(out, "%s- %.*s: ", last.ptr ? "\n" : "\nMissing:\n\n", TEXT_ARGS(module));
		else
			buffer_add_string(out, ", ");
		buffer_print(out, "`%s`", endpoint->id);
		last = module;
	}
	buffer_add_string(out, last.ptr ? "\n" : "\nNothing is missing.\n");
}

/* What is real, and by which tests that is known; what is not yet. */
static void
print_backends(struct arena *arena, struct buffer *out, const struct dialect_report *report)
{
	size_t *counts = ARENA_MAKE(arena, size_t, nproofs + 1);

	for (size_t i = 0; i < report->count; i++) {
		const struct proof *proof = proof_find(report->name, report->endpoints[i].id);

		if (report->endpoints[i].served && proof)
			counts[proof - proofs]++;
	}
	buffer_add_string(out, "\nWhat is behind them, and the tests that show it:\n\n| path | served | backend | real |\n"
			       "| --- | ---: | --- | --- |\n");
	for (size_t i = 0; i < nproofs; i++)
		if (counts[i])
			buffer_print(out, "| `%s` | %zu | %s | %s |\n", proofs[i].path, counts[i], proofs[i].backend,
				     proofs[i].tests ? proofs[i].tests : "not yet");
}

/* OPNsense's URL patterns leave some endpoints out; the pfSense dialect names its privileges one by one. */
static void
print_closed(struct arena *arena, struct buffer *out, const struct dialect_report *report)
{
	const char *before = "\nOpen to `page-all` only (no other privilege's patterns match): ";

	if (strcmp(report->name, "opnsense") != 0)
		return;
	for (size_t i = 0; i < report->count; i++) {
		const char *id = report->endpoints[i].id;

		/* One with a parameter in its name is many: some are open, some are not. */
		if (!report->endpoints[i].served || strchr(id, '{') || acl_is_opened(text_of(arena_print(arena, "api/%s", id))))
			continue;
		buffer_print(out, "%s`%s`", before, id);
		before = ", ";
	}
	buffer_add_string(out, ".\n");
}

static void
print_dialect(struct arena *arena, struct buffer *out, const struct dialect_report *report)
{
	struct module *modules = ARENA_MAKE(arena, struct module, report->count + 1), all = { .name = TEXT("all") };
	size_t         count = 0;

	for (size_t i = 0; i < report->count; i++) {
		count_endpoint(find_module(modules, &count, module_of(report->endpoints[i].id)), report->name,
			       &report->endpoints[i]);
		count_endpoint(&all, report->name, &report->endpoints[i]);
	}
	buffer_print(out, "\n## %s\n\n| module | of the contract | served | missing | served beyond it | of those served, real |\n"
			  "| --- | ---: | ---: | ---: | ---: | ---: |\n",
		     report->title);
	modules[count++] = all;
	for (size_t i = 0; i < count; i++)
		buffer_print(out, "| %.*s | %zu | %zu | %zu | %zu | %zu |\n", TEXT_ARGS(modules[i].name),
			     modules[i].served + modules[i].missing, modules[i].served, modules[i].missing,
			     modules[i].beyond, modules[i].real);
	print_missing(out, report);
	print_closed(arena, out, report);
	print_backends(arena, out, report);
}

/* Every line of every file of a folder. */
static struct map *
read_exercised(struct arena *arena, const char *folder)
{
	struct map *lines = map_make(arena);
	DIR        *dir = opendir(folder);
	char        line[LINE_BYTES];

	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		FILE *file = entry->d_name[0] == '.' ? NULL
						     : fopen(arena_print(arena, "%s/%s", folder, entry->d_name), "re");

		while (file && fgets(line, sizeof(line), file)) {
			const struct text one = text_trim(text_of(line));

			map_set(lines, text_of(arena_copy(arena, one)), lines);
		}
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
	return lines;
}

static bool
print_unexercised(struct arena *arena, struct buffer *out, const struct dialect_report *report,
                  const struct map *exercised)
{
	size_t count = 0;

	for (size_t i = 0; i < report->count; i++) {
		const char *line = arena_print(arena, "%s %s", report->name, report->endpoints[i].id);

		if (report->endpoints[i].served && !proof_find(report->name, report->endpoints[i].id))
			buffer_print(out, "served, but of no backend in proc/about/proofs.c: %s\n", line);
		if (!report->endpoints[i].served || map_get(exercised, text_of(line)))
			continue;
		buffer_print(out, "served, but exercised by no test: %s\n", line);
		count++;
	}
	return count == 0;
}

bool
report_coverage(struct buffer *out, const char *folder)
{
	scoped_arena          arena = arena_new();
	struct dialect_report reports[REPORTS];
	bool                  all = true;

	collect(arena, reports);
	buffer_add_string(out, "# What is served\n\nPrinted by `drawbridge coverage`; not to be edited. Served means: done for "
			       "real, or, where the part behind it has no\nbackend yet, kept and answered with an error that "
			       "says so when it is applied. Real means: what is behind it is a kernel, a\ndaemon, or nothing but "
			       "the configuration itself, and the tests named show it.\n");
	for (size_t r = 0; r < REPORTS; r++)
		print_dialect(arena, out, &reports[r]);
	if (!folder)
		return true;
	const struct map *exercised = read_exercised(arena, folder);

	for (size_t r = 0; r < REPORTS; r++)
		all &= print_unexercised(arena, out, &reports[r], exercised);
	return all;
}

void
report_proofs(struct buffer *out)
{
	for (size_t i = 0; i < nproofs; i++) {
		struct text rest = text_of(proofs[i].tests), test;

		while (text_next(&rest, " ", &test))
			buffer_print(out, "%s %s %.*s\n", proofs[i].dialect, proofs[i].path, TEXT_ARGS(test));
	}
}
