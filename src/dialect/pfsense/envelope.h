/* dialect/pfsense/envelope.h: {status, code, return, message, data}, and what each return code means. */
#pragma once

#include "api/request.h"

struct code {
	unsigned    number; /* "return" */
	unsigned    http;
	const char *status;
	const char *id;      /* "system-hostname-invalid" */
	const char *message;
};

extern const struct code codes[];
extern const size_t      ncodes;

/* Unknown ones are an internal fault: code 1's. */
const struct code *code_find(unsigned number);
/* Fill the reply. message NULL: the code's own; data NULL: []. Own members (mount.h) are left out. */
void envelope_write(struct request *, unsigned code, const char *message, const struct value *data);
/* What is data in such an answer. */
void envelope_value(struct buffer *out, const struct value *);
/* For what a header of our own asked for (If-Match): no return code of the contract means it. */
void envelope_write_conflict(struct request *, const char *message);
