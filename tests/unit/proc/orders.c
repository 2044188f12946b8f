/* What the keeper does with orders, good and bad, without a socket. */
#include "proc/orders.h"
#include "proc/package/jobs.h"

#include <unistd.h>

#include "backend/recording.h"
#include "plan/access/accounts.h"
#include "plan/access/ssh.h"
#include "plan/network/network.h"
#include "plan/ruleset/wire.h"
#include "proc/capture/captures.h"
#include "test.h"
#include "wire/bulk.h"
#include "wire/feed.h"
#include "wire/links.h"
#include "wire/sealed.h"

static struct recording    recording;
static struct answer       answer;
static struct announcement announced;
static unsigned            announcements;

static struct packages *packages; /* nothing is begun */

static void
count_announcement(void *self, const struct announcement *said)
{
	(void)self;
	announced = *said;
	announcements++;
}

static struct post
new_post(bool greeted)
{
	recording_clear(&recording);
	recording = (struct recording){ 0 };
	announcements = 0;
	return (struct post){
		.apply = APPLY_NONE, .build = TEXT("build"), .greeted = greeted,
		.backends = recording_backends(&recording), .announce = count_announcement,
		.packages = packages ? packages : (packages = packages_new(NULL, NULL, false)),
	};
}

static bool
obey(struct post *post, unsigned number, struct text body, int *fds, size_t nfds)
{
	struct reader in = { .left = body, .fds = fds, .nfds = nfds };

	answer.result = RESULT_DONE;
	writer_init(&answer.body);
	return order_obey(post, number, &in, &answer);
}

/* A rule set with one table in it. */
static struct text
some_rules(struct buffer *out)
{
	const struct ruleset_set set = {
		.name = "a_lockout_4", .type = SET_IPV4, .dynamic = true, .counted = true, .timeout = 3600, .size = 100, .hash = 1,
	};

	ruleset_encode(out, &(struct ruleset){ .sets = &set, .nsets = 1 }, NULL);
	return buffer_text(out);
}

static void
load_rules(struct post *post)
{
	scoped_buffer rules = BUFFER_NONE;
	int           fds[] = { sealed_new("rules", some_rules(&rules)) };

	CHECK(obey(post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_DONE);
}

/* From a network to port 443. */
static const struct state_filter web = {
	.source = { { FAMILY_INET, { 192, 0, 2, 0 } }, 24 }, .destination_port = 443,
};

/* A body for each order that has one. */
static const struct writer *
good_body(unsigned number)
{
	static struct writer body;

	writer_init(&body);
	switch (number) {
	case ORDER_HELLO:
		put_string(&body, "build");
		break;
	case ORDER_READY:
		put_string(&body, "https://127.0.0.1:1/");
		for (int i = 0; i < 4; i++)
			put_string(&body, "credential");
		break;
	case ORDER_LOG_LEVEL:
		put_u32(&body, LOG_LEVEL_INFO);
		break;
	case ORDER_TABLE:
		put_string(&body, "a_lockout_4");
		put_u32(&body, 10);
		break;
	case ORDER_CHANGE_TABLE:
		put_string(&body, "a_lockout_4");
		put_u32(&body, 60);
		put_bool(&body, false);
		put_text(&body, TEXT_NONE);
		put_text(&body, (struct text){ "\xc0\0\2\1", 4 });
		break;
	case ORDER_FLUSH_TABLE:
	case ORDER_COUNT_TABLE:
		put_string(&body, "a_lockout_4");
		break;
	case ORDER_STATES:
		put_state_filter(&body, &web);
		put_u32(&body, 10);
		break;
	case ORDER_KILL_STATES:
		put_bool(&body, false);
		put_state_filter(&body, &web);
		break;
	case ORDER_SET_IDENTITY:
		put_string(&body, "gate");
		put_string(&body, "lab.example");
		put_u32(&body, 1);
		put_address(&body, &web.source.address);
		break;
	case ORDER_CAPTURE:
		put_string(&body, "em0");
		put_bool(&body, true);
		put_u32(&body, 100);
		put_u32(&body, 5);
		put_text(&body, TEXT_NONE);
		break;
	case ORDER_STOP_CAPTURE:
		put_u32(&body, 1);
		break;
	case ORDER_PROBE_SOCKET:
		put_u32(&body, PROBE_SOCKET_ICMP);
		put_u8(&body, FAMILY_INET);
		put_address(&body, &web.source.address);
		put_u16(&body, 0);
		break;
	case ORDER_WAKE:
		put_string(&body, "em0");
		for (uint8_t i = 0; i < 6; i++)
			put_u8(&body, i);
		put_address(&body, &web.source.address);
		put_address(&body, &web.source.address);
		break;
	case ORDER_DELETE_ROUTE:
		put_prefix(&body, &web.source);
		put_address(&body, &web.source.address);
		put_u32(&body, 1);
		break;
	case ORDER_SET_SSH:
		put_bool(&body, true);
		put_u16(&body, 22);
		put_u32(&body, SSH_KEY);
		put_bool(&body, false);
		put_bool(&body, false);
		put_u32(&body, 1);
		put_address(&body, &web.source.address);
		break;
	case ORDER_READ_SYSTEM:
		put_u32(&body, SYSTEM_MEMORY);
		break;
	case ORDER_FEED:
		put_u32(&body, FEED_LINES);
		put_u64(&body, 0);
		break;
	case ORDER_LACKING_LINKS:
		put_u32(&body, 1U << LINK_VLAN);
		put_u32(&body, 1U << LINK_GRE | 1U << LINK_TUNNEL);
		break;
	case ORDER_FORGET_NEIGHBOURS:
		put_address(&body, &web.source.address);
		break;
	case ORDER_PACKAGE_STATUS:
		put_bool(&body, true);
		put_bool(&body, false);
		break;
	case ORDER_POWER:
		put_bool(&body, true);
		break;
	default:
		break;
	}
	return &body;
}

static const unsigned without_fds[] = {
	ORDER_HELLO, ORDER_READY, ORDER_LOG_LEVEL, ORDER_STATUS, ORDER_LINKS, ORDER_TABLES, ORDER_TABLE, ORDER_CHANGE_TABLE,
	ORDER_FLUSH_TABLE, ORDER_COUNT_TABLE, ORDER_COUNT_RULES, ORDER_STATES, ORDER_COUNT_STATES, ORDER_KILL_STATES, ORDER_ROUTES,
	ORDER_NEIGHBOURS, ORDER_LACKING_LINKS, ORDER_FORGET_NEIGHBOURS, ORDER_SET_IDENTITY, ORDER_READ_SYSTEM, ORDER_FEED, ORDER_PACKAGE_STATUS,
	ORDER_POWER, ORDER_SET_SSH, ORDER_WAKE,
};

TEST(good_orders_are_obeyed)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		struct post post = new_post(without_fds[i] != ORDER_HELLO);

		/* All but hello and ready are about a filter. */
		if (without_fds[i] > ORDER_LOG_LEVEL)
			load_rules(&post);
		CHECK(obey(&post, without_fds[i], writer_text(good_body(without_fds[i])), NULL, 0));
		CHECK_NUMBER(answer.result, RESULT_DONE);
		writer_clear(&answer.body);
		writer_clear(&answer.body);
	}
}

TEST(a_truncated_order_is_refused_at_every_length)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		const struct text whole = writer_text(good_body(without_fds[i]));

		for (size_t n = 0; n < whole.len; n++) {
			struct post post = new_post(without_fds[i] != ORDER_HELLO);

			CHECK(!obey(&post, without_fds[i], text_first(whole, n), NULL, 0));
			CHECK(announcements == 0);
		}
	}
}

TEST(commands_of_clients_are_refused_unless_allowed)
{
	struct post   post = new_post(true);
	struct writer body;

	writer_init(&body);
	put_string(&body, "id");
	CHECK(obey(&post, ORDER_COMMAND, writer_text(&body), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_REFUSED);
	post.command_limit = 1;
	CHECK(obey(&post, ORDER_COMMAND, writer_text(&body), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_UNAVAILABLE);
	CHECK(!obey(&post, ORDER_COMMAND, text_first(writer_text(&body), 5), NULL, 0));
	writer_init(&body);
	put_text(&body, (struct text){ "i\0d", 3 });
	CHECK(!obey(&post, ORDER_COMMAND, writer_text(&body), NULL, 0));
	writer_init(&body);
	put_string(&body, "");
	CHECK(!obey(&post, ORDER_COMMAND, writer_text(&body), NULL, 0));
}

TEST(an_order_with_something_left_over_is_refused)
{
	for (size_t i = 0; i < COUNT(without_fds); i++) {
		struct post   post = new_post(without_fds[i] != ORDER_HELLO);
		struct writer body = *good_body(without_fds[i]);
		int           fds[] = { -1 };

		CHECK(!obey(&post, without_fds[i], writer_text(&body), fds, 1));
		put_u8(&body, 0);
		CHECK(!obey(&post, without_fds[i], writer_text(&body), NULL, 0));
	}
}

static bool
kill_by_id(struct post *post, struct text ids)
{
	int fds[] = { sealed_new("ids", ids) };

	return obey(post, ORDER_KILL_STATES_BY_ID, TEXT_NONE, fds, 1);
}

TEST(connections_are_killed_by_ids_that_ascend)
{
	struct post post = new_post(true);

	for (uint32_t id = 1; id <= 3; id++)
		recording_add_state(&recording, &(struct state){ .id = id });
	CHECK(!kill_by_id(&post, (struct text){ "\2\0\0\0\1\0\0\0", 8 }));
	CHECK(!kill_by_id(&post, (struct text){ "\1\0\0\0\1\0\0\0", 8 }));
	CHECK(!kill_by_id(&post, (struct text){ "\1\0\0\0\0", 5 }));
	CHECK_NUMBER(recording.nstates, 3);
	CHECK(kill_by_id(&post, (struct text){ "\1\0\0\0\3\0\0\0\7\0\0\0", 12 }));
	struct reader in = reader_of(writer_text(&answer.body));

	CHECK_NUMBER(get_u64(&in), 2);
	CHECK_NUMBER(recording.nstates, 1);
	recording_clear(&recording);
}

TEST(a_route_that_is_not_there_is_missing)
{
	struct post       post = new_post(true);
	const struct text whole = writer_text(good_body(ORDER_DELETE_ROUTE));

	for (size_t n = 0; n < whole.len; n++)
		CHECK(!obey(&post, ORDER_DELETE_ROUTE, text_first(whole, n), NULL, 0));
	CHECK(obey(&post, ORDER_DELETE_ROUTE, whole, NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_MISSING);
}

static unsigned
running(struct post *post)
{
	struct reader in;

	CHECK(obey(post, ORDER_CAPTURES, TEXT_NONE, NULL, 0));
	in = reader_of(writer_text(&answer.body));
	return get_u32(&in);
}

TEST(captures_run_until_they_are_stopped_or_another_gate_comes)
{
	struct post       post = new_post(true);
	struct children   children = { NULL };
	const struct text whole = writer_text(good_body(ORDER_CAPTURE));

	post.captures = captures_new(&children, -1);
	for (size_t n = 0; n < whole.len; n++)
		CHECK(!obey(&post, ORDER_CAPTURE, text_first(whole, n), NULL, 0));
	CHECK_NUMBER(running(&post), 0);
	for (unsigned i = 1; i <= CAPTURES_MAX + 1; i++) {
		writer_clear(&answer.body);
		CHECK(obey(&post, ORDER_CAPTURE, whole, NULL, 0));
		CHECK_NUMBER(answer.result, i <= CAPTURES_MAX ? RESULT_DONE : RESULT_TOO_BIG);
	}
	writer_clear(&answer.body);
	CHECK_NUMBER(running(&post), CAPTURES_MAX);
	CHECK(obey(&post, ORDER_STOP_CAPTURE, writer_text(good_body(ORDER_STOP_CAPTURE)), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(running(&post), CAPTURES_MAX - 1);
	CHECK(obey(&post, ORDER_STOP_CAPTURE, writer_text(good_body(ORDER_STOP_CAPTURE)), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_MISSING);
	post.greeted = false;
	CHECK(obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
	writer_clear(&answer.body);
	CHECK_NUMBER(running(&post), 0);
	captures_free(post.captures);
}

TEST(a_socket_for_probes_is_of_one_family)
{
	struct post       post = new_post(true);
	const struct text whole = writer_text(good_body(ORDER_PROBE_SOCKET));
	struct writer     body;

	for (size_t n = 0; n < whole.len; n++)
		CHECK(!obey(&post, ORDER_PROBE_SOCKET, text_first(whole, n), NULL, 0));
	CHECK(obey(&post, ORDER_PROBE_SOCKET, whole, NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_UNAVAILABLE);
	for (unsigned family = 0; family < 9; family += 3) {
		writer_init(&body);
		put_u32(&body, PROBE_SOCKET_TCP);
		put_u8(&body, (uint8_t)family);
		put_address(&body, &web.source.address);
		put_u16(&body, 0);
		CHECK(!obey(&post, ORDER_PROBE_SOCKET, writer_text(&body), NULL, 0));
	}
}

TEST(files_of_the_kernel_come_as_they_are)
{
	struct post   post = new_post(true);
	struct reader in;
	struct text   text;

	CHECK(obey(&post, ORDER_READ_SYSTEM, writer_text(good_body(ORDER_READ_SYSTEM)), NULL, 0));
	in = (struct reader){ .fds = answer.body.fds, .nfds = answer.body.nfds };
	CHECK(sealed_map(answer.body.fds[0], SYSTEM_FILE_MAX, &text));
	CHECK(text_starts(text, TEXT("MemTotal:")) && in.nfds == 1);
	sealed_unmap(&text);
	writer_clear(&answer.body);
	for (unsigned file = 0; file < SYSTEM_FILES; file++) {
		struct writer body;

		writer_init(&body);
		put_u32(&body, file);
		CHECK(obey(&post, ORDER_READ_SYSTEM, writer_text(&body), NULL, 0));
		CHECK(answer.result == RESULT_DONE || answer.result == RESULT_UNAVAILABLE);
		writer_clear(&answer.body);
	}
}

TEST(unknown_orders_are_refused)
{
	struct post post = new_post(true);

	CHECK(!obey(&post, ORDER_NONE, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, ORDER_COUNT, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, UINT32_MAX, TEXT_NONE, NULL, 0));
}

TEST(nothing_is_obeyed_before_hello_and_hello_is_said_once)
{
	struct post post = new_post(false);

	post.backends.lacks = 5;
	CHECK(!obey(&post, ORDER_STATUS, TEXT_NONE, NULL, 0));
	CHECK(obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
	struct reader in = reader_of(writer_text(&answer.body));

	CHECK_NUMBER(get_u32(&in), post.apply);
	CHECK_NUMBER(get_u32(&in), 5);
	CHECK(got_all(&in));
	CHECK(obey(&post, ORDER_STATUS, TEXT_NONE, NULL, 0));
	CHECK(!obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
}

TEST(another_build_is_not_greeted)
{
	struct post post = new_post(false);

	post.build = TEXT("other");
	CHECK(obey(&post, ORDER_HELLO, writer_text(good_body(ORDER_HELLO)), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_CONFLICT);
	CHECK(!post.greeted);
}

TEST(readiness_is_announced_as_it_was_said)
{
	struct post post = new_post(true);

	CHECK(obey(&post, ORDER_READY, writer_text(good_body(ORDER_READY)), NULL, 0));
	CHECK_NUMBER(announcements, 1);
	CHECK(text_is(announced.url, "https://127.0.0.1:1/") && text_is(announced.secret, "credential"));
}

TEST(rules_reach_the_backend)
{
	struct post   post = new_post(true);
	scoped_buffer rules = BUFFER_NONE;
	int           fds[] = { sealed_new("rules", some_rules(&rules)) };

	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(recording.rules_loaded, 1);
	CHECK(text_equal(buffer_text(&recording.rules), buffer_text(&rules)));
	CHECK_NUMBER(fds[0], -1);
	recording_clear(&recording);
}

TEST(a_refusal_of_the_backend_comes_back_with_its_reason)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("x")) };

	recording.answer = RESULT_FAILED;
	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_FAILED);

	struct reader in = reader_of(writer_text(&answer.body));

	CHECK(text_is(get_text(&in, ORDER_MESSAGE_MAX), "told to refuse") && got_all(&in));
}

TEST(rules_in_memory_that_can_change_are_refused)
{
	struct post post = new_post(true);
	int         fds[] = { dup(STDIN_FILENO) };

	CHECK(!obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(recording.rules_loaded, 0);
}

TEST(a_network_reaches_the_backend_and_a_malformed_one_does_not)
{
	struct post   post = new_post(true);
	scoped_buffer plan = BUFFER_NONE;
	const struct network_link link = { .name = "em0", .parent = "", .master = "", .up = true };

	network_encode(&plan, &(struct network){ .has_links = true, .links = &link, .nlinks = 1 });
	CHECK(obey(&post, ORDER_LOAD_NETWORK, TEXT_NONE, (int[]){ sealed_new("network", buffer_text(&plan)) }, 1));
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(recording.networks_loaded, 1);
	CHECK(text_equal(buffer_text(&recording.network), buffer_text(&plan)));
	buffer_add_byte(&plan, 0);
	CHECK(obey(&post, ORDER_LOAD_NETWORK, TEXT_NONE, (int[]){ sealed_new("network", buffer_text(&plan)) }, 1));
	CHECK_NUMBER(answer.result, RESULT_INVALID);
	CHECK_NUMBER(recording.networks_loaded, 1);
	CHECK(!obey(&post, ORDER_LOAD_NETWORK, TEXT_NONE, (int[]){ dup(STDIN_FILENO) }, 1));
	recording_clear(&recording);
}

TEST(a_name_that_no_machine_can_have_is_refused)
{
	static const char *const names[][2] = { { "a b", "" }, { "a.b", "" }, { "-a", "" }, { "a\n", "" }, { "a", "x y" },
						{ "a", "x\nnameserver 6.6.6.6" }, { "a", "x..y" }, { "a", "." }, { "a", "x." } };
	struct writer body;

	for (size_t i = 0; i < COUNT(names); i++) {
		struct post post = new_post(true);

		writer_init(&body);
		put_string(&body, names[i][0]);
		put_string(&body, names[i][1]);
		put_u32(&body, 0);
		CHECK(!obey(&post, ORDER_SET_IDENTITY, writer_text(&body), NULL, 0));
		CHECK_STRING(recording.identity.host, "");
	}
}

TEST(links_come_as_sealed_memory)
{
	struct post   post = new_post(true);
	scoped_arena  arena = arena_new();
	scoped_sealed bytes = TEXT_NONE;
	struct links  links;

	CHECK(obey(&post, ORDER_LINKS, TEXT_NONE, NULL, 0));
	CHECK(answer.body.nfds == 1 && sealed_map(answer.body.fds[0], LINKS_BYTES_MAX, &bytes));
	CHECK(links_decode(arena, bytes, &links));
	CHECK(links.n == 4);
	CHECK_STRING(links.links[3].name, "em3");
	writer_clear(&answer.body);
}

TEST(malformed_rules_are_refused_and_change_nothing)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("no rules")) };

	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_INVALID);
	CHECK_NUMBER(recording.rules_loaded, 0);
	recording_clear(&recording);
}

/* What a sealed answer says; unmapped by the caller. */
static struct text
answered(struct text *mapped)
{
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(answer.body.nfds, 1);
	CHECK(sealed_map(answer.body.fds[0], TABLE_KEYS_MAX, mapped));
	return *mapped;
}

static uint64_t
count_in_table(struct post *post)
{
	scoped_sealed     mapped = TEXT_NONE;
	struct table_keys keys = { 0 };

	CHECK(obey(post, ORDER_TABLE, writer_text(good_body(ORDER_TABLE)), NULL, 0));
	CHECK(table_keys_decode(answered(&mapped), &keys));
	writer_clear(&answer.body);
	return keys.count;
}

TEST(an_address_is_put_into_a_table_found_there_and_flushed)
{
	struct post post = new_post(true);

	load_rules(&post);
	CHECK_NUMBER(count_in_table(&post), 0);
	CHECK(obey(&post, ORDER_CHANGE_TABLE, writer_text(good_body(ORDER_CHANGE_TABLE)), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_DONE);
	CHECK_NUMBER(count_in_table(&post), 1);
	load_rules(&post);
	CHECK_NUMBER(count_in_table(&post), 1);
	CHECK(obey(&post, ORDER_FLUSH_TABLE, writer_text(good_body(ORDER_FLUSH_TABLE)), NULL, 0));
	CHECK_NUMBER(count_in_table(&post), 0);
	recording_clear(&recording);
}

TEST(what_is_not_in_a_table_cannot_be_deleted)
{
	struct post   post = new_post(true);
	struct writer body;

	load_rules(&post);
	writer_init(&body);
	put_string(&body, "a_lockout_4");
	put_u32(&body, 0);
	put_bool(&body, false);
	put_text(&body, (struct text){ "\xc0\0\2\1", 4 });
	put_text(&body, TEXT_NONE);
	CHECK(obey(&post, ORDER_CHANGE_TABLE, writer_text(&body), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_MISSING);
	recording_clear(&recording);
}

TEST(half_a_key_is_refused)
{
	struct post   post = new_post(true);
	struct writer body;

	load_rules(&post);
	writer_init(&body);
	put_string(&body, "a_lockout_4");
	put_u32(&body, 0);
	put_bool(&body, false);
	put_text(&body, TEXT_NONE);
	put_text(&body, TEXT("abc"));
	CHECK(obey(&post, ORDER_CHANGE_TABLE, writer_text(&body), NULL, 0));
	CHECK_NUMBER(answer.result, RESULT_INVALID);
	recording_clear(&recording);
}

TEST(names_that_no_set_has_are_refused)
{
	static const char *const names[] = { "", "a b", "a\nb", "x;y", "../a" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct post   post = new_post(true);
		struct writer body;

		writer_init(&body);
		put_string(&body, names[i]);
		CHECK(!obey(&post, ORDER_FLUSH_TABLE, writer_text(&body), NULL, 0));
	}
}

TEST(all_connections_are_killed_only_when_it_is_said)
{
	static const struct state one = {
		.mark = 7, .protocol = 6, .source = { { FAMILY_INET, { 192, 0, 2, 9 } }, 40000 },
		.destination = { { FAMILY_INET, { 198, 51, 100, 1 } }, 443 },
	};
	const struct state_filter none = { 0 };
	struct post               post = new_post(true);
	struct writer             body;

	recording_add_state(&recording, &one);
	recording_add_state(&recording, &one);
	writer_init(&body);
	put_bool(&body, false);
	put_state_filter(&body, &none);
	CHECK(!obey(&post, ORDER_KILL_STATES, writer_text(&body), NULL, 0));
	CHECK_NUMBER(recording.nstates, 2);
	writer_init(&body);
	put_bool(&body, true);
	put_state_filter(&body, &none);
	CHECK(obey(&post, ORDER_KILL_STATES, writer_text(&body), NULL, 0));
	CHECK_NUMBER(recording.nstates, 0);
	recording_clear(&recording);
}

TEST(connections_are_listed_and_killed_by_their_ends)
{
	static const struct state states[] = {
		{ .protocol = 6, .source = { { FAMILY_INET, { 192, 0, 2, 9 } }, 40000 },
		  .destination = { { FAMILY_INET, { 198, 51, 100, 1 } }, 443 } },
		{ .protocol = 6, .source = { { FAMILY_INET, { 192, 0, 2, 9 } }, 40000 },
		  .destination = { { FAMILY_INET, { 198, 51, 100, 1 } }, 22 } },
		{ .protocol = 6, .source = { { FAMILY_INET, { 10, 0, 0, 9 } }, 40000 },
		  .destination = { { FAMILY_INET, { 198, 51, 100, 1 } }, 443 } },
	};
	struct post   post = new_post(true);
	scoped_arena  arena = arena_new();
	scoped_sealed mapped = TEXT_NONE;
	struct states got;

	for (size_t i = 0; i < COUNT(states); i++)
		recording_add_state(&recording, &states[i]);
	CHECK(obey(&post, ORDER_STATES, writer_text(good_body(ORDER_STATES)), NULL, 0));
	CHECK(states_decode(arena, answered(&mapped), &got));
	writer_clear(&answer.body);
	CHECK(got.n == 1 && got.total == 1 && got.states[0].destination.port == 443);
	CHECK(obey(&post, ORDER_KILL_STATES, writer_text(good_body(ORDER_KILL_STATES)), NULL, 0));
	CHECK_NUMBER(recording.nstates, 2);
	recording_clear(&recording);
}

TEST(a_missing_backend_is_said_honestly)
{
	struct post post = new_post(true);
	int         fds[] = { sealed_new("rules", TEXT("x")) };

	post.backends.load_rules = NULL;
	CHECK(obey(&post, ORDER_LOAD_RULES, TEXT_NONE, fds, 1));
	CHECK_NUMBER(answer.result, RESULT_UNAVAILABLE);
}

RUN(cmocka_unit_test(good_orders_are_obeyed),
    cmocka_unit_test(a_truncated_order_is_refused_at_every_length),
    cmocka_unit_test(commands_of_clients_are_refused_unless_allowed),
    cmocka_unit_test(an_order_with_something_left_over_is_refused),
    cmocka_unit_test(connections_are_killed_by_ids_that_ascend),
    cmocka_unit_test(a_route_that_is_not_there_is_missing),
    cmocka_unit_test(captures_run_until_they_are_stopped_or_another_gate_comes),
    cmocka_unit_test(a_socket_for_probes_is_of_one_family),
    cmocka_unit_test(files_of_the_kernel_come_as_they_are),
    cmocka_unit_test(unknown_orders_are_refused),
    cmocka_unit_test(nothing_is_obeyed_before_hello_and_hello_is_said_once),
    cmocka_unit_test(another_build_is_not_greeted),
    cmocka_unit_test(readiness_is_announced_as_it_was_said),
    cmocka_unit_test(rules_reach_the_backend),
    cmocka_unit_test(a_refusal_of_the_backend_comes_back_with_its_reason),
    cmocka_unit_test(rules_in_memory_that_can_change_are_refused),
    cmocka_unit_test(a_network_reaches_the_backend_and_a_malformed_one_does_not),
    cmocka_unit_test(a_name_that_no_machine_can_have_is_refused),
    cmocka_unit_test(links_come_as_sealed_memory),
    cmocka_unit_test(malformed_rules_are_refused_and_change_nothing),
    cmocka_unit_test(an_address_is_put_into_a_table_found_there_and_flushed),
    cmocka_unit_test(what_is_not_in_a_table_cannot_be_deleted),
    cmocka_unit_test(half_a_key_is_refused),
    cmocka_unit_test(names_that_no_set_has_are_refused),
    cmocka_unit_test(all_connections_are_killed_only_when_it_is_said),
    cmocka_unit_test(connections_are_listed_and_killed_by_their_ends),
    cmocka_unit_test(a_missing_backend_is_said_honestly));
