/* The way to syslog-ng for those who may open no socket of this machine. */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "plan/service/syslog.h"
#include "proc/access/orders.h"

bool
open_log(struct post *post, struct reader *in, struct answer *out)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = SYSLOG_SOCKET };
	scoped_fd          fd = -1;

	if (!got_all(in))
		return false;
	if (post->runner)
		fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&name, sizeof(name)) != 0)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("nobody takes logs"));
	put_fd(&out->body, fd);
	fd = -1;
	return true;
}
