/* Cron of our own, where no other runs: in a sandbox. What it does stands in a file of /etc/cron.d (backend/access/jobs.h). */
#include "plan/access/jobs.h"
#include "plan/service/planner.h"

void
plan_cron(const struct service_view *view, struct service_draft *draft)
{
	scoped_buffer missing = BUFFER_NONE;
	struct jobs   jobs;

	if (!view->is_alone)
		return;
	jobs_read(view->arena, view->snapshot, &jobs, &missing);
	service_put(draft, "cron", jobs.n > 0);
}
