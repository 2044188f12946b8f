/*
 * plan/service/dnsmasq/writing.h: lines of dnsmasq(8), which are OPTION=PIECE,PIECE.
 *
 * A line is read in pieces of 1024 bytes, each a line of its own to dnsmasq; in double quotes a backslash stands before a quote or
 * a backslash, and neither commas nor words mean anything. So a line that is too long, or has a control character in it, is not
 * written but named as missing.
 */
#pragma once

#include "plan/service/planner.h"

struct writing {
	const struct service_view *view;
	struct service_draft      *draft;
	const struct record       *settings;
	struct buffer              conf, hosts, clients;
	/* The line under way. */
	struct buffer line;
	bool          is_bad;
	bool          has_piece;
};

/* `option` and its "=" come first; NULL: the line has none. */
void writing_begin(struct writing *, const char *option);
/* Not quoted: letters, digits and "-_.:/#@*[]" and nothing else. */
void writing_word(struct writing *, struct text);
void writing_print(struct writing *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Quoted: never anything but a text. */
void writing_text(struct writing *, struct text);
/* As clients write it: pieces between commas, each in quotes or not; what cannot stand so is quoted. */
void writing_value(struct writing *, struct text);
/* "set:" or "tag:" and a name for the record of dnsmasq.tag. */
void writing_tag(struct writing *, const char *use, struct text uuid);
void writing_end(struct writing *, struct buffer *into);
/* A line of one piece. */
void writing_put(struct writing *, const char *option, struct text value);

/* Each of a list of interfaces that has a device, as "option=device". */
void writing_put_devices(struct writing *, const char *option, struct text interfaces);

/* By file. */
void dnsmasq_put_names(struct writing *);
void dnsmasq_put_clients(struct writing *);
void dnsmasq_put_ranges(struct writing *);
void dnsmasq_put_options(struct writing *);
