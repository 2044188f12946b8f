/*
 * Orders of any number and any body, with and without a descriptor: the first byte is the number, the second says whether
 * the gate was greeted and what descriptor comes along. The keeper must take or refuse them and nothing else.
 */
#include <stdint.h>
#include <unistd.h>

#include "backend/recording.h"
#include "base/bug.h"
#include "proc/orders.h"
#include "wire/sealed.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
ignore_announcement(void *self, const struct announcement *said)
{
	(void)self;
	BUG_IF(said->url.len > ORDER_URL_MAX || said->secret.len > ORDER_SECRET_MAX, "too long a word");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct answer answer;
	struct recording     recording = { 0 };

	if (size < 2)
		return 0;

	const struct text body = { (const char *)bytes + 2, size - 2 };
	const bool        with_fd = bytes[1] & 2;
	int               fds[1] = { with_fd ? sealed_new("fuzz", body) : -1 };
	struct reader     in = { .left = with_fd && (bytes[1] & 4) ? TEXT_NONE : body, .fds = fds, .nfds = with_fd };
	struct post       post = {
		.build = TEXT("build"), .greeted = bytes[1] & 1, .backends = recording_backends(&recording),
		.announce = ignore_announcement,
	};

	answer.result = RESULT_DONE;
	writer_init(&answer.body);
	if (order_obey(&post, bytes[0], &in, &answer))
		BUG_IF(answer.result > RESULT_FAILED || in.nfds > 0, "taken, but not done with");
	writer_clear(&answer.body);
	if (fds[0] >= 0)
		close(fds[0]);
	recording_clear(&recording);
	log_set_level(LOG_LEVEL_ERROR);
	return 0;
}
