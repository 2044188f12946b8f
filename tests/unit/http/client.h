/* tests/unit/http/client.h: a raw client and a server to talk to, for the tests of this folder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "http/server.h"

/* A server on a free port of 127.0.0.1; ends the test when there is none. Limits may be NULL. */
struct http_server *serve(http_handler *, void *context, const struct http_limits *);
/* The same, all of the setup given but the listen. */
struct http_server *serve_setup(struct http_setup);

#define PATIENCE 60000 /* ms for what takes no second where nothing else runs */

/* A blocking connection. */
int  client_connect(const struct http_server *);
void client_send(int fd, struct text);
#define CLIENT_SEND(fd, literal) client_send((fd), TEXT(literal))
/* All up to the end of the connection; *closed tells whether it came (or silence for ms). */
void client_read(int fd, int ms, struct buffer *, bool *closed);
/* Until this is in what came, and no longer; false when it does not come. */
bool client_read_until(int fd, const char *wanted, struct buffer *);
/* One whole answer with a Content-Length; false when the connection ends before, or falls silent for long. */
bool client_read_answer(int fd, struct buffer *);
/* Send, read to the end, close. How many status lines came; the first one's status. */
unsigned client_ask(const struct http_server *, struct text, unsigned *answers);

uint64_t milliseconds(void);
void     pause_for(unsigned ms);
