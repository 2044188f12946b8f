/* A secure shell of our own, where no other can be: in a sandbox. The machine's own gets a file to include (backend/access). */
#include "plan/access/ssh.h"
#include "plan/service/planner.h"

void
plan_sshd(const struct service_view *view, struct service_draft *draft)
{
	scoped_buffer        out = BUFFER_NONE, missing = BUFFER_NONE;
	struct ssh           ssh;
	struct service_plan *plan;

	if (!view->is_alone)
		return;
	ssh_read(view->snapshot, &ssh, &missing);
	plan = service_put(draft, "sshd", ssh.enabled);
	if (!ssh.enabled)
		return;
	if (missing.len > 0)
		service_miss(draft, "%s", buffer_string(&missing));
	ssh_print(&ssh, &out);
	buffer_add_string(&out, "PidFile none\nUsePAM no\nPrintMotd no\nSubsystem sftp internal-sftp\n");
	service_put_file(draft, plan, "sshd_config", buffer_text(&out), false);
}
