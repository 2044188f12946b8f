/* Reading the notation of members.h. */
#include "dialect/pfsense/openapi/members.h"

#include "base/bug.h"

const struct members *const member_tables[] = {
	members_firewall, members_interface, members_services, members_ipsec,
	members_openvpn,  members_system,    members_user,
};
const size_t nmember_tables = COUNT(member_tables);

static const char *
list_of(struct arena *arena, const struct operation *operation)
{
	const char *id = operation_id(arena, operation);

	for (size_t i = 0; i < nmember_tables; i++)
		for (const struct members *members = member_tables[i]; members->id; members++)
			if (strcmp(members->id, id) == 0)
				return members->list;
	return "";
}

static enum member_type
type_of(struct text word)
{
	static const char *const words[] = {
		[MEMBER_TEXT] = "",         [MEMBER_BOOL] = "bool",     [MEMBER_INTEGER] = "int",
		[MEMBER_NUMBER] = "number", [MEMBER_LIST] = "list",     [MEMBER_TEXTS] = "strings",
		[MEMBER_INTEGERS] = "ints", [MEMBER_OBJECT] = "object", [MEMBER_OBJECTS] = "objects",
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (text_is(word, words[i]))
			return (enum member_type)i;
	BUG_IF(true, "no type: %.*s", TEXT_ARGS(word));
	return MEMBER_TEXT;
}

/* The member of that name, made at the end of the list when it is not there. */
static struct taken *
put_in(struct arena *arena, struct taken **list, struct text name)
{
	for (; *list; list = &(*list)->next)
		if (text_equal((*list)->name, name))
			return *list;
	*list = ARENA_MAKE(arena, struct taken, 1);
	(*list)->name = name;
	return *list;
}

static void
add_one(struct arena *arena, struct taken **list, struct text word)
{
	struct taken *taken = NULL;
	bool          required = word.ptr[word.len - 1] == '!';
	struct text   type = text_first(word, word.len - required), path = text_until(&type, ':'), rest = path;

	while (rest.len) {
		struct text name = text_until(&rest, '.');
		const bool  many = text_ends(name, TEXT("[]"));

		taken = put_in(arena, list, text_first(name, name.len - (many ? 2 : 0)));
		if (rest.len && taken->type != MEMBER_OBJECTS && taken->type != MEMBER_OBJECT)
			taken->type = many ? MEMBER_OBJECTS : MEMBER_OBJECT;
		list = &taken->first;
	}
	BUG_IF(!taken, "a member without a name");
	taken->path = arena_copy(arena, path);
	taken->required = required;
	if (!taken->first)
		taken->type = type_of(type);
}

struct taken *
members_of(struct arena *arena, const struct operation *operation)
{
	struct taken *all = NULL;
	struct text   rest = text_of(list_of(arena, operation)), word;

	while (text_next(&rest, " ", &word))
		if (word.len)
			add_one(arena, &all, word);
	return all;
}
