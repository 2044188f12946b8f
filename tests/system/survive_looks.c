/* Programs that nobody wrote for this print it; what depends on the order of changes is sorted. */
#include "survive_looks.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define NFT        "/usr/sbin/nft"
#define IP         "/usr/sbin/ip"
#define DIG        "/usr/bin/dig"
#define PYTHON     "/usr/bin/python3"
#define WORDS_MAX  ((size_t)1 << 16)
#define NAMES_MAX  (ITEMS_MAX * 3)

/* --- Sorting ---------------------------------------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static size_t
split(struct text rest, const char *separators, struct text *pieces)
{
	size_t      count = 0;
	struct text piece;

	while (text_next(&rest, separators, &piece)) {
		piece = text_trim(piece);
		if (piece.len > 0 && count < WORDS_MAX)
			pieces[count++] = piece;
	}
	return count;
}

static void
join(struct buffer *out, const struct text *pieces, size_t count, const char *between)
{
	for (size_t i = 0; i < count; i++) {
		buffer_add(out, pieces[i]);
		buffer_add_string(out, between);
	}
}

/* Blanks are one blank each, also at the end of a line. */
static const char *
squeeze(struct arena *arena, struct text rest)
{
	scoped_buffer out = BUFFER_NONE;
	struct text   line, word;

	while (text_next(&rest, "\n", &line)) {
		while (text_next_word(&line, &word))
			buffer_print(&out, "%.*s ", TEXT_ARGS(word));
		buffer_add_string(&out, "\n");
	}
	return arena_copy(arena, buffer_text(&out));
}

static const char *
sorted(struct arena *arena, const char *text, const char *separators)
{
	scoped_buffer out = BUFFER_NONE;
	struct text  *pieces = ARENA_MAKE(arena, struct text, WORDS_MAX);
	const size_t  count = split(text_of(text), separators, pieces);

	qsort(pieces, count, sizeof(*pieces), compare);
	join(&out, pieces, count, "\n");
	return arena_copy(arena, buffer_text(&out));
}

/*
 * Tables, chains, sets and maps come in the order in which they were made, and elements in that of a hash: both are sorted. The
 * order of rules in a chain counts.
 */
static const char *
sort_rules(struct arena *arena, const char *text)
{
	struct text  *blocks = ARENA_MAKE(arena, struct text, WORDS_MAX), rest = text_of(text), line;
	size_t        count = 0;
	scoped_buffer block = BUFFER_NONE, out = BUFFER_NONE;
	bool          is_chain = false;

	while (text_next(&rest, "\n", &line)) {
		const bool is_end = text_is(text_trim(line), "}");

		is_chain = block.len == 0 ? text_starts(text_trim(line), TEXT("chain")) : is_chain;
		buffer_print(&block, "%.*s\n", TEXT_ARGS(text_trim(line)));
		if (!is_end || block.len < 3)
			continue;
		const char *whole = arena_copy(arena, buffer_text(&block));

		blocks[count++] = text_of(is_chain ? whole : sorted(arena, whole, "\n,"));
		buffer_cut(&block, 0);
	}
	qsort(blocks, count, sizeof(*blocks), compare);
	join(&out, blocks, count, "\n");
	return arena_copy(arena, buffer_text(&out));
}

/* --- Asking ------------------------------------------------------------------------------------------------- */

static const char *
print_of(const struct box *box, const char *const *argv)
{
	scoped_buffer out = BUFFER_NONE;

	box_run(box, INSIDE, &out, argv);
	return arena_copy(box->arena, buffer_text(&out));
}
#define PRINT_OF(box, ...) print_of((box), (const char *const[]){ __VA_ARGS__, NULL })

static const char *
ask_kea(const struct box *box)
{
	return PRINT_OF(box, PYTHON, "-c",
		"import json, socket\n"
		"s = socket.socket(socket.AF_UNIX); s.connect('/run/kea/kea4-ctrl-socket')\n"
		"s.sendall(b'{\"command\": \"config-get\"}'); s.shutdown(socket.SHUT_WR)\n"
		"print(json.dumps(json.loads(b''.join(iter(lambda: s.recv(65536), b''))), indent=0, sort_keys=True))");
}

/* The answer to each name that was ever given to an item, in their order. */
static const char *
ask_names(const struct box *box, const char *server, const char *port, enum look look, const struct work *works, size_t nworks)
{
	const char *words[NAMES_MAX + 16] = { DIG, "+noall", "+answer", "+nottlid", "+noclass", "+norecurse", "+time=5", "+tries=5", server, "-p", port };
	size_t      count = 11, first = count;

	for (size_t i = 0; i < nworks; i++)
		for (size_t k = 0; works[i].kind->look == look && k < works[i].nitems && count < NAMES_MAX; k++)
			words[count++] = work_fill(box->arena, &works[i], works[i].kind->question, k, 0);
	return count == first ? "" : print_of(box, words);
}

struct looks
looks_take(const struct box *box, const struct work *works, size_t nworks)
{
	struct arena *arena = box->arena;
	struct looks  looks = {
		.at = {
			[LOOK_RULES] = sort_rules(arena, PRINT_OF(box, NFT, "-s", "list", "ruleset")),
			[LOOK_ADDRESSES] = sorted(arena, PRINT_OF(box, IP, "-4", "-o", "address", "show"), " \n"),
			[LOOK_ROUTES] = sorted(arena, PRINT_OF(box, IP, "-4", "route", "show", "table", "all"), "\n"),
			[LOOK_KEA] = ask_kea(box),
			[LOOK_UNBOUND] = ask_names(box, "@127.0.0.1", "53", LOOK_UNBOUND, works, nworks),
			[LOOK_DNSMASQ] = ask_names(box, "@10.20.0.1", "53053", LOOK_DNSMASQ, works, nworks),
		},
	};

	for (size_t i = 0; i < LOOKS; i++)
		looks.at[i] = squeeze(arena, text_of(looks.at[i]));
	return looks;
}

/* --- Comparing ------------------------------------------------------------------------------------------------ */

bool
looks_have(const struct looks *looks, enum look look, const char *pattern)
{
	const char *text = looks->at[look];

	for (const char *found = text; (found = strstr(found, pattern)); found++)
		if ((found == text || !isdigit((unsigned char)found[-1])) && !isdigit((unsigned char)found[strlen(pattern)]))
			return true;
	return false;
}

const char *
looks_differ(struct arena *arena, const struct looks *a, const struct looks *b)
{
	static const char *const names[LOOKS] = { "rules", "addresses", "routes", "Kea", "Unbound", "dnsmasq" };

	for (size_t i = 0; i < LOOKS; i++) {
		struct text one = text_of(a->at[i]), two = text_of(b->at[i]), x = TEXT_NONE, y = TEXT_NONE;

		if (strcmp(a->at[i], b->at[i]) == 0)
			continue;
		while (text_equal(x, y) && (one.len > 0 || two.len > 0)) {
			x = text_until(&one, '\n');
			y = text_until(&two, '\n');
		}
		return arena_print(arena, "%s: \"%.*s\" and \"%.*s\"", names[i], TEXT_ARGS(x), TEXT_ARGS(y));
	}
	return "";
}
