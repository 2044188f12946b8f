/* plan/ipsec/conf.h: strongSwan's configuration files: nested sections of keys and values. */
#pragma once

#include "base/buffer.h"

/* Made by { .out = buffer }. */
struct conf {
	struct buffer *out;
	unsigned       depth;
	bool           traps; /* the first packet can start a tunnel */
};

/* The name of a section as it is written: of others' characters only letters, digits, "-" and "_" are left. */
void conf_add_name(struct buffer *, struct text name);
void conf_open(struct conf *, const char *name);
void conf_close(struct conf *);
/* key = value, quoted when it must be. An empty value is left out; line ends and control characters are. */
void conf_put(struct conf *, const char *key, struct text value);
void conf_put_string(struct conf *, const char *key, const char *value);
void conf_put_yes(struct conf *, const char *key, bool is_yes);
void conf_put_seconds(struct conf *, const char *key, const char *value);
/* What to do with a child; where no packet can start it, it starts at once. */
void conf_put_action(struct conf *, const char *key, const char *action);
/* A list with commas, as it is stored. */
void conf_put_list(struct conf *, const char *key, struct text list);
/* Bytes as they are, in hex. */
void conf_put_secret(struct conf *, const char *key, struct text secret);
