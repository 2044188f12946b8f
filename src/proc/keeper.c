/*
 * The life of the keeper: prepare, start the gate, obey it, start it again when it dies, stop. What it can be asked
 * is in orders.c; nothing here looks at what clients sent.
 */
#include "proc/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"
#include "proc/backing.h"
#include "proc/build.h"
#include "proc/capture/captures.h"
#include "proc/child/children.h"
#include "proc/child/loop.h"
#include "proc/gate.h"
#include "proc/hear/hearing.h"
#include "proc/listen.h"
#include "proc/orders.h"
#include "proc/place.h"
#include "proc/package/jobs.h"
#include "proc/service/runner.h"
#include "proc/wall/sandbox.h"
#include "wire/message.h"

/* All in ms. */
#define DELAY_FIRST  50         /* before a gate that died is started again; doubles each time */
#define DELAY_LAST   10000
#define DELAY_FORGET 30000      /* a gate that lived so long died of something new */
#define GREET_LIMIT  10000      /* a gate must say hello by then */
#define STOP_LIMIT   80         /* from SIGTERM to SIGKILL */

struct keeper {
	const struct options *options;
	const struct programs *programs;
	struct arena         *arena;
	struct loop          *loop;
	struct children       children;
	struct child          gate;
	struct watch          signals, wire; /* wire.fd is -1 while there is no gate */
	struct hearing        hearing;
	struct timer          start_again, greet_late, stop_late;
	int64_t               gate_started;
	unsigned              delay;
	struct post           post;
	struct gate_setup     setup;
	struct backing        backing;
	int                   manager; /* a service manager to be told; -1: none */
	int                   outside; /* the network at the other ends of a sandbox's links, held open; -1: none */
	int                   status;
	bool                  stopping, announced;
	bool                  replacing; /* the gate was told to end for the next one */
	struct message        message;
	struct answer         answer;
};

static void start_gate(struct keeper *);

/* --- Stopping -------------------------------------------------------------------------- */

static void
kill_gate(void *self)
{
	struct keeper *keeper = self;

	child_signal(&keeper->gate, SIGKILL);
}

/* It may end by itself, but soon. */
static void
give_time(struct keeper *keeper)
{
	if (!keeper->stop_late.running)
		loop_start(keeper->loop, &keeper->stop_late, STOP_LIMIT);
}

static void
services_ended(void *self)
{
	loop_end(((struct keeper *)self)->loop);
}

/* The gate is gone. */
static void
stop_services(struct keeper *keeper)
{
	if (keeper->post.runner)
		runner_end(keeper->post.runner, services_ended, keeper);
	else
		loop_end(keeper->loop);
}

static void
stop(struct keeper *keeper, int status)
{
	if (keeper->stopping)
		return;
	keeper->stopping = true;
	keeper->status = status;
	place_notify(keeper->manager, "STOPPING=1");
	loop_cancel(keeper->loop, &keeper->start_again);
	if (keeper->gate.pid == 0) {
		stop_services(keeper);
		return;
	}
	child_signal(&keeper->gate, SIGTERM);
	give_time(keeper);
}

/* --- What the gate says ---------------------------------------------------------------- */

static void
close_wire(struct keeper *keeper)
{
	if (keeper->wire.fd < 0)
		return;
	loop_unwatch(keeper->loop, &keeper->wire);
	close(keeper->wire.fd);
	keeper->wire.fd = -1;
}

static void
end_peer(struct keeper *keeper, const char *why)
{
	log_error("the gate is ended: %s", why);
	close_wire(keeper);
	kill_gate(keeper);
}

static void
answer_order(struct keeper *keeper)
{
	struct message_head head = keeper->message.head;
	struct reader       in = message_reader(&keeper->message);
	struct answer      *answer = &keeper->answer;

	if (head.kind != MESSAGE_ORDER) {
		end_peer(keeper, "it sent what is no order");
		return;
	}
	answer->result = RESULT_DONE;
	answer->is_later = false;
	writer_clear(&answer->body);
	keeper->post.order = head.id;
	if (!order_obey(&keeper->post, head.number, &in, answer)) {
		log_error("order %s (%u) with %zu bytes is malformed or out of turn", order_name(head.number),
			  head.number, keeper->message.body.len);
		end_peer(keeper, "it gave a bad order");
		return;
	}
	if (keeper->post.greeted)
		loop_cancel(keeper->loop, &keeper->greet_late);
	if (answer->is_later)
		return;
	head.kind = MESSAGE_REPLY;
	head.result = answer->result;
	if (message_send(keeper->wire.fd, head, &answer->body) != WIRE_DONE)
		end_peer(keeper, "it does not take replies");
}

/* The order may have been given by a gate that is not there any more. */
static void
answer_later(void *self, uint32_t order, unsigned number, enum result result, struct text message, int fd)
{
	struct keeper            *keeper = self;
	const struct message_head head = { .kind = MESSAGE_REPLY, .id = order, .number = number, .result = result };

	writer_clear(&keeper->answer.body);
	if (fd >= 0)
		put_fd(&keeper->answer.body, fd);
	else
		put_text(&keeper->answer.body, text_first(message, ORDER_MESSAGE_MAX));
	if (keeper->wire.fd < 0)
		return;
	if (message_send(keeper->wire.fd, head, &keeper->answer.body) != WIRE_DONE)
		end_peer(keeper, "it does not take replies");
}

static void
hear_gate(void *self)
{
	struct keeper *keeper = self;

	switch (message_receive(keeper->wire.fd, &keeper->message)) {
	case WIRE_AGAIN:
		return;
	case WIRE_ENDED:
		close_wire(keeper);
		give_time(keeper); /* it is on its way out, or of no use any more */
		return;
	case WIRE_BROKEN:
		end_peer(keeper, "it sent a malformed packet");
		return;
	case WIRE_DONE:
		answer_order(keeper);
		message_clear(&keeper->message);
	}
}

/* A gate that is not there, or has not said hello, asks for itself when it comes. */
static bool
tell_gate(void *self, enum event event)
{
	struct keeper             *keeper = self;
	const struct message_head  head = { .kind = MESSAGE_EVENT, .number = event };

	if (keeper->wire.fd < 0 || !keeper->post.greeted)
		return true;
	writer_clear(&keeper->answer.body);
	return message_send(keeper->wire.fd, head, &keeper->answer.body) != WIRE_AGAIN;
}

static void
not_greeted(void *self)
{
	end_peer(self, "it did not say hello in time");
}

/* A later gate of an ephemeral instance must have the same credentials. */
static void
remember(struct keeper *keeper, const struct announcement *said)
{
	struct gate_setup *setup = &keeper->setup;

	setup->user = arena_copy(keeper->arena, said->user);
	setup->password = arena_copy(keeper->arena, said->password);
	setup->key = arena_copy(keeper->arena, said->key);
	setup->secret = arena_copy(keeper->arena, said->secret);
}

static void
announce(void *self, const struct announcement *said)
{
	struct keeper *keeper = self;

	log_debug("the gate serves clients, %lld ms after its start",
		  (long long)(loop_clock() - keeper->gate_started));
	if (keeper->announced)
		return;
	keeper->announced = true;
	if (keeper->options->ephemeral) {
		remember(keeper, said);
		announcement_print(said);
	}
	place_notify(keeper->manager, "READY=1");
}

/* --- The life of a gate ---------------------------------------------------------------- */

static void
start_gate_again(void *self)
{
	start_gate(self);
}

static void
gate_ended(void *self, int status)
{
	struct keeper *keeper = self;
	char           words[80];
	const bool     hopeless = WIFEXITED(status) && WEXITSTATUS(status) == GATE_HOPELESS;
	const int64_t  lived = loop_clock() - keeper->gate_started;

	close_wire(keeper);
	loop_cancel(keeper->loop, &keeper->greet_late);
	loop_cancel(keeper->loop, &keeper->stop_late);
	if (keeper->stopping) {
		stop_services(keeper);
		return;
	}
	if (keeper->replacing && !hopeless) {
		keeper->replacing = false;
		start_gate(keeper);
		return;
	}
	log_error("the gate %s", child_status_words(status, words, sizeof(words)));
	if (hopeless || !place_can_go_on(keeper->options) || (keeper->options->ephemeral && !keeper->announced)) {
		stop(keeper, 1);
		return;
	}
	if (lived > DELAY_FORGET || keeper->delay == 0)
		keeper->delay = DELAY_FIRST;
	loop_start(keeper->loop, &keeper->start_again, keeper->delay);
	keeper->delay = keeper->delay * 2 < DELAY_LAST ? keeper->delay * 2 : DELAY_LAST;
}

static bool
spawn_gate(struct keeper *keeper, int wire)
{
	static const char *const argv[] = { GATE_FILE, GATE_ARGUMENT, NULL };
	const char              *environment[SETUP_ENVIRONMENT_MAX];
	int                      fds[SPAWN_FDS_MAX] = { wire };
	size_t                   nfds;
	scoped_fd                memfd = setup_pack(&keeper->setup, fds + 2, &nfds);
	const struct spawn       spawn = {
		.file = keeper->programs->gate, .argv = argv, .environment = environment, .fds = fds, .nfds = nfds + 2,
	};

	if (memfd < 0)
		return false;
	fds[1] = memfd;
	setup_environment(environment);
	return children_start(&keeper->children, &keeper->gate, &spawn);
}

static bool
try_start(struct keeper *keeper, struct buffer *message)
{
	int pair[2];

	if (!setup_open_files(&keeper->setup, keeper->options, !keeper->announced, message))
		return false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0) {
		buffer_print(message, "socketpair: %s", strerror(errno));
		return false;
	}
	if (!spawn_gate(keeper, pair[1])) {
		buffer_print(message, GATE_FILE ": %s", strerror(errno));
		close(pair[0]);
		close(pair[1]);
		return false;
	}
	close(pair[1]);
	keeper->wire.fd = pair[0];
	return true;
}

static void
start_gate(struct keeper *keeper)
{
	scoped_buffer message = BUFFER_NONE;
	const bool    started = try_start(keeper, &message);

	setup_close_files(&keeper->setup);
	if (!started) {
		log_error("no gate: %s", buffer_string(&message));
		if (keeper->announced)
			loop_start(keeper->loop, &keeper->start_again, DELAY_LAST);
		else
			stop(keeper, 1);
		return;
	}
	keeper->gate_started = loop_clock();
	keeper->post.gates++;
	keeper->post.greeted = false;
	loop_watch(keeper->loop, &keeper->wire);
	loop_start(keeper->loop, &keeper->greet_late, GREET_LIMIT);
	log_debug("the gate is process %d", (int)keeper->gate.pid);
}

/* --- Signals --------------------------------------------------------------------------- */

static void
hear_signal(void *self)
{
	struct keeper          *keeper = self;
	struct signalfd_siginfo about;

	if (read(keeper->signals.fd, &about, sizeof(about)) != (ssize_t)sizeof(about))
		return;
	switch (about.ssi_signo) {
	case SIGCHLD:
		children_reap(&keeper->children);
		break;
	case SIGHUP:
		log_info("the gate is started again");
		keeper->replacing = true;
		child_signal(&keeper->gate, SIGTERM);
		give_time(keeper);
		break;
	default:
		log_info("stopping");
		stop(keeper, 0);
	}
}

/* --- Start ----------------------------------------------------------------------------- */

static bool
prepare_setup(struct keeper *keeper, struct buffer *message)
{
	const struct options *options = keeper->options;
	struct gate_setup    *setup = &keeper->setup;

	*setup = (struct gate_setup){
		.wire = -1, .state_fd = -1, .certificate_fd = -1, .certificate_key_fd = -1, .import_fd = -1,
		.user = options->user, .password = options->password, .key = options->key, .secret = options->secret,
		.apply = options->apply, .log_level = options->log_level, .ephemeral = options->ephemeral,
		.allows_commands = options->command_limit > 0,
	};
	if (!place_user(options->run_as, &setup->run_as, message))
		return false;
	if (!options->ephemeral) {
		setup->state_fd = place_state(options->state, &setup->run_as, keeper->arena, &setup->state,
					      message);
		if (setup->state_fd < 0)
			return false;
	}
	return listen_all(options, keeper->arena, setup->listeners, &setup->nlisteners, message);
}

static bool
prepare(struct keeper *keeper, struct buffer *message)
{
	place_limits();
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	keeper->manager = place_manager();
	if (!prepare_setup(keeper, message) ||
	    !sandbox_go(keeper->options, keeper->setup.state, &keeper->outside, message))
		return false;
	const char *memory = place_memory(keeper->options);

	if (memory && (keeper->setup.state_fd = place_state(memory, &keeper->setup.run_as, keeper->arena, &keeper->setup.state,
							    message)) < 0)
		return false;
	if (keeper->options->apply == APPLY_HOST && !place_may_configure()) {
		buffer_print(message, "--apply host needs CAP_NET_ADMIN: be root, or use --apply sandbox");
		return false;
	}
	keeper->post = (struct post){
		.apply = keeper->options->apply, .build = keeper->programs->build, .started = loop_clock(),
		.loop = keeper->loop, .children = &keeper->children, .announce = announce, .answer = answer_later, .self = keeper,
		.feeds = keeper->hearing.feeds, .owns_machine = keeper->options->apply == APPLY_HOST && !keeper->options->netns,
		.socket = keeper->options->socket, .command_limit = keeper->options->command_limit,
	};
	keeper->post.packages =
		packages_new(keeper->loop, &keeper->children, keeper->post.owns_machine && geteuid() == 0);
	if (keeper->options->apply != APPLY_NONE && (!keeper->options->netns || keeper->options->machine))
		keeper->post.runner = runner_new(keeper->loop, &keeper->children, keeper->options->apply == APPLY_SANDBOX);
	if (keeper->post.runner)
		runner_listen(keeper->post.runner, feeds_say, keeper->hearing.feeds);
	if (!backing_open(&keeper->backing, keeper->options, keeper->setup.listeners,
			  keeper->setup.nlisteners, &keeper->post.backends, message))
		return false;
	if (keeper->options->apply != APPLY_NONE)
		hearing_listen(&keeper->hearing);
	keeper->post.news = &keeper->hearing.news;
	keeper->post.probes = keeper->hearing.probes;
	keeper->post.captures = captures_new(&keeper->children, keeper->programs->own);
	return true;
}

static void
init(struct keeper *keeper, const struct options *options, const struct programs *programs, struct arena *arena)
{
	keeper->options = options;
	keeper->programs = programs;
	keeper->arena = arena;
	keeper->loop = loop_new();
	hearing_open(&keeper->hearing, keeper->loop, tell_gate, keeper);
	keeper->gate = (struct child){ .ended = gate_ended, .self = keeper };
	keeper->signals = (struct watch){ children_catch_signals(), hear_signal, keeper };
	keeper->wire = (struct watch){ -1, hear_gate, keeper };
	keeper->outside = -1;
	keeper->start_again = (struct timer){ .due = start_gate_again, .self = keeper };
	keeper->greet_late = (struct timer){ .due = not_greeted, .self = keeper };
	keeper->stop_late = (struct timer){ .due = kill_gate, .self = keeper };
	writer_init(&keeper->answer.body);
	message_init(&keeper->message);
}

int
keeper_run(const struct options *options, const struct programs *programs, struct arena *arena)
{
	struct keeper *keeper = arena_take(arena, sizeof(*keeper));
	scoped_buffer  message = BUFFER_NONE;

	log_set_name("keeper");
	log_set_level(options->log_level);
	init(keeper, options, programs, arena);
	if (prepare(keeper, &message)) {
		loop_watch(keeper->loop, &keeper->signals);
		start_gate(keeper);
		if (!keeper->stopping)
			loop_run(keeper->loop);
	} else {
		log_error("%s", buffer_string(&message));
		keeper->status = 1;
	}
	close_wire(keeper);
	hearing_close(&keeper->hearing);
	captures_free(keeper->post.captures);
	runner_free(keeper->post.runner);
	packages_free(keeper->post.packages);
	backing_close(&keeper->backing);
	loop_free(keeper->loop);
	if (options->socket && keeper->setup.nlisteners > options->nlisten)
		unlink(options->socket);
	return keeper->status;
}
