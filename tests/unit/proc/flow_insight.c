/* Traffic over time: rings of spans, the largest of each, files that survive, and what is asked of them. */
#include "proc/flow/insight.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"

#define NOW 1764000000 /* seconds */

static char folder[] = "/tmp/drawbridge-insight-XXXXXX";
static int  state_fd;

/* --- archives ------------------------------------------------------------------------------------------ */

static const struct archive_shape small = { .step = 60, .spans = 4, .rows = 8 };

static struct flow_key
key_of(const char *device, uint16_t port)
{
	struct flow_key key = { .protocol = 6, .port = port };

	snprintf(key.device, sizeof(key.device), "%s", device);
	return key;
}

static void
put(struct archive *archive, const char *device, uint16_t port, uint64_t octets, int64_t time)
{
	const struct flow_key key = key_of(device, port);

	archive_add(archive, &key, octets, 1, time);
}

struct found {
	uint64_t octets, packets, named;
	size_t   rows;
	int64_t  first;
};

static void
find(void *self, int64_t start, const struct flow_row *row)
{
	struct found *found = self;

	found->octets += row->octets;
	found->packets += row->packets;
	found->named += row->key.port ? row->octets : 0;
	found->rows++;
	found->first = found->first ? found->first : start;
}

static struct found
read_all(struct archive *archive, int64_t now)
{
	struct found found = { 0 };

	archive_read(archive, 0, INT64_MAX / 2, now, find, &found);
	return found;
}

static int
copy_of(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

TEST(spans_are_kept_until_the_ring_is_full)
{
	struct archive *archive = archive_new(&small, memfd_create("test", MFD_CLOEXEC));

	for (int i = 0; i < 4; i++)
		put(archive, "em0", 80, 100, NOW + i * 60);
	CHECK_NUMBER(read_all(archive, NOW + 180).octets, 400);
	CHECK_NUMBER(read_all(archive, NOW + 180).first, NOW);
	put(archive, "em0", 80, 100, NOW + 240);
	CHECK_NUMBER(read_all(archive, NOW + 240).octets, 400);
	CHECK_NUMBER(read_all(archive, NOW + 240).first, NOW + 60);
	/* Long after, what is in the file is not of this round. */
	CHECK_NUMBER(read_all(archive, NOW + 240 + 86400).octets, 0);
	archive_free(archive);
}

TEST(what_comes_late_counts_in_the_span_under_way)
{
	struct archive *archive = archive_new(&small, -1);

	put(archive, "em0", 80, 100, NOW + 60);
	put(archive, "em0", 80, 11, NOW);
	CHECK_NUMBER(read_all(archive, NOW + 60).octets, 111);
	CHECK_NUMBER(read_all(archive, NOW + 60).rows, 1);
	archive_free(archive);
}

TEST(the_largest_stay_told_apart_however_many_there_are)
{
	const int       fd = memfd_create("test", MFD_CLOEXEC);
	struct archive *archive = archive_new(&small, copy_of(fd));
	struct found    found;

	for (unsigned i = 1; i <= 3; i++)
		put(archive, "em0", (uint16_t)i, 1000000, NOW);
	for (unsigned i = 10; i < 20000; i++)
		put(archive, i & 1 ? "em0" : "em1", (uint16_t)i, 1, NOW);
	for (unsigned i = 1; i <= 3; i++)
		put(archive, "em0", (uint16_t)i, 1000000, NOW);
	found = read_all(archive, NOW);
	CHECK(found.rows < small.rows * ARCHIVE_OPEN);
	CHECK_NUMBER(found.octets, 6000000 + 19990);
	CHECK(found.named >= 6000000);
	archive_free(archive);
	archive = archive_new(&small, fd);
	found = read_all(archive, NOW);
	CHECK(found.rows <= small.rows);
	CHECK_NUMBER(found.octets, 6000000 + 19990);
	CHECK_NUMBER(found.packets, 6 + 19990);
	CHECK(found.named >= 6000000);
	archive_free(archive);
}

TEST(more_interfaces_than_rows_are_added_up_without_names)
{
	struct archive *archive = archive_new(&small, memfd_create("test", MFD_CLOEXEC));

	for (int i = 0; i < 1000; i++) {
		char device[16];

		snprintf(device, sizeof(device), "em%d", i);
		put(archive, device, 80, 10, NOW);
	}
	put(archive, "em0", 80, 10, NOW + 60);
	CHECK_NUMBER(read_all(archive, NOW + 60).octets, 10010);
	CHECK(read_all(archive, NOW + 60).rows <= small.rows + 1);
	archive_free(archive);
}

TEST(a_span_goes_on_after_a_restart)
{
	const int       fd = memfd_create("test", MFD_CLOEXEC);
	struct archive *archive = archive_new(&small, copy_of(fd));

	put(archive, "em0", 80, 100, NOW);
	archive_free(archive);
	archive = archive_new(&small, copy_of(fd));
	CHECK_NUMBER(read_all(archive, NOW).octets, 100);
	put(archive, "em0", 80, 11, NOW + 1);
	CHECK_NUMBER(read_all(archive, NOW + 1).octets, 111);
	CHECK_NUMBER(read_all(archive, NOW + 1).rows, 1);
	archive_clear(archive);
	CHECK_NUMBER(read_all(archive, NOW + 1).rows, 0);
	archive_free(archive);
	close(fd);
}

/* Every byte of the file is changed, one at a time: what is read is what was written, or nothing. */
TEST(a_file_that_was_torn_or_changed_is_no_span)
{
	const int       fd = memfd_create("test", MFD_CLOEXEC);
	struct archive *archive = archive_new(&small, copy_of(fd));
	char            whole[400], byte;

	put(archive, "em0", 80, 100, NOW);
	put(archive, "em1", 81, 200, NOW);
	archive_free(archive);
	const off_t  place = (off_t)(NOW / 60 % 4 * (24 + 8 * 80));
	const ssize_t len = pread(fd, whole, sizeof(whole), place);

	CHECK(len > 80);
	for (ssize_t i = 0; i < len; i++) {
		byte = (char)(whole[i] ^ 0x55);
		CHECK_NUMBER(pwrite(fd, &byte, 1, place + i), 1);
		archive = archive_new(&small, copy_of(fd));
		CHECK_NUMBER(read_all(archive, NOW).octets, 0);
		archive_free(archive);
		CHECK_NUMBER(pwrite(fd, &whole[i], 1, place + i), 1);
	}
	CHECK_NUMBER(ftruncate(fd, place + len - 1), 0);
	archive = archive_new(&small, copy_of(fd));
	CHECK_NUMBER(read_all(archive, NOW).octets, 0);
	archive_free(archive);
	close(fd);
}

/* --- providers ------------------------------------------------------------------------------------------- */

static void
pass(struct insight *insight, const char *device, bool is_out, uint8_t host, uint16_t port, uint64_t octets, int64_t time)
{
	struct passing passing = { .is_out = is_out, .protocol = 6, .service = port,
				   .source = { { FAMILY_INET, { 10, 1, 0, host } }, 999 },
				   .destination = { { FAMILY_INET, { 192, 0, 2, 1 } }, port }, .packets = octets / 10,
				   .octets = octets, .last = time * 1000 };

	snprintf(passing.device, sizeof(passing.device), "%s", device);
	insight_add(insight, &passing);
}

static struct insight_query
about(const char *provider, const char *fields, unsigned resolution)
{
	return (struct insight_query){ provider, NOW - 3600, NOW + 3600, NOW + 3600, resolution, text_of(fields), TEXT_NONE };
}

static const char *
word(struct arena *arena, const struct value *said, const char *path)
{
	const char *text = value_as_string(arena, value_path(said, path));

	return text ? text : "";
}

TEST(the_largest_are_first_and_the_others_are_one)
{
	scoped_arena         arena = arena_new();
	struct insight      *insight = insight_new(-1);
	struct insight_query query = about("FlowSourceAddrTotals", "src_addr", 300);
	const struct value  *said;

	query.now = NOW + 10;
	pass(insight, "em0", false, 1, 80, 100, NOW);
	pass(insight, "em0", false, 2, 80, 300, NOW + 2);
	pass(insight, "em1", true, 2, 80, 50, NOW + 1);
	pass(insight, "em0", false, 3, 80, 20, NOW);
	said = insight_top(insight, arena, &query, false, 2);
	CHECK_NUMBER(value_count(said), 3);
	CHECK_STRING(word(arena, said, "0.src_addr"), "10.1.0.2");
	CHECK_STRING(word(arena, said, "0.total"), "350");
	CHECK_NUMBER(value_path(said, "0.last_seen")->integer, NOW + 2);
	CHECK_STRING(word(arena, said, "1.src_addr"), "10.1.0.1");
	CHECK_STRING(word(arena, said, "2.src_addr"), "");
	CHECK_STRING(word(arena, said, "2.total"), "20");
	query.filter = TEXT("if=em0,direction=in");
	CHECK_STRING(word(arena, insight_top(insight, arena, &query, true, 10), "0.total"), "30");
	query.filter = TEXT("if=em9");
	CHECK_NUMBER(value_count(insight_top(insight, arena, &query, false, 10)), 0);
	insight_free(insight);
}

TEST(nobody_is_told_what_no_provider_has)
{
	static const struct {
		const char *provider, *fields, *filter;
		unsigned    resolution;
	} wrong[] = {
		{ "FlowNobody", "if", "", 300 },
		{ "FlowDstPortTotals", "src_addr", "", 300 },
		{ "FlowDstPortTotals", "", "", 300 },
		{ "FlowDstPortTotals", "if", "src_addr=1", 300 },
		{ "FlowDstPortTotals", "if", "", 30 },
		{ "FlowDstPortTotals", "if,if,if,if,if,if,if", "", 300 },
	};
	scoped_arena    arena = arena_new();
	struct insight *insight = insight_new(-1);

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct insight_query query = about(wrong[i].provider, wrong[i].fields, wrong[i].resolution);

		query.filter = text_of(wrong[i].filter);
		CHECK(!insight_top(insight, arena, &query, false, 10));
		CHECK(!insight_series(insight, arena, &query));
	}
	insight_free(insight);
}

TEST(series_have_a_number_for_each_span_from_the_first)
{
	scoped_arena         arena = arena_new();
	struct insight      *insight = insight_new(-1);
	struct insight_query query = about("FlowInterfaceTotals", "if,direction", 30);
	const struct value  *said;

	query.now = NOW + 95;
	pass(insight, "em0", false, 1, 80, 100, NOW);
	pass(insight, "em1", true, 1, 80, 400, NOW + 65);
	said = insight_series(insight, arena, &query);
	CHECK_NUMBER(value_count(said), 2);
	CHECK_STRING(word(arena, said, "0.key"), "em1,out");
	CHECK_STRING(word(arena, said, "0.octets"), "0 0 400 0");
	CHECK_STRING(word(arena, said, "1.key"), "em0,in");
	CHECK_STRING(word(arena, said, "1.octets"), "100 0 0 0");
	CHECK_STRING(word(arena, said, "1.packets"), "10 0 0 0");
	CHECK_NUMBER(value_path(said, "1.first")->integer, (int64_t)NOW * 1000);
	query.from = NOW + 30;
	query.to = NOW + 61;
	CHECK_STRING(word(arena, insight_series(insight, arena, &query), "0.octets"), "400");
	query.to = NOW + 30;
	CHECK_NUMBER(value_count(insight_series(insight, arena, &query)), 0);
	insight_free(insight);
}

TEST(a_series_too_many_is_added_to_the_others)
{
	scoped_arena         arena = arena_new();
	struct insight      *insight = insight_new(-1);
	struct insight_query query = about("FlowDstPortTotals", "dst_port", 300);
	const struct value  *said;

	query.now = NOW;
	for (unsigned i = 1; i <= INSIGHT_SERIES_MAX + 5; i++)
		pass(insight, "em0", false, 1, (uint16_t)i, 10 * i, NOW);
	said = insight_series(insight, arena, &query);
	CHECK_NUMBER(value_count(said), INSIGHT_SERIES_MAX + 1);
	CHECK_STRING(word(arena, value_at(said, INSIGHT_SERIES_MAX), "key"), "");
	CHECK_STRING(word(arena, value_at(said, INSIGHT_SERIES_MAX), "octets"), "150");
	insight_free(insight);
}

TEST(rows_are_exported_as_they_are)
{
	struct insight            *insight = insight_new(-1);
	const struct insight_query query = about("FlowSourceAddrDetails", "", 86400);
	scoped_buffer              out = BUFFER_NONE;

	pass(insight, "em0", true, 7, 443, 100, NOW);
	CHECK(insight_export(insight, &out, &query));
	CHECK_STRING(buffer_string(&out),
		     "start_time,end_time,if,direction,src_addr,dst_addr,service_port,protocol,octets,packets,last_seen\n"
		     "2025-11-24 00:00:00,2025-11-25 00:00:00,em0,out,10.1.0.7,192.0.2.1,443,6,100,10,2025-11-24 16:00:00\n");
	insight_free(insight);
}

TEST(all_of_it_survives_a_restart_until_it_is_cleared)
{
	scoped_arena         arena = arena_new();
	struct insight      *insight = insight_new(state_fd);
	struct insight_query query = about("FlowInterfaceTotals", "if", 3600);

	pass(insight, "em0", true, 7, 443, 100, NOW);
	CHECK(insight_save(insight));
	insight_free(insight);
	insight = insight_new(state_fd);
	CHECK_STRING(word(arena, insight_top(insight, arena, &query, false, 5), "0.total"), "100");
	insight_clear(insight);
	insight_free(insight);
	insight = insight_new(state_fd);
	CHECK_NUMBER(value_count(insight_top(insight, arena, &query, false, 5)), 0);
	insight_free(insight);
}

static int
begin(void **state)
{
	(void)state;
	CHECK(mkdtemp(folder));
	state_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return state_fd < 0;
}

static int
end(void **state)
{
	static const char *const names[] = { "interfaces-30", "interfaces-300", "interfaces-3600", "interfaces-86400", "ports-300",
					     "ports-3600", "ports-86400", "sources-300", "sources-3600", "sources-86400",
					     "details-86400" };
	char                     name[128];

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(name, sizeof(name), "flows/%s.flows", names[i]);
		unlinkat(state_fd, name, 0);
	}
	unlinkat(state_fd, "flows", AT_REMOVEDIR);
	close(state_fd);
	return rmdir(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_kept_until_the_ring_is_full),
		cmocka_unit_test(what_comes_late_counts_in_the_span_under_way),
		cmocka_unit_test(the_largest_stay_told_apart_however_many_there_are),
		cmocka_unit_test(more_interfaces_than_rows_are_added_up_without_names),
		cmocka_unit_test(a_span_goes_on_after_a_restart),
		cmocka_unit_test(a_file_that_was_torn_or_changed_is_no_span),
		cmocka_unit_test(the_largest_are_first_and_the_others_are_one),
		cmocka_unit_test(nobody_is_told_what_no_provider_has),
		cmocka_unit_test(series_have_a_number_for_each_span_from_the_first),
		cmocka_unit_test(a_series_too_many_is_added_to_the_others),
		cmocka_unit_test(rows_are_exported_as_they_are),
		cmocka_unit_test(all_of_it_survives_a_restart_until_it_is_cleared),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
