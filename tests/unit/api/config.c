/* config.xml: what is nested there survives the way in and out. */
#include "test.h"

#include "api/trust/certificate.h"
#include "api/config_xml.h"
#include "auth/secret.h"
#include "model/registry.h"
#include "store/store.h"

static const char *
new_certificate(struct arena *arena)
{
	struct value                    *names = value_object(arena);
	const struct certificate_request request = { .elliptic = true, .curve = "prime256v1", .digest = "sha256", .days = 10,
						     .serial = 0x1234, .now = 1764000000, .names = names };

	value_set_string(arena, names, "commonName", "x");
	return certificate_create(arena, &request, certificate_new_key(arena, &request));
}

static const struct snapshot *
imported(struct arena *arena, const struct schema *schema, const char *xml, struct buffer *report)
{
	struct snapshot *empty = snapshot_new(schema);
	struct change   *change = change_make(arena, empty, NULL);
	scoped_buffer    message = BUFFER_NONE;

	CHECK_NUMBER(config_import(change, NULL, text_of(xml), report, &message), RESULT_DONE);
	snapshot_release(empty);
	return change_finish(change, 1);
}

/* Each kind of file says in its own way how the time is kept and who may come in by secure shell. */
TEST(time_and_secure_shell_are_read_from_both_kinds_and_survive)
{
	static const struct {
		const char *xml, *enable, *port, *keyonly;
	} files[] = {
		{ "<opnsense><system><ssh><enabled>enabled</enabled><port>2222</port><passwordauth>1</passwordauth></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></opnsense>", "1", "2222", "" },
		{ "<opnsense><system><ssh><enabled>enabled</enabled></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></opnsense>", "1", "", "enabled" },
		{ "<pfsense><system><ssh><enable>enabled</enable><sshdkeyonly>both</sshdkeyonly></ssh></system>"
		  "<ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></pfsense>", "1", "", "both" },
		{ "<pfsense><ntpd><prefer>a.example</prefer><logpeer>yes</logpeer></ntpd></pfsense>", "", "", "" },
	};
	struct schema *schema = schema_new(registry, registry_count);

	for (size_t i = 0; i < COUNT(files); i++) {
		scoped_arena           arena = arena_new();
		scoped_buffer          report = BUFFER_NONE, out = BUFFER_NONE;
		const struct snapshot *first = imported(arena, schema, files[i].xml, &report);
		const struct record   *shell = snapshot_single(first, "system.ssh"), *times = snapshot_single(first, "system.time");

		CHECK_STRING(record_get(shell, "enable"), files[i].enable);
		CHECK_STRING(record_get(shell, "port"), files[i].port);
		CHECK_STRING(record_get(shell, "keyonly"), files[i].keyonly);
		CHECK_STRING(record_get(times, "prefer"), "a.example");
		CHECK_STRING(record_get(times, "logpeer"), "1");
		CHECK(!strstr(buffer_string(&report), "not mapped"));
		config_export(&out, first);
		const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

		/* What is both is no word of this file's, but never more than was allowed. */
		if (strcmp(files[i].keyonly, "both") != 0)
			CHECK(record_same(shell, snapshot_single(again, "system.ssh")));
		else
			CHECK_STRING(record_get(snapshot_single(again, "system.ssh"), "keyonly"), "enabled");
		CHECK(record_same(times, snapshot_single(again, "system.time")));
		snapshot_release(first);
		snapshot_release(again);
	}
	schema_free(schema);
}

/* The arena first, then the schema. */
static void
check_lists(const struct schema *schema)
{
	scoped_arena   arena = arena_new();
	scoped_buffer  report = BUFFER_NONE, out = BUFFER_NONE;
	const char    *crt = base64_encode(arena, text_of(new_certificate(arena)));
	const char    *xml = arena_print(
                arena,
                "<opnsense><ca><refid>0123456789abc</refid><descr>house</descr></ca>"
		   "<system><user><name>root</name><uid>0</uid><apikeys><item><key>k</key><secret>$6$x</secret></item></apikeys>"
		   "</user></system>"
		   "<crl><refid>0123456789abd</refid><descr>lost</descr><caref>0123456789abc</caref>"
		   "<crlmethod>internal</crlmethod><serial>4</serial><lifetime>30</lifetime><text>QUJD</text>"
		   "<cert><refid>aaaaaaaaaaaaa</refid><descr>x</descr><crt>%s</crt><prv>secret</prv><reason>1</reason>"
		   "<revoke_time>1764000000</revoke_time></cert>"
		   "<cert><refid>b|\n1</refid><serial>02</serial></cert>"
		   "<cert><refid>ccccccccccccc</refid><serial>0F</serial><reason>9</reason></cert></crl></opnsense>",
                crt);
	const struct snapshot *first = imported(arena, schema, xml, &report);
	const struct record   *list = collection_at(snapshot_named(first, "trust.crl"), 0);

	CHECK_STRING(record_get(list, "cert"), "aaaaaaaaaaaaa|1234|1|1764000000\nccccccccccccc|0F|0|0");
	CHECK(!strstr(buffer_string(&report), "not mapped"));
	config_export(&out, first);
	CHECK(!strstr(buffer_string(&out), "secret\""));
	const struct snapshot *again = imported(arena, schema, buffer_string(&out), &report);

	CHECK(record_same(list, collection_at(snapshot_named(again, "trust.crl"), 0)));
	CHECK_STRING(record_get(collection_at(snapshot_named(again, "auth.user"), 0), "apikeys"),
		     record_get(collection_at(snapshot_named(first, "auth.user"), 0), "apikeys"));
	CHECK(strstr(record_get(collection_at(snapshot_named(again, "auth.user"), 0), "apikeys"), "$6$x"));
	snapshot_release(first);
	snapshot_release(again);
}

TEST(lists_of_revoked_certificates_survive)
{
	struct schema *schema = schema_new(registry, registry_count);

	check_lists(schema);
	schema_free(schema);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(lists_of_revoked_certificates_survive),
		cmocka_unit_test(time_and_secure_shell_are_read_from_both_kinds_and_survive) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
