/* proc/options.h: what drawbridged was told on its command line and in its file. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "base/log.h"

#define OPTIONS_LISTEN_MAX 16          /* --listen */
#define OPTIONS_FILE_MAX   (64 * 1024) /* bytes of the configuration file */
#define COMMAND_LIMIT_MAX  100         /* seconds */
#define OPTIONS_FILE       "/etc/drawbridge/drawbridged.conf"

/* Where what is configured is made true. */
enum apply_mode {
	APPLY_HOST,    /* this network namespace; needs CAP_NET_ADMIN */
	APPLY_SANDBOX, /* one of our own, made at start */
	APPLY_NONE,    /* nowhere: plans are made and recorded */
};

/* "host", "sandbox", "none". */
const char *apply_mode_word(enum apply_mode);

struct endpoint {
	struct address address;
	uint16_t       port; /* 0: the kernel chooses */
};

/* Strings are NULL when not given and there is no default; they live in the arena or in argv. */
struct options {
	struct endpoint listen[OPTIONS_LISTEN_MAX];
	size_t          nlisten;
	const char     *state;
	const char     *socket;
	const char     *certificate, *certificate_key;
	const char     *import;
	const char     *user, *password, *key, *secret;
	const char     *run_as; /* user of the gate */
	const char     *config;
	const char     *netns;  /* the network to apply in, a path */
	enum apply_mode apply;
	enum log_level  log_level;
	bool            machine; /* with netns: names, files and services are ours too */
	bool            plain, force_plain, ephemeral;
	unsigned        command_limit; /* seconds a command of a client may take; 0: clients run no commands */
};

enum options_outcome {
	OPTIONS_RUN,   /* the options are set: go on */
	OPTIONS_SAY,   /* the message is what was asked for (help, version): print it and end well */
	OPTIONS_WRONG, /* the message says what is wrong */
};

/* argv[0] is skipped. The command line wins over the file. *out is untouched unless the outcome is RUN. */
enum options_outcome options_read(struct options *out, struct arena *, int argc, char *const argv[],
				  struct buffer *message);

/* "ADDR:PORT", IPv6 in brackets. */
bool endpoint_read(struct text, struct endpoint *out);
bool endpoint_is_loopback(const struct endpoint *);
/* As endpoint_read() takes it. */
const char *endpoint_print(struct arena *, const struct endpoint *);
