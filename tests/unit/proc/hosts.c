/* Hosts are told apart by link, hardware and address, bounded, and come back from what was kept. */
#include "proc/record/hosts.h"

#include <stdio.h>
#include <string.h>

#include "test.h"

static struct host
host_of(const char *device, const char *address, uint8_t mac, int64_t first, int64_t last)
{
	struct host host = { .mac = { 2, 0, 0, 0, 0, mac }, .first = first, .last = last };

	snprintf(host.device, sizeof(host.device), "%s", device);
	CHECK(address_read(text_of(address), &host.address));
	return host;
}

static bool
see(struct hosts *hosts, const char *device, const char *address, uint8_t mac, int64_t first, int64_t last)
{
	const struct host host = host_of(device, address, mac, first, last);

	return hosts_see(hosts, &host);
}

TEST(each_link_hardware_and_address_is_one)
{
	struct hosts *hosts = hosts_new();

	CHECK(see(hosts, "em0", "192.0.2.1", 1, 100, 100));
	CHECK(!see(hosts, "em0", "192.0.2.1", 1, 200, 200));
	CHECK(see(hosts, "em1", "192.0.2.1", 1, 200, 200));
	CHECK(see(hosts, "em0", "192.0.2.1", 2, 200, 200));
	CHECK(see(hosts, "em0", "192.0.2.2", 1, 200, 200));
	CHECK(see(hosts, "em0", "2001:db8::1", 1, 200, 200));
	CHECK_NUMBER(hosts_count(hosts), 5);
	CHECK_NUMBER(hosts_at(hosts, 0)->first, 100);
	CHECK_NUMBER(hosts_at(hosts, 0)->last, 200);
	hosts_free(hosts);
}

/* The kernel calls a new entry old; one that is seen again was not seen earlier than before. */
TEST(times_only_move_on)
{
	struct hosts *hosts = hosts_new();

	CHECK(see(hosts, "em0", "192.0.2.1", 1, 100, 40));
	CHECK_NUMBER(hosts_at(hosts, 0)->last, 100);
	CHECK(!see(hosts, "em0", "192.0.2.1", 1, 110, 50));
	CHECK_NUMBER(hosts_at(hosts, 0)->last, 100);
	hosts_free(hosts);
}

TEST(those_not_seen_for_long_are_forgotten)
{
	struct hosts *hosts = hosts_new();

	CHECK(see(hosts, "em0", "192.0.2.1", 1, 100, 100) && see(hosts, "em0", "192.0.2.2", 1, 100, 300));
	CHECK(see(hosts, "em0", "2001:db8::1", 1, 100, 100));
	CHECK_NUMBER(hosts_expire(hosts, FAMILY_INET, 200), 1);
	CHECK_NUMBER(hosts_count(hosts), 2);
	CHECK(!see(hosts, "em0", "192.0.2.2", 1, 300, 300) && !see(hosts, "em0", "2001:db8::1", 1, 300, 300));
	CHECK(see(hosts, "em0", "192.0.2.1", 1, 300, 300));
	CHECK_NUMBER(hosts_at(hosts, 2)->first, 300);
	hosts_free(hosts);
}

TEST(there_are_never_more_than_the_limit)
{
	struct hosts *hosts = hosts_new();

	for (unsigned i = 0; i < HOSTS_MAX; i++) {
		struct host host = host_of("em0", "10.0.0.0", 1, 1000 + i, 1000 + i);

		host.address.bytes[1] = (uint8_t)(i >> 16);
		host.address.bytes[2] = (uint8_t)(i >> 8);
		host.address.bytes[3] = (uint8_t)i;
		CHECK(hosts_see(hosts, &host));
	}
	CHECK_NUMBER(hosts_count(hosts), HOSTS_MAX);
	CHECK(!see(hosts, "em0", "10.0.0.0", 1, 1000, 1000));
	CHECK(see(hosts, "em0", "192.0.2.1", 1, 100, 100));
	CHECK(hosts_count(hosts) < HOSTS_MAX);
	/* The oldest went, the newest is there. */
	CHECK(!see(hosts, "em0", "10.0.255.255", 1, 1, 1));
	CHECK(see(hosts, "em0", "10.0.0.0", 1, 2000, 2000));
	hosts_free(hosts);
}

TEST(what_was_kept_comes_back)
{
	struct hosts *hosts = hosts_new(), *again = hosts_new();
	scoped_buffer text = BUFFER_NONE, second = BUFFER_NONE;

	CHECK(see(hosts, "em0", "192.0.2.1", 1, 100, 150) && see(hosts, "em0.100", "2001:db8::1", 255, 200, 250));
	hosts_write(hosts, &text);
	CHECK_STRING(buffer_string(&text), "drawbridge-hosts-1\nem0 192.0.2.1 02:00:00:00:00:01 100 150\n"
					   "em0.100 2001:db8::1 02:00:00:00:00:ff 200 250\n");
	hosts_read(again, buffer_text(&text));
	hosts_write(again, &second);
	CHECK_STRING(buffer_string(&second), buffer_string(&text));
	hosts_free(hosts);
	hosts_free(again);
}

TEST(what_is_torn_or_wrong_is_passed_over)
{
	static const char *const lines[] = {
		"em0", "em0 192.0.2.1", "em0 192.0.2.1 02:00:00:00:00:01", "em0 192.0.2.1 02:00:00:00:00:01 1", "em0 192.0.2.1 02:00:00:00:00:01 2 1",
		"em0 192.0.2.1 02:00:00:00:00:0 1 1", "em0 192.0.2.1 02-00-00-00-00-01 1 1", "em0 192.0.2 02:00:00:00:00:01 1 1",
		"em0123456789abcdefg 192.0.2.1 02:00:00:00:00:01 1 1", "em0 192.0.2.1 02:00:00:00:00:01 1 1 1", "em0 192.0.2.1 02:00:00:00:00:01 -1 1",
		"\xff\xfe", "",
	};
	struct hosts *hosts = hosts_new();
	scoped_buffer text = BUFFER_NONE;

	hosts_read(hosts, TEXT("em0 192.0.2.1 02:00:00:00:00:01 1 1\n"));
	CHECK_NUMBER(hosts_count(hosts), 0);
	buffer_add_string(&text, "drawbridge-hosts-1\n");
	for (size_t i = 0; i < COUNT(lines); i++)
		buffer_print(&text, "%s\n", lines[i]);
	buffer_add_string(&text, "em0 192.0.2.9 02:00:00:00:00:01 1 1");
	hosts_read(hosts, buffer_text(&text));
	CHECK_NUMBER(hosts_count(hosts), 1);
	hosts_free(hosts);
}

RUN(cmocka_unit_test(each_link_hardware_and_address_is_one), cmocka_unit_test(times_only_move_on),
    cmocka_unit_test(those_not_seen_for_long_are_forgotten), cmocka_unit_test(there_are_never_more_than_the_limit),
    cmocka_unit_test(what_was_kept_comes_back), cmocka_unit_test(what_is_torn_or_wrong_is_passed_over));
