/* What daemons say comes line by line, but for what they only say of a question of ours. */
#include "proc/service/words.h"

#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "test.h"

static struct loop  *loop;
static struct buffer heard;

static void
note(void *self, const char *program, struct text line)
{
	(void)self;
	if (text_is(line, "end")) {
		loop_end(loop);
		return;
	}
	buffer_print(&heard, "%s: %.*s\n", program, TEXT_ARGS(line));
}

static const char *
said(const char *service, const char *words)
{
	struct words *pipe = words_new(loop, program_find(text_of(service)), note, NULL);

	CHECK(pipe);
	buffer_cut(&heard, 0);
	CHECK_NUMBER(write(words_fd(pipe), words, strlen(words)), strlen(words));
	CHECK_NUMBER(write(words_fd(pipe), "\nend\n", 5), 5);
	loop_run(loop);
	words_free(pipe);
	return buffer_string(&heard);
}

TEST(lines_come_one_by_one_without_what_cannot_be_printed)
{
	CHECK_STRING(said("radvd", "one\ntwo\t3\n\nfour\033"), "radvd: one\nradvd: two 3\nradvd: four \n");
}

TEST(what_is_said_of_a_question_of_ours_is_no_news)
{
	static const char words[] = "Sun Nov 29 11:00:00 2026: Printing VRRP as json for process(12) on signal\n"
				    "Sun Nov 29 11:00:01 2026: (VI_1) Entering MASTER STATE";

	CHECK_STRING(said("keepalived", words), "keepalived: Sun Nov 29 11:00:01 2026: (VI_1) Entering MASTER STATE\n");
	/* Of others it would be. */
	CHECK(strstr(said("radvd", words), "Printing VRRP"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one_without_what_cannot_be_printed),
		cmocka_unit_test(what_is_said_of_a_question_of_ours_is_no_news),
	};

	loop = loop_new();
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

	loop_free(loop);
	buffer_clear(&heard);
	return failed;
}
