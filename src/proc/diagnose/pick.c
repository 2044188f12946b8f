/* Reading a search phrase for connections, and holding connections against it. */
#include "base/number.h"
#include "proc/diagnose/diagnose.h"

/* "192.0.2.1:443", "[2001:db8::1]:443", "[2001:db8::1]" */
static bool
read_end(struct text word, struct pick_word *out)
{
	struct text rest = word, host;
	int64_t     port = 0;

	if (word.len > 0 && word.ptr[0] == '[') {
		rest = text_after(word, 1);
		host = text_until(&rest, ']');
		if (rest.len > 0 && rest.ptr[0] != ':')
			return false;
		rest = text_after(rest, 1);
	} else {
		host = text_until(&rest, ':');
	}
	if (!prefix_read(host, &out->prefix))
		return false;
	if (rest.len == 0 || number_read(rest, 1, UINT16_MAX, &port)) {
		out->port = (uint16_t)port;
		return true;
	}
	out->prefix = (struct prefix){ 0 };
	return false;
}

struct pick
pick_read(struct text phrase)
{
	struct pick pick = { .n = 0 };
	struct text word;

	while (pick.n < PICK_WORDS_MAX && text_next(&phrase, " \t\r\n", &word)) {
		struct pick_word *out = &pick.words[pick.n];

		if (word.len == 0)
			continue;
		out->text = word;
		if (!prefix_read(word, &out->prefix))
			read_end(word, out);
		pick.n++;
	}
	return pick;
}

static bool
is_end(const struct pick_word *word, const struct state_end *end)
{
	return prefix_covers(&word->prefix, &end->address) && (!word->port || word->port == end->port);
}

bool
pick_ends(const struct pick *pick, const struct state *state)
{
	for (size_t i = 0; i < pick->n; i++) {
		const struct pick_word *word = &pick->words[i];

		if (word->prefix.address.family != FAMILY_NONE && !is_end(word, &state->source) &&
		    !is_end(word, &state->destination) && !is_end(word, &state->reply_source) &&
		    !is_end(word, &state->reply_destination))
			return false;
	}
	return true;
}

bool
pick_words(const struct pick *pick, struct text shown)
{
	for (size_t i = 0; i < pick->n; i++)
		if (pick->words[i].prefix.address.family == FAMILY_NONE && !text_contains_any_case(shown, pick->words[i].text))
			return false;
	return true;
}
