/* Kept answers: only for what they follow from, and that changes with the links of the machine too. */
#include "proc/lane/replies.h"

#include "http/server.h"
#include "proc/lane/tags.h"
#include "proc/machine.h"
#include "test.h"

static const struct http_header none[] = { { NULL, NULL } };

static void
keep(struct replies *replies, const char *target, struct replies_origin origin, const char *body)
{
	struct buffer       text = BUFFER_NONE;
	struct http_canned *answer;

	buffer_add_string(&text, body);
	answer = http_canned_new(200, none, &text);
	replies_keep(replies, text_of(target), origin, answer);
	http_canned_release(answer);
}

static bool
is_known(struct replies *replies, const char *target, struct replies_origin origin)
{
	struct http_canned *found = replies_find(replies, text_of(target), origin);

	if (found)
		http_canned_release(found);
	return found != NULL;
}

TEST(an_answer_is_known_for_its_target_snapshot_and_facts_alone)
{
	struct replies *replies = replies_new();

	keep(replies, "/api/a", (struct replies_origin){ 7, 3 }, "one");
	CHECK(is_known(replies, "/api/a", (struct replies_origin){ 7, 3 }));
	CHECK(!is_known(replies, "/api/b", (struct replies_origin){ 7, 3 }));
	CHECK(!is_known(replies, "/api/a", (struct replies_origin){ 8, 3 }));
	CHECK(!is_known(replies, "/api/a", (struct replies_origin){ 7, 4 }));
	keep(replies, "/api/a", (struct replies_origin){ 7, 4 }, "two");
	CHECK(is_known(replies, "/api/a", (struct replies_origin){ 7, 4 }));
	CHECK(!is_known(replies, "/api/a", (struct replies_origin){ 7, 3 }));
	replies_free(replies);
}

TEST(facts_have_another_stamp_once_the_links_have_changed)
{
	static const struct link links[] = { { .index = 2, .name = "em7", .kind = "" } };
	struct machine          *machine = machine_new(true);
	const uint64_t           before = facts_stamp(machine_facts(machine));

	CHECK(!facts_find(machine_facts(machine), "devices", TEXT("em7")));
	CHECK_NUMBER(facts_stamp(machine_facts(machine)), before);
	machine_take_links(machine, &(struct links){ links, COUNT(links) });
	CHECK(facts_find(machine_facts(machine), "devices", TEXT("em7")));
	CHECK(facts_stamp(machine_facts(machine)) > before);
	machine_free(machine);
}

TEST(a_header_asks_for_one_of_the_tags_it_lists)
{
	static const struct {
		const char *header;
		bool        matches; /* revision 12 */
	} cases[] = {
		{ "", true }, { "*", true }, { "\"12\"", true }, { "\"11\", \"12\"", true }, { "\"11\" ,\"12\" ", true },
		{ "\"1\"", false }, { "12", false }, { "\"120\"", false }, { "W/\"12\"", false }, { ",", false }, { "\"", false },
	};
	char tag[TAG_MAX];

	for (size_t i = 0; i < COUNT(cases); i++)
		if (tag_matches(text_of(cases[i].header), 12) != cases[i].matches)
			fail_msg("%s", cases[i].header);
	tag_print(tag, UINT64_MAX);
	CHECK_STRING(tag, "\"18446744073709551615\"");
}

RUN(cmocka_unit_test(a_header_asks_for_one_of_the_tags_it_lists),
    cmocka_unit_test(an_answer_is_known_for_its_target_snapshot_and_facts_alone),
    cmocka_unit_test(facts_have_another_stamp_once_the_links_have_changed));
