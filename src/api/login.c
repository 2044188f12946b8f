/* The score is kept by auth/guard.h, the door is closed by the box. */
#include "api/login.h"

void
login_count_failure(struct request *request)
{
	const struct service *service = request->service;
	const struct record  *general = snapshot_single(request->snapshot, "system.general");
	struct guard_settings guard = GUARD_DEFAULTS;
	struct value         *argument = value_object(request->arena), *answer = NULL;
	scoped_buffer         message = BUFFER_NONE;

	if (!service->guard || request->socket)
		return;
	guard.threshold = (unsigned)record_number(general, "guard_threshold", guard.threshold);
	guard.block_time = (unsigned)record_number(general, "guard_blocktime", guard.block_time);
	guard.memory = (unsigned)record_number(general, "guard_memory", guard.memory);
	guard.exempt = record_get(general, "guard_exempt");
	const unsigned seconds =
		guard_failure(service->guard, &request->peer, service->now(service->context) / 1000000, &guard);

	if (!seconds || !service->box)
		return;
	value_set_string(request->arena, argument, "address", address_print(request->arena, &request->peer));
	value_set(request->arena, argument, "seconds", value_integer(request->arena, seconds));
	service->box->ask(service->box->context, request->arena, "lockout.add", argument, &answer, &message);
}

bool
login_administrator(struct request *request)
{
	const struct collection *users = snapshot_named(request->snapshot, "auth.user");
	const struct record     *root = collection_where(users, "uid", TEXT("0"));
	struct caller           *caller = ARENA_MAKE(request->arena, struct caller, 1);

	if (!request->socket || !root ||
	    auth_user(request->service->auth, request->snapshot, request->arena, root, &request->peer, caller) != AUTH_OK)
		return false;
	request->caller = caller;
	return true;
}
