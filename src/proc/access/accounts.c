/* Accounts: where their homes are is all that is decided here. */
#include "base/cleanup.h"
#include "plan/access/accounts.h"
#include "proc/access/orders.h"
#include "wire/sealed.h"

#include <errno.h>
#include <sys/stat.h>

#define HOMES         "/home"
#define SANDBOX_HOMES "/var/home" /* /home is the machine's there, /var is not */

bool
set_accounts(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd       fd = get_fd(in);
	scoped_sealed   bytes = TEXT_NONE;
	scoped_arena    arena = arena_new();
	scoped_buffer   message = BUFFER_NONE;
	const bool      is_sandbox = post->apply == APPLY_SANDBOX;
	struct accounts accounts;
	enum result     result;

	if (!got_all(in) || !sealed_map(fd, ACCOUNTS_BYTES_MAX, &bytes) || !accounts_decode(arena, bytes, &accounts))
		return false;
	if (!post->backends.set_accounts)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("only a network is ours, not the accounts of the machine"));
	if (is_sandbox && mkdir(SANDBOX_HOMES, 0755) != 0 && errno != EEXIST)
		return answer_refuse(out, RESULT_FAILED, TEXT("there is no place for homes"));
	result = post->backends.set_accounts(post->backends.self, &accounts, is_sandbox ? SANDBOX_HOMES : HOMES, &message);
	return result == RESULT_DONE || answer_refuse(out, result, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
}
