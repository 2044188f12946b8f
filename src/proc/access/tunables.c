/* Tunables: that they are only a network's is all that is decided here. */
#include "base/cleanup.h"
#include "plan/access/tunables.h"
#include "proc/access/orders.h"
#include "wire/sealed.h"

bool
set_tunables(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd       fd = get_fd(in);
	scoped_sealed   bytes = TEXT_NONE;
	scoped_arena    arena = arena_new();
	scoped_buffer   message = BUFFER_NONE;
	struct tunables tunables;
	enum result     result;

	if (!got_all(in) || !sealed_map(fd, TUNABLES_BYTES_MAX, &bytes) || !tunables_decode(arena, bytes, &tunables))
		return false;
	if (!post->backends.set_tunables)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("only a network is ours, not the kernel of the machine"));
	result = post->backends.set_tunables(post->backends.self, &tunables, !post->owns_machine, &message);
	return result == RESULT_DONE || answer_refuse(out, result, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
}
