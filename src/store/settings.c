/* Settings: a short list in memory that says what the shelf has. */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "store/store_inside.h"

static void
replace(struct setting **list, const struct setting *setting)
{
	while (*list && strcmp((*list)->name, setting->name) != 0)
		list = &(*list)->next;
	struct setting *old = *list, *next = old ? old->next : NULL;

	if (setting->value) {
		const size_t    name = strlen(setting->name) + 1, value = strlen(setting->value) + 1;
		struct setting *made = malloc(sizeof(*made) + name + value);

		BUG_IF(!made, "out of memory");
		char *texts = (char *)(made + 1);

		made->name = memcpy(texts, setting->name, name);
		made->value = memcpy(texts + name, setting->value, value);
		made->next = next;
		next = made;
	}
	*list = next;
	free(old);
}

void
settings_keep(struct store *store, const struct setting *settings)
{
	pthread_mutex_lock(&store->reading);
	for (; settings; settings = settings->next)
		replace(&store->settings, settings);
	pthread_mutex_unlock(&store->reading);
}

void
settings_forget(struct store *store)
{
	while (store->settings) {
		struct setting *next = store->settings->next;

		free(store->settings);
		store->settings = next;
	}
}

const char *
store_setting(struct store *store, struct arena *arena, const char *name)
{
	const char *value = NULL;

	pthread_mutex_lock(&store->reading);
	for (const struct setting *one = store->settings; one && !value; one = one->next)
		if (strcmp(one->name, name) == 0)
			value = arena_copy(arena, text_of(one->value));
	pthread_mutex_unlock(&store->reading);
	return value;
}

enum result
store_setting_set(struct store *store, const char *name, const char *value, struct buffer *message)
{
	const struct setting setting = { name, value, NULL };
	const struct parcel  parcel = { .settings = &setting };

	pthread_mutex_lock(&store->writing);
	const enum result result = store->shelf->kind->write(store->shelf, &parcel, message);

	if (result == RESULT_DONE)
		settings_keep(store, &setting);
	pthread_mutex_unlock(&store->writing);
	return result;
}
