/*
 * dialect/opnsense/call.h: one call of an endpoint, and what handlers answer with.
 *
 * A handler writes its answer with call->json (or one of the answer functions) and returns. What
 * it runs on and which methods it takes stand in its route; verbs that do not fit never reach it.
 */
#pragma once

#include "api/request.h"
#include "json/write.h"

#define CALL_PARAMS_MAX 8

struct route;

struct call {
	struct request     *request;
	const struct route *route;
	struct text         params[CALL_PARAMS_MAX]; /* of the path, as sent; each ends at a "/" or the end */
	size_t              nparams;
	const struct value *query; /* the parsed query; NULL: nobody has asked for it yet */
	const struct value *input; /* the parsed body; never NULL, an empty object when there is none */
	struct json         json;  /* writes the reply's body */
	bool                admitted;
	bool                prepared;
	bool                handled;
	bool                reads_only; /* the caller's privileges here are for reads only */
	bool                is_own; /* what is kept concerns the caller alone: whoever may not save may do this */
	void              (*resume)(struct call *); /* where it goes on, on another lane */
	void               *kept; /* the handler's own, between lanes */
};

#define TYPE_JSON  "application/json; charset=UTF-8"
#define TYPE_ERROR "application/json;charset=utf-8"
#define TYPE_CSV   "text/csv;charset=UTF-8"
#define TYPE_FILE  "application/octet-stream"

/* A parameter of the path, or an empty text. */
static inline struct text
call_param(const struct call *call, size_t n)
{
	return n < call->nparams ? call->params[n] : TEXT_NONE;
}
/* The same, ending in NUL, in the arena. */
const char *call_param_string(const struct call *, size_t n);
static inline bool
call_is_post(const struct call *call)
{
	return call->request->method == METHOD_POST;
}
static inline bool
call_is_get(const struct call *call)
{
	return call->request->method == METHOD_GET || call->request->method == METHOD_HEAD;
}
/* The query of the URL as an object, never NULL. */
const struct value *call_query(struct call *);
/* A text of the body, or else of the query; NULL when it is in neither, or no scalar. */
const char *call_text(struct call *, const char *name);
struct view call_view(const struct call *, const struct record *);
const struct resource *call_resource(const struct call *, const char *name); /* aborts when there is none */

/* Go on with another handler on another lane; nothing may have been answered yet. */
static inline void
call_move(struct call *call, enum lane lane, void (*handle)(struct call *))
{
	call->request->lane = lane;
	call->resume = handle;
}

/* --- answers --- */

/* Forget what was written and start over with this status. */
void answer_begin(struct call *, unsigned status, const char *type);
/* {"name":"value"} */
void answer_word(struct call *, const char *name, const char *value);
void answer_empty(struct call *); /* [] */
void answer_value(struct call *, const struct value *);
/* {"result":"failed"}, with validations when there are faults; keys start with root. */
void answer_invalid(struct call *, const char *root, const struct faults *);
void answer_file(struct call *, const char *type, const char *name);

/* What upstream calls a UserException: refused by a rule, 500. */
void answer_refusal(struct call *, const char *title, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* What the box says to a question (as for topic_ask()); when it does not answer a refusal with its message. */
void answer_asked(struct call *, const char *title, const char *topic, ...) __attribute__((sentinel));
/* Its milder class: 500 too, with a fixed message. */
void answer_warning(struct call *, const char *title);
/* 500: something is broken. */
void answer_broken(struct call *);

void reply_missing(struct request *);  /* 404 */
void reply_status(struct request *, unsigned status, const char *message); /* {"status":401,"message":"..."} */

/* The key of a result in the words of an apply: the message of the box, or "OK". */
const char *html_escaped(struct arena *, struct text);
