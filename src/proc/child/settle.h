/*
 * proc/child/settle.h: has a process dealt with a signal that it answers in no other way?
 *
 * It has, when no signal waits for it and its first thread has gone to sleep since: a daemon of one thread reads its files again
 * before it waits for anything else.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* How often it has gone to sleep; 0 when there is no such process. */
uint64_t settle_sleeps(pid_t);
/* Since it had gone to sleep so often. Also when it is gone. */
bool     settle_is_done(pid_t, uint64_t sleeps);
