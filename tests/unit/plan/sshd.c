/* What sshd reads are words of ours, whatever is configured. */
#include <string.h>

#include "planned.h"
#include "test.h"

static const char *const words[] = {
	"Port ", "ListenAddress 192.0.2.1", "PubkeyAuthentication yes", "PasswordAuthentication ", "KbdInteractiveAuthentication no",
	"AuthenticationMethods publickey,password", "AllowAgentForwarding ", "PermitRootLogin yes", "AuthorizedKeysFile .ssh/authorized_keys /",
	"PidFile none", "UsePAM no", "PrintMotd no", "Subsystem sftp internal-sftp", NULL,
};

TEST(no_text_makes_a_line_of_its_own)
{
	for (size_t i = 0; hostile_texts[i]; i++) {
		struct planned *planned = planned_new();
		struct text     rest, line;
		size_t          ports = 0;

		planned->is_alone = true;
		planned_put(planned, "interfaces.interface", "lan", "enable", "1", "if", "em0", "ipaddr", "192.0.2.1/24", NULL);
		planned_put(planned, "interfaces.interface", "opt1", "enable", "1", "if", "em1", "ipaddr", hostile_texts[i], NULL);
		planned_put(planned, "system.ssh", NULL, "enable", "1", "port", hostile_texts[i], "interfaces",
			    arena_print(planned->arena, "lan,opt1,%s", hostile_texts[i]), NULL);
		planned_read(planned, "sshd");
		if (!lines_begin_with(planned_file(planned, "sshd", "sshd_config"), words))
			fail_msg("%s", hostile_texts[i]);
		rest = text_of(planned_file(planned, "sshd", "sshd_config"));
		while (text_next(&rest, "\n", &line))
			ports += text_is(line, "Port 22");
		CHECK_NUMBER(ports, 1);
		CHECK(planned->missing.len > 0);
		planned_free(planned);
	}
}

RUN(cmocka_unit_test(no_text_makes_a_line_of_its_own));
