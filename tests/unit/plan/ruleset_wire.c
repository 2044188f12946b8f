/* Rule sets as bytes: nothing but what was written is read. */
#include "filter_text.h"
#include "plan/filter/compile.h"
#include "plan/ruleset/wire.h"
#include "test.h"

static const char small[] =
	"interface wan em0 192.0.2.1/24 wan gateway 1\n"
	"interface lan em1 192.168.1.1/24 fd00:1::1/64\n"
	"alias web 192.168.1.10 192.168.1.0/29 fd00::5\n"
	"dynamic bad 3600\n"
	"ports p 80 443\n"
	"management 443\n"
	"rule pass in on lan from lan to any log\n"
	"rule reject in on lan inet proto tcp/udp to @web port @p\n"
	"rule block in from @bad tag x\n"
	"forward on wan inet proto tcp to wan:address port 8080 target 192.168.1.10 local 80\n";

struct made {
	struct arena         *arena;
	struct filter_cache  *cache;
	const struct ruleset *ruleset;
	struct buffer         bytes;
};

static void
make(struct made *made)
{
	*made = (struct made){ .arena = arena_new(), .cache = filter_cache_new() };
	made->ruleset = filter_compile(made->cache, filter_text_make(made->arena, small));
	ruleset_encode(&made->bytes, made->ruleset, NULL);
}

static void
clear(struct made *made)
{
	arena_free(made->arena);
	filter_cache_free(made->cache);
	buffer_clear(&made->bytes);
}

TEST(what_was_written_is_read)
{
	struct made    made;
	struct ruleset read;
	const char *why;
	scoped_buffer  before = BUFFER_NONE, after = BUFFER_NONE;

	make(&made);
	CHECK(ruleset_decode(made.arena, buffer_text(&made.bytes), &read, &why));
	ruleset_print(&before, made.ruleset);
	ruleset_print(&after, &read);
	CHECK_STRING(buffer_string(&after), buffer_string(&before));
	for (size_t i = 0; i < read.nchains; i++)
		CHECK(read.chains[i].hash == made.ruleset->chains[i].hash);
	clear(&made);
}

TEST(a_truncated_rule_set_is_refused_at_every_length)
{
	struct made    made;
	struct ruleset read;
	const char *why;

	make(&made);
	for (size_t n = 0; n < made.bytes.len; n++) {
		scoped_arena arena = arena_new();

		CHECK(!ruleset_decode(arena, text_first(buffer_text(&made.bytes), n), &read, &why));
	}
	buffer_add_byte(&made.bytes, 0);
	CHECK(!ruleset_decode(made.arena, buffer_text(&made.bytes), &read, &why));
	clear(&made);
}

/* Whatever one byte is changed to, what is accepted can be printed. */
TEST(a_changed_byte_does_no_harm)
{
	static const uint8_t changes[] = { 0x01, 0x80, 0xff, 0x20, 0x0a };
	struct made          made;
	struct ruleset       read;
	const char *why;

	make(&made);
	for (size_t at = 8200; at < made.bytes.len; at++) {
		scoped_arena  arena = arena_new();
		scoped_buffer text = BUFFER_NONE;
		const char    before = made.bytes.bytes[at];

		made.bytes.bytes[at] = (char)(before ^ changes[at % COUNT(changes)]);
		if (ruleset_decode(arena, buffer_text(&made.bytes), &read, &why)) {
			ruleset_print(&text, &read);
			for (size_t i = 0; i < text.len; i++)
				CHECK(text.bytes[i] == '\n' || text.bytes[i] == '\t' || (text.bytes[i] >= 32 && text.bytes[i] < 127));
		}
		made.bytes.bytes[at] = before;
	}
	clear(&made);
}

TEST(what_is_known_is_not_sent)
{
	struct made           made;
	struct ruleset        read;
	const char *why;
	struct ruleset_known *known = ruleset_known_new();
	scoped_buffer         less = BUFFER_NONE;

	make(&made);
	ruleset_known_learn(known, made.ruleset);
	ruleset_encode(&less, made.ruleset, known);
	CHECK(ruleset_decode(made.arena, buffer_text(&less), &read, &why));
	for (size_t i = 0; i < read.nchains; i++)
		CHECK(read.chains[i].is_omitted && read.chains[i].nrules == 0);
	for (size_t i = 0; i < read.nsets; i++)
		CHECK(read.sets[i].is_omitted);
	ruleset_known_forget(known);
	buffer_cut(&less, 0);
	ruleset_encode(&less, made.ruleset, known);
	CHECK(less.len == made.bytes.len);
	ruleset_known_free(known);
	clear(&made);
}

RUN(cmocka_unit_test(what_was_written_is_read), cmocka_unit_test(a_truncated_rule_set_is_refused_at_every_length),
    cmocka_unit_test(a_changed_byte_does_no_harm), cmocka_unit_test(what_is_known_is_not_sent));
