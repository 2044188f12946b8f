/* The other end of show_services(). */
#include "proc/service/seen.h"

#include <string.h>

#include "wire/reader.h"

bool
seen_read(struct message *answer, struct arena *arena, struct seen_service **out, size_t *count)
{
	struct reader        in = message_reader(answer);
	const size_t         n = get_choice(&in, SERVICES_MAX + 1);
	struct seen_service *seen = ARENA_MAKE(arena, struct seen_service, n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct text name = get_text(&in, SERVICE_NAME_MAX);

		memcpy(seen[i].name, name.ptr ? name.ptr : "", name.len);
		seen[i].state = get_choice(&in, DAEMON_STOPPING + 1);
		(void)get_u32(&in); /* its process */
		(void)get_u32(&in); /* for how long */
		(void)get_u32(&in); /* how often it was started */
		seen[i].losses = get_u32(&in);
		seen[i].is_wanted = get_bool(&in);
	}
	*out = seen;
	*count = got_all(&in) ? n : 0;
	return got_all(&in);
}
