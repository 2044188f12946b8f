/*
 * Every check of every operation of the pfSense API: a request that trips it, the code and status it must give, that
 * nothing changes, and that the first of two is the answer.
 *
 * The steps of the foreign client (tests/vectors/pfsense/client.json) lead through all operations with requests that
 * pass. Before each, its members are taken away and given other values, those that the operation's own expressions
 * name first, until every code was met. What no request of this kind meets stands in unmet.txt, with the reason.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/map.h"
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/openapi/members.h"
#include "dialect/pfsense/program.h"
#include "dialect/pfsense/serve.h"
#include "json/write.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

#define WORDS_MAX 160
#define FOUND_MAX 2048
#define TRIES_MAX      300 /* for one code, in all */
#define TRIES_SLOW_MAX 60  /* where each takes a hash or a key */

static const char *vectors;

/* What members are given beside what the tables say. JSON. */
static const char *const pool[] = {
	"\"\"", "\"!\"", "\" \"", "\"x x\"", "-1", "0", "1", "2", "3", "7", "16", "100", "65536", "1e300", "0.5", "true", "false", "[]",
	"{}", "[\"!\"]", "[{}]", "[1]", "\"1.2.3.4\"", "\"10.0.0.0/8\"", "\"::1\"", "\"2001:db8::/64\"", "\"any\"", "\"wan\"", "\"lan\"",
	"\"opt1\"", "\"em0\"", "\"em9\"", "\"(self)\"", "\"!(self)\"", "\"nobody\"", "\"a.example.com\"", "\"00:11:22:33:44:55\"",
	"\"12/31/2040\"", "\"1/1/2001\"", "\"9:00-8:00\"", "\"9:07-9:30\"", "\"25:00-26:00\"", "\"1,2\"", "\"13\"", "\"32,33\"", "\"100\"", "\"1Mb\"",
	"\"192.168.1.10\"", "\"192.168.1.1\"", "\"203.0.113.2\"", "\"203.0.113.2/24\"", "\"_vip1\"", "\"pppoe\"", "\"80:70\"", "\"70000\"",
	"\"RFC1918\"", "\"HTTP_PORTS\"", "\"dns_servers\"", "\"admins\"", "\"admin\"", "\"page-all\"", "\"em0.1\"", "\"<>\"", "\"a/b\"",
	"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
};

static struct box_test box;
static struct value   *saved;
static struct arena   *own; /* of one step */

/* A request that met a code. */
struct found {
	const struct operation *operation;
	unsigned                code;
	size_t                  step;   /* the first with that code */
	const char             *member;
	struct value           *body, *change; /* change: the member alone, at its top */
};
static struct found found[FOUND_MAX];
static size_t       nfound;

/* How often a code was tried for: by operation, then by step. */
static struct map *tried;
static struct map *unmet; /* the lines of unmet.txt: "POST firewall/alias 4050" */

struct tries {
	unsigned count[512];
};

/* --- asking ------------------------------------------------------------------------------------------------------- */

static struct text
json_of(struct arena *arena, const struct value *value)
{
	scoped_buffer out = BUFFER_NONE;

	json_value(&(struct json){ .out = &out }, value);
	return text_of(arena_copy(arena, buffer_text(&out)));
}

static const struct value *
send(struct arena *arena, enum method method, const char *url, const struct value *body, unsigned *status)
{
	struct ask    what = { method, arena_print(arena, "/api/v1/%s", url), { { "Authorization", box.authorization } } };
	struct value *reply = NULL;

	if (body) {
		what.headers[1][0] = "Content-Type";
		what.headers[1][1] = "application/json";
		what.body = json_of(arena, body);
	}
	const struct answer answer = harness_ask(box.harness, arena, &pfsense_dialect, &what);

	if (json_read(arena, answer.body, NULL, &reply, NULL) != RESULT_DONE)
		fail_msg("%s %.*s: %.*s", url, TEXT_ARGS(what.body), TEXT_ARGS(answer.body));
	*status = answer.status;
	return reply;
}

static size_t
revisions(void)
{
	struct history history = { 0 };

	store_revisions(harness_store(box.harness), own, 0, 0, &history);
	return history.total;
}

/* --- bodies --------------------------------------------------------------------------------------------------------- */

/* Put a value, or nothing, where a step's member is: "a", "a.b", "a[]", "a[].b". */
static void
put_at(struct value *body, const char *path, struct value *value)
{
	struct text rest = text_of(path), name = text_until(&rest, '.');
	const bool  many = text_ends(name, TEXT("[]"));

	if (many)
		name.len -= 2;
	if (!rest.len) {
		struct value *list = value_list(own);

		if (many && value)
			value_add(own, list, value);
		if (value)
			value_set_text(own, body, name, many ? list : value);
		else
			value_remove(body, arena_copy(own, name));
		return;
	}
	struct value *inner = value_get_text(body, name);

	if (many) {
		if (!value_is(inner, VALUE_LIST)) {
			inner = value_list(own);
			value_set_text(own, body, name, inner);
		}
		if (inner->count == 0)
			value_add(own, inner, value_object(own));
		inner = inner->members[0].value;
	} else if (!value_is(inner, VALUE_OBJECT)) {
		inner = value_object(own);
		value_set_text(own, body, name, inner);
	}
	if (value_is(inner, VALUE_OBJECT))
		put_at(inner, arena_copy(own, rest), value);
}

static struct value *
changed(const struct value *base, const char *path, const struct value *value)
{
	struct value *body = base ? value_copy(own, base) : value_object(own);

	put_at(body, path, value ? value_copy(own, value) : NULL);
	return body;
}

/* --- what to try ---------------------------------------------------------------------------------------------------- */

struct words {
	struct value *word[WORDS_MAX];
	size_t        count;
};

static void
add_word(struct words *words, struct value *value)
{
	for (size_t i = 0; i < words->count; i++)
		if (value_equal(words->word[i], value))
			return;
	if (value && words->count < WORDS_MAX)
		words->word[words->count++] = value;
}

/* All literals of an expression; a number also with its neighbours. */
static void
add_literals(struct words *words, const struct node *node)
{
	if (!node)
		return;
	if (node->kind == NODE_LITERAL) {
		add_word(words, node->value);
		if (value_is(node->value, VALUE_INTEGER)) {
			add_word(words, value_integer(own, node->value->integer - 1));
			add_word(words, value_integer(own, node->value->integer + 1));
		}
	}
	for (size_t i = 0; i < node->nkids; i++)
		add_literals(words, node->kids[i]);
}

static void
add_pool(struct words *words)
{
	for (size_t i = 0; i < value_count(saved); i++)
		add_word(words, saved->members[i].value);
	for (size_t i = 0; i < COUNT(pool); i++) {
		struct value *value = NULL;

		json_read(own, text_of(pool[i]), NULL, &value, NULL);
		add_word(words, value);
	}
}

/* Does the expression speak of it, as a member, or of what became of it? */
static bool
speaks_of(const char *expression, const char *member)
{
	const size_t len = strlen(member);

	for (const char *at = expression; at && (at = strstr(at, member)); at += len) {
		const char before = at == expression ? ' ' : at[-1], after = at[len];

		if (!strchr("abcdefghijklmnopqrstuvwxyz_-0123456789", before) && !strchr("abcdefghijklmnopqrstuvwxyz_-0123456789", after))
			return true;
	}
	return false;
}

/* --- trying --------------------------------------------------------------------------------------------------------- */

static struct found *
find_found(const struct operation *operation, unsigned code)
{
	for (size_t i = 0; i < nfound; i++)
		if (found[i].operation == operation && found[i].code == code)
			return &found[i];
	return NULL;
}

static size_t
step_of(const struct operation *operation, unsigned code)
{
	for (size_t i = 0; operation->steps && !is_last(&operation->steps[i]); i++)
		if (operation->steps[i].kind == DO_CHECK && operation->steps[i].code == code)
			return i;
	return SIZE_MAX;
}

/* Send it for its checks alone, and keep it when it meets a code for the first time. Gives the code. */
static unsigned
try(const struct operation *operation, struct value *body, const char *member, const struct value *value)
{
	scoped_arena  arena = arena_new();
	struct value *asked = value_copy(arena, body);
	unsigned      status;

	value_set(arena, asked, "_action_bypass", value_bool(arena, true));
	/* A key of any valid length is made before the checks; the longest take minutes. */
	if (value_is(value_get(asked, "keylen"), VALUE_INTEGER) && value_get(asked, "keylen")->integer > 1024)
		value_set(arena, asked, "keylen", value_integer(arena, 1024));
	const struct value *reply = send(arena, operation->method, operation->url, asked, &status);
	const unsigned      code = (unsigned)value_get(reply, "return")->integer;

	if (status != code_find(code)->http || code_find(code)->number != code)
		fail_msg("%s: code %u with status %u", operation_id(own, operation), code, status);
	if (code == 15 || find_found(operation, code))
		return code;
	if (step_of(operation, code) == SIZE_MAX) {
		for (const struct task *step = operation->steps; step && !is_last(step); step++)
			if (step->call)
				return code;
		fail_msg("%s: code %u is none of its own: %.*s", operation_id(own, operation), code,
			 TEXT_ARGS(json_of(own, body)));
	}
	CHECK(nfound < FOUND_MAX);
	struct value *change = value_object(own);

	if (value)
		put_at(change, member, value_copy(own, value));
	found[nfound++] = (struct found){ operation, code, step_of(operation, code), arena_copy(box.arena, text_of(member)),
					  value_copy(box.arena, body), value_copy(box.arena, change) };
	return code;
}

/* Is it worth going on? Counts. */
static bool
goes_on(const struct operation *operation, unsigned code)
{
	const struct text id = text_of(operation_id(box.arena, operation));
	struct tries     *tries = map_get(tried, id);
	const size_t      at = step_of(operation, code);

	if (map_get(unmet, text_of(arena_print(own, "%.*s %u", TEXT_ARGS(id), code))))
		return false;
	if (!tries)
		map_set(tried, id, tries = ARENA_MAKE(box.arena, struct tries, 1));
	CHECK(at < COUNT(tries->count));
	return !find_found(operation, code) && tries->count[at]++ < (operation->flags & (HASHES | MAKES_KEY) ? TRIES_SLOW_MAX : TRIES_MAX);
}

static void
try_values(const struct operation *operation, const struct value *base, const char *member, const struct words *words,
	   unsigned code)
{
	try(operation, changed(base, member, NULL), member, NULL);
	for (size_t i = 0; i < words->count && goes_on(operation, code); i++)
		try(operation, changed(base, member, words->word[i]), member, words->word[i]);
}

/* A check that is for certain requests only: the members that its condition speaks of are given what it says of them. */
static void
try_conditions(const struct operation *operation, const struct value *base, const struct task *step,
	       const struct node *when, const struct words *words)
{
	const char *last = "";

	for (const struct task *other = operation->steps; !is_last(other) && goes_on(operation, step->code); other++) {
		struct words literals = { .count = 0 };

		if (!other->member || !step->when || strcmp(other->member, last) == 0 ||
		    (step->member && strcmp(other->member, step->member) == 0) || !speaks_of(step->when, other->member))
			continue;
		last = other->member;
		add_literals(&literals, when);
		add_word(&literals, value_bool(own, true));
		add_word(&literals, value_bool(own, false));
		for (size_t i = 0; i < literals.count && goes_on(operation, step->code); i++) {
			const struct value *with = changed(base, other->member, literals.word[i]);

			try(operation, value_copy(own, with), other->member, literals.word[i]);
			if (step->member)
				try_values(operation, with, step->member, words, step->code);
		}
	}
}

static void
try_checks(const struct operation *operation, const struct value *base)
{
	const struct compiled *compiled = compiled_of(operation);

	/* One that is refused as it is leads no further. */
	if (try(operation, base ? value_copy(own, base) : value_object(own), "", NULL) != 15)
		return;

	for (size_t i = 0; operation->steps && !is_last(&operation->steps[i]); i++) {
		const struct task *step = &operation->steps[i];
		struct words       words = { .count = 0 };

		if (step->kind != DO_CHECK || find_found(operation, step->code))
			continue;
		add_literals(&words, compiled->steps[i].when);
		add_pool(&words);
		if (step->member)
			try_values(operation, base, step->member, &words, step->code);
		try_conditions(operation, base, step, compiled->steps[i].when, &words);
	}
}

/* --- the steps of the client ---------------------------------------------------------------------------------------- */

static struct value *
filled(const struct value *value)
{
	struct value *copy;

	if (value_is(value, VALUE_TEXT) && value->text.len > 1 && value->text.ptr[0] == '$') {
		const struct value *one = value_get_text(saved, text_after(value->text, 1));

		return one ? value_copy(own, one) : value_null(own);
	}
	copy = value_copy(own, value);
	for (size_t i = 0; i < value_count(copy); i++)
		copy->members[i].value = filled(copy->members[i].value);
	return copy;
}

static void
save(const struct value *names, const struct value *reply)
{
	for (size_t i = 0; i < value_count(names); i++) {
		const struct value *one = value_path(reply, arena_copy(own, names->members[i].value->text));

		if (one)
			value_set_text(box.arena, saved, names->members[i].name, value_copy(box.arena, one));
	}
}

/* Where two members are wrong, the one that is looked at first is the answer. */
static void
check_order(const struct found *first, const struct found *second)
{
	const struct operation *operation = first->operation;
	const struct text       member = text_of(second->member);
	const char             *top = arena_copy(own, text_first(member, strcspn(second->member, ".[")));
	struct value           *body = value_copy(own, first->body);
	unsigned                status;

	if (second->operation != operation || first->step >= second->step || !value_count(second->change))
		return;
	for (size_t i = 0; i <= first->step; i++) {
		const struct task *step = &operation->steps[i];

		if (step->call || speaks_of(step->member ? step->member : "", top) || speaks_of(step->when ? step->when : "", top) ||
		    speaks_of(step->value ? step->value : "", top))
			return;
	}
	for (size_t i = 0; i < second->change->count; i++)
		value_set_text(own, body, second->change->members[i].name, second->change->members[i].value);
	value_set(own, body, "_action_bypass", value_bool(own, true));
	const int64_t code = value_get(send(own, operation->method, operation->url, body, &status), "return")->integer;

	if (code != first->code)
		fail_msg("%s: %lld, not %u: %.*s", operation_id(own, operation), (long long)code, first->code,
			 TEXT_ARGS(json_of(own, body)));
}

/* What was met just now, asked for in earnest: refused all the same, and nothing is left of it. */
static void
refuse_in_earnest(size_t from)
{
	const size_t before = revisions();
	unsigned     status;

	for (size_t i = from; i < nfound; i++) {
		const struct operation *operation = found[i].operation;
		const int64_t           code =
			value_get(send(own, operation->method, operation->url, found[i].body, &status), "return")->integer;

		if (code != found[i].code)
			fail_msg("%s: %lld in earnest, not %u", operation_id(own, operation), (long long)code, found[i].code);
		for (size_t k = from; k < nfound; k++)
			check_order(&found[i], &found[k]);
	}
	if (revisions() != before)
		fail_msg("something refused was kept");
}

static void
do_step(const struct value *step)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = { { "GET", METHOD_GET }, { "POST", METHOD_POST }, { "PUT", METHOD_PUT }, { "DELETE", METHOD_DELETE } };
	struct text   url = value_at(step, 0)->text, verb = text_until(&url, ' ');
	struct value *body = value_at(step, 1) ? filled(value_at(step, 1)) : NULL;
	enum method   method = METHOD_GET;
	unsigned      status;
	bool          known;

	for (size_t i = 0; i < COUNT(methods); i++)
		if (text_is(verb, methods[i].name))
			method = methods[i].method;
	struct text                   rest = url;
	const struct operation *const operation = operation_find(text_until(&rest, '?'), method, &known);

	CHECK(operation);
	if (value_is(body, VALUE_NULL))
		body = NULL;
	const size_t from = nfound;

	if (body || operation->steps)
		try_checks(operation, body);
	refuse_in_earnest(from);
	save(value_at(step, 3), send(own, method, arena_copy(own, url), body, &status));
}

static struct value *
read_steps(void)
{
	const char   *path = arena_print(box.arena, "%s/pfsense/client.json", vectors);
	FILE         *file = fopen(path, "re");
	scoped_buffer text = BUFFER_NONE;
	struct value *groups = NULL;
	char          piece[65536];
	size_t        got;

	assert_non_null(file);
	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		buffer_add(&text, (struct text){ piece, got });
	fclose(file);
	CHECK_NUMBER(json_read(box.arena, buffer_text(&text), NULL, &groups, NULL), RESULT_DONE);
	return groups;
}

/* "POST firewall/alias 4050 why" */
static void
read_unmet(void)
{
	FILE *file = fopen(arena_print(box.arena, "%s/pfsense/unmet.txt", vectors), "re");
	char  line[512];

	assert_non_null(file);
	unmet = map_make(box.arena);
	while (fgets(line, sizeof(line), file)) {
		struct text rest = text_trim(text_of(line));

		if (!rest.len || rest.ptr[0] == '#')
			continue;
		const struct text verb = text_until(&rest, ' '), url = text_until(&rest, ' '), code = text_until(&rest, ' ');

		if (!rest.len)
			fail_msg("unmet.txt: no reason: %s", line);
		map_set(unmet, text_of(arena_print(box.arena, "%.*s %.*s %.*s", TEXT_ARGS(verb), TEXT_ARGS(url), TEXT_ARGS(code))),
			unmet);
	}
	fclose(file);
}

static void
compare_unmet(void)
{
	size_t wrong = 0, met = 0;

	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			for (const struct task *step = operation->steps; step && !is_last(step); step++) {
				const char *line = arena_print(box.arena, "%s %u", operation_id(box.arena, operation), step->code);

				if (step->kind != DO_CHECK || step_of(operation, step->code) != (size_t)(step - operation->steps))
					continue;
				const bool is_met = find_found(operation, step->code), is_excused = map_get(unmet, text_of(line));

				met += is_met;
				if (is_met == is_excused)
					printf("%s: %s (%s: %s)\n", is_met ? "met, but in unmet.txt" : "never met", line,
					       step->member ? step->member : "", step->when ? step->when : "");
				wrong += is_met == is_excused;
			}
	printf("%zu codes met, %zu excused\n", met, map_count(unmet));
	CHECK_NUMBER(wrong, 0);
}

TEST(every_check_is_met_and_changes_nothing)
{
	const struct value *groups;

	box = box_make();
	harness_box(box.harness, "arp.list", "[]");
	harness_change(box.harness, collection_where(snapshot_named(harness_snapshot(box.harness), "interfaces.interface"),
						     "identifier", TEXT("wan")), "type6", "dhcp6");
	saved = value_object(box.arena);
	tried = map_make(box.arena);
	read_unmet();
	groups = read_steps();
	for (size_t g = 0; g < value_count(groups); g++) {
		const struct value *steps = value_get(value_at(groups, g), "steps");

		for (size_t i = 0; i < value_count(steps); i++) {
			own = arena_new();
			do_step(value_at(steps, i));
			arena_free(own);
		}
	}
	compare_unmet();
	box_free(&box);
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_check_is_met_and_changes_nothing) };

	if (argc < 2)
		return 2;
	vectors = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
