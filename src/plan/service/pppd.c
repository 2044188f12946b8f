/*
 * pppd(8): one process for each line to a provider. Two files, which only root may read: "options" has all that can be checked without the
 * device, and "line" adds that. A word in quotes ends at the next quote only; bytes that are more than themselves are written
 * by their number.
 */
#include "base/bug.h"
#include "plan/network/point.h"
#include "plan/service/planner.h"

#define WORD_MAX 255 /* bytes of a name or password in the protocol */
#define METRIC   2000 /* of default routes: behind ours, and each line's is another one */

#define NOTHING  "/nonexistent" /* a script that is not there is none; those before an address, and of IPv6, it cannot be told to leave */

/* Kept up for ever, by nothing but what is told here: /etc/ppp/options may say anything. */
static const char fixed[] =
	"nodetach\nnoauth\nhide-password\nplugin pppoe.so\nnoipdefault\nipcp-accept-local\nipcp-accept-remote\ndefaultroute\n"
	"nodefaultroute6\nusepeerdns\nnoaccomp\nnopcomp\nnovj\nnoccp\nlcp-echo-interval 10\nlcp-echo-failure 3\npersist\nmaxfail 0\n"
	"holdoff 3\nip-up-script " NOTHING "\nip-down-script " NOTHING "\n";

static bool
put_word(struct buffer *out, const char *option, struct text word)
{
	if (word.len == 0)
		return true;
	if (word.len > WORD_MAX)
		return false;
	buffer_print(out, "%s \"", option);
	for (size_t i = 0; i < word.len; i++) {
		const unsigned char c = (unsigned char)word.ptr[i];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("._@+/:-", c)))
			buffer_add_byte(out, (char)c);
		else
			buffer_print(out, "\\x%02x", c);
	}
	buffer_add_string(out, "\"\n");
	return true;
}

static void
put_line(const struct service_view *view, struct service_draft *draft, const struct record *interface, size_t n)
{
	scoped_buffer        options = BUFFER_NONE, line = BUFFER_NONE;
	const char          *directory;
	struct service_plan *plan;
	struct point         point;

	if (!point_read(view->snapshot, interface, &point))
		return; /* the plan of the network says so */
	buffer_print(&options, "# Written by drawbridge.\n%sifname %s\nmtu %u\nmru %u\ndefaultroute-metric %zu\n%s\n", fixed, point.device,
		     point.mtu, point.mtu, METRIC + n,
		     text_is(record_text(interface, "type6"), "pppoev6") ? "+ipv6" : "noipv6");
	if (!put_word(&options, "user", record_text(point.line, "username")) ||
	    !put_word(&options, "password", record_text(point.line, "password")) ||
	    !put_word(&options, "pppoe-service", record_text(point.line, "provider"))) {
		service_miss(draft, "%s: its user name, password or provider is longer than %d bytes", interface->uuid, WORD_MAX);
		return;
	}
	directory = arena_print(view->arena, "/run/drawbridge-ppp-%s", point.device);
	buffer_print(&line, "# Written by drawbridge.\nfile %s/options\nnic-%s\n", directory, point.port);
	plan = service_put(draft, arena_print(view->arena, "pppd@%s", point.device), true);
	service_put_file(draft, plan, "options", buffer_text(&options), true);
	service_put_file(draft, plan, "line", buffer_text(&line), true);
}

void
plan_pppd(const struct service_view *view, struct service_draft *draft)
{
	const struct collection *interfaces = snapshot_named(view->snapshot, "interfaces.interface");

	for (size_t i = 0; i < collection_count(interfaces); i++)
		if (point_is_wanted(collection_at(interfaces, i)))
			put_line(view, draft, collection_at(interfaces, i), i);
}
