/* The same words for a daemon of our own (a sandbox) and for a file that the machine's includes. All of them are ours. */
#include "plan/access/ssh.h"

#include <string.h>

#include "base/number.h"
#include "plan/network/making.h"

#define PORT 22

static void
read_addresses(const struct snapshot *snapshot, const struct record *settings, struct ssh *out, struct buffer *missing)
{
	static const enum family families[] = { FAMILY_INET, FAMILY_INET6 };
	struct text              rest = record_text(settings, "interfaces"), name;

	while (text_next(&rest, ",", &name)) {
		const size_t before = out->naddresses;

		for (size_t i = 0; i < 2 && out->naddresses < SSH_ADDRESSES_MAX; i++) {
			const struct address address = making_own_address(snapshot, name, families[i]);

			if (address.family != FAMILY_NONE)
				out->addresses[out->naddresses++] = address;
		}
		if (out->naddresses == before)
			buffer_print(missing, "%ssecure shell on %.*s: it listens on static addresses only", missing->len ? "; " : "",
				     TEXT_ARGS(text_first(name, 64)));
	}
}

void
ssh_read(const struct snapshot *snapshot, struct ssh *out, struct buffer *missing)
{
	static const char *const logins[] = { "", "enabled", "both", NULL };
	const struct record     *settings = snapshot_single(snapshot, "system.ssh");
	int64_t                  port = PORT;

	(void)number_read(record_text(settings, "port"), 1, UINT16_MAX, &port);
	*out = (struct ssh){
		.enabled = record_bool(settings, "enable"),
		.port = (uint16_t)port,
		.login = (enum ssh_login)record_choice(settings, "keyonly", logins, SSH_KEY),
		.forwards_agent = record_bool(settings, "agent_forwarding"),
		.admits_root = record_bool(settings, "permit_root_login"),
	};
	read_addresses(snapshot, settings, out, missing);
}

void
ssh_print(const struct ssh *ssh, struct buffer *out)
{
	scoped_arena arena = arena_new();

	buffer_print(out, "# Written by drawbridge.\nPort %u\n", ssh->port);
	for (size_t i = 0; i < ssh->naddresses; i++)
		buffer_print(out, "ListenAddress %s\n", address_print(arena, &ssh->addresses[i]));
	buffer_print(out, "PubkeyAuthentication yes\nPasswordAuthentication %s\nKbdInteractiveAuthentication no\n",
		     ssh->login == SSH_KEY ? "no" : "yes");
	if (ssh->login == SSH_KEY_AND_PASSWORD)
		buffer_add_string(out, "AuthenticationMethods publickey,password\n");
	buffer_print(out, "AllowAgentForwarding %s\n", ssh->forwards_agent ? "yes" : "no");
	if (ssh->admits_root)
		buffer_add_string(out, "PermitRootLogin yes\n");
	buffer_add_string(out, "AuthorizedKeysFile .ssh/authorized_keys " SSH_KEYS_DIRECTORY "/%u\n");
}
