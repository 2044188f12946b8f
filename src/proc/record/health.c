/*
 * A row of an archive belongs to a span of time and says which: so a file needs no head to be kept up to date, and what
 * was torn or is long gone is known by its number. Files are named after what is in them.
 */
#include "proc/record/health.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/cleanup.h"

#define FOLDER    "health"
#define MAGIC     "drawbridge-health-1\n"
#define HEAD_SIZE 1024
#define ENDING    ".health"

static const struct {
	unsigned step; /* seconds */
	unsigned rows;
} archives[HEALTH_DETAILS] = { { 60, 1200 }, { 300, 720 }, { 3600, 1860 }, { 86400, 2284 } };

/* A span under way: its average grows. */
struct sum {
	uint32_t span;
	float    sums[HEALTH_NAMES_MAX];
	unsigned counts[HEALTH_NAMES_MAX];
};

struct series {
	char           item[HEALTH_NAME_MAX + 1], topic[HEALTH_NAME_MAX + 1], names[HEAD_SIZE / 2];
	size_t         columns;
	char          *rows; /* all archives, one behind the other, as in the file */
	size_t         size;
	int            fd;   /* -1: none */
	struct sum     sums[HEALTH_DETAILS];
	struct series *next;
};

struct health {
	pthread_mutex_t lock;
	int             folder; /* -1: none */
	struct series  *first;
	size_t          count;
};

/* --- Rows ------------------------------------------------------------------------------------------------------- */

static size_t
row_size(const struct series *series)
{
	return sizeof(uint32_t) + series->columns * sizeof(float);
}

static size_t
row_place(const struct series *series, unsigned archive, uint32_t span)
{
	size_t before = 0;

	for (unsigned i = 0; i < archive; i++)
		before += archives[i].rows;
	return (before + span % archives[archive].rows) * row_size(series);
}

static void
add_to_sum(struct sum *sum, const struct series *series, uint32_t span, const float *values)
{
	if (sum->span != span)
		*sum = (struct sum){ .span = span };
	for (size_t i = 0; i < series->columns; i++)
		if (!isnan(values[i])) {
			sum->sums[i] += values[i];
			sum->counts[i]++;
		}
}

static void
put_row(struct series *series, unsigned archive, int64_t time, const float *values)
{
	const uint32_t span = (uint32_t)(time / archives[archive].step);
	const size_t   place = row_place(series, archive, span);
	struct sum    *sum = &series->sums[archive];
	float          averages[HEALTH_NAMES_MAX];

	add_to_sum(sum, series, span, values);
	for (size_t i = 0; i < series->columns; i++)
		averages[i] = sum->counts[i] ? sum->sums[i] / (float)sum->counts[i] : NAN;
	memcpy(series->rows + place, &span, sizeof(span));
	memcpy(series->rows + place + sizeof(span), averages, series->columns * sizeof(float));
	/* What cannot be written stays in memory. */
	if (series->fd >= 0 &&
	    pwrite(series->fd, series->rows + place, row_size(series), (off_t)(HEAD_SIZE + place)) != (ssize_t)row_size(series)) {
		close(series->fd);
		series->fd = -1;
	}
}

/* --- Series -------------------------------------------------------------------------------------------------------- */

static bool
is_name(const char *name, const char *more)
{
	size_t len = strlen(name);

	if (len == 0 || len > HEALTH_NAME_MAX || name[0] == '.')
		return false;
	while (len > 0 && (isalnum((unsigned char)name[len - 1]) || strchr(more, name[len - 1])))
		len--;
	return len == 0;
}

static bool
is_item(const char *name)
{
	return is_name(name, "_.-");
}

static bool
is_topic(const char *name)
{
	return is_name(name, "_");
}

static size_t
count_names(const char *names)
{
	size_t n = 1;

	for (const char *c = names; *c; c++)
		n += *c == ',';
	return n;
}

static struct series *
series_new(const char *item, const char *topic, const char *names)
{
	struct series *series = calloc(1, sizeof(*series));
	size_t         rows = 0;

	BUG_IF(!series, "out of memory");
	snprintf(series->item, sizeof(series->item), "%s", item);
	snprintf(series->topic, sizeof(series->topic), "%s", topic);
	snprintf(series->names, sizeof(series->names), "%s", names);
	series->columns = count_names(names);
	series->fd = -1;
	for (unsigned i = 0; i < HEALTH_DETAILS; i++)
		rows += archives[i].rows;
	series->size = rows * row_size(series);
	series->rows = calloc(1, series->size);
	BUG_IF(!series->rows, "out of memory");
	return series;
}

static void
series_free(struct series *series)
{
	if (series->fd >= 0)
		close(series->fd);
	free(series->rows);
	free(series);
}

static bool
is_called(const struct series *series, const char *first, const char *second)
{
	return strcmp(series->item, first) == 0 && strcmp(series->topic, second) == 0;
}

/* "item-topic", or the other way round. */
static bool
has_key(const struct series *series, const char *key)
{
	char both[2 * HEALTH_NAME_MAX + 2];

	snprintf(both, sizeof(both), "%s-%s", series->item, series->topic);
	if (strcmp(both, key) == 0)
		return true;
	snprintf(both, sizeof(both), "%s-%s", series->topic, series->item);
	return strcmp(both, key) == 0;
}

/* Sorted, so that lists are. */
static void
insert(struct health *health, struct series *series)
{
	struct series **at = &health->first;

	for (; *at; at = &(*at)->next) {
		const int order = strcmp((*at)->topic, series->topic);

		if (order > 0 || (order == 0 && strcmp((*at)->item, series->item) > 0))
			break;
	}
	series->next = *at;
	*at = series;
	health->count++;
}

/* --- Files ------------------------------------------------------------------------------------------------------------ */

static void
file_name(char *room, size_t size, const struct series *series)
{
	snprintf(room, size, "%s-%s" ENDING, series->item, series->topic);
}

static void
create_file(struct health *health, struct series *series)
{
	char name[256], head[HEAD_SIZE] = MAGIC;

	if (health->folder < 0)
		return;
	file_name(name, sizeof(name), series);
	memcpy(head + sizeof(MAGIC) - 1, series->names, strlen(series->names));
	series->fd = openat(health->folder, name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (series->fd >= 0 && pwrite(series->fd, head, sizeof(head), 0) != (ssize_t)sizeof(head)) {
		close(series->fd);
		series->fd = -1;
	}
}

static void
load_file(struct health *health, const char *file)
{
	char           item[256], head[HEAD_SIZE + 1] = "", *dash;
	const size_t   len = strlen(file), end = strlen(ENDING);
	struct series *series;
	int            fd;

	if (len >= sizeof(item) || len <= end || strcmp(file + len - end, ENDING) != 0)
		return;
	memcpy(item, file, len - end);
	item[len - end] = '\0';
	dash = strrchr(item, '-');
	if (!dash)
		return;
	*dash = '\0';
	fd = openat(health->folder, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	const bool        is_ours = fd >= 0 && pread(fd, head, HEAD_SIZE, 0) == HEAD_SIZE && strncmp(head, MAGIC, strlen(MAGIC)) == 0;
	const char *const names = head + strlen(MAGIC);

	if (!is_ours || !is_item(item) || !is_topic(dash + 1) || strlen(names) >= HEAD_SIZE / 2 ||
	    count_names(names) > HEALTH_NAMES_MAX || health->count == HEALTH_SERIES_MAX) {
		if (fd >= 0)
			close(fd);
		return;
	}
	series = series_new(item, dash + 1, names);
	series->fd = fd;
	/* What was never written is zero, which is no span of ours. */
	if (pread(fd, series->rows, series->size, HEAD_SIZE) < 0)
		memset(series->rows, 0, series->size);
	insert(health, series);
}

static void
open_folder(struct health *health, int state_fd)
{
	mkdirat(state_fd, FOLDER, 0700);
	health->folder = openat(state_fd, FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	const int      copy = health->folder >= 0 ? dup(health->folder) : -1;
	DIR           *list = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		load_file(health, entry->d_name);
	if (list)
		closedir(list);
}

static void
forget(struct health *health, struct series **at)
{
	struct series *series = *at;
	char           name[256];

	*at = series->next;
	health->count--;
	if (health->folder >= 0) {
		file_name(name, sizeof(name), series);
		unlinkat(health->folder, name, 0);
	}
	series_free(series);
}

/* --- Putting and taking ---------------------------------------------------------------------------------------------------- */

/* The lock is held. NULL: there is no room. */
static struct series *
want(struct health *health, const char *item, const char *topic, const char *names)
{
	struct series **at = &health->first;

	while (*at && !is_called(*at, item, topic))
		at = &(*at)->next;
	if (*at && strcmp((*at)->names, names) == 0)
		return *at;
	if (*at)
		forget(health, at);
	if (health->count == HEALTH_SERIES_MAX)
		return NULL;
	struct series *series = series_new(item, topic, names);

	create_file(health, series);
	insert(health, series);
	return series;
}

bool
health_put(struct health *health, const char *item, const char *topic, const char *names, int64_t time, const float *values)
{
	if (!is_item(item) || !is_topic(topic) || strlen(names) >= HEAD_SIZE / 2 || count_names(names) > HEALTH_NAMES_MAX || time < 0)
		return false;
	pthread_mutex_lock(&health->lock);
	struct series *series = want(health, item, topic, names);

	for (unsigned i = 0; series && i < HEALTH_DETAILS; i++)
		put_row(series, i, time, values);
	pthread_mutex_unlock(&health->lock);
	return series != NULL;
}

size_t
health_list(struct health *health, struct arena *arena, const struct health_series **out)
{
	pthread_mutex_lock(&health->lock);
	struct health_series *list = ARENA_MAKE(arena, struct health_series, health->count + 1);
	size_t                n = 0;

	for (const struct series *series = health->first; series; series = series->next)
		list[n++] = (struct health_series){ arena_copy(arena, text_of(series->item)), arena_copy(arena, text_of(series->topic)),
						    arena_copy(arena, text_of(series->names)) };
	pthread_mutex_unlock(&health->lock);
	*out = list;
	return n;
}

static void
take_rows(const struct series *series, unsigned archive, int64_t now, struct arena *arena, struct health_data *out)
{
	const uint32_t last = (uint32_t)(now / archives[archive].step), rows = archives[archive].rows;
	const uint32_t first = last >= rows ? last - rows + 1 : 0;
	float         *values = ARENA_MAKE(arena, float, rows * series->columns);

	*out = (struct health_data){
		arena_copy(arena, text_of(series->item)), arena_copy(arena, text_of(series->topic)),
		arena_copy(arena, text_of(series->names)), archives[archive].step, (int64_t)first * archives[archive].step,
		last - first + 1, series->columns, values,
	};
	for (size_t i = 0; i < out->rows; i++) {
		const char *row = series->rows + row_place(series, archive, first + (uint32_t)i);
		uint32_t    span;

		memcpy(&span, row, sizeof(span));
		if (span == first + i)
			memcpy(values + i * series->columns, row + sizeof(span), series->columns * sizeof(float));
		else
			for (size_t k = 0; k < series->columns; k++)
				values[i * series->columns + k] = NAN;
	}
}

bool
health_fetch(struct health *health, struct arena *arena, const char *key, unsigned detail, int64_t now, struct health_data *out)
{
	const struct series *series;

	if (detail >= HEALTH_DETAILS || now < 0)
		return false;
	pthread_mutex_lock(&health->lock);
	for (series = health->first; series && !has_key(series, key); series = series->next)
		;
	if (series)
		take_rows(series, detail, now, arena, out);
	pthread_mutex_unlock(&health->lock);
	return series != NULL;
}

bool
health_flush(struct health *health, const char *key)
{
	struct series **at = &health->first;
	bool            found = !key[0];

	pthread_mutex_lock(&health->lock);
	while (*at) {
		if (key[0] && !has_key(*at, key)) {
			at = &(*at)->next;
			continue;
		}
		found = true;
		forget(health, at);
	}
	pthread_mutex_unlock(&health->lock);
	return found;
}

/* --- Life ------------------------------------------------------------------------------------------------------------------- */

struct health *
health_new(int state_fd)
{
	struct health *health = calloc(1, sizeof(*health));

	BUG_IF(!health, "out of memory");
	pthread_mutex_init(&health->lock, NULL);
	health->folder = -1;
	if (state_fd >= 0)
		open_folder(health, state_fd);
	return health;
}

void
health_free(struct health *health)
{
	if (!health)
		return;
	for (struct series *series = health->first, *next; series; series = next) {
		next = series->next;
		series_free(series);
	}
	if (health->folder >= 0)
		close(health->folder);
	pthread_mutex_destroy(&health->lock);
	free(health);
}
