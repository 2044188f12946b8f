/* Factory records and the administrator, in one change. */
#include "proc/seed.h"

#include "api/config_xml.h"
#include "api/factory.h"
#include "auth/apikey.h"
#include "auth/secret.h"
#include "base/bug.h"
#include "dialect/pfsense/import.h"
#include "model/factory.h"
#include "schema/record.h"
#include "store/change.h"

#define PASSWORD_BYTES 12
#define ADMIN_UUID     "00000000-0000-4000-8000-000000000000"

void
credentials_complete(struct arena *arena, struct credentials *credentials)
{
	if (!credentials->user)
		credentials->user = "admin";
	if (!credentials->password)
		credentials->password = random_hex(arena, PASSWORD_BYTES);
	if (!credentials->key)
		credentials->key = key_new(arena);
	if (!credentials->secret)
		credentials->secret = key_new(arena);
}

/* The password hash is the light one: 2 ms instead of 50, for a random or a test's password. */
static void
put_administrator(struct arena *arena, const struct schema *schema, struct change *change,
                  const struct credentials *credentials)
{
	static const char *const    values[] = { "uid", "0", "scope", "system", "descr", "System Administrator", NULL };
	const struct factory_record row = { "auth.user", ADMIN_UUID, values };
	struct record              *user = factory_make(arena, schema, &row);

	record_set(user, "name", credentials->user);
	record_set(user, "password", secret_hash(arena, credentials->password));
	record_set(user, "apikeys", apikey_add(arena, "", credentials->key, secret_hash(arena, credentials->secret)));
	change_put(change, user);
}

enum result
seed_store(struct store *store, const struct seed *seed, struct buffer *report, struct buffer *message)
{
	scoped_arena     arena = arena_new();
	const struct author author = { "drawbridge", "local", "native", "first start" };
	struct batch    *batch = store_begin(store);
	struct change   *change = batch_change(batch, arena, &author);

	for (size_t i = 0; i < factory_records_count; i++) {
		const struct factory_record *row = &factory_records[i];

		/* A file that was given says all there is to let in; ours would let in more. */
		if (seed->import.len > 0 && strcmp(row->resource, "firewall.rule") == 0)
			continue;
		change_put(change, factory_make(arena, seed->schema, row));
	}
	put_administrator(arena, seed->schema, change, &seed->administrator);
	if (seed->import.len > 0) {
		const enum result result = config_import(change, seed->facts, seed->import, pfsense_import, report, message);

		if (result != RESULT_DONE) {
			batch_abandon(batch);
			return result;
		}
	}
	change_note(change, "factory configuration");
	batch_accept(batch, change, true);
	return batch_commit(batch, message);
}
