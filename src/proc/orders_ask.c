/*
 * Handlers: bytes in, bytes out. What is named is checked here; what the kernel has is read by the backends.
 */
#include "proc/orders_ask.h"

#include "backend/network/link_kind.h"
#include "base/cleanup.h"
#include "proc/hear/news.h"
#include "proc/hear/probes.h"
#include "wire/bulk.h"
#include "wire/sealed.h"

bool
answer_refuse(struct answer *out, enum result result, struct text why)
{
	out->result = result;
	put_text(&out->body, text_first(why, ORDER_MESSAGE_MAX));
	return true;
}

static bool
no_backend(struct answer *out)
{
	return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no backend for it"));
}

static bool
answer_sealed(struct answer *out, const char *name, const struct buffer *bytes)
{
	const int fd = sealed_new(name, buffer_text(bytes));

	if (fd < 0)
		return answer_refuse(out, RESULT_FAILED, TEXT("no memory for the list"));
	put_fd(&out->body, fd);
	return true;
}

/* --- Links, routes, neighbours -------------------------------------------------------------- */

bool
show_links(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct links  links;

	if (!got_all(in))
		return false;
	if (!post->backends.read_links)
		return answer_refuse(out, RESULT_UNAVAILABLE, TEXT("this build has no backend for links"));
	if (post->backends.read_links(post->backends.self, arena, &links) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what links it has"));
	links_encode(&bytes, &links);
	return answer_sealed(out, "drawbridge-links", &bytes);
}

bool
show_routes(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct routes routes;

	if (!got_all(in))
		return false;
	if (!post->backends.read_routes)
		return no_backend(out);
	if (post->backends.read_routes(post->backends.self, arena, &routes) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what routes it has"));
	routes_encode(&bytes, &routes);
	return answer_sealed(out, "drawbridge-routes", &bytes);
}

bool
show_routers(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct routes all, some = { NULL, 0 };

	if (!got_all(in))
		return false;
	if (!post->backends.read_routes)
		return no_backend(out);
	if (post->backends.read_routes(post->backends.self, arena, &all) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what routes it has"));
	struct route *list = ARENA_MAKE(arena, struct route, ROUTERS_MAX);

	for (size_t i = 0; i < all.n && some.n < ROUTERS_MAX; i++)
		if (all.routes[i].destination.bits == 0 && all.routes[i].kind == ROUTE_UNICAST && !all.routes[i].is_ours &&
		    all.routes[i].table == ROUTE_TABLE_MAIN)
			list[some.n++] = all.routes[i];
	some.routes = list;
	routes_encode(&bytes, &some);
	return answer_sealed(out, "drawbridge-routers", &bytes);
}

bool
probe_gateways(struct post *post, struct reader *in, struct answer *out)
{
	scoped_buffer  message = BUFFER_NONE;
	struct probe   list[PROBES_MAX];
	const unsigned n = get_choice(in, PROBES_MAX + 1);
	enum result    result;

	for (unsigned i = 0; i < n && !in->failed; i++)
		list[i] = get_probe(in);
	if (!got_all(in))
		return false;
	result = post->probes ? probes_set(post->probes, list, n, &message) : RESULT_DONE;
	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}

bool
show_probed(struct post *post, struct reader *in, struct answer *out)
{
	struct probe_result results[PROBES_MAX];
	size_t              n;

	if (!got_all(in))
		return false;
	n = post->probes ? probes_results(post->probes, results) : 0;
	put_u32(&out->body, (uint32_t)n);
	for (size_t i = 0; i < n; i++)
		put_probe_result(&out->body, &results[i]);
	return true;
}

bool
show_neighbours(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena      arena = arena_new();
	scoped_buffer     bytes = BUFFER_NONE;
	struct neighbours neighbours;

	if (!got_all(in))
		return false;
	if (!post->backends.read_neighbours)
		return no_backend(out);
	if (post->news)
		news_asked(post->news);
	if (post->backends.read_neighbours(post->backends.self, arena, &neighbours) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what neighbours it has"));
	neighbours_encode(&bytes, &neighbours);
	return answer_sealed(out, "drawbridge-neighbours", &bytes);
}

bool
forget_neighbours(struct post *post, struct reader *in, struct answer *out)
{
	const struct address address = get_address(in);
	uint32_t             forgotten = 0;

	if (!got_all(in) || address.family == FAMILY_NONE)
		return false;
	if (!post->backends.forget_neighbours)
		return no_backend(out);
	if (post->backends.forget_neighbours(post->backends.self, &address, &forgotten) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not forget neighbours"));
	put_u32(&out->body, forgotten);
	return true;
}

bool
show_lacking_links(struct post *post, struct reader *in, struct answer *out)
{
	const uint32_t kinds = get_u32(in), kinds6 = get_u32(in);
	uint32_t       lacks = 0;

	if (!got_all(in) || (kinds | kinds6) >> LINK_KINDS)
		return false;
	if (!post->backends.lacks_links)
		return no_backend(out);
	if (post->backends.lacks_links(post->backends.self, kinds, kinds6, &lacks) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what links it can make"));
	put_u32(&out->body, lacks);
	for (unsigned kind = 0; kind < LINK_KINDS; kind++)
		if (lacks & 1U << kind)
			put_string(&out->body, link_kind_what(kind));
	return true;
}

/* --- Tables of the packet filter ------------------------------------------------------------- */

bool
show_tables(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena  arena = arena_new();
	scoped_buffer bytes = BUFFER_NONE;
	struct tables tables;

	if (!got_all(in))
		return false;
	if (!post->backends.list_tables)
		return no_backend(out);
	if (post->backends.list_tables(post->backends.self, arena, &tables) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what sets it has"));
	tables_encode(&bytes, &tables);
	return answer_sealed(out, "drawbridge-tables", &bytes);
}

/* A name as sets have it, with its NUL. */
static bool
get_table(struct reader *in, char *name)
{
	const struct text word = get_word(in, TABLE_NAME_MAX);

	memcpy(name, word.ptr ? word.ptr : "", word.len);
	name[word.len] = '\0';
	return word.len > 0 && strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == word.len;
}

bool
show_table(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena      arena = arena_new();
	scoped_buffer     bytes = BUFFER_NONE;
	char              name[TABLE_NAME_MAX + 1];
	const bool        is_name = get_table(in, name);
	const uint32_t    most = get_u32(in);
	struct table_keys keys;

	if (!got_all(in) || !is_name)
		return false;
	if (!post->backends.list_table)
		return no_backend(out);
	const enum result result = post->backends.list_table(post->backends.self, arena, name, most, &keys);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, TEXT("no such set, or the kernel does not say what is in it"));
	keys.keys = text_first(keys.keys, TABLE_KEYS_MAX);
	table_keys_encode(&bytes, &keys);
	return answer_sealed(out, "drawbridge-table", &bytes);
}

bool
change_table(struct post *post, struct reader *in, struct answer *out)
{
	scoped_buffer       message = BUFFER_NONE;
	char                name[TABLE_NAME_MAX + 1];
	const bool          is_name = get_table(in, name);
	struct table_change change = { .table = name, .seconds = get_u32(in) };

	change.counts = get_bool(in);
	change.deleted = get_text(in, TABLE_CHANGE_MAX);
	change.added = get_text(in, TABLE_CHANGE_MAX);
	if (!got_all(in) || !is_name)
		return false;
	if (!post->backends.change_table)
		return no_backend(out);
	const enum result result = post->backends.change_table(post->backends.self, &change, &message);

	return result == RESULT_DONE || answer_refuse(out, result, buffer_text(&message));
}

bool
flush_table(struct post *post, struct reader *in, struct answer *out)
{
	char       name[TABLE_NAME_MAX + 1];
	const bool is_name = get_table(in, name);

	if (!got_all(in) || !is_name)
		return false;
	if (!post->backends.flush_table)
		return no_backend(out);
	const enum result result = post->backends.flush_table(post->backends.self, name);

	return result == RESULT_DONE || answer_refuse(out, result, TEXT("no such set, or the kernel does not empty it"));
}

bool
count_table(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena          arena = arena_new();
	scoped_buffer         bytes = BUFFER_NONE;
	char                  name[TABLE_NAME_MAX + 1];
	const bool            is_name = get_table(in, name);
	struct element_counts counts;

	if (!got_all(in) || !is_name)
		return false;
	if (!post->backends.count_table)
		return no_backend(out);
	const enum result result = post->backends.count_table(post->backends.self, arena, name, &counts);

	if (result != RESULT_DONE)
		return answer_refuse(out, result, TEXT("no such set, or the kernel does not say what it has counted"));
	element_counts_encode(&bytes, &counts);
	return answer_sealed(out, "drawbridge-elements", &bytes);
}

bool
count_rules(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena       arena = arena_new();
	scoped_buffer      bytes = BUFFER_NONE;
	struct rule_counts counts;

	if (!got_all(in))
		return false;
	if (!post->backends.count_rules)
		return no_backend(out);
	if (post->backends.count_rules(post->backends.self, arena, &counts) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what rules have counted"));
	rule_counts_encode(&bytes, &counts);
	return answer_sealed(out, "drawbridge-counts", &bytes);
}

bool
count_shaper(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena         arena = arena_new();
	scoped_buffer        bytes = BUFFER_NONE;
	struct shaper_counts counts;

	if (!got_all(in))
		return false;
	if (!post->backends.count_shaper)
		return no_backend(out);
	if (post->backends.count_shaper(post->backends.self, arena, &counts) != RESULT_DONE)
		return answer_refuse(out, RESULT_FAILED, TEXT("the kernel does not say what the shaper has counted"));
	shaper_counts_encode(&bytes, &counts);
	return answer_sealed(out, "drawbridge-shaped", &bytes);
}

/* --- Connections -------------------------------------------------------------------------------- */

static bool
no_tracking(struct answer *out, enum result result)
{
	return answer_refuse(out, result, result == RESULT_UNAVAILABLE
						  ? TEXT("the kernel does not track connections (nf_conntrack_netlink)")
						  : TEXT("the kernel does not say what connections it has"));
}

bool
show_states(struct post *post, struct reader *in, struct answer *out)
{
	scoped_arena              arena = arena_new();
	scoped_buffer             bytes = BUFFER_NONE;
	const struct state_filter filter = get_state_filter(in);
	const uint32_t            most = get_choice(in, STATES_MAX + 1);
	struct states             states;

	if (!got_all(in))
		return false;
	if (!post->backends.list_states)
		return no_backend(out);
	const enum result result = post->backends.list_states(post->backends.self, arena, &filter, most, &states);

	if (result != RESULT_DONE)
		return no_tracking(out, result);
	states_encode(&bytes, &states);
	return answer_sealed(out, "drawbridge-states", &bytes);
}

bool
count_states(struct post *post, struct reader *in, struct answer *out)
{
	uint64_t count = 0, limit = 0;

	if (!got_all(in))
		return false;
	if (!post->backends.count_states)
		return no_backend(out);
	const enum result result = post->backends.count_states(post->backends.self, &count, &limit);

	if (result != RESULT_DONE)
		return no_tracking(out, result);
	put_u64(&out->body, count);
	put_u64(&out->body, limit);
	return true;
}

bool
kill_states(struct post *post, struct reader *in, struct answer *out)
{
	const bool                all = get_bool(in);
	const struct state_filter filter = get_state_filter(in);
	uint64_t                  killed = 0;

	if (!got_all(in) || state_filter_is_empty(&filter) != all)
		return false;
	if (!post->backends.kill_states)
		return no_backend(out);
	const enum result result = post->backends.kill_states(post->backends.self, &filter, &killed);

	if (result != RESULT_DONE)
		return no_tracking(out, result);
	put_u64(&out->body, killed);
	return true;
}
