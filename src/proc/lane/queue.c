/* Requests that wait for a thread: a list with a lock. */
#include "proc/lane/queue.h"

#include "proc/lane/lanes.h"

void
queue_init(struct queue *queue)
{
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->filled, NULL);
	queue->last = &queue->first;
}

bool
queue_push(struct queue *queue, struct job *job)
{
	pthread_mutex_lock(&queue->lock);
	const bool taken = !queue->is_closed && queue->count < LANE_WAITING_MAX;

	if (taken) {
		job->next = NULL;
		job->ticket = ++queue->tickets;
		*queue->last = job;
		queue->last = &job->next;
		queue->count++;
		pthread_cond_signal(&queue->filled);
	}
	pthread_mutex_unlock(&queue->lock);
	return taken;
}

struct job *
queue_pop(struct queue *queue, size_t most, uint64_t *newest)
{
	pthread_mutex_lock(&queue->lock);
	while (!queue->first && !queue->is_closed)
		pthread_cond_wait(&queue->filled, &queue->lock);
	struct job  *taken = queue->first;
	struct job **end = &queue->first;
	size_t       count = 0;

	for (; *end && count < most; count++)
		end = &(*end)->next;
	queue->first = *end;
	*end = NULL;
	if (!queue->first)
		queue->last = &queue->first;
	queue->count -= count;
	*newest = queue->tickets;
	pthread_mutex_unlock(&queue->lock);
	return taken;
}

void
queue_close(struct queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->is_closed = true;
	pthread_cond_broadcast(&queue->filled);
	pthread_mutex_unlock(&queue->lock);
}

void
queue_clear(struct queue *queue)
{
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->filled);
}
