/* proc/gate.h: the inside of the unprivileged process, and what it is given. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/log.h"
#include "proc/options.h"
#include "proc/place.h"

enum listener_kind {
	LISTENER_TLS,
	LISTENER_PLAIN,
	LISTENER_LOCAL, /* the unix socket of the command line tool */
};

/* Bound and listening; does not block. The keeper holds it too, so that clients wait while a gate is started again. */
struct listener {
	int                fd;
	enum listener_kind kind;
	const char        *address; /* "127.0.0.1:8443" with the real port, or a path */
};

#define LISTENERS_MAX (OPTIONS_LISTEN_MAX + 1)

/* Strings are NULL and descriptors -1 where there is nothing. */
#define SETUP_ENVIRONMENT_MAX 4

struct gate_setup {
	int             wire; /* to the keeper: for courier_new() */
	struct listener listeners[LISTENERS_MAX];
	size_t          nlisteners;
	const char     *state;    /* absolute path of the state directory; NULL: keep all in memory */
	int             state_fd; /* the same directory */
	int             certificate_fd, certificate_key_fd; /* PEM files to be read */
	int             import_fd;                          /* a config.xml to start with; first start only */
	const char     *user, *password, *key, *secret;     /* of the ephemeral administrator, as far as given */
	struct gate_user run_as; /* done with when gate_run() is called */
	enum apply_mode apply;
	enum log_level  log_level;
	bool            ephemeral, allows_commands;
};

/* Exit status that says: starting again makes no sense until somebody changed something. */
#define GATE_HOPELESS 78

/*
 * Serve until told to stop (SIGTERM, or the keeper is gone); the exit status of the process. Runs
 * confined: no capabilities, no programs, no files but those of confine.c.
 */
int gate_run(const struct gate_setup *);

#define GATE_ARGUMENT "--gate" /* the only one that the keeper gives */

/* The entry of the process: read what the keeper left in descriptors 3 and up, confine, run. SIGPIPE is ignored then. */
int gate_enter(int (*run)(const struct gate_setup *));

/*
 * What the keeper leaves there: setup_pack() makes a memfd for descriptor SETUP_FD and lists the descriptors that
 * follow it; setup_unpack() reads it in the gate.
 */
#define WIRE_FD  3
#define SETUP_FD 4
#define FIRST_SETUP_FD 5

int  setup_pack(const struct gate_setup *, int *fds, size_t *nfds); /* -1 and errno; fds has room for LISTENERS_MAX + 4 */
/* Of our environment only what sanitizers want, and what the C library is told; room for SETUP_ENVIRONMENT_MAX. */
void setup_environment(const char **environment);
bool setup_unpack(int memfd, struct arena *, struct gate_setup *out);

/*
 * Open what the options name, for one gate, so that new certificates are seen: false and a message when a file cannot be had. The
 * configuration to import is for the first gate only. Close them when the gate has them, or did not start.
 */
bool setup_open_files(struct gate_setup *, const struct options *, bool with_import, struct buffer *message);
void setup_close_files(struct gate_setup *);
