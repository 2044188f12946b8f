/* proc/ask/vpn/ipsec.h: what the files that ask strongSwan share. */
#pragma once

#include "proc/ask/ask.h"

/* What the daemon says to a query of the keeper's table: wire/vici.h's list. */
enum result ipsec_ask(const struct asking *, const char *query, const char *argument, struct value **said);
/* The same; an empty list where IPsec is off, or nothing is real. */
enum result ipsec_look(const struct asking *, const char *query, struct value **said);
/* A command that the daemon says it obeyed. */
enum result ipsec_tell(const struct asking *, const char *query, const char *argument);

/* A text of a section; "" when it is not there. */
const char *ipsec_word(const struct asking *, const struct value *section, const char *name);
/* A list in a section, with commas. */
const char *ipsec_list(const struct asking *, const struct value *section, const char *name);

/* Both descriptions of what the daemon calls by our names, and the number of a tunnel of the older kind or the connection's uuid. */
void ipsec_describe(const struct asking *, struct value *row, const char *connection, const char *child);

/* An association and the connection that it is of. */
struct ipsec_sa {
	const char         *connection;
	const struct value *sa;
};

/* The n-th of what list-sas says; false behind the last. */
bool ipsec_sa_at(const struct asking *, const struct value *said, size_t n, struct ipsec_sa *);
