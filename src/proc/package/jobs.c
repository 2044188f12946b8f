/* Jobs are programs one after the other; the first that fails ends the job. */
#include "proc/package/jobs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bug.h"
#include "proc/child/job.h"

#define STEPS_MAX     3
#define ARGUMENTS_MAX 10
#define JOB_LIMIT     (60 * 60 * 1000) /* ms, for a step */

#define NAME "\001" /* stands for the name that was given */

/* clang-format off */
#define APT         "/usr/bin/apt-get", "-q", "-y", "-o", "Dpkg::Options::=--force-confold"
#define FETCH       { { "/usr/bin/apt-get", "-q", "update" } }
/* Nothing is locked and nothing changed; lines begin with "Inst" and "Remv". */
#define SIMULATE    { { "/usr/bin/apt-get", "-q", "-s", "dist-upgrade" } }
/* apt-get takes names it does not know for patterns, so the name must be one of those it lists. */
#define IS_KNOWN     { { "/usr/bin/apt-cache", "pkgnames", NAME }, .must_say_name = true }
#define IS_INSTALLED { { "/usr/bin/dpkg-query", "-W", "-f", "${Package}\\n", NAME }, .must_say_name = true }

struct step {
	const char *argv[ARGUMENTS_MAX];
	bool        must_say_name; /* one of its lines, or the name is unknown; its output is not for the log */
};

static const struct plan {
	bool        wants_name, changes;
	struct step steps[STEPS_MAX];
} plans[PACKAGE_ACTIONS] = {
	[PACKAGE_CHECK] =      { false, true,  { FETCH, SIMULATE } },
	[PACKAGE_AUDIT] =      { false, false, { SIMULATE } },
	[PACKAGE_HEALTH] =     { false, false, { { { "/usr/bin/dpkg", "--audit" } }, { { "/usr/bin/dpkg", "--verify" } } } },
	[PACKAGE_CONNECTION] = { false, true,  { FETCH } },
	[PACKAGE_CLEANUP] =    { false, true,  { { { APT, "clean" } } } },
	[PACKAGE_INSTALL] =    { true,  true,  { IS_KNOWN, { { APT, "--no-install-recommends", "install", NAME } } } },
	[PACKAGE_REINSTALL] =  { true,  true,  { IS_INSTALLED, { { APT, "--reinstall", "install", NAME } } } },
	[PACKAGE_REMOVE] =     { true,  true,  { IS_INSTALLED, { { APT, "remove", NAME } } } },
	[PACKAGE_LOCK] =       { true,  true,  { IS_INSTALLED, { { "/usr/bin/apt-mark", "hold", NAME } } } },
	[PACKAGE_UNLOCK] =     { true,  true,  { IS_INSTALLED, { { "/usr/bin/apt-mark", "unhold", NAME } } } },
	[PACKAGE_UPDATE] =     { false, true,  { FETCH, { { APT, "upgrade" } } } },
	[PACKAGE_UPGRADE] =    { false, true,  { FETCH, { { APT, "dist-upgrade" } } } },
};

static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root", "DEBIAN_FRONTEND=noninteractive",
	"APT_LISTCHANGES_FRONTEND=none", "NEEDRESTART_MODE=l", NULL,
};

static const char *const words[PACKAGE_ACTIONS] = PACKAGE_WORDS;
/* clang-format on */

struct record {
	enum package_state  state;
	enum package_action action;
	int64_t             began;
	struct buffer       log;
};

struct packages {
	struct loop     *loop;
	struct children *children;
	bool             may_change;
	char             name[PACKAGE_NAME_MAX + 1];
	size_t           step; /* of the plan: the one that runs */
	struct job      *job;  /* NULL: none runs */
	struct record    last, check;
	struct buffer    shown; /* log of the last one with what its job said so far */
};

struct packages *
packages_new(struct loop *loop, struct children *children, bool may_change)
{
	struct packages *packages = calloc(1, sizeof(*packages));

	BUG_IF(!packages, "out of memory");
	packages->loop = loop;
	packages->children = children;
	packages->may_change = may_change;
	return packages;
}

void
packages_free(struct packages *packages)
{
	if (!packages)
		return;
	buffer_clear(&packages->last.log);
	buffer_clear(&packages->check.log);
	buffer_clear(&packages->shown);
	free(packages);
}

bool
package_name_is_valid(struct text name)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789", all[] = "abcdefghijklmnopqrstuvwxyz0123456789+-.";

	if (name.len < 2 || name.len > PACKAGE_NAME_MAX || !memchr(first, name.ptr[0], sizeof(first) - 1))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (!memchr(all, name.ptr[i], sizeof(all) - 1))
			return false;
	return true;
}

/* --- running -------------------------------------------------------------------------------- */

static void
add_log(struct packages *packages, struct text said)
{
	const size_t have = packages->last.log.len;

	buffer_add(&packages->last.log, text_first(said, have < PACKAGE_LOG_MAX ? PACKAGE_LOG_MAX - have : 0));
}

static void
finish(struct packages *packages, enum package_state state)
{
	packages->last.state = state;
	add_log(packages, TEXT("***DONE***\n"));
	if (packages->last.action != PACKAGE_CHECK)
		return;
	buffer_clear(&packages->check.log);
	packages->check = packages->last;
	packages->check.log = BUFFER_NONE;
	buffer_add(&packages->check.log, buffer_text(&packages->last.log));
}

static bool
says_name(struct text output, struct text name)
{
	struct text line;

	while (text_next(&output, "\n", &line))
		if (text_equal(line, name))
			return true;
	return false;
}

static void begin_step(struct packages *);

static void
step_ended(void *self, int status, struct text output)
{
	struct packages   *packages = self;
	const struct step *step = &plans[packages->last.action].steps[packages->step];
	char               room[64];

	packages->job = NULL;
	if (!step->must_say_name)
		add_log(packages, output);
	/* dpkg --verify ends so when it found something to say, and that is what it was asked for. */
	if (status != 0 && packages->last.action != PACKAGE_HEALTH) {
		add_log(packages, text_of(step->argv[0]));
		add_log(packages, TEXT(" "));
		add_log(packages, text_of(child_status_words(status, room, sizeof(room))));
		add_log(packages, TEXT("\n"));
		finish(packages, PACKAGE_FAILED);
		return;
	}
	if (step->must_say_name && !says_name(output, text_of(packages->name))) {
		add_log(packages, TEXT("There is no such package.\n"));
		finish(packages, PACKAGE_FAILED);
		return;
	}
	packages->step++;
	begin_step(packages);
}

/* The next of the plan, or the end. */
static void
begin_step(struct packages *packages)
{
	const struct step *step = &plans[packages->last.action].steps[packages->step];
	const char        *argv[ARGUMENTS_MAX + 1] = { NULL };

	if (packages->step == STEPS_MAX || !step->argv[0]) {
		finish(packages, PACKAGE_DONE);
		return;
	}
	for (size_t i = 0; i < ARGUMENTS_MAX && step->argv[i]; i++)
		argv[i] = strcmp(step->argv[i], NAME) == 0 ? packages->name : step->argv[i];
	const struct job_order order = { argv, environment, JOB_LIMIT, step_ended, packages };

	packages->job = job_start(packages->loop, packages->children, &order);
	if (packages->job)
		return;
	add_log(packages, text_of(step->argv[0]));
	add_log(packages, TEXT(": "));
	add_log(packages, text_of(strerror(errno)));
	add_log(packages, TEXT("\n"));
	finish(packages, PACKAGE_FAILED);
}

static enum result
refuse(struct buffer *message, enum result result, const char *why)
{
	buffer_add_string(message, why);
	return result;
}

enum result
packages_start(struct packages *packages, enum package_action action, struct text name, struct buffer *message)
{
	const struct plan *plan = &plans[action];

	if (plan->wants_name ? !package_name_is_valid(name) : name.len > 0)
		return refuse(message, RESULT_INVALID, "this is no name of a package");
	if (packages->last.state == PACKAGE_RUNNING)
		return refuse(message, RESULT_CONFLICT, "another job is running");
	/* A check may still say what there is to upgrade by the lists that are here. */
	if (plan->changes && !packages->may_change && action != PACKAGE_CHECK)
		return refuse(message, RESULT_UNAVAILABLE,
			      "packages are changed with --apply host as root only, on the machine itself");
	buffer_cut(&packages->last.log, 0);
	packages->last.state = PACKAGE_RUNNING;
	packages->last.action = action;
	packages->last.began = time(NULL);
	memcpy(packages->name, name.ptr ? name.ptr : "", name.len);
	packages->name[name.len] = '\0';
	packages->step = plan->changes && !packages->may_change;
	buffer_print(&packages->last.log, "***GOT REQUEST TO %s***\n", words[action]);
	for (size_t i = strlen("***GOT REQUEST TO "); i < packages->last.log.len; i++)
		if (packages->last.log.bytes[i] >= 'a' && packages->last.log.bytes[i] <= 'z')
			packages->last.log.bytes[i] = (char)(packages->last.log.bytes[i] - 'a' + 'A');
	if (packages->step > 0)
		add_log(packages, TEXT("The lists are those that this machine fetched last.\n"));
	begin_step(packages);
	return RESULT_DONE;
}

/* --- looking -------------------------------------------------------------------------------- */

struct package_status
packages_status(struct packages *packages, bool of_check)
{
	const struct record  *record = of_check ? &packages->check : &packages->last;
	struct package_status status = { record->state, record->action, record->began, buffer_text(&record->log) };

	if (!of_check && packages->job && !plans[record->action].steps[packages->step].must_say_name) {
		buffer_cut(&packages->shown, 0);
		buffer_add(&packages->shown, status.log);
		buffer_add(&packages->shown, job_output(packages->job));
		status.log = text_first(buffer_text(&packages->shown), PACKAGE_LOG_MAX);
	}
	return status;
}

void
packages_forget_log(struct packages *packages)
{
	if (packages->last.state != PACKAGE_RUNNING)
		buffer_cut(&packages->last.log, 0);
}
