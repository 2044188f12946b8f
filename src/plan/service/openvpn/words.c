/*
 * The grammar of OpenVPN's files: words divided by blanks, a line an option. In double quotes "\" makes the next byte itself. No line
 * may be longer than a limit, and what is in no line cannot be said at all.
 */
#include <stdarg.h>
#include <string.h>

#include "base/bug.h"
#include "plan/service/openvpn/openvpn.h"

void
tunnel_print(struct tunnel *tunnel, const char *format, ...)
{
	const size_t before = tunnel->out.len;
	va_list      args;

	va_start(args, format);
	buffer_print_args(&tunnel->out, format, args);
	va_end(args);
	if (tunnel->out.len - before > OPENVPN_LINE_MAX) {
		buffer_cut(&tunnel->out, before);
		service_miss(tunnel->draft, "%s: a line is longer than %d bytes", tunnel->name, OPENVPN_LINE_MAX);
		return;
	}
	buffer_add_byte(&tunnel->out, '\n');
}

void
tunnel_push(struct tunnel *tunnel, const char *format, ...)
{
	scoped_buffer option = BUFFER_NONE;
	va_list       args;

	va_start(args, format);
	buffer_print_args(&option, format, args);
	va_end(args);
	tunnel_print(tunnel, "push \"%s\"", buffer_string(&option));
}

void
tunnel_quote(struct tunnel *tunnel, const char *option, struct text word, const char *behind)
{
	scoped_buffer escaped = BUFFER_NONE;

	for (size_t i = 0; i < word.len; i++) {
		if ((unsigned char)word.ptr[i] < 0x20 || word.ptr[i] == 0x7f) {
			service_miss(tunnel->draft, "%s: %s has bytes that cannot be written", tunnel->name, option);
			return;
		}
		if (word.ptr[i] == '"' || word.ptr[i] == '\\')
			buffer_add_byte(&escaped, '\\');
		buffer_add_byte(&escaped, word.ptr[i]);
	}
	tunnel_print(tunnel, "%s \"%s\"%s", option, buffer_string(&escaped), behind);
}

bool
openvpn_is_word(struct text word)
{
	for (size_t i = 0; i < word.len; i++) {
		const char c = word.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr("-_.:", c))))
			return false;
	}
	return word.len > 0 && word.ptr[0] != '-';
}

void
tunnel_miss(struct tunnel *tunnel, const char *field, const char *why)
{
	service_miss(tunnel->draft, "%s: %s: %s", tunnel->name, field, why);
}

void
tunnel_word(struct tunnel *tunnel, const char *option, const char *field)
{
	const struct text word = record_text(tunnel->instance, field);

	if (word.len > 0 && !openvpn_is_word(word))
		tunnel_miss(tunnel, field, "it is no word");
	else if (word.len > 0)
		tunnel_print(tunnel, "%s %.*s", option, TEXT_ARGS(word));
}

void
tunnel_number(struct tunnel *tunnel, const char *option, const char *field, int64_t min, int64_t max)
{
	int64_t number;

	if (record_text(tunnel->instance, field).len == 0)
		return;
	if (service_number(tunnel->instance, field, min, max, &number))
		tunnel_print(tunnel, "%s %lld", option, (long long)number);
	else
		tunnel_miss(tunnel, field, "OpenVPN knows no such number here");
}

const char *
openvpn_mask(struct arena *arena, const struct prefix *prefix)
{
	struct address mask = { .family = FAMILY_INET };

	for (unsigned bit = 0; bit < prefix->bits && bit < 32; bit++)
		mask.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
	return address_print(arena, &mask);
}

void
tunnel_routes(struct tunnel *tunnel, const struct record *record, const char *field, bool is_pushed, const char *option,
	      const char *behind)
{
	struct arena *arena = tunnel->view->arena;
	struct text   rest = record_text(record, field), one;

	while (text_next(&rest, ",", &one)) {
		const char   *line;
		struct prefix prefix;

		if (!prefix_read(one, &prefix)) {
			tunnel_miss(tunnel, field, "not all of it are networks");
			continue;
		}
		prefix.address = prefix_first(&prefix);
		if (prefix.address.family == FAMILY_INET6)
			line = arena_print(arena, "%s-ipv6 %s%s", option, prefix_print(arena, &prefix), behind);
		else
			line = arena_print(arena, "%s %s %s%s", option, address_print(arena, &prefix.address),
					   openvpn_mask(arena, &prefix), behind);
		if (is_pushed)
			tunnel_push(tunnel, "%s", line);
		else
			tunnel_print(tunnel, "%s", line);
	}
}

/* --- What clients are told ------------------------------------------------------------------------------ */

static void
push_list(struct tunnel *tunnel, const struct record *record, const char *field, const char *option)
{
	struct text rest = record_text(record, field), one;

	while (text_next(&rest, ",", &one)) {
		if (openvpn_is_word(one))
			tunnel_push(tunnel, "dhcp-option %s %.*s", option, TEXT_ARGS(one));
		else
			tunnel_miss(tunnel, field, "not all of it are names or addresses");
	}
}

/* IPv6 name servers have an option of their own only in old clients: DNS takes both. */
void
tunnel_push_settings(struct tunnel *tunnel, const struct record *record)
{
	static const char *const flags[] = { "local", "autolocal", "def1", "bypass-dhcp", "bypass-dns", "block-local", "ipv6", "!ipv4" };
	const struct text        wanted = record_text(record, "redirect_gateway");
	scoped_buffer            line = BUFFER_NONE;

	for (size_t i = 0; i < COUNT(flags); i++)
		if (text_lists(wanted, text_of(flags[i])))
			buffer_print(&line, " %s", flags[i]);
	if (line.len > 0)
		tunnel_push(tunnel, "redirect-gateway%s", buffer_string(&line));
	if (record_bool(record, "register_dns"))
		tunnel_push(tunnel, "register-dns");
	push_list(tunnel, record, "dns_domain", "DOMAIN");
	push_list(tunnel, record, "dns_domain_search", "DOMAIN-SEARCH");
	push_list(tunnel, record, "dns_servers", "DNS");
	push_list(tunnel, record, "ntp_servers", "NTP");
}
