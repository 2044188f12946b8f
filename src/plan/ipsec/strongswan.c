/*
 * Settings are called as strongSwan has them, but for attributes by number ("x_28674"). Only plugins that are named are loaded: none
 * that runs programs of others, and none that reads files which are not ours.
 */
#include "plan/ipsec/strongswan.h"

#include <string.h>

#include "base/number.h"
#include "plan/ipsec/conf.h"

/* At 4 the daemon writes keys to its log, where no secret may be. */
#define LOG_LEVEL_MAX 3

/* Those of the model that the daemon has under the same name, in its section "charon". */
static const char *const settings_kept[] = {
	"max_ikev1_exchanges", "threads", "ikesa_table_size", "ikesa_table_segments", "init_limit_half_open", "ignore_acquire_ts",
	"cisco_unity", "make_before_break", "retransmit_tries", "retransmit_timeout", "retransmit_base", "retransmit_jitter",
	"retransmit_limit", "reqid_base",
};

/* What the daemon's parts are called that say something. */
static const char *const parts[] = {
	"app", "asn", "cfg", "chd", "dmn", "enc", "esp", "ike", "imc", "imv", "job", "knl", "lib", "mgr", "net", "pts", "tls", "tnc",
};

/* What clients of pools are told, RFC 5685 and Cisco's own by number. */
static const char *const attributes[][2] = {
	{ "subnet", "subnet" }, { "split-include", "split-include" }, { "x_28674", "28674" }, { "x_28675", "28675" },
	{ "x_28672", "28672" }, { "x_28673", "28673" }, { "x_28679", "28679" }, { "dns", "dns" }, { "nbns", "nbns" },
};

static const char *const plugins[] = {
	"random", "nonce", "openssl", "kdf", "aes", "sha1", "sha2", "hmac", "cmac", "xcbc", "ctr", "ccm", "gcm", "chapoly",
	"curve25519", "gmp", "x509", "revocation", "constraints", "pubkey", "pkcs1", "pkcs7", "pkcs8", "pem", "kernel-netlink",
	"socket-default", "vici", "eap-identity", "eap-mschapv2", "eap-tls", "xauth-generic",
};

static const char *
setting(const struct snapshot *snapshot, const char *before, const char *name)
{
	const struct record *settings = snapshot_single(snapshot, "ipsec.settings");
	char                 field[80] = "";

	strncat(field, before, sizeof(field) - 1);
	strncat(field, name, sizeof(field) - strlen(field) - 1);
	return record_get(settings, field);
}

/* "1" stands for yes in fields that are switches; numbers are what they are. */
static void
put_settings(struct conf *conf, const struct snapshot *snapshot)
{
	static const char *const switches[] = { "ignore_acquire_ts", "cisco_unity", "make_before_break" };

	for (size_t i = 0; i < COUNT(settings_kept); i++) {
		const char *value = setting(snapshot, "charon.", settings_kept[i]);
		bool        is_switch = false;

		for (size_t j = 0; j < COUNT(switches); j++)
			is_switch |= strcmp(switches[j], settings_kept[i]) == 0;
		if (is_switch)
			conf_put_yes(conf, settings_kept[i], strcmp(value, "1") == 0);
		else
			conf_put_string(conf, settings_kept[i], value);
	}
}

static void
put_log(struct conf *conf, const struct snapshot *snapshot)
{
	int64_t level;

	conf_open(conf, "filelog");
	conf_open(conf, "stderr");
	conf_put_string(conf, "default", "1");
	conf_put_yes(conf, "flush_line", true);
	conf_put_yes(conf, "ike_name", strcmp(setting(snapshot, "charon.syslog.daemon.", "ike_name"), "1") == 0);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (number_read(text_of(setting(snapshot, "charon.syslog.daemon.", parts[i])), -1, LOG_LEVEL_MAX, &level))
			conf_put_string(conf, parts[i], setting(snapshot, "charon.syslog.daemon.", parts[i]));
		else
			conf_put_string(conf, parts[i], "3");
	conf_close(conf);
	conf_close(conf);
}

static void
put_plugin(struct conf *conf, const char *name)
{
	conf_open(conf, name);
	conf_put_yes(conf, "load", true);
	conf_close(conf);
}

static void
put_attributes(struct conf *conf, const struct snapshot *snapshot)
{
	conf_open(conf, "attr");
	conf_put_yes(conf, "load", true);
	for (size_t i = 0; i < COUNT(attributes); i++)
		conf_put(conf, attributes[i][1], text_of(setting(snapshot, "charon.plugins.attr.", attributes[i][0])));
	conf_close(conf);
}

void
strongswan_write(struct buffer *out, const struct snapshot *snapshot, bool kernel_has_esp)
{
	struct conf conf = { .out = out };
	const char *routes = setting(snapshot, "charon.", "install_routes");

	buffer_add_string(out, "# Written by Drawbridge; changes are lost with the next apply.\n");
	conf_open(&conf, "charon");
	conf_put_yes(&conf, "load_modular", true);
	put_settings(&conf, snapshot);
	/* Without the kernel, routes are all that brings packets to the daemon. */
	if (kernel_has_esp && routes[0])
		conf_put_yes(&conf, "install_routes", strcmp(routes, "1") == 0);
	put_log(&conf, snapshot);
	conf_open(&conf, "plugins");
	/* Who is loaded first has the work. */
	if (!kernel_has_esp)
		put_plugin(&conf, "kernel-libipsec");
	for (size_t i = 0; i < COUNT(plugins); i++)
		put_plugin(&conf, plugins[i]);
	if (strcmp(setting(snapshot, "charon.", "cisco_unity"), "1") == 0)
		put_plugin(&conf, "unity");
	put_attributes(&conf, snapshot);
	conf_close(&conf);
	conf_close(&conf);
	conf_open(&conf, "swanctl");
	conf_put_string(&conf, "load", "random openssl x509 pubkey pkcs1 pkcs7 pkcs8 pem");
	conf_close(&conf);
}
