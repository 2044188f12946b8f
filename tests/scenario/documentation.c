/* /api/documentation: who may read, and that it is whole without anything from elsewhere. */
#include <stdio.h>

#include "dialect/pfsense/openapi/packed.h"
#include "dialect/pfsense/openapi/page.h"
#include "scenario/pfsense_setup.h"
#include "test.h"

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

static struct answer
visit(enum method method, const char *page)
{
	struct ask what = { method, arena_print(box.arena, "/api/documentation%s", page) };

	if (box.authorization) {
		what.headers[0][0] = "Authorization";
		what.headers[0][1] = box.authorization;
	}
	return harness_ask(box.harness, box.arena, &documentation, &what);
}

TEST(nobody_reads_without_a_password)
{
	static const char *const pages[] = { "", "/", "/openapi.json", "/start.js", "/swagger-ui-bundle.js", "/nope" };

	for (size_t i = 0; i < COUNT(pages); i++) {
		box.authorization = NULL;
		const struct answer answer = visit(METHOD_GET, pages[i]);

		CHECK_NUMBER(answer.status, 401);
		assert_non_null(answer_header(&answer, "WWW-Authenticate"));
		box.authorization = "Basic YWRtaW46d3Jvbmc=";
		CHECK_NUMBER(visit(METHOD_GET, pages[i]).status, 401);
	}
}

TEST(visitors_without_the_privilege_are_sent_home)
{
	harness_put(box.harness, "auth.user", NULL, "uid", "2000", "name", "bob", "password",
		    secret_hash(box.arena, "secret"), "priv", "page-firewall-aliases", NULL);
	box.authorization = "Basic Ym9iOnNlY3JldA==";
	struct answer answer = visit(METHOD_GET, "/");

	CHECK_NUMBER(answer.status, 302);
	CHECK_STRING(answer_header(&answer, "Location"), "/");
	harness_put(box.harness, "auth.user", NULL, "uid", "2001", "name", "ann", "password",
		    secret_hash(box.arena, "secret"), "priv", "page-system-api", NULL);
	box.authorization = "Basic YW5uOnNlY3JldA==";
	CHECK_NUMBER(visit(METHOD_GET, "/").status, 200);
}

TEST(failed_logins_are_counted)
{
	unsigned status = 0;

	harness_box(box.harness, "lockout.add", "true");
	box.authorization = "Basic YWRtaW46d3Jvbmc=";
	for (size_t i = 0; i < 3; i++)
		status = visit(METHOD_GET, "/").status;
	CHECK_NUMBER(status, 401);
	CHECK(harness_asked(box.harness, "lockout.add"));
}

TEST(the_page_needs_nothing_from_elsewhere)
{
	struct answer answer = visit(METHOD_GET, "");

	CHECK_STRING(answer_header(&answer, "Location"), "/api/documentation/");
	answer = visit(METHOD_GET, "/");
	CHECK_NUMBER(answer.status, 200);
	CHECK(text_starts(text_of(answer.type), TEXT("text/html")));
	CHECK(!text_contains(answer.body, TEXT("://")));
	CHECK(text_contains(text_of(answer_header(&answer, "Content-Security-Policy")), TEXT("default-src 'none'")));
	answer = visit(METHOD_GET, "/start.js");
	CHECK(text_contains(answer.body, TEXT("validatorUrl: null")));
}

TEST(the_description_is_served)
{
	const struct answer answer = visit(METHOD_GET, "/openapi.json");
	struct value       *document = NULL;

	CHECK_NUMBER(answer.status, 200);
	CHECK_STRING(answer.type, "application/json");
	CHECK_NUMBER(json_read(box.arena, answer.body, NULL, &document, NULL), RESULT_DONE);
	CHECK(text_is(value_get(document, "openapi")->text, "3.1.0"));
	CHECK_NUMBER(value_count(value_get(document, "paths")), 125);
}

/* With the viewer every file that the page names is there; without it the page says what is missing. */
TEST(the_viewer_is_packed_in_or_said_to_be_missing)
{
	const struct answer page = visit(METHOD_GET, "/");

	if (!packed_files[0].name) {
		printf("SKIPPED in part: built without npm's swagger-ui-dist (script/bootstrap installs it)\n");
		CHECK(text_contains(page.body, TEXT("swagger-ui-dist was not there")));
		CHECK_NUMBER(visit(METHOD_GET, "/swagger-ui-bundle.js").status, 404);
		return;
	}
	for (const struct packed *packed = packed_files; packed->name; packed++) {
		const char         *name = arena_print(box.arena, "/%s", packed->name);
		const struct answer answer = visit(METHOD_GET, name);
		struct ask          again = { METHOD_GET, arena_print(box.arena, "/api/documentation%s", name),
					      { { "Authorization", box.authorization },
						{ "If-None-Match", answer_header(&answer, "ETag") } } };

		CHECK_NUMBER(answer.status, 200);
		CHECK(answer.body.len > 0);
		CHECK_NUMBER(harness_ask(box.harness, box.arena, &documentation, &again).status, 304);
	}
	CHECK(text_contains(page.body, TEXT("swagger-ui-bundle.js")));
	CHECK(text_contains(visit(METHOD_GET, "/swagger-ui-bundle.js").body, TEXT("SwaggerUIBundle")));
}

TEST(it_is_only_to_be_read)
{
	CHECK_NUMBER(visit(METHOD_POST, "/").status, 405);
	CHECK_NUMBER(visit(METHOD_DELETE, "/openapi.json").status, 405);
	CHECK_NUMBER(visit(METHOD_GET, "/../v1/user").status, 404);
}

RUN(cmocka_unit_test_setup_teardown(nobody_reads_without_a_password, set_up, tear_down),
    cmocka_unit_test_setup_teardown(visitors_without_the_privilege_are_sent_home, set_up, tear_down),
    cmocka_unit_test_setup_teardown(failed_logins_are_counted, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_page_needs_nothing_from_elsewhere, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_description_is_served, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_viewer_is_packed_in_or_said_to_be_missing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(it_is_only_to_be_read, set_up, tear_down));
