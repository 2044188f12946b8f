/* Small helpers that every dialect uses on its way through a request. */
#include "api/request.h"

#include "base/bug.h"

void
reply_header(struct request *request, const char *name, const char *value)
{
	struct reply *reply = &request->reply;

	BUG_IF(reply->nheaders >= REPLY_HEADERS_MAX, "too many headers");
	reply->headers[reply->nheaders].name = name;
	reply->headers[reply->nheaders].value = value;
	reply->nheaders++;
}

void
reply_reset(struct request *request)
{
	buffer_clear(&request->reply.body);
	follow_free(request->reply.follow);
	request->reply = (struct reply){ .status = 0 };
}

struct follow *
reply_follow(struct request *request, unsigned every,
	     bool (*more)(struct follow *, const struct service *, struct buffer *))
{
	struct arena  *arena = arena_new();
	struct follow *follow = ARENA_MAKE(arena, struct follow, 1);

	*follow = (struct follow){ .arena = arena, .every = every, .more = more };
	follow_free(request->reply.follow);
	request->reply.follow = follow;
	return follow;
}

void
follow_free(struct follow *follow)
{
	if (follow)
		arena_free(follow->arena);
}

struct view
request_view(const struct request *request, const struct record *record)
{
	return (struct view){ request->arena, request->snapshot, request->service->facts, record };
}

const char *
request_who(const struct request *request)
{
	return arena_print(request->arena, "%s@%s", request->caller ? request->caller->name : "unknown",
			   request->socket ? "local" : address_print(request->arena, &request->peer));
}
