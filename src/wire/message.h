/* wire/message.h: one packet between two of our processes. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/result.h"
#include "base/text.h"
#include "wire/reader.h"
#include "wire/wire.h"
#include "wire/writer.h"

enum message_kind {
	MESSAGE_ORDER = 1, /* do this; is always answered */
	MESSAGE_REPLY,     /* what came of the order with the same id and number */
	MESSAGE_EVENT,     /* something happened; is never answered */
};

struct message_head {
	enum message_kind kind;
	uint32_t          id;     /* chosen by who orders; 0 in events */
	unsigned          number; /* of the order or event */
	enum result       result; /* of a reply; DONE in all others */
};

/* What was received. The descriptors belong to it until get_fd() takes them. */
struct message {
	struct message_head head;
	struct text         body;
	size_t              nfds;
	int                 fds[WIRE_FDS_MAX];
	char                bytes[WIRE_MESSAGE_MAX];
};

/* No message: clearing it does nothing. (The bytes are never set as a whole.) */
void message_init(struct message *);
/* Closes what get_fd() did not take. */
void message_clear(struct message *);

/*
 * Neither waits. Sending leaves the writer as it is and its descriptors open; a
 * writer that overflowed is BROKEN. After anything but DONE the message is empty.
 */
enum wire_state message_send(int socket, struct message_head, const struct writer *body);
enum wire_state message_receive(int socket, struct message *);

/* To be used once per message. */
struct reader message_reader(struct message *);

/* Bytes of a packet to a message, as message_receive() does it; for tests and fuzzers. */
bool message_parse(struct message *, size_t len);

#define scoped_message __attribute__((cleanup(message_clear))) struct message
