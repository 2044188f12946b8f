/*
 * Lists come as hosts files, as plain names, one a line, or as the network rules of content blockers ("||name^"). A
 * zone is made in one pass, without a set of what was there: a resolver takes a name twice as once.
 */
#include "plan/service/blocklist.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

#include "base/bug.h"

#define NAME_MAX_BYTES 253
#define STEPS_MAX      10000 /* of matching one name; more counts as no match */
#define HAGEZI(file)   "https://raw.githubusercontent.com/hagezi/dns-blocklists/main/domains/" file ".txt"

/* clang-format off */
static const struct {
	const char *type, *url;
} known[] = {
	{ "atf", "https://threatfox.abuse.ch/downloads/hostfile/" },
	{ "ag", "https://justdomains.github.io/blocklists/lists/adguarddns-justdomains.txt" },
	{ "el", "https://justdomains.github.io/blocklists/lists/easylist-justdomains.txt" },
	{ "ep", "https://justdomains.github.io/blocklists/lists/easyprivacy-justdomains.txt" },
	{ "sb", "https://raw.githubusercontent.com/StevenBlack/hosts/master/hosts" },
	{ "yy", "https://pgl.yoyo.org/adservers/serverlist.php?hostformat=nohtml&showintro=0&mimetype=plaintext" },
	{ "hgz001", HAGEZI("light") }, { "hgz002", HAGEZI("multi") }, { "hgz003", HAGEZI("pro") },
	{ "hgz004", HAGEZI("pro.mini") }, { "hgz005", HAGEZI("pro.plus") }, { "hgz006", HAGEZI("pro.plus.mini") },
	{ "hgz007", HAGEZI("ultimate") }, { "hgz008", HAGEZI("ultimate.mini") }, { "hgz009", HAGEZI("fake") },
	{ "hgz010", HAGEZI("popupads") }, { "hgz011", HAGEZI("tif") }, { "hgz012", HAGEZI("tif.medium") },
	{ "hgz013", HAGEZI("tif.mini") }, { "hgz014", HAGEZI("doh-vpn-proxy-bypass") },
	{ "hgz015", HAGEZI("nosafesearch") }, { "hgz016", HAGEZI("dyndns") }, { "hgz017", HAGEZI("hoster") },
	{ "hgz018", HAGEZI("anti.piracy") }, { "hgz019", HAGEZI("gambling") }, { "hgz020", HAGEZI("gambling.medium") },
	{ "hgz021", HAGEZI("gambling.mini") }, { "hgz022", HAGEZI("social") },
	{ "oisd0", "https://small.oisd.nl/domainswild2" }, { "oisd1", "https://big.oisd.nl/domainswild2" },
	{ "oisd2", "https://nsfw.oisd.nl/domainswild2" },
};
/* clang-format on */

static const char *
known_url(struct text type)
{
	for (size_t i = 0; i < COUNT(known); i++)
		if (text_is(type, known[i].type))
			return known[i].url;
	return NULL;
}

const char *
blocklist_url(struct arena *arena, const struct record *policy, size_t n)
{
	static const char *const fields[] = { "type", "lists" };

	for (size_t i = 0; i < COUNT(fields); i++) {
		struct text rest = record_text(policy, fields[i]), one;

		while (text_next(&rest, ",", &one)) {
			const char *url = i == 0 ? known_url(one) : arena_copy(arena, text_trim(one));

			if (url && *url && n-- == 0)
				return url;
		}
	}
	return NULL;
}

/* --- Names ------------------------------------------------------------------------------------------ */

/* At least two labels of what names of hosts are made of. */
static bool
is_domain(struct text name)
{
	bool has_dot = false, is_start = true;

	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];
		const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';

		if (c == '.' ? is_start : !is_letter && c != '-')
			return false;
		has_dot |= c == '.';
		is_start = c == '.';
	}
	return has_dot && !is_start && name.len <= NAME_MAX_BYTES;
}

/* What names a domain: *below: all names below it too. */
static bool
read_word(struct text word, struct text *name, bool *below)
{
	*below = text_starts(word, TEXT("*.")) || (text_starts(word, TEXT("||")) && text_ends(word, TEXT("^")));
	if (*below && word.ptr[0] == '|')
		word = text_first(text_after(word, 2), word.len - 3);
	else if (*below)
		word = text_after(word, 2);
	*name = word;
	return is_domain(word);
}

static struct text
begin_line(struct text line)
{
	struct text comment = line, rest = text_trim(text_until(&comment, '#')), after = rest, word;

	if (rest.len == 0 || rest.ptr[0] == '!' || rest.ptr[0] == '[' || !text_next_word(&after, &word))
		return TEXT_NONE;
	return after.len > 0 ? after : rest;
}

/* --- What is allowed ------------------------------------------------------------------------------- */

/* Plain names mean themselves and what is below; anything else is a regular expression. */
static bool
is_under(struct text name, struct text domain)
{
	if (name.len == domain.len)
		return text_equal_any_case(name, domain);
	return name.len > domain.len && name.ptr[name.len - domain.len - 1] == '.' &&
	       text_equal_any_case(text_after(name, name.len - domain.len), domain);
}

/* One entry of the list. */
struct allowed {
	struct text domain; /* empty: the expression */
	pcre2_code *expression;
};

struct allowance {
	struct allowed      *entries;
	size_t               n;
	pcre2_match_data    *match;
	pcre2_match_context *limits;
};

static void
free_expression(void *code)
{
	pcre2_code_free(code);
}

/* What is no expression either allows nothing. */
static struct allowance
read_allowance(struct arena *arena, const struct record *policy)
{
	struct text      rest = record_text(policy, "allowlists"), one;
	struct allowance allowance = { .match = pcre2_match_data_create(1, NULL), .limits = pcre2_match_context_create(NULL) };
	size_t           count = 1;
	int              error;
	PCRE2_SIZE       at;

	BUG_IF(!allowance.match || !allowance.limits, "out of memory");
	pcre2_set_match_limit(allowance.limits, STEPS_MAX);
	for (size_t i = 0; i < rest.len; i++)
		count += rest.ptr[i] == ',';
	allowance.entries = ARENA_MAKE(arena, struct allowed, count);
	while (text_next(&rest, ",", &one)) {
		struct allowed entry = { .domain = text_trim(one) };

		if (entry.domain.len == 0)
			continue;
		if (!is_domain(entry.domain)) {
			entry.expression = pcre2_compile((PCRE2_SPTR)entry.domain.ptr, entry.domain.len, PCRE2_CASELESS, &error,
							 &at, NULL);
			if (!entry.expression)
				continue;
			arena_defer(arena, free_expression, entry.expression);
			entry.domain = TEXT_NONE;
		}
		allowance.entries[allowance.n++] = entry;
	}
	return allowance;
}

static void
clear_allowance(struct allowance *allowance)
{
	pcre2_match_data_free(allowance->match);
	pcre2_match_context_free(allowance->limits);
}

static bool
is_allowed(const struct allowance *allowance, struct text name)
{
	for (size_t i = 0; i < allowance->n; i++) {
		const struct allowed *entry = &allowance->entries[i];

		if (entry->expression ? pcre2_match(entry->expression, (PCRE2_SPTR)name.ptr, name.len, 0, 0, allowance->match,
						    allowance->limits) >= 0
				      : is_under(name, entry->domain))
			return true;
	}
	return false;
}

/* --- All names of a policy ---------------------------------------------------------------------------- */

struct walk {
	struct arena        *arena;
	const struct record *policy;
	struct allowance     allowance;
	const char          *list; /* the URL it is in; "": the policy itself */
	size_t               count;
	bool               (*visit)(struct walk *, struct text name, bool below); /* false: enough */
	struct buffer       *zone;
	struct text          wanted;
	bool                 is_found;
};

static bool
visit(struct walk *walk, struct text name, bool below)
{
	return is_allowed(&walk->allowance, name) || (walk->count++ < BLOCKLIST_NAMES_MAX && walk->visit(walk, name, below));
}

static bool
walk_field(struct walk *walk, const char *field, bool below)
{
	struct text rest = record_text(walk->policy, field), one, name;
	bool        is_below;

	while (text_next(&rest, ",", &one))
		if (read_word(text_trim(one), &name, &is_below) && !visit(walk, name, below || is_below))
			return false;
	return true;
}

static bool
walk_line(struct walk *walk, struct text words)
{
	struct text word, name;
	bool        below;

	while (text_next_word(&words, &word))
		if (read_word(word, &name, &below) && !visit(walk, name, below))
			return false;
	return true;
}

static void
walk_names(struct walk *walk, const struct blocklists *lists)
{
	const char *url;

	walk->list = "";
	if (!walk_field(walk, "blocklists", false) || !walk_field(walk, "wildcards", true))
		return;
	for (size_t i = 0; (url = blocklist_url(walk->arena, walk->policy, i)); i++) {
		struct text rest = lists ? lists->text(lists->context, url) : TEXT_NONE, line;

		walk->list = url;
		while (text_next(&rest, "\n", &line))
			if (!walk_line(walk, begin_line(line)))
				return;
	}
}

static void
walk_all(struct walk *walk, const struct blocklists *lists)
{
	walk->allowance = read_allowance(walk->arena, walk->policy);
	walk_names(walk, lists);
	clear_allowance(&walk->allowance);
}

/* --- The zone ------------------------------------------------------------------------------------------- */

static void
add_record(struct buffer *zone, const struct record *policy, const char *prefix, struct text name)
{
	const struct text address = record_text(policy, "address");

	buffer_add_string(zone, prefix);
	buffer_add(zone, name);
	if (record_bool(policy, "nxdomain"))
		buffer_add_string(zone, " CNAME .\n");
	else
		buffer_print(zone, " A %.*s\n", TEXT_ARGS(address.len > 0 ? address : TEXT("0.0.0.0")));
}

static bool
write_name(struct walk *walk, struct text name, bool below)
{
	add_record(walk->zone, walk->policy, "", name);
	if (below)
		add_record(walk->zone, walk->policy, "*.", name);
	return true;
}

void
blocklist_write(struct arena *arena, const struct record *policy, const struct blocklists *lists, struct buffer *zone)
{
	struct walk walk = { .arena = arena, .policy = policy, .visit = write_name, .zone = zone };

	buffer_add_string(zone, "$TTL 300\n@ SOA localhost. root.localhost. 1 3600 600 86400 300\n@ NS localhost.\n");
	walk_all(&walk, lists);
}

static bool
count_name(struct walk *walk, struct text name, bool below)
{
	(void)walk;
	(void)name;
	(void)below;
	return true;
}

size_t
blocklist_count(const struct record *policy, const struct blocklists *lists)
{
	scoped_arena arena = arena_new();
	struct walk  walk = { .arena = arena, .policy = policy, .visit = count_name };

	walk_all(&walk, lists);
	return walk.count;
}

/* --- One name --------------------------------------------------------------------------------------------- */

static bool
compare_name(struct walk *walk, struct text name, bool below)
{
	/* What is allowed below a blocked name is allowed all the same. */
	if (is_allowed(&walk->allowance, walk->wanted))
		return false;
	walk->is_found = below ? is_under(walk->wanted, name) : text_equal_any_case(walk->wanted, name);
	return !walk->is_found;
}

bool
blocklist_blocks(struct arena *arena, const struct record *policy, const struct blocklists *lists, struct text domain,
		 const char **list)
{
	struct walk walk = { .arena = arena, .policy = policy, .visit = compare_name, .wanted = domain };

	if (text_ends(domain, TEXT(".")))
		walk.wanted.len--;
	walk_all(&walk, lists);
	*list = walk.list;
	return walk.is_found;
}
