/* Settings of the kernel follow the configuration, where they are the sandbox's own and nowhere else. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define CAT "/usr/bin/cat"
#define TTL "/proc/sys/net/ipv4/ip_default_ttl"

static struct box *box;

/* Of the whole machine; nothing here may change them. */
static const char *const shared[] = { "vm/swappiness", "net/core/rmem_max", "net/netfilter/nf_conntrack_max", "fs/file-max",
				      "kernel/core_pattern", "kernel/panic", "kernel/hostname" };
static const char *before[COUNT(shared) + 1];

static const char *
inside(const char *path)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, CAT, path);
	return arena_copy(box->arena, text_trim(buffer_text(&out)));
}

static const char *
here(const char *path)
{
	char      bytes[4096];
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t   n = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes));

	if (fd >= 0)
		close(fd);
	return arena_copy(box->arena, (struct text){ bytes, n > 0 ? (size_t)n : 0 });
}

static const char *
add(const char *name, const char *value)
{
	const struct value *said = must_post(box->client, box->arena, "/api/core/tunables/add_item",
					     arena_print(box->arena, "{\"sysctl\":{\"tunable\":\"%s\",\"value\":\"%s\"}}", name, value));

	CHECK_STRING(at(box->arena, said, "result"), "saved");
	return at(box->arena, said, "uuid");
}

static struct value *
reconfigure(void)
{
	return must_post(box->client, box->arena, "/api/core/tunables/reconfigure", "{}");
}

static void
take_away(const char *uuid)
{
	must_post(box->client, box->arena, arena_print(box->arena, "/api/core/tunables/del_item/%s", uuid), "{}");
}

TEST(a_tunable_is_set_and_gets_back_what_it_had)
{
	const char *old = inside(TTL), *uuid = add("net.ipv4.ip_default_ttl", "77");

	CHECK_STRING(at(box->arena, reconfigure(), "status"), "ok");
	CHECK_STRING(inside(TTL), "77");
	take_away(uuid);
	CHECK_STRING(at(box->arena, reconfigure(), "status"), "ok");
	CHECK_STRING(inside(TTL), old);
}

/* By the names that the BSDs have, in both dialects, with what they mean by them. */
TEST(names_of_the_bsds_are_understood)
{
	const char *one = add("net.inet.tcp.keepidle", "120000");

	must(box->client, box->arena, "POST", "/api/v1/system/tunable", "{\"tunable\":\"net.inet.icmp.bmcastecho\",\"value\":\"1\"}");
	CHECK_STRING(inside("/proc/sys/net/ipv4/tcp_keepalive_time"), "120");
	CHECK_STRING(inside("/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts"), "0");
	take_away(one);
	must(box->client, box->arena, "DELETE", "/api/v1/system/tunable?id=net.inet.icmp.bmcastecho", NULL);
	CHECK_STRING(inside("/proc/sys/net/ipv4/tcp_keepalive_time"), "7200");
	CHECK_STRING(inside("/proc/sys/net/ipv4/icmp_echo_ignore_broadcasts"), "1");
}

/* What is the whole machine's, what runs programs and what is none at all. The others are set all the same. */
TEST(what_is_not_ours_is_refused_by_name)
{
	static const char *const bad[][2] = {
		{ "vm.swappiness", "11" }, { "net.core.rmem_max", "1000000" }, { "net.netfilter.nf_conntrack_max", "5000" },
		{ "fs.file-max", "100000" }, { "kernel.core_pattern", "|/bin/sh" }, { "kernel.panic", "7" }, { "kernel.hostname", "evil" },
		{ "net.inet.ip.random_id", "1" }, { "net.ipv4.no_such_thing", "1" }, { "../../etc/passwd", "x" },
		{ "net/../kernel/panic", "7" }, { "net.ipv4", "1" }, { "net.ipv4.ip_default_ttl", "70000" },
	};
	const char *good = add("net.ipv4.tcp_syncookies", "2"), *uuids[COUNT(bad)];

	for (size_t i = 0; i < COUNT(bad); i++)
		uuids[i] = add(bad[i][0], bad[i][1]);
	const struct value *said = reconfigure();

	CHECK_STRING(at(box->arena, said, "status"), "failed");
	CHECK_STRING(inside("/proc/sys/net/ipv4/tcp_syncookies"), "2");
	CHECK_STRING(inside(TTL), "64");
	CHECK(strstr(at(box->arena, said, "message"), "vm/swappiness: it belongs to the whole machine") != NULL);
	CHECK(strstr(at(box->arena, said, "message"), "net.inet.ip.random_id: Linux has nothing like it") != NULL);
	CHECK(strstr(at(box->arena, said, "message"), "net/ipv4/no_such_thing: the kernel has none here") != NULL);
	CHECK(strstr(at(box->arena, said, "message"), "net/ipv4/ip_default_ttl: the kernel does not take this value") != NULL);
	for (size_t i = 0; i < COUNT(bad); i++)
		take_away(uuids[i]);
	take_away(good);
	CHECK_STRING(at(box->arena, reconfigure(), "status"), "ok");
}

TEST(a_value_is_one_value)
{
	const char *uuid = add("net.ipv4.ip_default_ttl", "70\\n1");

	CHECK_STRING(at(box->arena, reconfigure(), "status"), "failed");
	CHECK_STRING(inside(TTL), "64");
	take_away(uuid);
}

TEST(a_reset_leaves_none)
{
	add("net.ipv4.ip_default_ttl", "99");
	CHECK_STRING(at(box->arena, reconfigure(), "status"), "ok");
	CHECK_STRING(at(box->arena, must_post(box->client, box->arena, "/api/core/tunables/reset", "{}"), "status"), "ok");
	CHECK_STRING(at(box->arena, reconfigure(), "status"), "ok");
	CHECK_STRING(inside(TTL), "64");
}

TEST(the_machine_is_as_it_was)
{
	for (size_t i = 0; i < COUNT(shared); i++)
		CHECK_STRING(here(arena_print(box->arena, "/proc/sys/%s", shared[i])), before[i]);
	CHECK_STRING(here(TTL), before[COUNT(shared)]);
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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tunable_is_set_and_gets_back_what_it_had), cmocka_unit_test(names_of_the_bsds_are_understood),
		cmocka_unit_test(what_is_not_ours_is_refused_by_name), cmocka_unit_test(a_value_is_one_value),
		cmocka_unit_test(a_reset_leaves_none), cmocka_unit_test(the_machine_is_as_it_was),
	};

	instance_programs(argc, argv);
	box_need(CAT, NULL);
	box = box_new();
	for (size_t i = 0; i < COUNT(shared); i++)
		before[i] = here(arena_print(box->arena, "/proc/sys/%s", shared[i]));
	before[COUNT(shared)] = here(TTL);
	return cmocka_run_group_tests(tests, NULL, end);
}
