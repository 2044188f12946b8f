/* plan/service/service.h: the daemons the box should run, each with the files it reads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

#define SERVICE_NAME_MAX      47 /* bytes: "openvpn@office" */
#define SERVICE_FILE_NAME_MAX 127
#define SERVICE_FILES_MAX     20000
#define SERVICES_MAX          256
#define SERVICES_BYTES_MAX    ((size_t)256 * 1024 * 1024)

/* In the service's own directory. */
struct service_file {
	const char *name;   /* as service_file_is_valid() has it */
	struct text content;
	bool        secret; /* for the daemon's eyes only */
};

/*
 * A program's name is one that the keeper has in its table; where it runs more than once, "@" and a name for the one meant
 * follow it. What is not wanted is stopped and its files are taken away.
 */
struct service_plan {
	const char                *name;
	bool                       wanted;
	const struct service_file *files;
	size_t                     nfiles;
};

/* `programs` are those that the plan is about: what else of them runs is stopped. */
struct services {
	const char *const         *programs;
	size_t                     nprograms;
	const struct service_plan *plans; /* no two of a name */
	size_t                     n;
};

/* Letters, digits, "-", "_", and one "@" inside. */
bool service_name_is_valid(struct text);
/*
 * Letters, digits and "._@+-", not beginning with a dot; one "/" inside, and the same behind it, where blanks
 * may follow the first letter too: names of clients are there.
 */
bool service_file_is_valid(struct text);

void services_encode(struct buffer *, const struct services *);
/* Strict; false leaves *out as it was. Texts point into the bytes, the rest lies in the arena. */
bool services_decode(struct arena *, struct text bytes, struct services *out);
