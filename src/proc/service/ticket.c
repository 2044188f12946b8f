/* Who asked, and as what. */
#include "proc/service/ticket.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/bug.h"
#include "wire/sealed.h"

struct ticket {
	struct post *post;
	uint32_t     order;
	unsigned     number, gate;
};

struct ticket *
ticket_new(struct post *post, unsigned number)
{
	struct ticket *ticket = malloc(sizeof(*ticket));

	BUG_IF(!ticket, "out of memory");
	*ticket = (struct ticket){ post, post->order, number, post->gates };
	return ticket;
}

void
ticket_free(struct ticket *ticket)
{
	free(ticket);
}

void
ticket_answer(void *self, enum result result, struct text message)
{
	struct ticket *ticket = self;

	if (ticket->gate == ticket->post->gates)
		ticket->post->answer(ticket->post->self, ticket->order, ticket->number, result, message, -1);
	free(ticket);
}

void
ticket_answer_sealed(void *self, enum result result, struct text text)
{
	struct ticket *ticket = self;
	const int      fd = result == RESULT_DONE ? sealed_new("drawbridge-answer", text) : -1;

	if (result == RESULT_DONE && fd < 0) {
		ticket_answer(self, RESULT_FAILED, TEXT("no memory for the answer"));
		return;
	}
	if (ticket->gate == ticket->post->gates)
		ticket->post->answer(ticket->post->self, ticket->order, ticket->number, result, text, fd);
	else if (fd >= 0)
		close(fd);
	free(ticket);
}
