/* Hiding the machine, making hosts, starting the daemon among them. */
#include "router.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "lab.h"
#include "test.h"

/* Nothing that the daemon writes on "this machine" is seen by this machine. */
static void
hide_machine(const struct router *router)
{
	static const char *const places[][2] = { { "/etc", "lowerdir=/etc" }, { "/var", "lowerdir=/var" } };

	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
		fail_msg("no mount namespace: %s", strerror(errno));
	for (size_t i = 0; i < COUNT(places); i++) {
		const char   *upper = arena_print(router->arena, "%s/upper%zu", router->instance->folder, i);
		const char   *work = arena_print(router->arena, "%s/work%zu", router->instance->folder, i);
		const char   *layers = arena_print(router->arena, "%s,upperdir=%s,workdir=%s", places[i][1], upper, work);
		scoped_buffer out = BUFFER_NONE;

		CHECK(LAB(&out, "mkdir", upper, work));
		if (mount("overlay", places[i][0], "overlay", 0, layers) != 0 && mount("tmpfs", places[i][0], "tmpfs", 0, NULL) != 0)
			fail_msg("%s: %s", places[i][0], strerror(errno));
	}
	if (mount("tmpfs", "/run", "tmpfs", 0, "mode=755") != 0)
		fail_msg("/run: %s", strerror(errno));
}

/* Behind the arguments that are there. */
static void
add_arguments(struct router *router, const char *const *more)
{
	size_t at = 0;

	while (router->instance->arguments[at])
		at++;
	for (; *more && at < INSTANCE_ARGUMENTS_MAX; at++)
		router->instance->arguments[at] = *more++;
}

static void
start(struct router *router, const char *configuration)
{
	const char       *file = arena_print(router->arena, "%s/config.xml", router->instance->folder);
	const char *const more[] = { "--force-plain", "--listen", MANAGEMENT, "--import", file, NULL };
	FILE             *out = fopen(file, "we");

	CHECK(out && fputs(configuration, out) >= 0 && fclose(out) == 0);
	add_arguments(router, more);
	hosts_up();
	hide_machine(router);
	instance_start(router->instance);
	router->client = client_new(router->instance);
}

void
router_up(struct router *router, const char *configuration)
{
	router->arena = arena_new();
	router->instance = instance_new("--plain", "--apply", "host", NULL);
	start(router, configuration);
}

void
router_up_lasting(struct router *router, const char *configuration)
{
	router->arena = arena_new();
	router->instance = instance_lasting(false);
	for (size_t i = 0; router->instance->arguments[i]; i++)
		if (strcmp(router->instance->arguments[i], "none") == 0)
			router->instance->arguments[i] = "host";
	start(router, configuration);
	router->client->by_socket = true;
}

void
router_down(struct router *router)
{
	client_free(router->client);
	instance_stop(router->instance);
	instance_free(router->instance);
	hosts_down();
	arena_free(router->arena);
}
