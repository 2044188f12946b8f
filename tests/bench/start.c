/*
 * From exec to the first answered request of an ephemeral instance, and how much memory it has then and with a
 * large configuration. usage: start DAEMON
 */
#include <unistd.h>

#include "bench/rig.h"

#define STARTS 15

static void
report_memory(struct arena *arena, const char *what, const char *program, unsigned rules, unsigned addresses, bool apply)
{
	const char *const more[] = { "--apply", apply ? "sandbox" : "none", "--import", rig_file(arena, rig_config(arena, 0, rules, addresses)), NULL };
	struct rig        rig = rig_daemon(program, more);
	const int         fd = rig_connect(&rig);

	if (rig_ask(fd, rig_request(arena, "/api/firewall/alias/search_item?rowCount=1", RIG_KEY, NULL, NULL), NULL) != 200)
		rig_fail("the search was refused");
	rig_ask(fd, rig_request(arena, "/api/firewall/filter/apply", RIG_KEY, "application/json", "{}"), NULL);
	rig_report(what, arena_print(arena, "%.1f MB", (double)(rig_memory(rig.pid) + rig_memory(rig.gate)) / 1024), "–", "–");
	close(fd);
	rig_end(&rig);
}

/* The largest answers there are: how much memory one takes while it is made and sent, beside what it is long. */
static void
report_answer(struct arena *arena, const struct rig *rig, const char *what, const char *target)
{
	scoped_buffer body = BUFFER_NONE;
	const int     fd = rig_connect(rig);
	const long    before = rig_memory(rig->gate);

	rig_memory_reset(rig->gate);
	if (rig_ask(fd, rig_request(arena, target, RIG_KEY, NULL, NULL), &body) != 200)
		rig_fail("the answer was refused");
	rig_report(arena_print(arena, "memory while %s of 1,000,000 addresses is answered", what),
		   arena_print(arena, "%.1f MB", (double)(rig_memory_peak(rig->gate) - before) / 1024),
		   arena_print(arena, "%.1f MB", (double)body.len / 1024 / 1024), "the answer itself");
	close(fd);
}

static void
report_answers(struct arena *arena, const char *program)
{
	const char *const more[] = { "--apply", "none", "--import", rig_file(arena, rig_config(arena, 0, 0, 1000000)), NULL };
	struct rig        rig = rig_daemon(program, more);

	report_answer(arena, &rig, "the model", "/api/firewall/alias/get");
	report_answer(arena, &rig, "the alias", "/api/firewall/alias/get_item/b0000000-0000-4000-8000-000000000000");
	rig_end(&rig);
}

int
main(int argc, char **argv)
{
	scoped_arena      arena = arena_new();
	const char *const more[] = { "--apply", "none", NULL };
	double            took[STARTS];

	if (argc < 2)
		return 2;
	for (size_t i = 0; i < STARTS; i++) {
		struct rig rig = rig_daemon(argv[1], more);
		const int  fd = rig_connect(&rig);

		if (rig_ask(fd, rig_request(arena, "/api/firewall/alias/search_item", RIG_KEY, NULL, NULL), NULL) != 200)
			rig_fail("the first request was refused");
		took[i] = rig_now() - rig.started;
		close(fd);
		rig_end(&rig);
	}
	rig_report("start of an ephemeral instance to its first answer", rig_print(arena, rig_median(took, STARTS)), "–", "–");
	report_memory(arena, "memory of both processes: no configuration", argv[1], 0, 0, false);
	report_memory(arena, "memory: 10,000 rules, applied in a sandbox", argv[1], 10000, 0, true);
	report_memory(arena, "memory: an alias of 1,000,000 addresses, applied in a sandbox", argv[1], 0, 1000000, true);
	report_answers(arena, argv[1]);
	return 0;
}
