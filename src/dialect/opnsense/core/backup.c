/* core/backup: the revisions of the store, as upstream's files config-<time>.xml. */
#include <string.h>
#include <time.h>

#include "api/history.h"
#include "dialect/opnsense/tables.h"

#define PREFIX         "config-"
#define SUFFIX         ".xml"
#define LISTED_MAX     1000
#define DIFF_CELLS_MAX ((size_t)8 * 1024 * 1024)

/* "config-1764000000.1234.xml", or the time alone. */
static enum result
find(struct call *call, struct text name, struct revision *out)
{
	if (text_starts(name, TEXT(PREFIX)))
		name = text_after(name, sizeof(PREFIX) - 1);
	if (text_ends(name, TEXT(SUFFIX)))
		name.len -= sizeof(SUFFIX) - 1;
	return history_find(call->request, name, out);
}

static const char *
file_name(const struct call *call, const struct revision *revision)
{
	return arena_print(call->request->arena, PREFIX "%s" SUFFIX, revision_time(call->request->arena, revision));
}

static void
providers(struct call *call)
{
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_object(&call->json);
	json_name(&call->json, "this");
	json_object(&call->json);
	json_put_string(&call->json, "description", "This Firewall");
	json_put_string(&call->json, "dirname", "/conf/backup");
	json_object_end(&call->json);
	json_object_end(&call->json);
	json_object_end(&call->json);
}

static void
put_revision(struct call *call, const struct revision *revision)
{
	struct arena  *arena = call->request->arena;
	const time_t   seconds = (time_t)(revision->time / 1000000);
	char           iso[40];
	struct tm      utc;

	gmtime_r(&seconds, &utc);
	strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%S+00:00", &utc);
	json_object(&call->json);
	json_put_string(&call->json, "time", revision_time(arena, revision));
	json_put_string(&call->json, "time_iso", iso);
	json_put_string(&call->json, "description",
			revision->note[0] ? revision->note
					  : arena_print(arena, "%s made changes", revision->author.endpoint));
	json_put_string(&call->json, "username",
			arena_print(arena, "%s@%s", revision->author.user, revision->author.address));
	json_put_number(&call->json, "filesize", (int64_t)revision->bytes);
	json_put_string(&call->json, "id", file_name(call, revision));
	json_object_end(&call->json);
}

static void
backups(struct call *call)
{
	struct history history = { .count = 0 };

	if (text_is(call_param(call, 0), "this") &&
	    history_list(call->request, LISTED_MAX, 0, &history) != RESULT_DONE) {
		answer_broken(call);
		return;
	}
	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_list(&call->json);
	for (size_t i = 0; i < history.count; i++)
		put_revision(call, &history.revisions[i]);
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* The configuration of a revision as a file; the newest for an empty name. */
static bool
export(struct call *call, struct text name, struct buffer *out, struct revision *revision)
{
	return find(call, name, revision) == RESULT_DONE &&
	       history_export(call->request, revision, out) == RESULT_DONE;
}

static void
download(struct call *call)
{
	const struct record *general = snapshot_single(call->request->snapshot, "system.general");
	scoped_buffer        text = BUFFER_NONE;
	struct revision      revision;

	if (!text_is(call_param(call, 0), "this") || !export(call, call_param(call, 1), &text, &revision)) {
		answer_empty(call);
		return;
	}
	answer_file(call, TYPE_FILE,
		    arena_print(call->request->arena, PREFIX "%s.%s-%s" SUFFIX, record_get(general, "hostname"),
				record_get(general, "domain"), revision_time(call->request->arena, &revision)));
	buffer_add(&call->request->reply.body, buffer_text(&text));
}

/* --- differences ------------------------------------------------------------------------------------------- */

struct lines {
	struct text *list;
	size_t       count;
};

static struct lines
split(struct arena *arena, struct text text)
{
	struct lines lines = { ARENA_MAKE(arena, struct text, text.len / 2 + 2), 0 };
	struct text  line;

	while (text_next(&text, "\n", &line))
		lines.list[lines.count++] = line;
	return lines;
}

static void
put_line(struct call *call, char sign, struct text line)
{
	struct arena *arena = call->request->arena;

	json_string(&call->json, html_escaped(arena, text_of(arena_print(arena, "%c%.*s", sign, TEXT_ARGS(line)))));
}

/* How long the longest common part of what follows is, for each pair of lines. */
static uint16_t *
measure(struct arena *arena, struct lines old, struct lines new)
{
	const size_t width = new.count + 1;
	uint16_t    *longest = ARENA_MAKE(arena, uint16_t, (old.count + 1) * width);

	for (size_t i = old.count; i-- > 0;)
		for (size_t j = new.count; j-- > 0;) {
			const uint16_t down = longest[(i + 1) * width + j], right = longest[i * width + j + 1];

			longest[i * width + j] = text_equal(old.list[i], new.list[j])
							 ? (uint16_t)(longest[(i + 1) * width + j + 1] + 1)
						 : down > right ? down
								: right;
		}
	return longest;
}

/* Where they differ, when it is not too much; else everything is old, then new. */
static void
put_middle(struct call *call, struct lines old, struct lines new)
{
	const bool      fits = (old.count + 1) * (new.count + 1) < DIFF_CELLS_MAX && old.count < UINT16_MAX;
	const uint16_t *longest = fits ? measure(call->request->arena, old, new) : NULL;
	const size_t    width = new.count + 1;
	size_t          i = 0, j = 0;

	while (i < old.count || j < new.count) {
		if (longest && i < old.count && j < new.count && text_equal(old.list[i], new.list[j])) {
			put_line(call, ' ', old.list[i]);
			i++;
			j++;
		} else if (i < old.count &&
			   (j == new.count || !longest || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) {
			put_line(call, '-', old.list[i++]);
		} else {
			put_line(call, '+', new.list[j++]);
		}
	}
}

static void
put_difference(struct call *call, struct lines old, struct lines new)
{
	size_t same = 0, tail = 0;

	while (same < old.count && same < new.count && text_equal(old.list[same], new.list[same]))
		same++;
	while (tail + same < old.count && tail + same < new.count &&
	       text_equal(old.list[old.count - tail - 1], new.list[new.count - tail - 1]))
		tail++;
	const struct lines old_middle = { old.list + same, old.count - same - tail };
	const struct lines new_middle = { new.list + same, new.count - same - tail };

	if (old_middle.count == 0 && new_middle.count == 0)
		return;
	put_line(call, '@', text_of(arena_print(call->request->arena, "@ -%zu,%zu +%zu,%zu @@", same + 1,
						old_middle.count, same + 1, new_middle.count)));
	put_middle(call, old_middle, new_middle);
}

static void
diff(struct call *call)
{
	struct arena   *arena = call->request->arena;
	scoped_buffer   old = BUFFER_NONE, new = BUFFER_NONE;
	struct revision from, to;
	const bool      both = text_is(call_param(call, 0), "this") && call_param(call, 1).len > 0 &&
			  call_param(call, 2).len > 0 && export(call, call_param(call, 2), &old, &from) &&
			  export(call, call_param(call, 1), &new, &to);

	answer_begin(call, 200, TYPE_JSON);
	json_object(&call->json);
	json_name(&call->json, "items");
	json_list(&call->json);
	if (both && from.id != to.id) {
		put_line(call, '-', text_of(arena_print(arena, "-- %s", file_name(call, &from))));
		put_line(call, '+', text_of(arena_print(arena, "++ %s", file_name(call, &to))));
		put_difference(call, split(arena, buffer_text(&old)), split(arena, buffer_text(&new)));
	}
	json_list_end(&call->json);
	json_object_end(&call->json);
}

/* --- changing ------------------------------------------------------------------------------------------------ */

static void
revert(struct call *call)
{
	struct request *request = call->request;
	struct revision revision;

	if (find(call, call_param(call, 0), &revision) != RESULT_DONE ||
	    history_restore(request, &revision) != RESULT_DONE) {
		answer_word(call, "status", "not_found");
		return;
	}
	change_note(request->change, arena_print(request->arena, "reverted to %s", file_name(call, &revision)));
	request->keep = request->always = true;
	answer_word(call, "status", "reverted");
}

static void
delete(struct call *call)
{
	scoped_buffer   message = BUFFER_NONE;
	struct revision revision;

	if (call_param(call, 0).len == 0 || find(call, call_param(call, 0), &revision) != RESULT_DONE)
		answer_word(call, "status", "not_found");
	else if (history_hide(call->request, &revision, &message) != RESULT_DONE)
		answer_word(call, "status", "failed");
	else
		answer_word(call, "status", "deleted");
}

/* clang-format off */
const struct action core_backup_actions[] = {
	{ "core/backup/backups",       KIND_QUERY,    1, 0,     LANE_SLOW,   backups },
	{ "core/backup/delete_backup", KIND_ACTION,   1, POSTS, LANE_COMMIT, delete, .refusal = "{\"status\":\"failed\"}" },
	{ "core/backup/diff",          KIND_QUERY,    3, 0,     LANE_SLOW,   diff },
	{ "core/backup/download",      KIND_DOWNLOAD, 1, 0,     LANE_SLOW,   download },
	{ "core/backup/providers",     KIND_QUERY,    0, 0,     LANE_WORKER, providers },
	{ "core/backup/revert_backup", KIND_ACTION,   1, POSTS, LANE_COMMIT, revert, .refusal = "{\"status\":\"failed\"}" },
	{ 0 },
};
/* clang-format on */
