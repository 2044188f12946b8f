/* Parsing the expressions of every table, once. */
#include <pthread.h>

#include "base/map.h"
#include "dialect/pfsense/program.h"

/*
 * Made once, read by all threads, never freed: the tables are constant, and so is what they mean.
 */
static struct {
	pthread_once_t once;
	struct arena  *arena;
	struct map    *found;    /* "GET firewall/alias" -> operation */
	struct map    *compiled; /* likewise */
	struct buffer  mistakes;
} program = { .once = PTHREAD_ONCE_INIT };

static const char *const method_names[] = {
	[METHOD_GET] = "GET", [METHOD_POST] = "POST", [METHOD_PUT] = "PUT", [METHOD_DELETE] = "DELETE",
};

static struct text
operation_key(struct arena *arena, enum method method, struct text url)
{
	return text_of(arena_print(arena, "%s %.*s", method_names[method], TEXT_ARGS(url)));
}

static struct node *
compile(const struct operation *operation, const char *source, bool blank_needs)
{
	const char  *message = NULL;
	struct node *node;

	if (!source)
		return NULL;
	node = expression_read(program.arena, source, blank_needs, &message);
	if (!node)
		buffer_print(&program.mistakes, "%s %s: %s in: %s\n", method_names[operation->method],
			     operation->url, message ? message : "?", source);
	return node;
}

/* "a/b/<c>" as a call of cfg(). */
static struct node *
compile_path(const struct operation *operation, const char *path)
{
	return compile(operation, arena_print(program.arena, "cfg(%s)", path), false);
}

/* A key may hold expressions in braces; otherwise it is taken as it stands. */
static struct node *
compile_key(const struct operation *operation, const char *key)
{
	if (!key || key[0] != '{')
		return NULL;
	return compile(operation, arena_copy(program.arena, (struct text){ key + 1, strlen(key) - 2 }),
		       false);
}

static void
compile_operation(const struct operation *operation)
{
	struct compiled *compiled = ARENA_MAKE(program.arena, struct compiled, 1);
	size_t           count = 0;
	const struct text key = operation_key(program.arena, operation->method, text_of(operation->url));

	if (map_set(program.found, key, (void *)operation))
		buffer_print(&program.mistakes, "%.*s twice\n", TEXT_ARGS(key));
	map_set(program.compiled, key, compiled);
	if (operation->steps)
		while (!is_last(&operation->steps[count]))
			count++;
	compiled->steps = ARENA_MAKE(program.arena, struct compiled_step, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct task *step = &operation->steps[i];

		compiled->steps[i] = (struct compiled_step){
			compile(operation, step->value, false),
			compile(operation, step->when, step->kind != DO_CHECK),
			compile_key(operation, step->key),
		};
	}
	for (count = 0; operation->writes && operation->writes[count].path; count++)
		;
	compiled->writes = ARENA_MAKE(program.arena, struct compiled_step, count + 1);
	for (size_t i = 0; i < count; i++) {
		const struct write *write = &operation->writes[i];

		compiled->writes[i] = (struct compiled_step){
			compile(operation, write->value, false),
			compile(operation, write->when, false),
			compile_path(operation, write->path),
		};
	}
}

static void
compile_all(void)
{
	program.arena = arena_new();
	program.found = map_make(program.arena);
	program.compiled = map_make(program.arena);
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			compile_operation(operation);
}

bool
operations_verify(struct buffer *mistakes)
{
	pthread_once(&program.once, compile_all);
	buffer_add(mistakes, buffer_text(&program.mistakes));
	return program.mistakes.len == 0;
}

const struct operation *
operation_find(struct text url, enum method method, bool *known)
{
	char        key[160];
	static const enum method methods[] = { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE };
	const struct operation *found = NULL;

	pthread_once(&program.once, compile_all);
	*known = false;
	if (url.len > 100)
		return NULL;
	for (size_t i = 0; i < COUNT(methods); i++) {
		const int len = snprintf(key, sizeof(key), "%s %.*s", method_names[methods[i]],
					 TEXT_ARGS(url));
		const struct operation *operation =
			map_get(program.found, (struct text){ key, (size_t)len });

		if (operation)
			*known = true;
		if (operation && methods[i] == method)
			found = operation;
	}
	return found;
}

const struct compiled *
compiled_of(const struct operation *operation)
{
	char      key[160];
	const int len = snprintf(key, sizeof(key), "%s %s", method_names[operation->method],
				 operation->url);

	pthread_once(&program.once, compile_all);
	return map_get(program.compiled, (struct text){ key, (size_t)len });
}
