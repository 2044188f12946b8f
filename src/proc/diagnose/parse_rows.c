/* Lines that are rows: sockets, their owners, processors, processes, slabs. */
#include <ctype.h>
#include <string.h>

#include "base/bug.h"
#include "base/number.h"
#include "proc/diagnose/parse.h"

/* Digits of base 16, all of the text. */
static bool
read_hex(struct text text, size_t digits_max, uint64_t *out)
{
	uint64_t number = 0;

	if (text.len == 0 || text.len > digits_max)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		const char c = (char)tolower((unsigned char)text.ptr[i]);

		if (!isxdigit((unsigned char)c))
			return false;
		number = number << 4 | (uint64_t)(isdigit((unsigned char)c) ? c - '0' : c - 'a' + 10);
	}
	*out = number;
	return true;
}

static uint64_t
number_of(struct text *rest)
{
	const int64_t number = parse_number(rest);

	return number > 0 ? (uint64_t)number : 0;
}

/* --- Sockets ------------------------------------------------------------------------------------------------- */

/* "0100007F:4A37": words of 32 bits in the order of the machine, and the port. */
static bool
read_end(struct text text, struct address *address, uint16_t *port)
{
	struct text  rest = text, host = text_until(&rest, ':');
	const bool   inet6 = host.len == 32;
	uint64_t     number;

	if ((!inet6 && host.len != 8) || !read_hex(rest, 4, &number))
		return false;
	*port = (uint16_t)number;
	*address = (struct address){ .family = inet6 ? FAMILY_INET6 : FAMILY_INET };
	for (size_t i = 0; i < host.len / 8; i++) {
		uint32_t word;

		if (!read_hex(text_first(text_after(host, i * 8), 8), 8, &number))
			return false;
		word = (uint32_t)number;
		memcpy(address->bytes + i * 4, &word, 4);
	}
	return true;
}

static bool
read_socket(struct text line, struct socket_row *out)
{
	struct text words[10];
	uint64_t    state;

	for (size_t i = 0; i < COUNT(words); i++)
		if (!parse_word(&line, &words[i]))
			return false;
	if (!read_end(words[1], &out->local, &out->local_port) || !read_end(words[2], &out->remote, &out->remote_port) ||
	    !read_hex(words[3], 2, &state))
		return false;
	out->state = (uint8_t)state;
	out->uid = (uint32_t)number_of(&words[7]);
	out->inode = number_of(&words[9]);
	return true;
}

size_t
parse_sockets(struct text file, struct socket_row *out, size_t room)
{
	struct text line;
	size_t      n = 0;

	while (n < room && text_next(&file, "\n", &line))
		n += read_socket(line, &out[n]);
	return n;
}

bool
parse_unix(struct text line, struct unix_row *out)
{
	struct text words[7];
	uint64_t    number;

	for (size_t i = 0; i < COUNT(words); i++)
		if (!parse_word(&line, &words[i]))
			return false;
	*out = (struct unix_row){ .address = words[0] };
	if (out->address.len > 0 && out->address.ptr[out->address.len - 1] == ':')
		out->address.len--;
	if (!read_hex(out->address, 16, &number) || !read_hex(words[1], 8, &number))
		return false;
	out->references = (unsigned)number;
	if (!read_hex(words[4], 4, &number))
		return false;
	out->type = (unsigned)number;
	out->inode = number_of(&words[6]);
	out->path = text_trim(line);
	return true;
}

bool
parse_owner(struct text line, struct owner_row *out)
{
	out->inode = number_of(&line);
	out->uid = (uint32_t)number_of(&line);
	out->pid = (uint32_t)number_of(&line);
	out->command = text_trim(line);
	return out->inode > 0 && out->pid > 0;
}

/* --- Processors ------------------------------------------------------------------------------------------------ */

bool
parse_cpu(struct text file, struct cpu_times *out)
{
	struct text line, word;
	uint64_t    numbers[8];

	if (!text_next(&file, "\n", &line) || !parse_word(&line, &word) || !text_is(word, "cpu"))
		return false;
	for (size_t i = 0; i < COUNT(numbers); i++)
		numbers[i] = number_of(&line);
	/* user nice system idle iowait irq softirq steal: waiting is idle, stolen time is work of others. */
	*out = (struct cpu_times){
		.user = numbers[0], .nice = numbers[1], .sys = numbers[2] + numbers[7], .idle = numbers[3] + numbers[4],
		.interrupts = numbers[5] + numbers[6],
	};
	for (size_t i = 0; i < COUNT(numbers); i++)
		out->total += numbers[i];
	return true;
}

static unsigned
part(uint64_t before, uint64_t now, uint64_t total)
{
	return total > 0 && now > before ? (unsigned)(((now - before) * 200 + total) / (2 * total)) : 0;
}

struct cpu_share
cpu_share(const struct cpu_times *before, const struct cpu_times *now)
{
	const uint64_t   total = now->total > before->total ? now->total - before->total : 0;
	struct cpu_share share = {
		.user = part(before->user, now->user, total), .nice = part(before->nice, now->nice, total),
		.sys = part(before->sys, now->sys, total),
		.interrupts = part(before->interrupts, now->interrupts, total), .idle = part(before->idle, now->idle, total),
	};

	if (total == 0)
		share.idle = 100;
	share.total = share.idle < 100 ? 100 - share.idle : 0;
	return share;
}

struct processors
parse_processors(struct text file)
{
	struct processors out = { .threads = 0 };
	struct text       line, physical = TEXT_NONE;
	unsigned          packages = 0, each = 0;

	while (text_next(&file, "\n", &line)) {
		struct text       value = line;
		const struct text name = text_trim(text_until(&value, ':'));

		value = text_trim(value);
		out.threads += text_is(name, "processor");
		if (text_is(name, "model name") && out.model.len == 0)
			out.model = value;
		if (text_is(name, "cpu cores"))
			each = (unsigned)number_of(&value);
		else if (text_is(name, "physical id") && !text_equal(value, physical)) {
			physical = value;
			packages++;
		}
	}
	out.cores = each && packages ? each * packages : out.threads;
	if (out.cores > out.threads)
		out.cores = out.threads;
	return out;
}

/* --- Processes --------------------------------------------------------------------------------------------------- */

/* The name of a process may have anything in it, parentheses too: it ends at the last one. */
bool
parse_process(struct text line, struct process_row *out)
{
	struct text rest = line, stat, words[37];
	size_t      end;

	*out = (struct process_row){ .uid = (uint32_t)number_of(&rest) };
	out->pid = (uint32_t)number_of(&rest);
	stat = text_trim(text_until(&rest, '\t'));
	out->command = text_trim(rest);
	for (end = stat.len; end > 0 && stat.ptr[end - 1] != ')'; end--)
		;
	if (out->pid == 0 || end < 2 || stat.ptr[0] != '(')
		return false;
	out->name = text_first(text_after(stat, 1), end - 2);
	stat = text_after(stat, end);
	for (size_t i = 0; i < COUNT(words); i++)
		if (!parse_word(&stat, &words[i]))
			return false;
	out->state = words[0].ptr[0];
	out->ticks = number_of(&words[11]) + number_of(&words[12]);
	out->priority = parse_number(&words[15]);
	out->nice = parse_number(&words[16]);
	out->threads = parse_number(&words[17]);
	out->started = number_of(&words[19]);
	out->size = number_of(&words[20]);
	out->resident = number_of(&words[21]);
	out->cpu = (int)parse_number(&words[36]);
	return true;
}

bool
parse_slab(struct text line, struct slab_row *out)
{
	if (line.len == 0 || line.ptr[0] == '#' || !parse_word(&line, &out->name) || text_is(out->name, "slabinfo"))
		return false;
	out->active = parse_number(&line);
	out->total = parse_number(&line);
	out->size = parse_number(&line);
	return out->size > 0;
}
