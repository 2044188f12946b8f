/* proc/service/program.h: the closed table of daemons that the keeper runs. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

#define PROGRAM_WORDS_MAX 24 /* of a command, the NULL included */
#define PROGRAM_LINES_MAX 512 /* of a file "words" */
#define PROGRAM_CANNOT    69  /* exit status of a checker: nothing is wrong, but what it takes is not there */

/* Asked on a unix socket; done when the answer has `good` in it. */
struct program_question {
	const char *socket;
	const char *request;
	const char *good;
	const char *fair; /* this in it will do, when `good` does not come soon: it waits for something that may take long. NULL: nothing */
	const char *bad;  /* this in it: it runs, but something is amiss that only people can mend. NULL: nothing */
	bool      (*is_whole)(struct text answer); /* of who does not hang up after its answer; NULL: it does */
};

/*
 * A file whose lines can be told one by one while it runs: the first word of a line is what it is about. All lines about one thing
 * are taken back and told again when any of them changed.
 */
struct program_lines {
	const char *file;
	const char *inner; /* the inner directory with it and its like, which is read at the start only */
	const char *socket;
	const char *remove, *add; /* go before the lines, `end` behind them */
	const char *end;
	const char *bad;          /* an answer with this in it refuses */
};

/* A directory that must be there before it runs: what its unit file or its package would have made. */
struct program_place {
	const char *path;
	unsigned    mode;
	bool        is_users; /* belongs to the program's user */
};

/*
 * In commands, directories, sockets and places "%i" stands for what follows the "@" of a service's name. The first words
 * are absolute paths; a command of no words is none. All run in the foreground as our children.
 */
struct program {
	const char             *name;
	const char             *package;   /* Debian's, for those who lack it */
	const char             *directory; /* its files; made, replaced and taken away as a whole */
	const char             *user;      /* whose group may read them; NULL: everybody */
	const char             *unit;      /* of the package: must not run what we run; NULL: it has none */
	const char             *run[PROGRAM_WORDS_MAX];
	const char             *options[8]; /* its file "words" has more of them, one a line: these, names of links, addresses */
	const char             *alone;     /* one word more in a sandbox, where the clock and its like are not ours; NULL: none */
	const char             *check[PROGRAM_WORDS_MAX];  /* the files that are in place; status 0: fine */
	const char             *reload[PROGRAM_WORDS_MAX]; /* takes the new files while it runs; status 0: it did */
	struct program_question ask_reload;                /* the same by a question */
	bool                    reload_checks;             /* what runs keeps the old when the new is wrong: no need to check before */
	struct program_lines    lines;                     /* the same for part of them */
	int                     signal_reload;             /* the same by a signal: done when its first thread sleeps again */
	bool                    is_told;   /* it knows nothing when it starts: is told by `reload` then, and whenever it came back by itself */
	const char             *once;      /* the only file that it reads by itself, at the start; NULL: all are, or see `reloads` */
	const char             *reloads; /* the inner directory that it can take so; for other files it starts anew. NULL: all */
	/* It is ready when it answers, or when the file or socket is there, or when it lived so many ms. */
	struct program_question ready;
	const char             *ready_path; /* taken away before each start */
	unsigned                ready_after;
	unsigned                stumbles; /* so often it may end before it is ready */
	bool                  (*lacks)(void); /* the machine lacks what the package is for, beside the first word of `run`; NULL: it does not */
	const char             *unsaid;   /* part of what it says of each question of ours, which is no news; NULL: nothing is */
	bool                    is_heard; /* what it says goes to the gate: ORDER_HEAR_SERVICE */
	struct program_place    places[4];
	struct {
		const char *path, *name;
	} tool; /* a link to a program of ours that stands beside us, which the daemon runs; NULL: none */
	const char             *environment[6];
};

/* By the name of a service, with or without "@…"; NULL: none of ours. */
const struct program *program_find(struct text service);
/* The words of a command for this service, in the arena; NULL: it has none. */
const char *const    *program_words(struct arena *, const char *const *command, struct text service);
/* Those to run it with. */
/* All words it runs with, those of its file "words" last; NULL: it may not be told these. */
const char *const    *program_run(struct arena *, const struct program *, struct text service, bool is_alone, struct text file);
/* A path of the table for this service. */
const char           *program_path(struct arena *, const char *path, struct text service);
/* The n-th of all; NULL behind the last. */
const struct program *program_at(size_t n);
