/* Handlers for those who look for trouble: files of the kernel, feeds, single connections. */
#include <string.h>

#include "base/cleanup.h"
#include "proc/capture/captures.h"
#include "proc/capture/taker.h"
#include "proc/hear/feeds.h"
#include "proc/orders_ask.h"
#include "wire/bulk.h"
#include "wire/sealed.h"

#define KILLS_BYTES_MAX ((size_t)STATES_MAX * sizeof(uint32_t))

static bool
no_backend(struct answer *out)
{
	return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no backend for it"));
}

bool
kill_states_by_id(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena  arena = arena_new();
	scoped_fd     fd = get_fd(in);
	scoped_sealed bytes = TEXT_NONE;
	uint64_t      killed = 0;

	if (!got_all(in) || !sealed_map(fd, KILLS_BYTES_MAX, &bytes) || bytes.len % sizeof(uint32_t) != 0)
		return false;
	const size_t  n = bytes.len / sizeof(uint32_t);
	uint32_t     *ids = ARENA_MAKE(arena, uint32_t, n + 1);
	struct reader list = reader_of(bytes);

	for (size_t i = 0; i < n; i++) {
		ids[i] = get_u32(&list);
		if (i > 0 && ids[i] <= ids[i - 1])
			return false;
	}
	if (!post->backends.kill_states_by_id)
		return no_backend(out);
	const enum result result = post->backends.kill_states_by_id(post->backends.self, ids, n, &killed);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, TEXT("the kernel does not forget connections (nf_conntrack_netlink)"));
	put_u64(&out->body, killed);
	return true;
}

bool
delete_route(struct post *post, struct reader *in, struct answer *out)
{
	const struct prefix  destination = get_prefix(in);
	const struct address gateway = get_address(in);
	const uint32_t       link = get_u32(in);

	if (!got_all(in) || destination.address.family == FAMILY_NONE ||
	    (gateway.family != FAMILY_NONE && gateway.family != destination.address.family))
		return false;
	if (!post->backends.delete_route)
		return no_backend(out);
	const enum result result = post->backends.delete_route(post->backends.self, &destination, &gateway, link);

	return result == RESULT_DONE || answer_refuse(out, result, TEXT("no such route, or the kernel keeps it"));
}

/* --- Captures ------------------------------------------------------------------------------- */

bool
capture(struct post *post, struct reader *in, struct answer *out)
{
	const struct text   link = get_word(in, LINK_NAME_MAX);
	char                name[LINK_NAME_MAX + 1] = { 0 };
	struct capture_wish wish = { .link = name, .promiscuous = get_bool(in) };
	const uint32_t      snaplen = get_u32(in), count = get_u32(in);
	scoped_buffer       message = BUFFER_NONE;
	uint32_t            id;
	int                 file;

	wish.program = get_text(in, CAPTURE_PROGRAM_MAX);
	if (!got_all(in) || snaplen < 1 || snaplen > CAPTURE_SNAPLEN_MAX || count > INT32_MAX)
		return false;
	if (!post->captures || !post->backends.open_capture)
		return no_backend(out);
	memcpy(name, link.ptr, link.len);
	const enum result result =
		captures_start(post->captures, &post->backends, &wish, snaplen, count, &id, &file, &message);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, buffer_text(&message));
	put_u32(&out->body, id);
	put_fd(&out->body, file);
	return true;
}

bool
stop_capture(struct post *post, struct reader *in, struct answer *out)
{
	const uint32_t id = get_u32(in);

	if (!got_all(in))
		return false;
	if (post->captures && captures_stop(post->captures, id))
		return true;
	return answer_refuse(out, RESULT_MISSING, TEXT("no such capture is running"));
}

bool
show_captures(struct post *post, struct reader *in, struct answer *out)
{
	uint32_t ids[CAPTURES_MAX];

	if (!got_all(in))
		return false;
	const size_t n = post->captures ? captures_list(post->captures, ids) : 0;

	put_u32(&out->body, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		put_u32(&out->body, ids[i]);
	return true;
}

/* --- Sockets -------------------------------------------------------------------------------- */

bool
probe_socket(struct post *post, struct reader *in, struct answer *out)
{
	struct probe_socket_wish wish = { .kind = get_choice(in, PROBE_SOCKETS) };
	scoped_buffer            message = BUFFER_NONE;
	const uint8_t            family = get_u8(in);
	int                      fd = -1;

	wish.source = get_address(in);
	wish.port = get_u16(in);
	wish.family = (enum family)family;
	if (!got_all(in) || (family != FAMILY_INET && family != FAMILY_INET6) ||
	    (wish.source.family != FAMILY_NONE && wish.source.family != wish.family))
		return false;
	if (!post->backends.open_probe_socket)
		return no_backend(out);
	const enum result result = post->backends.open_probe_socket(post->backends.self, &wish, &fd, &message);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, buffer_text(&message));
	put_fd(&out->body, fd);
	return true;
}

bool
wake_host(struct post *post, struct reader *in, struct answer *out)
{
	const struct text link = get_word(in, LINK_NAME_MAX);
	char              name[LINK_NAME_MAX + 1] = { 0 };
	struct wake_wish  wish = { .link = name };
	scoped_buffer     message = BUFFER_NONE;

	for (size_t i = 0; i < sizeof(wish.mac); i++)
		wish.mac[i] = get_u8(in);
	wish.source = get_address(in);
	wish.destination = get_address(in);
	if (!got_all(in) || wish.source.family != FAMILY_INET || wish.destination.family != FAMILY_INET)
		return false;
	if (!post->backends.wake)
		return no_backend(out);
	memcpy(name, link.ptr, link.len);
	const enum result result = post->backends.wake(post->backends.self, &wish, &message);

	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}

/* --- Files ---------------------------------------------------------------------------------- */

bool
read_system(struct post *post, struct reader *in, struct answer *out)
{
	scoped_buffer             text = BUFFER_NONE;
	const enum system_file    file = get_choice(in, SYSTEM_FILES);

	if (!got_all(in))
		return false;
	if (!post->backends.read_system)
		return no_backend(out);
	const enum result result = post->backends.read_system(post->backends.self, file, &text);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, TEXT("this kernel does not say that, or not to us"));
	const int fd = sealed_new("drawbridge-system", text_first(buffer_text(&text), SYSTEM_FILE_MAX));

	if (fd < 0)
		return answer_refuse(out, RESULT_FAILED, TEXT("no memory for the list"));
	put_fd(&out->body, fd);
	return true;
}

bool
tell_feed(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena        arena = arena_new();
	scoped_buffer       bytes = BUFFER_NONE;
	const enum feed     feed = get_choice(in, FEEDS);
	const uint64_t      after = get_u64(in);
	struct feed_entries entries = { NULL, 0 };
	uint64_t            newest = 0, lost = 0;

	if (!got_all(in))
		return false;
	if (post->feeds)
		feeds_take(post->feeds, arena, feed, after, &entries, &newest, &lost);
	feed_entries_encode(&bytes, &entries);
	const int fd = sealed_new("drawbridge-feed", buffer_text(&bytes));

	if (fd < 0)
		return answer_refuse(out, RESULT_FAILED, TEXT("no memory for the list"));
	put_u64(&out->body, newest);
	put_u64(&out->body, lost);
	put_fd(&out->body, fd);
	return true;
}
