/* The grammar: a value ends at the line, "#" and "}" unless it stands in quotes, where "\" escapes. */
#include "plan/ipsec/conf.h"

#include <stdbool.h>

static void
indent(struct conf *conf)
{
	for (unsigned i = 0; i < conf->depth; i++)
		buffer_add_string(conf->out, "    ");
}

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

void
conf_add_name(struct buffer *out, struct text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (is_name(name.ptr[i]))
			buffer_add_byte(out, name.ptr[i]);
}

void
conf_open(struct conf *conf, const char *name)
{
	indent(conf);
	conf_add_name(conf->out, text_of(name));
	buffer_add_string(conf->out, " {\n");
	conf->depth++;
}

void
conf_close(struct conf *conf)
{
	conf->depth--;
	indent(conf);
	buffer_add_string(conf->out, "}\n");
}

static bool
is_plain(struct text value)
{
	for (size_t i = 0; i < value.len; i++)
		if (!is_name(value.ptr[i]) && !memchr(".,:/@%|", value.ptr[i], 7))
			return false;
	return true;
}

static void
put_quoted(struct buffer *out, struct text value)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < value.len; i++) {
		const unsigned char c = (unsigned char)value.ptr[i];

		if (c < 0x20 || c == 0x7f)
			continue;
		if (c == '"' || c == '\\')
			buffer_add_byte(out, '\\');
		buffer_add_byte(out, (char)c);
	}
	buffer_add_byte(out, '"');
}

void
conf_put(struct conf *conf, const char *key, struct text value)
{
	if (value.len == 0)
		return;
	indent(conf);
	conf_add_name(conf->out, text_of(key));
	buffer_add_string(conf->out, " = ");
	if (is_plain(value))
		buffer_add(conf->out, value);
	else
		put_quoted(conf->out, value);
	buffer_add_byte(conf->out, '\n');
}

void
conf_put_string(struct conf *conf, const char *key, const char *value)
{
	conf_put(conf, key, text_of(value));
}

void
conf_put_yes(struct conf *conf, const char *key, bool is_yes)
{
	conf_put_string(conf, key, is_yes ? "yes" : "no");
}

void
conf_put_seconds(struct conf *conf, const char *key, const char *value)
{
	scoped_buffer seconds = BUFFER_NONE;

	if (!value[0])
		return;
	buffer_print(&seconds, "%ss", value);
	conf_put(conf, key, buffer_text(&seconds));
}

void
conf_put_action(struct conf *conf, const char *key, const char *action)
{
	const bool waits = text_contains(text_of(action), TEXT("trap")) || text_is(text_of(action), "route");

	conf_put_string(conf, key, waits && !conf->traps ? "start" : action);
}

void
conf_put_list(struct conf *conf, const char *key, struct text list)
{
	scoped_buffer value = BUFFER_NONE;
	struct text   one;

	while (text_next(&list, ",", &one)) {
		one = text_trim(one);
		if (one.len > 0)
			buffer_print(&value, "%s%.*s", value.len ? "," : "", TEXT_ARGS(one));
	}
	conf_put(conf, key, buffer_text(&value));
}

void
conf_put_secret(struct conf *conf, const char *key, struct text secret)
{
	scoped_buffer hex = BUFFER_NONE;

	buffer_add_string(&hex, "0x");
	for (size_t i = 0; i < secret.len; i++)
		buffer_print(&hex, "%02x", (unsigned char)secret.ptr[i]);
	conf_put(conf, key, secret.len ? buffer_text(&hex) : TEXT_NONE);
}
