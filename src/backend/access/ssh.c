/* One file of directives. */
#include "backend/access/ssh.h"

#include <errno.h>
#include <unistd.h>

#include "backend/access/files.h"

bool
ssh_is_valid(const struct ssh *ssh)
{
	return ssh->port > 0 && ssh->login < SSH_LOGINS && ssh->naddresses <= SSH_ADDRESSES_MAX;
}

bool
ssh_write(int directory, const struct ssh *ssh, struct buffer *old)
{
	scoped_buffer content = BUFFER_NONE;

	if (!file_read_whole(directory, SSH_FILE, SSH_FILE_MAX, old))
		return false;
	if (!ssh)
		return unlinkat(directory, SSH_FILE, 0) == 0 || errno == ENOENT;
	ssh_print(ssh, &content);
	return file_replace(directory, SSH_FILE, buffer_text(&content), 0644);
}

void
ssh_restore(int directory, const struct buffer *old)
{
	if (old->len > 0)
		(void)file_replace(directory, SSH_FILE, buffer_text(old), 0644);
	else
		unlinkat(directory, SSH_FILE, 0);
}
