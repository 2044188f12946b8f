/* Instance records of the OpenVPN.OpenVPN model. */
#include "model/checks.h"
#include "model/types.h"

/* clang-format off */
static const struct field fields[] = {
	{ "vpnid", &type_vpn_id, .flags = REQUIRED | LOW_LIMIT, .min = 1 },
	{ "enabled", &type_boolean, .flags = REQUIRED, .preset = "1" },
	{ "dev_type", &type_option, .flags = REQUIRED, .preset = "tun",
	  .choices = CHOICES({ "tun", "TUN" }, { "tap", "TAP" }, { "ovpn", "DCO" }) },
	{ "verb", &type_option, .flags = REQUIRED, .preset = "3",
	  .choices = CHOICES({ "0", "0 (No output except fatal errors.)" }, { "1", "1 (Normal)" },
		{ "2", "2 (Normal)" }, { "3", "3 (Normal)" }, { "4", "4 (Normal)" }, { "5", "5 (log packets)" },
		{ "6", "6 (debug)" }, { "7", "7 (debug)" }, { "8", "8 (debug)" }, { "9", "9 (debug)" },
		{ "10", "10 (debug)" }, { "11", "11 (debug)" }) },
	{ "proto", &type_option, .flags = REQUIRED, .preset = "udp",
	  .choices = CHOICES({ "udp", "UDP" }, { "udp4", "UDP (IPv4)" }, { "udp6", "UDP (IPv6)" }, { "tcp", "TCP" },
		{ "tcp4", "TCP (IPv4)" }, { "tcp6", "TCP (IPv6)" }) },
	{ "port", &type_port },
	{ "port-share", &type_ip_port },
	{ "local", &type_network, .settings = NO_WILDCARD | MASK_FORBIDDEN },
	{ "topology", &type_option, .flags = REQUIRED, .preset = "subnet",
	  .choices = CHOICES({ "net30" }, { "p2p" }, { "subnet" }) },
	{ "remote", &type_remote_host },
	{ "role", &type_option, .flags = REQUIRED, .preset = "server",
	  .choices = CHOICES({ "client", "Client" }, { "server", "Server" }) },
	{ "server", &type_network, .settings = NO_WILDCARD | HOST_BITS_ZERO | MASK_REQUIRED },
	{ "server_ipv6", &type_network, .settings = NO_WILDCARD | MASK_REQUIRED },
	{ "nopool", &type_boolean },
	{ "bridge_gateway", &type_network, .settings = NO_WILDCARD },
	{ "bridge_pool", &type_text },
	{ "route", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "push_route", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "push_excluded_routes", &type_network, .flags = AS_LIST, .settings = NO_WILDCARD },
	{ "cert", &type_certificate },
	{ "crl", &type_certificate, .source = "crl" },
	{ "ca", &type_certificate, .source = "ca", .blank = "- Use from certificate" },
	{ "cert_depth", &type_option, .blank = "Do Not Check",
	  .choices = CHOICES({ "1", "One (Client+Server)" }, { "2", "Two (Client+Intermediate+Server)" },
		{ "3", "Three (Client+2xIntermediate+Server)" }, { "4", "Four (Client+3xIntermediate+Server)" },
		{ "5", "Five (Client+4xIntermediate+Server)" }) },
	{ "remote_cert_tls", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "verify_client_cert", &type_option, .flags = REQUIRED, .preset = "require",
	  .choices = CHOICES({ "none" }, { "require" }) },
	{ "use_ocsp", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "auth", &type_option, .blank = "OpenVPN default",
	  .choices = CHOICES({ "BLAKE2b512", "BLAKE2b512 (512-bit)" }, { "BLAKE2s256", "BLAKE2s256 (256-bit)" },
		{ "MD4", "MD4 (128-bit)" }, { "MD5", "MD5 (128-bit)" }, { "MD5-SHA1", "MD5-SHA1 (288-bit)" },
		{ "RIPEMD160", "RIPEMD160 (160-bit)" }, { "SHA1", "SHA1 (160-bit)" }, { "SHA224", "SHA224 (224-bit)" },
		{ "SHA256", "SHA256 (256-bit)" }, { "SHA3-224", "SHA3-224 (224-bit)" },
		{ "SHA3-256", "SHA3-256 (256-bit)" }, { "SHA3-384", "SHA3-384 (384-bit)" },
		{ "SHA3-512", "SHA3-512 (512-bit)" }, { "SHA384", "SHA384 (384-bit)" }, { "SHA512", "SHA512 (512-bit)" },
		{ "SHA512-224", "SHA512-224 (224-bit)" }, { "SHA512-256", "SHA512-256 (256-bit)" },
		{ "SHAKE128", "SHAKE128 (128-bit)" }, { "SHAKE256", "SHAKE256 (256-bit)" },
		{ "whirlpool", "whirlpool (512-bit)" }, { "none", "None (No Authentication)" }) },
	{ "data-ciphers", &type_option, .flags = MANY,
	  .choices = CHOICES({ "AES-128-GCM", NULL, "Recommended" }, { "AES-192-GCM", NULL, "Recommended" },
		{ "AES-256-GCM", NULL, "Recommended" }, { "CHACHA20-POLY1305", NULL, "Recommended" },
		{ "AES-128-CBC", NULL, "Legacy" }, { "AES-192-CBC", NULL, "Legacy" }, { "AES-256-CBC", NULL, "Legacy" },
		{ "AES-128-CFB", NULL, "Legacy" }, { "AES-192-CFB", NULL, "Legacy" }, { "AES-256-CFB", NULL, "Legacy" },
		{ "AES-128-CFB1", NULL, "Legacy" }, { "AES-192-CFB1", NULL, "Legacy" }, { "AES-256-CFB1", NULL, "Legacy" },
		{ "AES-128-CFB8", NULL, "Legacy" }, { "AES-192-CFB8", NULL, "Legacy" }, { "AES-256-CFB8", NULL, "Legacy" },
		{ "AES-128-OFB", NULL, "Legacy" }, { "AES-192-OFB", NULL, "Legacy" }, { "AES-256-OFB", NULL, "Legacy" }) },
	{ "data-ciphers-fallback", &type_option,
	  .choices = CHOICES({ "AES-128-GCM", NULL, "Recommended" }, { "AES-192-GCM", NULL, "Recommended" },
		{ "AES-256-GCM", NULL, "Recommended" }, { "CHACHA20-POLY1305", NULL, "Recommended" },
		{ "AES-128-CBC", NULL, "Legacy" }, { "AES-192-CBC", NULL, "Legacy" }, { "AES-256-CBC", NULL, "Legacy" },
		{ "AES-128-CFB", NULL, "Legacy" }, { "AES-192-CFB", NULL, "Legacy" }, { "AES-256-CFB", NULL, "Legacy" },
		{ "AES-128-CFB1", NULL, "Legacy" }, { "AES-192-CFB1", NULL, "Legacy" }, { "AES-256-CFB1", NULL, "Legacy" },
		{ "AES-128-CFB8", NULL, "Legacy" }, { "AES-192-CFB8", NULL, "Legacy" }, { "AES-256-CFB8", NULL, "Legacy" },
		{ "AES-128-OFB", NULL, "Legacy" }, { "AES-192-OFB", NULL, "Legacy" }, { "AES-256-OFB", NULL, "Legacy" }) },
	{ "tls_key", &type_relation,
	  .relations = RELATIONS({ "openvpn.static_key", "description,mode", "%s [%s]" }) },
	{ "authmode", &type_auth_server, .flags = MANY },
	{ "local_group", &type_auth_group },
	{ "various_flags", &type_option, .flags = MANY,
	  .choices = CHOICES({ "block-ipv6" }, { "client-to-client" }, { "duplicate-cn" }, { "float" },
		{ "passtos" }, { "persist-remote-ip" }, { "remote-random" }, { "route-noexec" }, { "route-nopull" },
		{ "explicit-exit-notify" }, { "fast-io" }) },
	{ "various_push_flags", &type_option, .flags = MANY,
	  .choices = CHOICES({ "block-ipv6" }, { "block-outside-dns" }, { "register-dns" }, { "explicit-exit-notify" }) },
	{ "push_inactive", &type_integer },
	{ "username_as_common_name", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "strictusercn", &type_option, .flags = REQUIRED, .preset = "0",
	  .choices = CHOICES({ "0", "No" }, { "1", "Yes" }, { "2", "Yes (case insensitive)" }) },
	{ "username", &type_text },
	{ "password", &type_text, .flags = SECRET },
	{ "maxclients", &type_integer, .flags = LOW_LIMIT, .min = 1 },
	{ "keepalive_interval", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "keepalive_timeout", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "reneg-sec", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "auth-gen-token", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "auth-gen-token-renewal", &type_integer, .flags = LOW_LIMIT, .min = 0 },
	{ "auth-gen-token-secret", &type_text, .flags = MASK_ANY_CASE | SECRET,
	  .mask = "^([0-9a-z\\#\\-\\=\\+\\/\\r\\n\\s])*$" },
	{ "provision_exclusive", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "redirect_gateway", &type_option, .flags = MANY,
	  .choices = CHOICES({ "local" }, { "autolocal" }, { "def1", "default" }, { "bypass-dhcp" },
		{ "bypass-dns" }, { "block-local" }, { "ipv6", "ipv6 (default)" }, { "!ipv4", "not ipv4 (default)" }) },
	{ "route_metric", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 65535 },
	{ "register_dns", &type_boolean, .flags = REQUIRED, .preset = "0" },
	{ "dns_domain", &type_hostname, .flags = AS_LIST },
	{ "dns_domain_search", &type_hostname, .flags = AS_LIST },
	{ "dns_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "ntp_servers", &type_network, .flags = AS_LIST, .settings = MASK_FORBIDDEN },
	{ "tun_mtu", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 60, .max = 65535 },
	{ "fragment", &type_integer, .flags = LOW_LIMIT | HIGH_LIMIT, .min = 0, .max = 65528 },
	{ "mssfix", &type_boolean },
	{ "carp_depend_on", &type_virtual_ip, .settings = KEY_UUID, .source = "carp" },
	{ "description", &type_description },
	{ "compress_migrate", &type_boolean },
	{ "ifconfig-pool-persist", &type_boolean },
	{ "http-proxy", &type_ip_port, .settings = HOSTNAME_ALLOWED },
	{ "verify-x509-name", &type_strict_text },
};
/* clang-format on */

static void
complete(struct record *instance, const struct record *before, const struct view *view)
{
	const size_t at = resource_field(instance->resource, "vpnid");
	struct view  own = *view;

	(void)before;
	own.record = instance;
	record_put(instance, at, field_normal(&instance->resource->fields[at], instance->values[at], &own));
}

static void
check_client(const struct record *instance, struct faults *faults)
{
	must_be_set(instance, "remote", faults, "A client needs a server to connect to.");
	if (is_set(instance, "username") != is_set(instance, "password"))
		faults_add(faults, "username", FAULT_CONFLICT, "Give a user name and a password, or neither.");
	if (!is_set(instance, "cert") && !is_set(instance, "ca"))
		faults_add(faults, "cert", FAULT_REQUIRED, "A client needs a certificate or an authority.");
}

static void
check_network(const struct record *instance, struct faults *faults)
{
	const bool point = is_value(instance, "dev_type", "tun") && is_value(instance, "topology", "p2p");

	if (!is_set(instance, "server") && !is_set(instance, "server_ipv6")) {
		faults_add(faults, "server", FAULT_REQUIRED, "A server needs at least one network.");
		faults_add(faults, "server_ipv6", FAULT_REQUIRED, "A server needs at least one network.");
	}
	if (literal_family(record_get(instance, "server")) == FAMILY_INET && literal_bits(record_get(instance, "server")) > 29 &&
	    !point)
		faults_add(faults, "server", FAULT_RANGE, "This network is too small: /29 at most.");
}

/* "a-b" of IPv4 addresses inside the bridge's network. */
static void
check_bridge(const struct record *instance, const struct view *view, struct faults *faults)
{
	const char    *network = record_get(instance, "bridge_gateway");
	struct address first, last;

	if (is_set(instance, "bridge_gateway") != is_set(instance, "bridge_pool")) {
		faults_add(faults, is_set(instance, "bridge_pool") ? "bridge_gateway" : "bridge_pool", FAULT_CONFLICT,
		           "Give both the gateway and the pool, or neither.");
		return;
	}
	if (!is_set(instance, "bridge_pool"))
		return;
	if (!address_range_read(record_text(instance, "bridge_pool"), &first, &last) || first.family != FAMILY_INET)
		faults_add(faults, "bridge_pool", FAULT_FORMAT, "This must be a range of IPv4 addresses.");
	else if (!literal_is_in(address_print(view->arena, &first), network) ||
	         !literal_is_in(address_print(view->arena, &last), network))
		faults_add(faults, "bridge_pool", FAULT_CONFLICT, "The pool is not in the network of the gateway.");
}

static void
check_tokens(const struct record *instance, struct faults *faults)
{
	const bool tokens = is_set(instance, "auth-gen-token");

	if (tokens && is_value(instance, "reneg-sec", "0"))
		faults_add(faults, "auth-gen-token", FAULT_CONFLICT, "Tokens need renegotiation.");
	if (!tokens && is_set(instance, "auth-gen-token-renewal"))
		faults_add(faults, "auth-gen-token-renewal", FAULT_CONFLICT, "This needs tokens.");
	if (!tokens && is_set(instance, "auth-gen-token-secret"))
		faults_add(faults, "auth-gen-token-secret", FAULT_CONFLICT, "This needs tokens.");
}

static void
check_server(const struct record *instance, const struct view *view, struct faults *faults)
{
	const bool anonymous = is_value(instance, "verify_client_cert", "none");

	if (is_value(instance, "dev_type", "tap"))
		check_bridge(instance, view, faults);
	else
		check_network(instance, faults);
	if (!anonymous && !is_set(instance, "cert"))
		faults_add(faults, "verify_client_cert", FAULT_REQUIRED, "A certificate is needed to verify clients.");
	if ((anonymous || record_bool(instance, "username_as_common_name")) && !is_set(instance, "authmode"))
		faults_add(faults, "authmode", FAULT_REQUIRED, "Without certificates clients need a way to authenticate.");
	check_tokens(instance, faults);
}

/* The authority that signed the certificate must be here, unless another one is named. */
static void
check_authority(const struct record *instance, const struct view *view, struct faults *faults)
{
	const struct record *certificate =
		is_set(instance, "cert") ?
			collection_where(snapshot_named(view->snapshot, "trust.cert"), "refid", record_text(instance, "cert")) :
			NULL;

	if (!certificate || is_set(instance, "ca"))
		return;
	if (!is_set(certificate, "caref") ||
	    !collection_where(snapshot_named(view->snapshot, "trust.ca"), "refid", record_text(certificate, "caref")))
		faults_add(faults, "cert", FAULT_REFERENCE, "The authority of this certificate is not known.");
}

static void
check_transport(const struct record *instance, struct faults *faults)
{
	const bool udp = text_starts(record_text(instance, "proto"), TEXT("udp"));
	const bool fast = entries_have(record_get(instance, "various_flags"), ',', TEXT("fast-io"));
	const bool kernel = is_value(instance, "dev_type", "ovpn");

	if (udp && is_set(instance, "port-share"))
		faults_add(faults, "port-share", FAULT_CONFLICT, "A port can only be shared with TCP.");
	if (kernel && !udp)
		faults_add(faults, "proto", FAULT_CONFLICT, "The kernel carries UDP only.");
	if (kernel && is_set(instance, "fragment"))
		faults_add(faults, "fragment", FAULT_CONFLICT, "The kernel does not fragment.");
	if (fast && (kernel || !udp))
		faults_add(faults, "various_flags", FAULT_CONFLICT, "fast-io needs UDP, outside the kernel.");
}

static void
check_keepalive(const struct record *instance, struct faults *faults)
{
	const int64_t interval = bounded_number(instance, "keepalive_interval", -1);
	const int64_t timeout = bounded_number(instance, "keepalive_timeout", -1);

	if ((interval < 0) != (timeout < 0))
		faults_add(faults, "keepalive_timeout", FAULT_CONFLICT, "Give both times, or neither.");
	else if (timeout < 2 * interval)
		faults_add(faults, "keepalive_timeout", FAULT_RANGE, "This is at least twice the interval.");
}

static void
check(const struct record *instance, const struct view *view, struct faults *faults)
{
	if (is_value(instance, "role", "client"))
		check_client(instance, faults);
	else
		check_server(instance, view, faults);
	check_transport(instance, faults);
	check_authority(instance, view, faults);
	check_keepalive(instance, faults);
}

const struct resource openvpn_instance_resource = {
	.name = "openvpn.instance",
	.summary = "Instance records of the OpenVPN.OpenVPN model",
	.shape = COLLECTION,
	.fields = fields,
	.nfields = COUNT(fields),
	.key = "description",
	.model = "OpenVPN.OpenVPN",
	.path = "Instances.Instance",
	.check = check,
	.complete = complete,
	.touches = PART_VPN_OPENVPN | PART_FILTER,
	.faces = { [OPNSENSE] = FACES(
		{ "openvpn/instances", "", "instance", CRUD | VERB_TOGGLE }) },
};
