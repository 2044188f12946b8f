/*
 * The kernel refuses what is applied, because the table belongs to somebody else: whoever asked is told, and a gate that
 * starts afterwards makes of the box what was in force, not what was refused.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define NFT      "/usr/sbin/nft"
#define PATIENCE 10000 /* ms */

static struct box *box;

static const char *
add_rule(const char *port)
{
	const char *body = arena_print(box->arena, "{\"rule\":{\"enabled\":\"1\",\"interface\":\"wan\",\"direction\":\"in\","
		"\"protocol\":\"TCP\",\"destination_port\":\"%s\"}}", port);
	const char *uuid = at(box->arena, must_post(box->client, box->arena, "/api/firewall/filter/add_rule", body), "uuid");

	CHECK(*uuid != '\0');
	return uuid;
}

static bool
is_applied(void)
{
	const struct answer said = post(box->client, box->arena, "/api/firewall/filter/apply", "{}");

	return said.status == 200 && strcmp(at(box->arena, said.json, "status"), "OK\n\n") == 0;
}

static bool
kernel_says(const char *text)
{
	scoped_buffer out = BUFFER_NONE;

	return BOX_RUN(box, INSIDE, &out, NFT, "list", "table", "inet", "drawbridge") == 0 && strstr(buffer_string(&out), text);
}

static bool
becomes(const char *text)
{
	const int64_t until = milliseconds() + PATIENCE;

	while (!kernel_says(text) && milliseconds() < until)
		wait_a_little(20);
	return kernel_says(text);
}

/* --- somebody else ---------------------------------------------------------------------------------- */

/* A program that has the table for itself until its input ends. */
static struct {
	int       ends[2];
	pthread_t thread;
} owner;

static void
be_owner(void *context)
{
	(void)context;
	if (dup2(owner.ends[0], STDIN_FILENO) == STDIN_FILENO)
		execl(NFT, NFT, "-i", NULL);
}

static void *
run_owner(void *context)
{
	box_call(box, INSIDE, be_owner, context);
	return NULL;
}

static void
take_table(void)
{
	static const char commands[] = "delete table inet drawbridge\nadd table inet drawbridge { flags owner; }\n";

	CHECK(pipe2(owner.ends, O_CLOEXEC) == 0);
	CHECK(pthread_create(&owner.thread, NULL, run_owner, NULL) == 0);
	CHECK(write(owner.ends[1], commands, strlen(commands)) == (ssize_t)strlen(commands));
	CHECK(becomes("flags owner"));
}

static void
leave_table(void)
{
	close(owner.ends[1]);
	pthread_join(owner.thread, NULL);
	close(owner.ends[0]);
}

/* ---------------------------------------------------------------------------------------------------- */

static void
crash(void)
{
	const pid_t   gate = instance_gate(box->instance);
	const int64_t until = milliseconds() + PATIENCE;

	CHECK(gate > 0 && kill(gate, SIGKILL) == 0);
	while (get(box->client, box->arena, "/api/core/firmware/running").status != 200 || instance_gate(box->instance) == gate)
		if (milliseconds() > until)
			fail_msg("no gate after its crash");
		else
			wait_a_little(20);
}

TEST(what_the_kernel_refused_is_not_what_the_next_gate_applies)
{
	const char *first = add_rule("1001");

	CHECK(is_applied());
	CHECK(kernel_says(first));
	const char *second = add_rule("1002");

	take_table();
	CHECK(!is_applied());
	leave_table();
	crash();
	CHECK(becomes(first));
	CHECK(!kernel_says(second));
	/* Nobody is in the way any more. */
	CHECK(is_applied());
	CHECK(kernel_says(second));
	const char *third = add_rule("1003");

	crash();
	CHECK(becomes(second));
	CHECK(!kernel_says(third));
}

static int
end(void **state)
{
	(void)state;
	box_free(box);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_the_kernel_refused_is_not_what_the_next_gate_applies) };

	instance_programs(argc, argv);
	box_need(NFT, NULL);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	box = box_new();
	return cmocka_run_group_tests(tests, NULL, end);
}
