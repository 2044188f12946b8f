/* backend/probe/echo.h: ICMP echo requests and their answers, by one socket for each family. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/result.h"
#include "wire/probe.h"

/*
 * The kernel passes on nothing but echo replies with our identifier; what they carry must hold a number that nobody else
 * knows. Belongs to the network namespace it was opened in.
 */
struct echo;

/* FAILED: *message says why. */
enum result echo_open(struct echo **, struct buffer *message);
void        echo_close(struct echo *);
/* To be read from; -1: this kernel lacks the family. */
int         echo_fd(const struct echo *, enum family);

/* Ask the probe's target. False: it cannot be sent now. */
bool echo_send(struct echo *, const struct probe *, uint32_t number);

struct echo_answer {
	uint8_t  gateway;
	uint32_t number;
	int64_t  waited; /* us since the kernel has had it */
};

/* The next answer. False: there is none; what is none of ours has been thrown away, a bounded number. */
bool echo_receive(struct echo *, enum family, struct echo_answer *);
