/* Fields of virtual private networks. */
#include "model/types.h"

#include <string.h>

#include "schema/hosts.h"
#include "schema/lists.h"
#include "schema/snapshot.h"

/* --- IPsec -------------------------------------------------------------------------------------- */

static bool
is_word(struct text entry)
{
	for (size_t i = 0; i < entry.len; i++) {
		const unsigned char c = (unsigned char)entry.ptr[i];

		if (c <= ' ' || c == 0x7f || strchr("+;:|/#<>'\"\\$%_!(){}[]*@?=&~`^,", c))
			return false;
	}
	return entry.len > 0;
}

static bool
has_letter(struct text entry)
{
	for (size_t i = 0; i < entry.len; i++)
		if ((unsigned char)entry.ptr[i] >= 0x80 || ((entry.ptr[i] | 32) >= 'a' && (entry.ptr[i] | 32) <= 'z'))
			return true;
	return false;
}

/* Labels of nearly anything, but nothing that is a number or a broken address. */
static bool
is_ike_address(struct text entry)
{
	struct entries labels = { entry, '.', true };
	struct text    label;
	struct prefix  prefix;

	if (prefix_read(entry, &prefix))
		return true;
	if (!is_word(entry) || !(has_letter(entry) || (text_contains(entry, TEXT("-")) && !text_contains(entry, TEXT(".")))))
		return false;
	while (entry_next(&labels, &label))
		if (label.len == 0 || label.ptr[0] == '-' || label.ptr[label.len - 1] == '-')
			return false;
	return true;
}

static void
check_ike_address(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;

	(void)view;
	while (entry_next(&entries, &entry)) {
		if (is_ike_address(entry))
			continue;
		faults_add(faults, field->name, FAULT_FORMAT, "Each entry must be an address, a network or a host name.");
		return;
	}
}

static void
entry_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;

	(void)field;
	if (value[0] == '\0')
		choose_one(context, &(struct choice){ "", NULL, NULL });
	while (entry_next(&entries, &entry))
		choose_one(context, &(struct choice){ arena_copy(view->arena, entry), NULL, NULL });
}

const struct type type_ike_address = {
	.name = "ike_address", .is_list = true, .check = check_ike_address, .choices = entry_choices,
};

static const char *const ciphers[] = { "aes128",      "aes192",      "aes256",          "aes128gcm16",
	                               "aes192gcm16", "aes256gcm16", "chacha20poly1305" };
static const char *const hashes[] = { "sha256", "sha384", "sha512", "aesxcbc" };
static const char *const groups[] = { "modp2048", "modp3072",  "modp4096",  "modp6144",  "modp8192", "ecp256", "ecp384",
	                              "ecp521",   "ecp256bp", "ecp384bp", "ecp512bp", "x25519",   "x448" };
static const char *const usual[] = { "aes256-sha256-modp2048", "aes256-sha512-modp2048", "aes128-sha256-modp2048",
	                             "aes128-sha512-modp2048" };
static const char *const combined[] = { "aes256gcm16-modp2048", "aes256gcm16-ecp384", "aes256gcm16-ecp521",
	                                "aes256gcm16-x25519",   "aes128gcm16-modp2048", "aes128gcm16-ecp256",
	                                "aes128gcm16-x25519",   "chacha20poly1305-x25519", "chacha20poly1305-modp2048" };
static const char *const weak[] = { "aes256-sha1-modp2048", "aes256-sha1-modp1024", "aes128-sha1-modp2048",
	                            "aes128-sha1-modp1024", "3des-sha1-modp1024",   "3des-md5-modp1024" };

static bool
is_usual(const char *proposal)
{
	for (size_t i = 0; i < COUNT(usual); i++)
		if (strcmp(usual[i], proposal) == 0)
			return true;
	return false;
}

/* With an empty group: no key exchange of their own. */
static void
give_generated(const char *const *exchanges, size_t count, const struct view *view, choose *choose_one, void *context)
{
	for (size_t i = 0; i < COUNT(ciphers); i++)
		for (size_t j = 0; j < COUNT(hashes); j++)
			for (size_t k = 0; k < count; k++) {
				const char *key = arena_print(view->arena, "%s-%s%s%s", ciphers[i], hashes[j],
				                              exchanges[k][0] ? "-" : "", exchanges[k]);

				if (!is_usual(key))
					choose_one(context, &(struct choice){ key, NULL, "Other" });
			}
}

static void
give_group(const char *const *keys, size_t count, const char *group, choose *choose_one, void *context)
{
	for (size_t i = 0; i < count; i++)
		choose_one(context, &(struct choice){ keys[i], NULL, group });
}

static void
give_second_phase(const struct view *view, choose *choose_one, void *context)
{
	static const char *const none[] = { "" };
	static const char *const plain[] = { "null-sha256", "null-sha512" };

	give_generated(none, COUNT(none), view, choose_one, context);
	give_group(plain, COUNT(plain), "Without encryption", choose_one, context);
	for (size_t i = 0; i < COUNT(groups); i++)
		choose_one(context, &(struct choice){ arena_print(view->arena, "null-sha256-%s", groups[i]), NULL,
		                                      "Without encryption" });
}

static void
proposal_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                 void *context)
{
	(void)value;
	choose_one(context, &(struct choice){ "default", NULL, "Miscellaneous" });
	give_group(usual, COUNT(usual), "Commonly used", choose_one, context);
	give_group(combined, COUNT(combined), "Combined mode", choose_one, context);
	give_group(weak, COUNT(weak), "Insecure", choose_one, context);
	give_generated(groups, COUNT(groups), view, choose_one, context);
	if (field->settings & PHASE_TWO)
		give_second_phase(view, choose_one, context);
}

static bool
is_among(const char *const *words, size_t count, struct text word)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(word, words[i]))
			return true;
	return false;
}

/* As give_generated() and give_second_phase() make them. */
static bool
is_generated(struct text key, bool second_phase)
{
	struct text rest = key;
	struct text cipher = text_until(&rest, '-'), hash = text_until(&rest, '-');
	const bool  ends = text_ends(key, TEXT("-")), has_group = rest.len > 0;

	if (ends || (has_group && !is_among(groups, COUNT(groups), rest)) || (!has_group && !second_phase))
		return false;
	if (second_phase && text_is(cipher, "null"))
		return text_is(hash, "sha256") || (text_is(hash, "sha512") && !has_group);
	return is_among(ciphers, COUNT(ciphers), cipher) && is_among(hashes, COUNT(hashes), hash);
}

static const struct choice *
proposal_find(const struct field *field, struct text key, const struct view *view)
{
	const bool is_listed = text_is(key, "default") || is_among(usual, COUNT(usual), key) ||
			       is_among(combined, COUNT(combined), key) || is_among(weak, COUNT(weak), key);

	if (!is_listed && !is_generated(key, field->settings & PHASE_TWO))
		return NULL;
	return choice_make(view, arena_copy(view->arena, key), NULL);
}

const struct type type_ipsec_proposal = {
	.name = "ipsec_proposal", .is_list = true, .check = check_choices, .choices = proposal_choices, .find = proposal_find,
};

static void
log_level_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one,
                  void *context)
{
	static const struct choice levels[] = {
		{ "-1", "Absolutely silent" },   { "0", "Basic auditing logs" },    { "1", "Generic control flow with errors" },
		{ "2", "More detailed control flow" }, { "3", "Raw dumps in hex" }, { "4", "Sensitive material too" },
	};

	(void)field;
	(void)value;
	(void)view;
	for (size_t i = 0; i < COUNT(levels); i++)
		choose_one(context, &levels[i]);
}

const struct type type_charon_log_level = {
	.name = "charon_log_level", .is_list = true, .check = check_choices, .choices = log_level_choices,
};

/* Address pools by name; "radius" asks the server. */
static void
pool_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	const struct collection *pools = view->snapshot ? snapshot_named(view->snapshot, "ipsec.pool") : NULL;

	(void)field;
	(void)value;
	choose_one(context, &(struct choice){ "radius", NULL, NULL });
	for (size_t i = 0; pools && i < collection_count(pools); i++)
		choose_one(context, &(struct choice){ collection_at(pools, i)->uuid,
		                                      record_get(collection_at(pools, i), "name"), NULL });
}

static const struct choice *
pool_find(const struct field *field, struct text key, const struct view *view)
{
	const struct record *pool = view->snapshot ? collection_find(snapshot_named(view->snapshot, "ipsec.pool"), key) : NULL;

	(void)field;
	if (text_is(key, "radius"))
		return choice_make(view, "radius", NULL);
	return pool ? choice_make(view, pool->uuid, record_get(pool, "name")) : NULL;
}

const struct type type_pools = {
	.name = "pools", .is_list = true, .check = check_choices, .choices = pool_choices, .find = pool_find,
};

/* --- OpenVPN -------------------------------------------------------------------------------------- */

/* NULL: it is no server. */
static const struct choice *
server_choice(const struct record *instance, const struct view *view)
{
	const char *described = record_get(instance, "description"), *number = record_get(instance, "vpnid");

	return strcmp(record_get(instance, "role"), "server") == 0 ? choice_make(view, number, described[0] ? described : number) : NULL;
}

static void
server_choices(const struct field *field, const char *value, const struct view *view, choose *choose_one, void *context)
{
	const struct collection *instances = view->snapshot ? snapshot_named(view->snapshot, "openvpn.instance") : NULL;
	struct choice_list       list = { .arena = view->arena };

	(void)field;
	(void)value;
	for (size_t i = 0; instances && i < collection_count(instances); i++) {
		const struct choice *server = server_choice(collection_at(instances, i), view);

		if (server)
			choice_list_add(&list, server->key, server->label, NULL);
	}
	choice_list_sort_labels(&list);
	choice_list_give(&list, choose_one, context);
}

static const struct choice *
server_find(const struct field *field, struct text key, const struct view *view)
{
	size_t                count = 0;
	const struct record **instances =
		view->snapshot ? collection_naming(view->arena, snapshot_named(view->snapshot, "openvpn.instance"), "vpnid", key, &count) : NULL;
	const struct choice  *server = NULL;

	(void)field;
	for (size_t i = 0; i < count && !server; i++)
		server = server_choice(instances[i], view);
	return server;
}

const struct type type_openvpn_server = {
	.name = "openvpn_server", .is_list = true, .check = check_choices, .choices = server_choices, .find = server_find,
};

/*
 * "host", "host:port", "[v6]:port". What follows the last colon of a bare IPv6 address could be meant as a port:
 * such an address is only taken when it would be one.
 */
static bool
is_remote(struct text entry)
{
	struct text    host, port;
	struct address address;

	if (address_read(entry, &address) && address.family == FAMILY_INET6) {
		for (port = entry; text_contains(port, TEXT(":"));)
			text_until(&port, ':');
		return port_number_is_valid(port);
	}
	if (!address_and_port_read(entry, &host, &port) || (port.len && !port_number_is_valid(port)))
		return false;
	if (text_starts(entry, TEXT("[")))
		return address_read(host, &address) && address.family == FAMILY_INET6;
	return address_read(host, &address) || host_name_is_valid(host);
}

static void
check_remote_host(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	struct entries entries = entries_of(value, ',');
	struct text    entry;

	(void)view;
	while (entry_next(&entries, &entry)) {
		if (is_remote(entry))
			continue;
		faults_add(faults, field->name, FAULT_FORMAT, "Each entry must be a host, with its port if wanted.");
		return;
	}
}

const struct type type_remote_host = {
	.name = "remote_host", .is_list = true, .check = check_remote_host, .choices = entry_choices,
};

/* The lowest that no other has; given when a record is kept, so a template shows none. */
static const char *
normal_vpn_id(const struct field *field, const char *value, const struct view *view)
{
	if (value[0] || !view->snapshot || !view->record)
		return value[0] ? value : "1";
	return arena_print(view->arena, "%lld", (long long)number_lowest_free(field, view, 1));
}

static void
check_vpn_id(const struct field *field, const char *value, const struct view *view, struct faults *faults)
{
	type_integer.check(field, value, view, faults);
}

const struct type type_vpn_id = {
	.name = "vpn_id", .check = check_vpn_id, .normal = normal_vpn_id,
};
