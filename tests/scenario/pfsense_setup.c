/* A box with two interfaces and an administrator, and requests to it in one line each. */
#include "scenario/pfsense_setup.h"

#include "dialect/pfsense/serve.h"
#include "test.h"

static const struct choice devices[] = { { "em0" }, { "em1" }, { "em2" }, { "em3" } };

static const struct choice *
list_facts(void *context, const char *name, size_t *count)
{
	(void)context;
	*count = strcmp(name, "devices") == 0 ? COUNT(devices) : 0;
	return devices;
}

struct box_test
box_make(void)
{
	struct box_test box = { harness_new(), arena_new(), "Basic YWRtaW46cGZzZW5zZQ==" };

	harness_facts(box.harness, (struct facts){ NULL, list_facts });
	harness_put(box.harness, "auth.user", "00000000-0000-4000-8000-000000000001", "uid", "0", "name", "admin",
		    "password", secret_hash(box.arena, "pfsense"), "scope", "system", NULL);
	harness_put(box.harness, "auth.group", "00000000-0000-4000-8000-000000000002", "gid", "1999", "name",
		    "admins", "priv", "page-all", "member", "0", "scope", "system", NULL);
	harness_put(box.harness, "interfaces.interface", "wan", "identifier", "wan", "if", "em0", "descr", "WAN",
		    "enable", "1", "type4", "staticv4", "ipaddr", "203.0.113.2/24", NULL);
	harness_put(box.harness, "interfaces.interface", "lan", "identifier", "lan", "if", "em1", "descr", "LAN",
		    "enable", "1", "type4", "staticv4", "ipaddr", "192.168.1.1/24", NULL);
	return box;
}

void
box_free(struct box_test *box)
{
	harness_free(box->harness);
	arena_free(box->arena);
}

static enum method
method_of(const char *name)
{
	static const struct {
		const char *name;
		enum method method;
	} methods[] = {
		{ "GET", METHOD_GET },       { "POST", METHOD_POST },       { "PUT", METHOD_PUT },
		{ "DELETE", METHOD_DELETE }, { "OPTIONS", METHOD_OPTIONS }, { "PATCH", METHOD_PATCH },
	};

	for (size_t i = 0; i < COUNT(methods); i++)
		if (strcmp(methods[i].name, name) == 0)
			return methods[i].method;
	return METHOD_OTHER;
}

const struct value *
ask(struct box_test *box, const char *method, const char *url, const char *body)
{
	char            *json = arena_copy(box->arena, text_of(body ? body : ""));
	struct ask       what = { method_of(method), arena_print(box->arena, "/api/v1/%s", url) };
	struct value    *reply = NULL;
	size_t           headers = 0;

	for (char *at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	what.body = text_of(json);
	if (body) {
		what.headers[headers][0] = "Content-Type";
		what.headers[headers++][1] = "application/json";
	}
	if (box->authorization) {
		what.headers[headers][0] = "Authorization";
		what.headers[headers++][1] = box->authorization;
	}
	const struct answer answer = harness_ask(box->harness, box->arena, &pfsense_dialect, &what);

	json_read(box->arena, answer.body, NULL, &reply, NULL);
	if (reply)
		CHECK_NUMBER(value_get(reply, "code")->integer, answer.status);
	return reply;
}

int
ask_code(struct box_test *box, const char *method, const char *url, const char *body)
{
	static const char *const members[] = { "status", "code", "return", "message", "data" };
	const struct value      *reply = ask(box, method, url, body);

	CHECK(reply);
	CHECK_NUMBER(reply->count, COUNT(members));
	for (size_t i = 0; i < COUNT(members); i++)
		CHECK(text_is(reply->members[i].name, members[i]));
	return (int)value_get(reply, "return")->integer;
}

const char *
text_at(struct box_test *box, const struct value *reply, const char *path)
{
	const struct value *found = value_path(value_get(reply, "data"), path);
	const char         *string = found ? value_as_string(box->arena, found) : NULL;

	return string ? string : "";
}
