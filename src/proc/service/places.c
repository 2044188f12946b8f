/* What unit files and packages would have made. */
#include "proc/service/places.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/child/beside.h"

static bool
look_up(const struct program *program, bool is_alone, struct passwd **out)
{
	*out = program->user && !is_alone ? getpwnam(program->user) : NULL;
	return *out || !program->user || is_alone;
}

bool
places_owner(const struct program *program, bool is_alone, struct files_owner *out)
{
	struct passwd *user;

	if (!look_up(program, is_alone, &user))
		return false;
	*out = (struct files_owner){ user ? user->pw_gid : (gid_t)-1, !program->user };
	return true;
}

/* Whatever is there is ours, perhaps of an older program. */
static void
make_tool(const struct program *program)
{
	char room[PATH_MAX];

	if (!program->tool.path)
		return;
	unlink(program->tool.path);
	if (!beside_us(program->tool.name, room, sizeof(room)) || symlink(room, program->tool.path) != 0)
		log_warning("%s: %s", program->tool.path, strerror(errno));
}

void
places_make(const struct program *program, struct text service, bool is_alone)
{
	scoped_arena   arena = arena_new();
	struct passwd *user;

	(void)look_up(program, is_alone, &user);
	for (size_t i = 0; i < COUNT(program->places) && program->places[i].path; i++) {
		const struct program_place *place = &program->places[i];
		const char                 *path = program_path(arena, place->path, service);

		if (mkdir(path, place->mode) == 0)
			chmod(path, place->mode);
		if (place->is_users && user && lchown(path, user->pw_uid, user->pw_gid) != 0)
			log_warning("%s: %s", path, strerror(errno));
	}
	make_tool(program);
}
