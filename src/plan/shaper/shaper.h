/* plan/shaper/shaper.h: pipes and queues as the classes of one queueing discipline, and who is sent into them. */
#pragma once

#include "base/buffer.h"
#include "plan/filter.h"
#include "schema/facts.h"
#include "schema/snapshot.h"

/*
 * A pipe is one bandwidth for all that is sent into it, over all interfaces and in both directions. So all that is shaped goes through
 * one device that is no interface's (an IFB), with HTB on it: there a pipe is a class, and its queues are classes below that one. With a mask
 * each host has a class of its own: as many as there is room for are there from the beginning, the filter gives them away.
 */
#define SHAPER_DEVICE      "shaper0"
#define SHAPER_HANDLE      1U   /* of HTB: class n is SHAPER_HANDLE:n */
#define SHAPER_GROUP       256U /* classes of a mask: the first for all without such an address, the others for hosts */
#define SHAPER_HOST_STAYS  600U /* seconds that a host has its class */
#define SHAPER_SINGLE_MAX  0x7fffU
#define SHAPER_GROUP_FIRST 0x8000U
#define SHAPER_GROUPS_MAX  96U
#define SHAPER_CLASSES_MAX 8192U /* on the wire: a group counts once */
#define SHAPER_DEVICES_MAX 4096U
#define SHAPER_RULES_MAX   4096U
#define SHAPER_BYTES_MAX   ((size_t)4 * 1024 * 1024)
#define SHAPER_SLOTS       50U /* packets that wait where nothing else is said, as in dummynet */
#define SHAPER_LIMITER     "limiter." /* so begins what stands for the uuid of pfSense's limiters; their name follows */
#define SHAPER_HOSTS       "h_" /* so is the filter's map called that says whose the classes of a mask are; their first number follows */
#define SHAPER_NAME_MAX    15  /* bytes of the name of a device */

enum shaper_discipline { SHAPER_FIFO, SHAPER_CODEL, SHAPER_PIE, SHAPER_FQ_CODEL, SHAPER_FQ_PIE, SHAPER_DELAY, SHAPER_DISCIPLINES };

/* How packets of a class wait. 0: as the kernel has it. */
struct shaper_leaf {
	enum shaper_discipline discipline;
	uint32_t               limit; /* packets */
	uint32_t               target, interval, delay; /* microseconds */
	uint32_t               quantum, flows;
	bool                   ecn;
};

struct shaper_class {
	uint32_t           id, count;  /* a row of classes that are alike */
	uint32_t           parent;     /* 0: none */
	uint32_t           rate, ceil; /* bytes per second */
	uint32_t           quantum;    /* bytes in turn, when several share what is left */
	bool               is_inner;   /* others are below it */
	struct shaper_leaf leaf;
};

enum shaper_mask { SHAPER_NO_MASK, SHAPER_SOURCE, SHAPER_DESTINATION };

/* A pipe or a queue that packets can be sent into. */
struct shaper_target {
	const char      *uuid, *description;
	const char      *pipe;   /* uuid of a queue's pipe; NULL: it is one */
	unsigned         number;
	unsigned         weight; /* of a queue */
	enum shaper_mask mask;
	enum family      family; /* of the mask */
	uint32_t         class;  /* where it begins */
	uint32_t         rate;   /* bytes per second, of the pipe */
	struct shaper_leaf leaf;
};

/* The first that matches decides. */
struct shaper_rule {
	const char        *uuid, *description;
	struct filter_rule match; /* with one interface */
	const char        *second; /* interface that it comes from or leaves by on its other side; NULL: any */
	uint16_t           length; /* bytes at most, 0: any */
	const int         *dscp;
	size_t             ndscp;  /* 0: any */
	const struct shaper_target *target;
};

struct shaper {
	uint64_t                    stamp; /* of what it was read from, never 0 */
	const struct shaper_class  *classes; /* parents before those below them */
	size_t                      nclasses;
	const char *const          *devices; /* of the interfaces, no two alike */
	size_t                      ndevices;
	const struct shaper_target *targets;
	size_t                      ntargets;
	const struct shaper_rule   *rules;
	size_t                      nrules;
};

/* Without devices. What cannot be had is left out and named in *missing. All of it lies in the arena. */
void shaper_read(struct arena *, const struct snapshot *, const struct facts *, struct shaper *out, struct buffer *missing);
/* The devices of the interfaces of this snapshot. */
void shaper_devices(struct arena *, const struct snapshot *, struct shaper *);
/* The pipe or queue of this uuid that is in force; NULL: none. */
const struct shaper_target *shaper_target(const struct shaper *, const char *uuid);

/* Classes and devices, for the keeper. */
void shaper_encode(struct buffer *, const struct shaper *);
/* Strict: bounds, order, no class twice; false leaves *out as it was. */
bool shaper_decode(struct arena *, struct text bytes, struct shaper *out);
