/* Asking the store for its revisions. */
#include "api/history.h"

#include "api/config_xml.h"

enum result
history_list(struct request *request, size_t limit, size_t offset, struct history *out)
{
	return store_revisions(request->service->store, request->arena, limit, offset, out);
}

enum result
history_find(struct request *request, struct text time, struct revision *out)
{
	struct history newest;

	if (time.len > 0)
		return store_revision_at(request->service->store, request->arena, time, out);
	const enum result result = history_list(request, 1, 0, &newest);

	if (result != RESULT_DONE)
		return result;
	if (newest.count == 0)
		return RESULT_MISSING;
	*out = newest.revisions[0];
	return RESULT_DONE;
}

enum result
history_export(struct request *request, const struct revision *revision, struct buffer *out)
{
	const struct snapshot *snapshot;
	const enum result      result = store_snapshot_at(request->service->store, revision->id, &snapshot);

	if (result != RESULT_DONE)
		return result;
	config_export(out, snapshot);
	snapshot_release(snapshot);
	return RESULT_DONE;
}

enum result
history_restore(struct request *request, const struct revision *revision)
{
	return store_restore_into(request->service->store, request->change, revision->id, NULL);
}

enum result
history_hide(struct request *request, const struct revision *revision, struct buffer *message)
{
	return store_revision_hide(request->service->store, revision->id, message);
}
