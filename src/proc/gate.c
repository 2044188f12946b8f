/*
 * The gate, put together: store, credentials, plans and dialects behind the HTTP server. Everything is made
 * here, handed to those who need it, and torn down in the opposite order.
 */
#include "proc/gate.h"

#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "api/deadline.h"
#include "api/service.h"
#include "auth/secret.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "dialect/opnsense/opnsense.h"
#include "dialect/pfsense/openapi/page.h"
#include "dialect/pfsense/own/tool.h"
#include "dialect/pfsense/serve.h"
#include "http/server.h"
#include "model/factory.h"
#include "model/registry.h"
#include "proc/box.h"
#include "proc/build.h"
#include "proc/first_start.h"
#include "proc/lane/lanes.h"
#include "proc/lane/streams.h"
#include "proc/machine.h"
#include "proc/notify/mailer.h"
#include "proc/notify/watchdog.h"
#include "proc/offer/keepsakes.h"
#include "proc/offer/peers.h"
#include "proc/record/records.h"
#include "proc/seed.h"
#include "proc/tls.h"
#include "proc/watcher.h"
#include "store/store.h"
#include "wire/order.h"

#define CLOSE_GRACE_MS 50
#define SSH_PORT       22
#define REVISIONS_KEPT 1000
#define LARGE          (2 * 1024 * 1024)  /* bytes: more than a block of an arena, which comes and goes with each change */
#define KEPT_FREE      (16 * 1024 * 1024) /* bytes at the end of the heap */

struct gate {
	const struct gate_setup *setup;
	struct arena            *arena;
	struct schema           *schema;
	struct store            *store;
	struct machine          *machine;
	struct keeper_box       *box;
	struct lanes            *lanes;
	struct streams          *streams;
	struct courier          *courier;
	struct records           records;
	uint32_t                 lacks;   /* what the packet filter cannot do, by the keeper */
	_Atomic(struct watcher *) watcher; /* of links; none in a simulated box */
	struct mailer           *mailer;
	struct watchdog         *watchdog; /* likewise */
	struct http_server      *server;
	bool                     is_new;      /* the store was, at start */
	struct credentials       credentials; /* shown once, when the store was new */
	struct keepsakes         keepsakes;
	struct peer_pusher      *pusher;
	struct peers             peers;
	_Atomic(unsigned)        pending;
	_Atomic(struct keeper_box *) heard_by; /* who is told of neighbours; none before it is there */
	_Atomic(bool)            is_alone; /* the keeper went away */
	struct service           service;
};

static int64_t
now_seconds(void *context)
{
	(void)context;
	return time(NULL);
}

static int64_t
now_microseconds(void *context)
{
	struct timespec now;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void
log_request(void *context, struct http_exchange *exchange, const struct http_outcome *outcome)
{
	(void)context;
	if (!log_is_on(LOG_LEVEL_DEBUG))
		return;
	log_debug("%s %s %s %.*s %u %zu bytes %llu us", http_id_text(exchange), http_peer_text(exchange),
		  http_method_text(exchange), TEXT_ARGS(http_path(exchange)), outcome->status, outcome->bytes,
		  (unsigned long long)outcome->microseconds);
}

/* --- the keeper ---------------------------------------------------------------------------------------- */

static void
keeper_ended(void *self)
{
	struct gate *gate = self;

	atomic_store(&gate->is_alone, true);
	kill(getpid(), SIGTERM);
}

static void
hear_event(void *self, unsigned number, struct reader *body)
{
	struct gate *gate = self;

	if ((number == EVENT_LINKS || number == EVENT_GATEWAYS) && got_all(body))
		watcher_wake(atomic_load(&gate->watcher));
	if (number == EVENT_NEIGHBOURS && got_all(body))
		keeper_box_neighbours_changed(atomic_load(&gate->heard_by));
	if (number == EVENT_FEEDS && got_all(body))
		records_wake(&gate->records);
}

static void
links_changed(void *self)
{
	struct gate *gate = self;

	keeper_box_links_changed(gate->box);
}

static bool
greet_keeper(struct gate *gate)
{
	scoped_writer              order;
	scoped_message             reply;

	writer_init(&order);
	message_init(&reply);
	put_text(&order, build_id());
	if (courier_ask(gate->courier, ORDER_HELLO, &order, ORDER_TIMEOUT, &reply) != RESULT_DONE)
		return false;
	struct reader in = message_reader(&reply);

	get_u32(&in);
	gate->lacks = get_u32(&in);
	return got_all(&in);
}

static void
announce(struct gate *gate)
{
	const struct gate_setup  *setup = gate->setup;
	const struct credentials *shown = &gate->credentials;
	const char               *url = "";
	scoped_writer             order;
	scoped_message            reply;

	for (size_t i = setup->nlisteners; i-- > 0;)
		if (setup->listeners[i].kind != LISTENER_LOCAL)
			url = arena_print(gate->arena, "%s://%s",
					  setup->listeners[i].kind == LISTENER_TLS ? "https" : "http",
					  setup->listeners[i].address);
	writer_init(&order);
	message_init(&reply);
	put_string(&order, setup->ephemeral ? url : "");
	put_string(&order, setup->ephemeral ? shown->user : "");
	put_string(&order, setup->ephemeral ? shown->password : "");
	put_string(&order, setup->ephemeral ? shown->key : "");
	put_string(&order, setup->ephemeral ? shown->secret : "");
	courier_ask(gate->courier, ORDER_READY, &order, ORDER_TIMEOUT, &reply);
}

/* --- putting it together ---------------------------------------------------------------------------------- */

static bool
open_store(struct gate *gate)
{
	scoped_buffer            message = BUFFER_NONE;
	const struct store_setup store = {
		.schema = gate->schema,
		.folder = gate->setup->state,
		.keep_revisions = REVISIONS_KEPT,
		.names = BOX_APPLIED,
	};

	gate->store = store_open(&store, &message);
	if (!gate->store) {
		log_error("store: %s", buffer_string(&message));
		return false;
	}
	if (message.len > 0)
		log_warning("store: %s", buffer_string(&message));
	const struct snapshot *snapshot = store_snapshot(gate->store);
	const bool             is_new = snapshot_revision(snapshot) == 0;

	gate->is_new = is_new;
	snapshot_release(snapshot);
	return !is_new || first_start(gate->setup, gate->store, gate->schema, machine_facts(gate->machine), gate->arena, &gate->credentials);
}

static bool
has_port(const uint16_t *ports, size_t count, uint16_t port)
{
	for (size_t i = 0; i < count; i++)
		if (ports[i] == port)
			return true;
	return false;
}

/* What must stay reachable whatever the rules say: SSH, and where we listen for others. None: only this machine asks. */
static const uint16_t *
management_ports(struct gate *gate, size_t *count)
{
	const struct gate_setup *setup = gate->setup;
	uint16_t                *ports = ARENA_MAKE(gate->arena, uint16_t, setup->nlisteners + 1);

	*count = 0;
	for (size_t i = 0; i < setup->nlisteners; i++) {
		struct endpoint endpoint;

		if (setup->listeners[i].kind == LISTENER_LOCAL ||
		    !endpoint_read(text_of(setup->listeners[i].address), &endpoint) || endpoint_is_loopback(&endpoint))
			continue;
		if (*count == 0)
			ports[(*count)++] = SSH_PORT;
		if (!has_port(ports, *count, endpoint.port))
			ports[(*count)++] = endpoint.port;
	}
	return ports;
}

/* What the gate offers beside the store and the box. Peers are reached as we are: by TLS where we have it. */
static void
make_offers(struct gate *gate)
{
	const struct gate_setup *setup = gate->setup;
	struct peer_setup        peers = { .state = setup->state, .keepsakes = &gate->keepsakes };

	for (size_t i = 0; i < setup->nlisteners; i++) {
		const struct listener *listener = &setup->listeners[i];
		struct endpoint        endpoint;

		if (listener->kind == LISTENER_LOCAL || !endpoint_read(text_of(listener->address), &endpoint))
			continue;
		if (!peers.port || (listener->kind == LISTENER_TLS && !peers.tls)) {
			peers.port = endpoint.port;
			peers.tls = listener->kind == LISTENER_TLS;
		}
	}
	gate->keepsakes = keepsakes_in(&setup->state_fd);
	gate->pusher = peer_pusher_new(&peers);
	gate->peers = peer_pusher_face(gate->pusher);
}

static void
make_service(struct gate *gate)
{
	size_t                        nports;
	const uint16_t               *ports = management_ports(gate, &nports);
	const struct keeper_box_setup box = {
		.schema = gate->schema,
		.facts = machine_facts(gate->machine),
		.machine = gate->machine,
		.courier = gate->courier,
		.store = gate->store,
		.state_fd = gate->setup->state_fd,
		.lacks = gate->lacks,
		.management_ports = ports,
		.nmanagement_ports = nports,
		.is_alone = gate->setup->apply == APPLY_SANDBOX,
		.allows_commands = gate->setup->allows_commands,
		.is_simulated = gate->setup->apply == APPLY_NONE,
		.pending = &gate->pending,
		.journal = gate->records.journal,
		.mailer = gate->mailer,
	};

	gate->box = keeper_box_new(&box);
	atomic_store(&gate->heard_by, gate->box);
	if (gate->setup->apply != APPLY_NONE)
		atomic_store(&gate->watcher, watcher_new(gate->courier, gate->machine, links_changed, gate));
	gate->service = (struct service){
		.routes = { [OPNSENSE] = opnsense_routes(gate->arena, gate->schema) },
		.schema = gate->schema,
		.store = gate->store,
		.auth = auth_new(now_seconds, NULL),
		.guard = guard_new(),
		.facts = machine_facts(gate->machine),
		.box = keeper_box_face(gate->box),
		.factory = factory_records,
		.nfactory = factory_records_count,
		.now = now_microseconds,
		.version = DRAWBRIDGE_VERSION,
		.keepsakes = &gate->keepsakes,
		.peers = &gate->peers,
		.note = records_note,
		.context = &gate->records,
		.pending = &gate->pending,
		.allow_commands = gate->setup->allows_commands,
	};
}

static bool
has_tls(const struct gate_setup *setup)
{
	for (size_t i = 0; i < setup->nlisteners; i++)
		if (setup->listeners[i].kind == LISTENER_TLS)
			return true;
	return false;
}

static bool
open_server(struct gate *gate)
{
	const struct gate_setup *setup = gate->setup;
	struct http_listen       listens[LISTENERS_MAX] = { 0 };
	struct http_setup        http = { .listens = listens,
					  .nlistens = setup->nlisteners,
					  .handler = lanes_serve,
					  .finished = log_request,
					  .context = gate->lanes };
	const char              *message = "";

	for (size_t i = 0; i < setup->nlisteners; i++)
		listens[i] = (struct http_listen){ .fd = setup->listeners[i].fd,
						   .tls = setup->listeners[i].kind == LISTENER_TLS };
	if (has_tls(setup) && !tls_obtain(setup, gate->arena, &http.certificate, &http.key, &message)) {
		log_error("certificate: %s", message);
		return false;
	}
	gate->server = http_server_open(&http, gate->arena, &message);
	if (!gate->server)
		log_error("http: %s", message);
	return gate->server != NULL;
}

/* Somebody asked for this to be done now, unless it was called off. */
static void
post_due(void *context, const char *target)
{
	log_info("due: POST %s", target);
	lanes_post(context, target);
}

static bool
gate_open(struct gate *gate)
{
	static const struct dialect_server *const dialects[] = { &documentation, &pfsense_tool, &pfsense_dialect, &opnsense_dialect, NULL };
	const struct courier_hooks         hooks = { hear_event, keeper_ended, gate };

	gate->arena = arena_new();
	records_open(&gate->records, gate->setup->state_fd);
	gate->schema = schema_new(registry, registry_count);
	gate->machine = machine_new(gate->setup->apply == APPLY_NONE);
	gate->courier = courier_new(gate->setup->wire, &hooks);
	if (!gate->courier || !greet_keeper(gate) || !open_store(gate))
		return false;
	gate->mailer = mailer_new(gate->store);
	make_offers(gate);
	make_service(gate);
	keeper_box_resume(gate->box, gate->is_new);
	records_start(&gate->records, &(struct recorder_setup){ .courier = gate->courier, .machine = gate->machine,
								  .label = keeper_box_label, .flows = keeper_box_flows, .context = gate->box });
	if (gate->setup->apply != APPLY_NONE)
		gate->watchdog = watchdog_new(&(struct watchdog_setup){
			.courier = gate->courier, .store = gate->store, .mailer = gate->mailer });
	gate->streams = streams_new(&gate->service);
	const struct lanes_setup lanes = { &gate->service, dialects, keeper_box_turn, gate->box, gate->streams,
					   records_kept, &gate->records };

	gate->lanes = lanes_new(&lanes);
	gate->service.deadlines = deadlines_new(now_microseconds, NULL, post_due, gate->lanes);
	return open_server(gate);
}

static void
gate_close(struct gate *gate)
{
	if (gate->server)
		http_server_quiesce(gate->server);
	deadlines_free(gate->service.deadlines);
	lanes_free(gate->lanes);
	streams_free(gate->streams);
	http_server_close(gate->server, CLOSE_GRACE_MS);
	watcher_free(atomic_load(&gate->watcher));
	records_stop(&gate->records);
	if (gate->courier)
		courier_end(gate->courier);
	watchdog_free(gate->watchdog);
	atomic_store(&gate->heard_by, NULL);
	keeper_box_free(gate->box);
	courier_free(gate->courier);
	mailer_free(gate->mailer);
	peer_pusher_free(gate->pusher);
	auth_free(gate->service.auth);
	guard_free(gate->service.guard);
	machine_free(gate->machine);
	store_close(gate->store);
	schema_free(gate->schema);
	records_close(&gate->records);
	arena_free(gate->arena);
}

/* SIGTERM and SIGINT end it; they are blocked in every thread and taken here. */
static void
wait_for_end(void)
{
	sigset_t set;
	int      number;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigwait(&set, &number);
}

static void
block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/*
 * What is large is mapped by itself, so that it grows without being copied and leaves no hole behind. Left alone, the C
 * library takes more and more for small; told this much, it must be told how much to keep at hand, too.
 */
static void
map_what_is_large(void)
{
	mallopt(M_MMAP_THRESHOLD, LARGE);
	mallopt(M_TRIM_THRESHOLD, KEPT_FREE);
}

int
gate_run(const struct gate_setup *setup)
{
	struct gate gate = { .setup = setup };

	block_signals();
	map_what_is_large();
	const bool is_open = gate_open(&gate);

	if (is_open) {
		announce(&gate);
		wait_for_end();
	}
	gate_close(&gate);
	return is_open ? EXIT_SUCCESS : GATE_HOPELESS;
}
