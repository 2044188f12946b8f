/* Packages of the machine under the names that this API gives them, and what becomes of a job on them. */
#include "scenario/pfsense_setup.h"
#include "test.h"

#define NMAP "{'name':'pfSense-pkg-nmap'}"
#define JQ   "{'name':'pfSense-pkg-jq'}"

static struct box_test box;

static void
say_job(const char *state, const char *log)
{
	harness_box(box.harness, "packages.status",
		    arena_print(box.arena, "{\"state\":\"%s\",\"action\":\"install\",\"began\":1,\"log\":\"***GOT REQUEST***\\n%s\\n***DONE***\\n\"}",
				state, log));
}

TEST(what_is_installed_is_listed_with_what_there_is_to_upgrade)
{
	const struct value *list = ask(&box, "GET", "system/package", NULL);

	CHECK_STRING(text_at(&box, list, "0.name"), "pfSense-pkg-jq");
	CHECK_STRING(text_at(&box, list, "0.version"), "1.7");
	CHECK_STRING(text_at(&box, list, "0.installed_version"), "1.6");
	CHECK_STRING(text_at(&box, list, "0.descr"), "JSON processor");
	CHECK(value_path(list, "data.0.update_available")->truth && value_path(list, "data.0.installed")->truth);
	CHECK_STRING(text_at(&box, list, "1.version"), "5.9");
	CHECK(!value_path(list, "data.1.update_available")->truth);
	/* "all" is no filter, other members are. */
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "system/package?all=true", NULL), "data")), 2);
	CHECK_NUMBER(value_count(value_get(ask(&box, "GET", "system/package?name=pfSense-pkg-zsh", NULL), "data")), 1);
}

TEST(a_package_is_installed_when_the_job_says_so)
{
	harness_box(box.harness, "packages.start install", "true");
	say_job("done", "Setting up nmap");
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", NMAP), 0);
	say_job("failed", "There is no such package.");
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", NMAP), 1075);
	say_job("failed", "E: Unable to fetch some archives");
	const struct value *reply = ask(&box, "POST", "system/package", NMAP);

	CHECK_NUMBER(value_get(reply, "return")->integer, 1077);
	CHECK_STRING(value_as_string(box.arena, value_get(reply, "message")), "E: Unable to fetch some archives");
	CHECK_NUMBER(harness_asked(box.harness, "packages.start"), 3);
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", JQ), 1076);
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", "{}"), 1073);
	CHECK_NUMBER(harness_asked(box.harness, "packages.start"), 3);
}

TEST(a_package_is_removed_when_it_is_there)
{
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", NMAP), 1075);
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", "{'name':'jq'}"), 1074);
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", "{}"), 1073);
	CHECK_NUMBER(harness_asked(box.harness, "packages.start"), 0);
	harness_box(box.harness, "packages.start remove", "true");
	say_job("done", "Removing jq");
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", JQ), 0);
	say_job("failed", "E: held");
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", JQ), 1);
}

TEST(where_packages_are_not_ours_there_is_no_repository)
{
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", NMAP), 13);
	CHECK_NUMBER(ask_code(&box, "DELETE", "system/package", JQ), 1);
}

TEST(a_bypassed_request_begins_no_job)
{
	harness_box(box.harness, "packages.start install", "true");
	CHECK_NUMBER(ask_code(&box, "POST", "system/package", "{'name':'pfSense-pkg-nmap','_action_bypass':true}"), 15);
	CHECK_NUMBER(harness_asked(box.harness, "packages.start"), 0);
}

static int
set_up(void **state)
{
	(void)state;
	box = box_make();
	harness_box(box.harness, "packages.file installed",
		    "{\"text\":\"Package: jq\\nStatus: install ok installed\\nVersion: 1.6\\nDescription: JSON processor\\n\\n"
		    "Package: zsh\\nStatus: install ok installed\\nVersion: 5.9\\nDescription: shell\\n\"}");
	harness_box(box.harness, "packages.status check",
		    "{\"state\":\"done\",\"action\":\"check\",\"began\":1,\"log\":\"Inst jq [1.6] (1.7 Debian:12 [amd64])\\n\"}");
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	box_free(&box);
	return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN(CASE(what_is_installed_is_listed_with_what_there_is_to_upgrade), CASE(a_package_is_installed_when_the_job_says_so),
    CASE(a_package_is_removed_when_it_is_there), CASE(where_packages_are_not_ours_there_is_no_repository),
    CASE(a_bypassed_request_begins_no_job));
