/* All operations of the pfSense dialect, each with every privilege that any of them asks for. */
#include "auth/secret.h"
#include "dialect/pfsense/envelope.h"
#include "dialect/pfsense/operation.h"
#include "dialect/pfsense/serve.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

#define PRIVILEGES_MAX 256

static struct box_test box;

static int
set_up(void **state)
{
	(void)state;
	box = box_make();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_free(&box);
	return 0;
}

static const char *
method_word(enum method method)
{
	static const char *const words[] = {
		[METHOD_GET] = "GET",
		[METHOD_POST] = "POST",
		[METHOD_PUT] = "PUT",
		[METHOD_DELETE] = "DELETE",
	};

	return words[method];
}

/* Call for each operation. */
static void
each_operation(void (*visit)(const struct operation *))
{
	for (size_t i = 0; i < noperation_tables; i++)
		for (const struct operation *operation = operation_tables[i]; operation->url; operation++)
			visit(operation);
}

static int
try(const struct operation *operation, const char *body)
{
	return ask_code(&box, method_word(operation->method), operation->url, body);
}

/* --- privileges ---------------------------------------------------------------------------------------- */

struct holder {
	const char *privilege;
	const char *authorization;
};

static struct holder holders[PRIVILEGES_MAX];
static size_t        nholders;

static bool
lists(const char *privileges, const char *wanted)
{
	struct text rest = text_of(privileges), one;

	while (text_next(&rest, " ", &one))
		if (text_is(one, wanted))
			return true;
	return false;
}

static const char *field; /* what holders hold it in */

static void
add_holder(const char *privilege, const char *hash)
{
	const char *name = arena_print(box.arena, "holder%zu", nholders);
	const char *pair = arena_print(box.arena, "%s:secret", name);

	for (size_t i = 0; i < nholders; i++)
		if (strcmp(holders[i].privilege, privilege) == 0)
			return;
	CHECK(nholders < PRIVILEGES_MAX);
	harness_put(box.harness, "auth.user", NULL, "uid", arena_print(box.arena, "%zu", 3000 + nholders), "name", name,
		    "password", hash, field, privilege, NULL);
	holders[nholders++] = (struct holder){
		privilege, arena_print(box.arena, "Basic %s", base64_encode(box.arena, text_of(pair))) };
}

static void
collect(const struct operation *operation)
{
	static const char *hash;
	struct text        rest = text_of(operation->privileges), one;

	if (!hash || nholders == 0)
		hash = secret_hash(box.arena, "secret");
	while (text_next(&rest, " ", &one))
		add_holder(arena_copy(box.arena, one), hash);
}

static void
check_privileges(const struct operation *operation)
{
	if (operation->flags & FORCE_NONE)
		return;
	for (size_t i = 0; i < nholders; i++) {
		const bool may = operation->privileges[0] == '\0' || lists(operation->privileges, holders[i].privilege) ||
				 strcmp(holders[i].privilege, "page-all") == 0;

		box.authorization = holders[i].authorization;
		const int code = try(operation, "{'_action_bypass': true}");

		if ((code != 4) != may)
			fail_msg("%s %s with %s: %d", method_word(operation->method), operation->url,
				 holders[i].privilege, code);
	}
	box.authorization = NULL;
	CHECK_NUMBER(try(operation, "{'_action_bypass': true}"), 3);
}

TEST(each_privilege_opens_its_operations_and_no_others)
{
	field = "priv";
	nholders = 0;
	each_operation(collect);
	add_holder("no-such-privilege", secret_hash(box.arena, "secret"));
	assert_true(nholders > 50);
	each_operation(check_privileges);
}

/* Those that would open it, held for reads only. */
static void
check_reads(const struct operation *operation)
{
	const bool may = operation->method == METHOD_GET && !(operation->flags & SAVES);

	if (operation->flags & FORCE_NONE || operation->privileges[0] == '\0')
		return;
	for (size_t i = 0; i < nholders; i++) {
		if (!lists(operation->privileges, holders[i].privilege) && strcmp(holders[i].privilege, "page-all") != 0)
			continue;
		box.authorization = holders[i].authorization;
		const int code = try(operation, "{'_action_bypass': true}");

		if ((code != 4) != may)
			fail_msg("%s %s with %s for reads: %d", method_word(operation->method), operation->url,
				 holders[i].privilege, code);
	}
}

TEST(a_privilege_for_reads_opens_what_only_reads)
{
	field = "priv_readonly";
	nholders = 0;
	each_operation(collect);
	each_operation(check_reads);
}

/* --- every code ---------------------------------------------------------------------------------------------- */

static void
check_codes(const struct operation *operation)
{
	for (const struct task *task = operation->steps; task && (task->member || task->code || task->call || task->value);
	     task++)
		if (task->kind == DO_CHECK && code_find(task->code)->number != task->code)
			fail_msg("%s %s: %u is no return code", method_word(operation->method), operation->url, task->code);
}

TEST(every_check_has_a_code_of_the_catalogue)
{
	each_operation(check_codes);
}

/* Without members, as they are: a code and a status that belong together, and a list or object. */
static void
ask_plainly(const struct operation *operation)
{
	if (operation->method == METHOD_GET)
		try(operation, NULL);
	else
		try(operation, "{'_action_bypass': true}");
}

TEST(every_operation_answers_in_the_envelope)
{
	each_operation(ask_plainly);
}

RUN(cmocka_unit_test_setup_teardown(each_privilege_opens_its_operations_and_no_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_privilege_for_reads_opens_what_only_reads, set_up, tear_down),
    cmocka_unit_test(every_check_has_a_code_of_the_catalogue),
    cmocka_unit_test_setup_teardown(every_operation_answers_in_the_envelope, set_up, tear_down));
