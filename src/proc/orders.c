/*
 * All that the privileged side can be asked. Handlers take bytes and give bytes; they check everything again,
 * because the gate may be in somebody else's hands.
 */
#include "proc/orders.h"

#include <string.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "plan/access/ssh.h"
#include "plan/network/network.h"
#include "plan/service/service.h"
#include "plan/shaper/shaper.h"
#include "proc/capture/captures.h"
#include "proc/access/orders.h"
#include "proc/child/command.h"
#include "proc/child/loop.h"
#include "proc/orders_ask.h"
#include "proc/package/orders.h"
#include "proc/service/orders.h"
#include "proc/service/trial.h"
#include "proc/service/query.h"
#include "wire/bulk.h"
#include "wire/packages.h"
#include "wire/probe.h"
#include "wire/sealed.h"

struct order_row {
	const char *name;
	size_t      max; /* bytes of the body */
	size_t      fds; /* descriptors, exactly */
	bool      (*obey)(struct post *, struct reader *, struct answer *);
};

/* --- Handlers -------------------------------------------------------------------------- */

static bool
greet(struct post *post, struct reader *in, struct answer *out)
{
	const struct text build = get_text(in, ORDER_BUILD_MAX);

	if (!got_all(in) || post->greeted)
		return false;
	if (!text_equal(build, post->build))
		return answer_refuse(out, RESULT_CONFLICT, TEXT("another build than the keeper's"));
	post->greeted = true;
	/* Those of an earlier gate: nobody can read them any more. */
	captures_end(post->captures);
	put_u32(&out->body, post->apply);
	put_u32(&out->body, post->backends.lacks);
	return true;
}

static bool
announce(struct post *post, struct reader *in, struct answer *out)
{
	const struct announcement said = {
		.url = get_text(in, ORDER_URL_MAX),
		.user = get_text(in, ORDER_SECRET_MAX),
		.password = get_text(in, ORDER_SECRET_MAX),
		.key = get_text(in, ORDER_SECRET_MAX),
		.secret = get_text(in, ORDER_SECRET_MAX),
	};

	(void)out;
	if (!got_all(in))
		return false;
	post->announce(post->self, &said);
	return true;
}

static bool
change_log_level(struct post *post, struct reader *in, struct answer *out)
{
	const unsigned level = get_choice(in, LOG_LEVEL_DEBUG + 1);

	(void)post;
	(void)out;
	if (!got_all(in))
		return false;
	log_set_level((enum log_level)level);
	return true;
}

static bool
load_rules(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd     fd = get_fd(in);
	scoped_sealed rules = TEXT_NONE;
	scoped_buffer message = BUFFER_NONE;

	if (!got_all(in) || !sealed_map(fd, BACKENDS_RULES_MAX, &rules))
		return false;
	if (!post->backends.load_rules)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no packet filter backend"));
	post->rules_loaded++;
	post->rules_result = post->backends.load_rules(post->backends.self, rules, &message);
	if (post->rules_result != RESULT_DONE)
		return answer_refuse(out, post->rules_result, buffer_text(&message));
	return true;
}

static bool
load_network(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd     fd = get_fd(in);
	scoped_sealed plan = TEXT_NONE;
	scoped_buffer message = BUFFER_NONE;
	enum result   result;

	if (!got_all(in) || !sealed_map(fd, NETWORK_BYTES_MAX, &plan))
		return false;
	if (!post->backends.load_network)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no network backend"));
	result = post->backends.load_network(post->backends.self, plan, &message);
	if (result != RESULT_DONE)
		return answer_refuse(out, result, buffer_text(&message));
	put_text(&out->body, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
	return true;
}

static bool
load_shaper(struct post *post, struct reader *in, struct answer *out)
{
	scoped_fd     fd = get_fd(in);
	scoped_sealed plan = TEXT_NONE;
	scoped_buffer message = BUFFER_NONE;
	enum result   result;

	if (!got_all(in) || !sealed_map(fd, SHAPER_BYTES_MAX, &plan))
		return false;
	if (!post->backends.load_shaper)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no backend for the traffic shaper"));
	result = post->backends.load_shaper(post->backends.self, plan, &message);
	if (result != RESULT_DONE)
		return answer_refuse(out, result, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
	put_text(&out->body, text_first(buffer_text(&message), ORDER_MESSAGE_MAX));
	return true;
}

static bool
set_identity(struct post *post, struct reader *in, struct answer *out)
{
	const struct text host = get_word(in, IDENTITY_HOST_MAX), domain = get_text(in, IDENTITY_DOMAIN_MAX);
	struct identity   identity = { .nservers = get_choice(in, IDENTITY_SERVERS_MAX + 1) };
	scoped_buffer     message = BUFFER_NONE;
	enum result       result;

	for (size_t i = 0; i < identity.nservers && !in->failed; i++)
		identity.servers[i] = get_address(in);
	if (!got_all(in) || memchr(domain.len > 0 ? domain.ptr : "x", '\0', domain.len > 0 ? domain.len : 1))
		return false;
	memcpy(identity.host, host.ptr, host.len);
	if (domain.len > 0)
		memcpy(identity.domain, domain.ptr, domain.len);
	if (!identity_is_valid(&identity))
		return false;
	if (!post->backends.set_identity)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("only a network is ours, not the name of the machine"));
	result = post->backends.set_identity(post->backends.self, &identity, &message);
	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}

static bool
tell_status(struct post *post, struct reader *in, struct answer *out)
{
	if (!got_all(in))
		return false;
	put_u32(&out->body, post->apply);
	put_string(&out->body, post->backends.name);
	put_u64(&out->body, (uint64_t)(loop_clock() - post->started) / 1000);
	put_u32(&out->body, post->gates);
	put_u32(&out->body, post->rules_loaded);
	put_result(&out->body, post->rules_result);
	return true;
}

/* --- The table ------------------------------------------------------------------------- */

#define TEXT_SIZE(max) (4 + (max))

/* clang-format off */
static const struct order_row orders[ORDER_COUNT] = {
	[ORDER_HELLO]      = { "hello",      TEXT_SIZE(ORDER_BUILD_MAX), 0, greet },
	[ORDER_READY]      = { "ready",      TEXT_SIZE(ORDER_URL_MAX) + 4 * TEXT_SIZE(ORDER_SECRET_MAX), 0, announce },
	[ORDER_LOG_LEVEL]  = { "log-level",  4,                          0, change_log_level },
	[ORDER_LOAD_RULES] = { "load-rules", 0,                          1, load_rules },
	[ORDER_LOAD_NETWORK] = { "load-network", 0,                      1, load_network },
	[ORDER_SET_IDENTITY] = { "set-identity", TEXT_SIZE(IDENTITY_HOST_MAX) + TEXT_SIZE(IDENTITY_DOMAIN_MAX) + 4 +
				 IDENTITY_SERVERS_MAX * 17, 0, set_identity },
	[ORDER_STATUS]     = { "status",     0,                          0, tell_status },
	[ORDER_LINKS]      = { "links",      0,                          0, show_links },
	[ORDER_TABLES]            = { "tables",            0,                                 0, show_tables },
	[ORDER_TABLE]             = { "table",             TEXT_SIZE(TABLE_NAME_MAX) + 4,     0, show_table },
	[ORDER_CHANGE_TABLE]      = { "change-table",      TEXT_SIZE(TABLE_NAME_MAX) + 5 + 2 * TEXT_SIZE(TABLE_CHANGE_MAX),
				      0, change_table },
	[ORDER_FLUSH_TABLE]       = { "flush-table",       TEXT_SIZE(TABLE_NAME_MAX),         0, flush_table },
	[ORDER_COUNT_TABLE]       = { "count-table",       TEXT_SIZE(TABLE_NAME_MAX),         0, count_table },
	[ORDER_COUNT_RULES]       = { "count-rules",       0,                                 0, count_rules },
	[ORDER_STATES]            = { "states",            STATE_FILTER_SIZE + 4,             0, show_states },
	[ORDER_COUNT_STATES]      = { "count-states",      0,                                 0, count_states },
	[ORDER_KILL_STATES]       = { "kill-states",       1 + STATE_FILTER_SIZE,             0, kill_states },
	[ORDER_ROUTES]            = { "routes",            0,                                 0, show_routes },
	[ORDER_ROUTERS]           = { "routers",           0,                                 0, show_routers },
	[ORDER_PROBE]             = { "probe",             4 + PROBES_MAX * PROBE_SIZE,       0, probe_gateways },
	[ORDER_PROBED]            = { "probed",            0,                                 0, show_probed },
	[ORDER_NEIGHBOURS]        = { "neighbours",        0,                                 0, show_neighbours },
	[ORDER_LACKING_LINKS]     = { "lacking-links",     8,                                 0, show_lacking_links },
	[ORDER_SET_ACCOUNTS]      = { "set-accounts",      0,                                 1, set_accounts },
	[ORDER_SET_TUNABLES]      = { "set-tunables",      0,                                 1, set_tunables },
	[ORDER_SET_JOBS]          = { "set-jobs",          0,                                 1, set_jobs },
	[ORDER_LOG_SOCKET]        = { "log-socket",        0,                                 0, open_log },
	[ORDER_SET_SSH]           = { "set-ssh",           1 + 2 + 4 + 1 + 1 + 4 + SSH_ADDRESSES_MAX * 17, 0, set_ssh },
	[ORDER_LOAD_SERVICES]     = { "load-services",     0,                                 1, load_services },
	[ORDER_TRY_SERVICES]      = { "try-services",      0,                                 1, try_services },
	[ORDER_SERVICE]           = { "service",           TEXT_SIZE(SERVICE_NAME_MAX) + 4,   0, act_on_service },
	[ORDER_SERVICES]          = { "services",          0,                                 0, show_services },
	[ORDER_HEAR_SERVICE]      = { "hear-service",      TEXT_SIZE(SERVICE_NAME_MAX),       0, hear_service },
	[ORDER_ASK_SERVICE]       = { "ask-service",       TEXT_SIZE(QUERY_NAME_MAX) + TEXT_SIZE(QUERY_ARGUMENT_MAX),
				      0, ask_service },
	[ORDER_FORGET_NEIGHBOURS] = { "forget-neighbours", 17,                                0, forget_neighbours },
	[ORDER_KILL_STATES_BY_ID] = { "kill-states-by-id", 0,                                 1, kill_states_by_id },
	[ORDER_DELETE_ROUTE]      = { "delete-route",      18 + 17 + 4,                       0, delete_route },
	[ORDER_CAPTURE]           = { "capture",           TEXT_SIZE(LINK_NAME_MAX) + 1 + 8 + TEXT_SIZE(CAPTURE_PROGRAM_MAX),
				      0, capture },
	[ORDER_STOP_CAPTURE]      = { "stop-capture",      4,                                 0, stop_capture },
	[ORDER_CAPTURES]          = { "captures",          0,                                 0, show_captures },
	[ORDER_PROBE_SOCKET]      = { "probe-socket",      4 + 1 + 17 + 2,                    0, probe_socket },
	[ORDER_WAKE]              = { "wake",              TEXT_SIZE(LINK_NAME_MAX) + 6 + 2 * 17, 0, wake_host },
	[ORDER_READ_SYSTEM]       = { "read-system",       4,                                 0, read_system },
	[ORDER_FEED]              = { "feed",              12,                                0, tell_feed },
	[ORDER_PACKAGE_JOB]       = { "package-job",       4 + TEXT_SIZE(PACKAGE_NAME_MAX),   0, run_package_job },
	[ORDER_PACKAGE_STATUS]    = { "package-status",    2,                                 0, tell_package_job },
	[ORDER_PACKAGE_FILE]      = { "package-file",      4 + TEXT_SIZE(PACKAGE_NAME_MAX),   0, show_package_file },
	[ORDER_POWER]             = { "power",             1,                                 0, turn_machine },
	[ORDER_LOAD_SHAPER]       = { "load-shaper",       0,                                 1, load_shaper },
	[ORDER_COUNT_SHAPER]      = { "count-shaper",      0,                                 0, count_shaper },
	[ORDER_COMMAND]           = { "command",           TEXT_SIZE(COMMAND_MAX),            0, run_command },
};
/* clang-format on */

bool
order_obey(struct post *post, unsigned number, struct reader *in, struct answer *out)
{
	if (number >= ORDER_COUNT || !orders[number].obey)
		return false;

	const struct order_row *order = &orders[number];

	if (in->left.len > order->max || in->nfds != order->fds)
		return false;
	if (!post->greeted && number != ORDER_HELLO)
		return false;
	if (!order->obey(post, in, out))
		return false;
	BUG_IF(!put_all(&out->body), "reply to order %s does not fit", order->name);
	return true;
}

const char *
order_name(unsigned number)
{
	return number < ORDER_COUNT && orders[number].name ? orders[number].name : "unknown";
}
