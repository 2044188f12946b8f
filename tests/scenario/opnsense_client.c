/* Requests with the administrator's key. */
#include "scenario/opnsense_client.h"

#include "dialect/opnsense/opnsense.h"

struct answer
client_ask(struct client *client, enum method method, const char *target, const char *body)
{
	const struct ask what = { method, target,
				     { { "Authorization", opnsense_authorization(client->arena, "admin") },
				       { body ? "Content-Type" : NULL, "application/json" } },
				     text_of(body ? body : ""), false };

	return harness_ask(client->harness, client->arena, &opnsense_dialect, &what);
}

static struct value *
ask(struct client *client, enum method method, const char *target, const char *body)
{
	const struct answer answer = client_ask(client, method, target, body);
	struct value       *value = NULL;

	client->status = answer.status;
	json_read(client->arena, answer.body, NULL, &value, NULL);
	return value;
}

struct value *
client_post(struct client *client, const char *target, const char *body)
{
	return ask(client, METHOD_POST, target, body);
}

struct value *
client_get(struct client *client, const char *target)
{
	return ask(client, METHOD_GET, target, NULL);
}

const char *
client_word(struct client *client, const struct value *answer, const char *path)
{
	const char *text = value_as_string(client->arena, value_path(answer, path));

	return text ? text : "(none)";
}

size_t
client_count(struct client *client, const char *resource)
{
	return collection_count(snapshot_named(harness_snapshot(client->harness), resource));
}
