/* Sockets and who has them open; those that see packets as they are. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/diagnose.h"
#include "proc/diagnose/parse.h"

#define SHOWN_MAX 4096 /* of each kind */

/* --- Owners -------------------------------------------------------------------------------------------------- */

struct owners {
	struct owner_row *rows;
	size_t            n;
	struct text       users; /* the file */
};

static int
compare_owners(const void *a, const void *b)
{
	const uint64_t left = ((const struct owner_row *)a)->inode, right = ((const struct owner_row *)b)->inode;

	return (left > right) - (left < right);
}

static struct owners
read_owners(const struct asking *asking)
{
	struct text   file = TEXT_NONE, line;
	struct owners owners = { .users = TEXT_NONE };

	if (asked_system(asking, SYSTEM_OWNERS, &file) != RESULT_DONE ||
	    asked_system(asking, SYSTEM_USERS, &owners.users) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	owners.rows = ARENA_MAKE(asking->arena, struct owner_row, SOCKETS_MAX);
	while (owners.n < SOCKETS_MAX && text_next(&file, "\n", &line))
		owners.n += parse_owner(line, &owners.rows[owners.n]);
	qsort(owners.rows, owners.n, sizeof(*owners.rows), compare_owners);
	return owners;
}

static const struct owner_row *
owner_of(const struct owners *owners, uint64_t inode)
{
	const struct owner_row wanted = { .inode = inode };

	return inode ? bsearch(&wanted, owners->rows, owners->n, sizeof(wanted), compare_owners) : NULL;
}

const char *
user_name(struct arena *arena, struct text users, uint32_t uid)
{
	struct text line;

	while (text_next(&users, "\n", &line)) {
		const struct text name = text_until(&line, ':');
		int64_t           number;

		text_until(&line, ':');
		if (number_read(text_until(&line, ':'), 0, UINT32_MAX, &number) && number == uid)
			return arena_copy(arena, name);
	}
	return arena_print(arena, "%u", uid);
}

static void
put_owner(struct arena *arena, struct value *row, const struct owners *owners, uint64_t inode)
{
	const struct owner_row *owner = owner_of(owners, inode);

	if (!owner)
		return;
	value_set_string(arena, row, "user", user_name(arena, owners->users, owner->uid));
	value_set(arena, row, "command", value_text(arena, owner->command));
	value_set_string(arena, row, "pid", arena_print(arena, "%u", owner->pid));
}

/* --- Sockets of the network ------------------------------------------------------------------------------------- */

static struct value *
end_value(struct arena *arena, const struct address *address, uint16_t port)
{
	static const uint8_t nothing[16];
	struct value        *end = value_object(arena);

	value_set_string(arena, end, "address",
			 memcmp(address->bytes, nothing, sizeof(nothing)) == 0 ? "*" : address_print(arena, address));
	value_set_string(arena, end, "port", port ? arena_print(arena, "%u", port) : "*");
	return end;
}

static const char *
end_text(struct arena *arena, const struct value *end)
{
	return arena_print(arena, "%s:%s", value_get(end, "address")->text.ptr, value_get(end, "port")->text.ptr);
}

static void
put_socket(struct arena *arena, struct value *answer, const char *protocol, const struct socket_row *socket,
	   const struct owners *owners)
{
	static const char *const states[] = { "", "ESTABLISHED", "SYN_SENT", "SYN_RCVD", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT",
					      "CLOSED", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RCVD" };
	struct value            *row = value_object(arena);
	struct value            *local = end_value(arena, &socket->local, socket->local_port);
	struct value            *remote = end_value(arena, &socket->remote, socket->remote_port);

	value_set_string(arena, row, "protocol", protocol);
	value_set(arena, row, "local", local);
	value_set(arena, row, "remote", remote);
	if (strncmp(protocol, "tcp", 3) == 0)
		value_set_string(arena, row, "tcp-state", socket->state < COUNT(states) ? states[socket->state] : "");
	put_owner(arena, row, owners, socket->inode);
	value_set(arena, answer, arena_print(arena, "%s/[%s-%s]", protocol, end_text(arena, local), end_text(arena, remote)), row);
}

static void
put_sockets(struct asking *asking, struct value *answer, const struct owners *owners)
{
	static const struct {
		enum system_file file;
		const char      *protocol;
	} files[] = {
		{ SYSTEM_TCP, "tcp4" }, { SYSTEM_TCP6, "tcp6" }, { SYSTEM_UDP, "udp4" }, { SYSTEM_UDP6, "udp6" },
		{ SYSTEM_RAW, "ip4" }, { SYSTEM_RAW6, "ip6" },
	};
	struct socket_row *rows = ARENA_MAKE(asking->arena, struct socket_row, SHOWN_MAX);

	for (size_t i = 0; i < COUNT(files); i++) {
		struct text file = TEXT_NONE;

		if (asked_system(asking, files[i].file, &file) != RESULT_DONE)
			buffer_cut(asking->message, 0);
		const size_t n = parse_sockets(file, rows, SHOWN_MAX);

		for (size_t k = 0; k < n; k++)
			put_socket(asking->arena, answer, files[i].protocol, &rows[k], owners);
	}
}

/* --- Sockets of the machine ---------------------------------------------------------------------------------------- */

static void
put_local(struct asking *asking, struct value *answer, const struct owners *owners)
{
	struct arena   *arena = asking->arena;
	struct text     file = TEXT_NONE, line;
	struct unix_row socket;

	if (asked_system(asking, SYSTEM_UNIX, &file) != RESULT_DONE)
		buffer_cut(asking->message, 0);
	for (size_t n = 0; n < SHOWN_MAX && text_next(&file, "\n", &line);) {
		struct value *row = value_object(arena);

		if (!parse_unix(line, &socket))
			continue;
		value_set(arena, row, "address", value_text(arena, socket.address));
		value_set_string(arena, row, "type", socket.type == 1 ? "stream" : socket.type == 2 ? "dgram" : "seqpac");
		value_set(arena, row, "path", value_text(arena, socket.path));
		value_set(arena, row, "references", value_integer(arena, socket.references));
		put_owner(arena, row, owners, socket.inode);
		value_set(arena, answer,
			  arena_print(arena, "%.*s - %.*s", TEXT_ARGS(socket.address), TEXT_ARGS(socket.path)), row);
		n++;
	}
}

enum result
topic_sockets(struct asking *asking, struct value **answer)
{
	const struct owners owners = read_owners(asking);
	struct value       *network = value_object(asking->arena), *local = value_object(asking->arena);

	put_sockets(asking, network, &owners);
	put_local(asking, local, &owners);
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "Active Internet connections", network);
	value_set(asking->arena, *answer, "Active UNIX domain sockets", local);
	return RESULT_DONE;
}

/* --- Sockets that see packets ----------------------------------------------------------------------------------------- */

/* "sk RefCnt Type Proto Iface R Rmem User Inode" */
enum result
topic_bpf(struct asking *asking, struct value **answer)
{
	const struct owners owners = read_owners(asking);
	struct arena       *arena = asking->arena;
	struct text         file = TEXT_NONE, line;
	struct links        links = { NULL, 0 };
	enum result         result = asked_system(asking, SYSTEM_PACKET, &file);

	if (result == RESULT_DONE)
		result = asked_links(asking, &links);
	if (result != RESULT_DONE)
		return result;
	*answer = value_list(arena);
	while (text_next(&file, "\n", &line)) {
		struct text   words[9];
		size_t        n = 0;
		struct value *row = value_object(arena);
		const char   *name = "any";

		while (n < COUNT(words) && parse_word(&line, &words[n]))
			n++;
		if (n < COUNT(words) || text_is(words[0], "sk"))
			continue;
		const int64_t link = parse_number(&words[4]);

		for (size_t i = 0; i < links.n; i++)
			if (links.links[i].index == link)
				name = links.links[i].name;
		value_set_string(arena, row, "interface-name", name);
		value_set(arena, row, "store-buffer-length", value_integer(arena, parse_number(&words[6])));
		value_set(arena, row, "hold-buffer-length", value_integer(arena, 0));
		put_owner(arena, row, &owners, (uint64_t)parse_number(&words[8]));
		value_add(arena, *answer, row);
	}
	return RESULT_DONE;
}
