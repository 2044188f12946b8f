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
	return 0;
}
