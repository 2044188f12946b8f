/* What strongSwan's files are made of, as strictly as they are written. */
#include "conf_grammar.h"

#include <string.h>

#include "base/text.h"

static bool
is_value(struct text value)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.,:/@%|";

	if (value.len < 2 || value.ptr[0] != '"') {
		for (size_t i = 0; i < value.len; i++)
			if (!memchr(plain, value.ptr[i], sizeof(plain) - 1))
				return false;
		return value.len > 0;
	}
	for (size_t i = 1; i + 1 < value.len; i++) {
		if ((unsigned char)value.ptr[i] < 0x20 || value.ptr[i] == '"')
			return false;
		if (value.ptr[i] == '\\' && (++i + 1 >= value.len || !memchr("\"\\", value.ptr[i], 2)))
			return false;
	}
	return value.ptr[value.len - 1] == '"';
}

static bool
is_name(struct text name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", name.ptr[i], 64))
			return false;
	return name.len > 0;
}

bool
conf_is_well_formed(const char *file)
{
	struct text rest = text_of(file), line;
	int         depth = 0;

	while (text_next(&rest, "\n", &line)) {
		line = text_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (text_is(line, "}")) {
			if (--depth < 0)
				return false;
			continue;
		}
		const struct text name = text_until(&line, ' ');

		if (!is_name(name))
			return false;
		if (text_is(line, "{"))
			depth++;
		else if (!text_starts(line, TEXT("= ")) || !is_value(text_after(line, 2)))
			return false;
	}
	return depth == 0;
}
