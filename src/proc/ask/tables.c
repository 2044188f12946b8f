/*
 * Tables are aliases of addresses as they are in force. Those with a content of their own are what was applied; one that
 * is changed by hand is applied again, until the next apply. Those that are filled at run time live in the kernel.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "proc/ask/ask.h"
#include "wire/courier.h"
#include "wire/tables.h"

#define TABLES_LIMIT 1000000 /* entries in all tables, as upstream presets it */

/* --- The tables there are ------------------------------------------------------------------------- */

static enum result
need_filter(const struct asking *asking)
{
	return asking->box->filter ? RESULT_DONE
				   : asked_wrong(asking, RESULT_UNAVAILABLE, "no packet filter has been applied yet");
}

static bool
is_table(const struct filter_alias *alias)
{
	return alias->kind == ALIAS_ADDRESSES;
}

static const struct filter_alias *
find_table(const struct asking *asking, const char *name)
{
	const struct filter *filter = asking->box->filter;

	for (size_t i = 0; i < filter->naliases; i++)
		if (is_table(filter->aliases[i]) && strcmp(filter->aliases[i]->name, name) == 0)
			return filter->aliases[i];
	return NULL;
}

/* The table that is asked for. */
static enum result
asked_table(const struct asking *asking, const struct filter_alias **out)
{
	const char       *name = asked_text(asking, "table");
	const enum result result = need_filter(asking);

	if (result != RESULT_DONE)
		return result;
	*out = find_table(asking, table_name(name[0] ? name : asked_text(asking, "name")));
	return *out ? RESULT_DONE : asked_wrong(asking, RESULT_MISSING, "there is no table %s", name);
}

enum result
topic_tables(struct asking *asking, struct value **answer)
{
	const enum result result = need_filter(asking);

	if (result != RESULT_DONE)
		return result;
	const struct filter *filter = asking->box->filter;

	*answer = value_list(asking->arena);
	for (size_t i = 0; i < filter->naliases; i++)
		if (is_table(filter->aliases[i]))
			value_add(asking->arena, *answer, value_string(asking->arena, filter->aliases[i]->name));
	return RESULT_DONE;
}

/* --- What is in the kernel ------------------------------------------------------------------------- */

static const char *
set_name(const struct asking *asking, const struct filter_alias *alias, bool inet6)
{
	/* As the compiler calls the sets of dynamic aliases. */
	const char       *hashed = arena_print(asking->arena, "a_%s_%c", alias->name, inet6 ? '6' : '4');
	const struct ruleset *ruleset = asking->box->ruleset;

	for (size_t i = 0; ruleset && i < ruleset->nsets; i++)
		if (strcmp(ruleset->sets[i].name, hashed) == 0)
			return hashed;
	return arena_print(asking->arena, "%sn", hashed);
}

static struct address
address_of(const char *key, bool inet6)
{
	struct address address = { .family = inet6 ? FAMILY_INET6 : FAMILY_INET };

	memcpy(address.bytes, key, inet6 ? 16 : 4);
	return address;
}

enum result
table_read(const struct asking *asking, const char *table, bool inet6, struct address_range **out, size_t *count)
{
	const size_t      size = inet6 ? 16 : 4;
	struct writer     order;
	scoped_sealed     mapped = TEXT_NONE;
	struct table_keys keys;

	writer_init(&order);
	put_string(&order, set_name(asking, find_table(asking, table), inet6));
	put_u32(&order, UINT32_MAX);
	const enum result result = asked_sealed(asking, ORDER_TABLE, &order, TABLE_KEYS_MAX + 64, &mapped);

	if (result != RESULT_DONE)
		return result;
	if (!table_keys_decode(mapped, &keys) || keys.type != (inet6 ? SET_IPV6 : SET_IPV4))
		return asked_wrong(asking, RESULT_FAILED, "the keeper's answer is malformed");
	const size_t step = size * (keys.interval ? 2 : 1);

	*count = keys.keys.len / step;
	*out = ARENA_MAKE(asking->arena, struct address_range, *count + 1);
	for (size_t i = 0; i < *count; i++) {
		const char *key = keys.keys.ptr + i * step;

		(*out)[i] = (struct address_range){ address_of(key, inet6), address_of(keys.interval ? key + size : key, inet6) };
	}
	return RESULT_DONE;
}

/* All that is in a table now. */
static enum result
read_table(const struct asking *asking, const struct filter_alias *alias, const struct address_range **out, size_t *count)
{
	struct address_range *four, *six, *all;
	size_t                nfour, nsix;

	*out = alias->ranges;
	*count = alias->nranges;
	if (!alias->dynamic)
		return RESULT_DONE;
	enum result result = table_read(asking, alias->name, false, &four, &nfour);

	if (result == RESULT_DONE)
		result = table_read(asking, alias->name, true, &six, &nsix);
	if (result != RESULT_DONE)
		return result;
	all = ARENA_MAKE(asking->arena, struct address_range, nfour + nsix + 1);
	memcpy(all, four, nfour * sizeof(*all));
	memcpy(all + nfour, six, nsix * sizeof(*all));
	*out = all;
	*count = nfour + nsix;
	return RESULT_DONE;
}

/* --- Looking ------------------------------------------------------------------------------------------ */

/* Tables that pfSense has for what needs none here. */
static bool
is_foreign(const char *name)
{
	static const char *const names[] = { "snort2c", "vpn_networks", "negate_networks", "tonatsubnets" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

enum result
topic_table_list(struct asking *asking, struct value **answer)
{
	const struct filter_alias  *alias;
	const struct address_range *ranges = NULL;
	size_t                      count = 0;
	enum result                 result = asked_table(asking, &alias);

	*answer = value_list(asking->arena);
	if (result == RESULT_MISSING && is_foreign(asked_text(asking, "table"))) {
		buffer_cut(asking->message, 0);
		return RESULT_DONE;
	}
	if (result == RESULT_DONE)
		result = read_table(asking, alias, &ranges, &count);
	if (result != RESULT_DONE)
		return result;
	for (size_t i = 0; i < count; i++) {
		struct value *row = value_object(asking->arena);

		value_set_string(asking->arena, row, "ip", range_print(asking->arena, &ranges[i]));
		value_add(asking->arena, *answer, row);
	}
	return RESULT_DONE;
}

enum result
topic_tables_size(struct asking *asking, struct value **answer)
{
	static const char *const zeros[] = { "eval_nomatch", "eval_match", "in_block_p", "in_block_b", "in_pass_p", "in_pass_b",
					     "out_block_p", "out_block_b", "out_pass_p", "out_pass_b" };
	enum result          result = need_filter(asking);
	const struct filter *filter = asking->box->filter;
	struct value        *details = value_object(asking->arena);
	int64_t              used = 0;

	for (size_t i = 0; result == RESULT_DONE && i < filter->naliases; i++) {
		const struct address_range *ranges;
		size_t                      count = 0;
		struct value               *one;

		if (!is_table(filter->aliases[i]))
			continue;
		result = read_table(asking, filter->aliases[i], &ranges, &count);
		one = value_object(asking->arena);
		value_set(asking->arena, one, "count", value_integer(asking->arena, (int64_t)count));
		value_set(asking->arena, one, "updated", value_integer(asking->arena, asking->box->applied_at));
		for (size_t k = 0; k < COUNT(zeros); k++)
			value_set(asking->arena, one, zeros[k], value_integer(asking->arena, 0));
		value_set(asking->arena, details, filter->aliases[i]->name, one);
		used += (int64_t)count;
	}
	if (result != RESULT_DONE)
		return result;
	*answer = value_object(asking->arena);
	value_set(asking->arena, *answer, "size", value_integer(asking->arena, TABLES_LIMIT));
	value_set(asking->arena, *answer, "used", value_integer(asking->arena, used));
	value_set(asking->arena, *answer, "details", details);
	return RESULT_DONE;
}

enum result
topic_table_find(struct asking *asking, struct value **answer)
{
	enum result          result = need_filter(asking);
	const struct filter *filter = asking->box->filter;
	struct address       address;

	if (result == RESULT_DONE && !address_read(text_of(asked_text(asking, "address")), &address))
		return asked_wrong(asking, RESULT_INVALID, "%s is not an address", asked_text(asking, "address"));
	*answer = value_list(asking->arena);
	for (size_t i = 0; result == RESULT_DONE && i < filter->naliases; i++) {
		const struct address_range *ranges = NULL;
		size_t                      count = 0;

		if (!is_table(filter->aliases[i]))
			continue;
		result = read_table(asking, filter->aliases[i], &ranges, &count);
		for (size_t k = 0; k < count; k++) {
			if (ranges[k].first.family != address.family || address_compare(&ranges[k].first, &address) > 0 ||
			    address_compare(&ranges[k].last, &address) < 0)
				continue;
			value_add(asking->arena, *answer, value_string(asking->arena, filter->aliases[i]->name));
			break;
		}
	}
	return result;
}

/* --- Changing what lives in the kernel ------------------------------------------------------------------ */

static void
put_key(struct writer *order, const struct address_range *range, bool interval)
{
	const size_t size = address_bits(range->first.family) / 8;
	char         keys[32];

	memcpy(keys, range->first.bytes, size);
	memcpy(keys + size, range->last.bytes, size);
	put_text(order, (struct text){ keys, interval ? size * 2 : size });
}

/* Those ranges that touch this one are replaced by one that covers all. */
static enum result
merge_range(const struct asking *asking, const char *table, struct address_range range)
{
	const bool            inet6 = range.first.family == FAMILY_INET6;
	struct address_range *ranges, whole = range;
	size_t                count = 0;
	enum result           result = table_read(asking, table, inet6, &ranges, &count);
	scoped_message        reply;

	message_init(&reply);
	for (size_t i = 0; result == RESULT_DONE && i < count; i++) {
		if (address_compare(&ranges[i].last, &whole.first) < 0 || address_compare(&ranges[i].first, &whole.last) > 0)
			continue;
		/* It is in already. */
		if (address_compare(&ranges[i].first, &range.first) <= 0 && address_compare(&ranges[i].last, &range.last) >= 0)
			return RESULT_DONE;
		if (address_compare(&ranges[i].first, &whole.first) < 0)
			whole.first = ranges[i].first;
		if (address_compare(&ranges[i].last, &whole.last) > 0)
			whole.last = ranges[i].last;
		result = table_change(asking, table, &ranges[i], true, 0);
	}
	return result == RESULT_DONE ? table_change(asking, table, &whole, false, 0) : result;
}

enum result
table_change(const struct asking *asking, const char *table, const struct address_range *range, bool is_delete,
	     uint32_t seconds)
{
	const struct filter_alias *alias = find_table(asking, table);
	const char *set = set_name(asking, alias, range->first.family == FAMILY_INET6);
	const bool  interval = text_ends(text_of(set), TEXT("n")) && !alias->single;
	struct writer  order;

	if (!interval && address_compare(&range->first, &range->last) != 0)
		return asked_wrong(asking, RESULT_REFUSED, "%s takes single addresses only", table);
	scoped_message reply;

	writer_init(&order);
	message_init(&reply);
	put_string(&order, set);
	put_u32(&order, seconds);
	put_bool(&order, false);
	if (!is_delete)
		put_text(&order, TEXT_NONE);
	put_key(&order, range, interval);
	if (is_delete)
		put_text(&order, TEXT_NONE);
	enum result result = courier_ask(asking->box->setup.courier, ORDER_CHANGE_TABLE, &order, ORDER_TIMEOUT, &reply);

	if (result == RESULT_CONFLICT && !is_delete)
		return merge_range(asking, table, *range);
	if (result != RESULT_DONE)
		buffer_print(asking->message, result == RESULT_MISSING ? "%s is not in %s" : "%s cannot be put into %s",
			     range_print(asking->arena, range), table);
	return result;
}

/* --- Changing what was applied --------------------------------------------------------------------------- */

static enum result
apply_overlay(const struct asking *asking, const char *table, const struct address_range *ranges, size_t count)
{
	overlays_put(asking->box->overlays, table, ranges, count);
	return box_load_filter(asking->box, asking->box->applied, asking->message);
}

static enum result
change_static(const struct asking *asking, const struct filter_alias *alias, const struct address_range *range, bool is_delete)
{
	struct address_range *ranges = ARENA_MAKE(asking->arena, struct address_range, alias->nranges + 1);
	size_t                count = 0;

	for (size_t i = 0; i < alias->nranges; i++)
		if (address_compare(&alias->ranges[i].first, &range->first) != 0 ||
		    address_compare(&alias->ranges[i].last, &range->last) != 0)
			ranges[count++] = alias->ranges[i];
	/* It is in, or not, as it is wanted. */
	if ((count < alias->nranges) != is_delete)
		return is_delete ? asked_wrong(asking, RESULT_MISSING, "%s is not in %s", range_print(asking->arena, range),
					       alias->name)
				 : RESULT_DONE;
	if (!is_delete)
		ranges[count++] = *range;
	return apply_overlay(asking, alias->name, ranges, count);
}

static enum result
change_table(struct asking *asking, bool is_delete)
{
	const struct filter_alias *alias;
	struct address_range       range;
	const char                *address = asked_text(asking, "address");
	const enum result          result = asked_table(asking, &alias);

	if (result != RESULT_DONE)
		return result;
	if (!range_read(text_of(address), &range))
		return asked_wrong(asking, RESULT_INVALID, "%s is neither an address nor a network", address);
	return alias->dynamic ? table_change(asking, alias->name, &range, is_delete, 0)
			      : change_static(asking, alias, &range, is_delete);
}

enum result
topic_table_add(struct asking *asking, struct value **answer)
{
	*answer = value_bool(asking->arena, true);
	return change_table(asking, false);
}

enum result
topic_table_delete(struct asking *asking, struct value **answer)
{
	const enum result result = change_table(asking, true);

	*answer = value_bool(asking->arena, result == RESULT_DONE);
	if (result != RESULT_MISSING || !asking->box->filter)
		return result;
	/* What is not there need not be deleted; a table that is not there is another matter. */
	const char *name = asked_text(asking, "table");

	if (!find_table(asking, table_name(name)))
		return result;
	buffer_cut(asking->message, 0);
	return RESULT_DONE;
}

enum result
topic_table_flush(struct asking *asking, struct value **answer)
{
	const struct filter_alias *alias;
	enum result                result = asked_table(asking, &alias);

	*answer = value_bool(asking->arena, true);
	if (result != RESULT_DONE)
		return result;
	if (!alias->dynamic)
		return apply_overlay(asking, alias->name, NULL, 0);
	for (int inet6 = 0; inet6 < 2 && result == RESULT_DONE; inet6++) {
		struct writer  order;
		scoped_message reply;

		writer_init(&order);
		message_init(&reply);
		put_string(&order, set_name(asking, alias, inet6));
		result = asked_order(asking, ORDER_FLUSH_TABLE, &order, &reply);
	}
	return result;
}
