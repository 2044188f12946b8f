/* What the general types take, and what they store. */
#include "schema/types.h"

#include "schema/hosts.h"
#include "schema/mask.h"
#include "test.h"

/* clang-format off */
static const struct example {
	struct field field;
	const char  *accepted; /* entries separated by "|" */
	const char  *refused;
} examples[] = {
	{ { "switch", &type_boolean, .flags = REQUIRED }, "0|1", "2|true|" },
	{ { "text", &type_text, .mask = "^[a-z]+$" }, "abc", "aBc|a b" },
	{ { "partial mask", &type_text, .mask = "[a-z]+" }, "abc", "abc1|1abc" },
	{ { "any case", &type_text, .mask = "^[a-z]+$", .flags = MASK_ANY_CASE }, "aBc", "a1" },
	{ { "short", &type_text, .flags = HIGH_LIMIT, .max = 3 }, "abc|\xc3\xa9", "abcd" },
	{ { "strict", &type_strict_text }, "a,b", "a b|a\tb" },
	{ { "line", &type_strict_text, .settings = SPACES_ALLOWED }, "a b|a\tb", "a\nb" },
	{ { "description", &type_description }, "a b", "a\nb|a\vb" },
	{ { "base64", &type_base64 }, "YWJj|YWJjZA==|YWJj\nZGVm", "YWI|!!!!|YW=j" },
	{ { "json", &type_json }, "e30=|WzEsIDJd", "e30x|fQ==|!!!!" },
	{ { "mail", &type_email }, "a@b.com|a.b+c@d-e.co.uk", "a@b|@b.com|a b@c.com|.a@b.com|a..b@c.com" },
	{ { "url", &type_url }, "http://a.b|https://1.2.3.4:8443/x|http://[2001:db8::1]/|ftp://u:p@a.b/",
	  "http://|//a.b|javascript:alert(1)|http://a b/|http://[1.2.3.4]/|http://a.b:99999/" },
	{ { "words", &type_csv, .mask = "^[a-z]+$", .flags = MASK_PER_ITEM }, "a|a,b", "a,B|a," },
	{ { "integer", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 1, .max = 10 }, "1| 5|+5|10|5 ",
	  "0|11|05|5.0|1e1|0x5" },
	{ { "big", &type_integer }, "9223372036854775807|-1", "9223372036854775808|99999999999999999999" },
	{ { "numeric", &type_numeric }, "1.5|-1|05", "1e3|+5| 5|a" },
	{ { "host", &type_hostname }, "a|a.b|1.2.3.4|::1|a.", "a_b|-a|a-|a..b|1.2.3.4/24" },
	{ { "name only", &type_hostname, .settings = NO_ADDRESS }, "a.b|1.2.3", "1.2.3.4|::1" },
	{ { "dns", &type_hostname, .settings = DNS_NAME }, "a_b.c|-a", "a b|*.a|a/b" },
	{ { "wild", &type_hostname, .settings = FQDN_WILDCARD | HOST_WILDCARD | ZONE_ROOT }, "*|*.a|@|@.a", "**|a.*" },
	{ { "network", &type_network }, "1.2.3.4|1.2.3.0/24|any|2001:db8::/32", "1.2.3|1.2.3.4/33|host" },
	{ { "masked", &type_network, .settings = MASK_REQUIRED | ONLY_INET | NO_WILDCARD }, "1.2.3.4/8", "1.2.3.4|::/0|any" },
	{ { "address", &type_network, .settings = MASK_FORBIDDEN | ONLY_INET6 }, "::1", "1.2.3.4|::/64" },
	{ { "strict network", &type_network, .settings = HOST_BITS_ZERO }, "10.0.0.0/8|10.0.0.1", "10.0.0.1/8" },
	{ { "networks", &type_network, .flags = AS_LIST }, "10.0.0.0/8,::1", "10.0.0.0/8,|10.0.0.0/8, ::1" },
	{ { "ip and port", &type_ip_port }, "1.2.3.4:80|[::1]:80", "1.2.3.4|::1:80|[1.2.3.4]:80|a.b:80|1.2.3.4:0" },
	{ { "host and port", &type_ip_port, .settings = HOSTNAME_ALLOWED | PORT_OPTIONAL }, "a.b:80|a.b|[::1]", "a.b:|a b" },
	{ { "mac", &type_mac_address }, "00:11:22:33:44:55|00-11-22-33-44-55|0011.2233.4455", "001122334455|00:11:22:33:44:5g" },
	{ { "option", &type_option, .choices = CHOICES({ "a", "A" }, { "b", "B" }) }, "a|b", "c|A|a,b|a " },
	{ { "options", &type_option, .flags = MANY, .choices = CHOICES({ "a", "A" }, { "b", "B" }) }, "a|a,b|b,a", "a,c|a,|,a" },
	{ { "country", &type_country, .settings = INVERTED }, "NL|!NL", "nl|XX" },
	{ { "protocol", &type_protocol, .flags = REQUIRED, .source = "TCP/UDP" }, "any|TCP|TCP/UDP|IPV6-ICMP", "nosuch|6" },
	{ { "port", &type_port }, "1|65535", "0|65536|01|http|1-2|any" },
	{ { "ports", &type_port, .settings = WELL_KNOWN | RANGES }, "http|any|1-2|1-65535", "2-1|2-2|0-1|nosuch" },
	{ { "gateway", &type_key_value, .source = "interface gateways list" }, "Null4", "WAN_GW" },
};
/* clang-format on */

TEST(each_type_takes_what_it_should_and_nothing_else)
{
	scoped_arena       arena = arena_new();
	const struct view  view = { .arena = arena };

	for (size_t i = 0; i < COUNT(examples); i++) {
		const struct example *example = &examples[i];
		struct text           accepted = text_of(example->accepted), refused = text_of(example->refused), one;

		for (int side = 0; side < 2; side++)
			while (text_next(side ? &refused : &accepted, "|", &one)) {
				const char *value = arena_copy(arena, one);

				if (field_accepts(&example->field, value, &view) != !side)
					fail_msg("%s: \"%s\" should be %s", example->field.name, value, side ? "refused" : "accepted");
			}
	}
}

TEST(values_are_stored_in_their_normal_form)
{
	static const struct field network = { "n", &type_network }, host = { "h", &type_hostname };
	static const struct field port = { "p", &type_port, .settings = WELL_KNOWN }, protocol = { "t", &type_protocol };
	static const struct field lower = { "l", &type_protocol, .flags = LOWER }, text = { "x", &type_text, .flags = UPPER };
	static const struct {
		const struct field *field;
		const char         *sent, *stored;
	} cases[] = {
		{ &network, " 2001:DB8::1 ", "2001:db8::1" }, { &host, " Host ", "Host" }, { &port, "HTTP", "http" },
		{ &port, "8080 ", "8080 " }, { &protocol, "tcp", "TCP" }, { &protocol, "ANY", "any" }, { &lower, "TCP/UDP", "tcp/udp" },
		{ &text, "a\xc3\xa9z", "A\xc3\xa9Z" },
	};
	scoped_arena      arena = arena_new();
	const struct view view = { .arena = arena };

	for (size_t i = 0; i < COUNT(cases); i++)
		CHECK_STRING(field_normal(cases[i].field, cases[i].sent, &view), cases[i].stored);
}

static const struct field many = { "m", &type_option, .flags = MANY,
	                           .choices = CHOICES({ "a", "First" }, { "b", "Second" }, { "c" }) };

TEST(labels_of_lists_are_joined)
{
	scoped_arena      arena = arena_new();
	const struct view view = { .arena = arena };

	CHECK_STRING(field_label(&many, "a,c,b", &view), "First, c, Second");
	CHECK_STRING(field_label(&many, "", &view), "");
	CHECK_STRING(field_label(&many, "gone", &view), "gone");
	CHECK_STRING(field_label(&examples[0].field, "1", &view), "1");
}

TEST(a_mask_that_needs_forever_matches_nothing)
{
	static const char mask[] = "^(a+)+$";
	char              hostile[512];

	memset(hostile, 'a', sizeof(hostile));
	hostile[sizeof(hostile) - 1] = '!';
	CHECK(!mask_matches(text_of(mask), false, (struct text){ hostile, sizeof(hostile) }));
	CHECK(mask_matches(text_of(mask), false, TEXT("aaa")));
	CHECK(mask_mistake(TEXT("(")) != NULL);
	CHECK(mask_mistake(TEXT("a")) == NULL);
}

TEST(broken_utf8_matches_no_mask)
{
	static const char mask[] = "^.*$";

	CHECK(!mask_matches(text_of(mask), false, TEXT("\xff")));
}

TEST(unique_ids_are_given_out_once)
{
	static const struct field    fields[] = { { "id", &type_unique_id } };
	static const struct resource resource = { .name = "r", .fields = fields, .nfields = 1 };
	scoped_arena                 arena = arena_new();
	struct record               *record = record_make(arena, &resource);
	const struct view            view = { .arena = arena, .record = record };
	const char                  *first = field_normal(&fields[0], "mine", &view);

	CHECK_NUMBER(strlen(first), 23);
	CHECK(first[14] == '.');
	record_set(record, "id", first);
	CHECK_STRING(field_normal(&fields[0], "mine", &view), first);
}

RUN(cmocka_unit_test(each_type_takes_what_it_should_and_nothing_else),
    cmocka_unit_test(values_are_stored_in_their_normal_form),
    cmocka_unit_test(labels_of_lists_are_joined),
    cmocka_unit_test(a_mask_that_needs_forever_matches_nothing),
    cmocka_unit_test(broken_utf8_matches_no_mask),
    cmocka_unit_test(unique_ids_are_given_out_once));
