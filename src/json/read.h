/* json/read.h: JSON that came from outside, as a tree of values. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "base/result.h"
#include "base/text.h"
#include "base/value.h"

#define JSON_DEPTH_MAX   64
#define JSON_BYTES_MAX   ((size_t)16 * 1024 * 1024)
#define JSON_MEMBERS_MAX ((size_t)1000 * 1000)

/* 0: the limit above. */
struct json_limits {
	size_t bytes;
	size_t depth;   /* 1: no list or object inside another */
	size_t members; /* of all lists and objects together */
};

/*
 * Strict (RFC 8259); any kind of value may be the outermost. NUL in texts is refused, of names that come twice the last
 * counts, and numbers that no integer or real can hold become texts with the same digits.
 *
 * DONE, INVALID (no JSON) or TOO_BIG (a limit was passed); on refusal *message, if wanted, says what, in the arena.
 * limits may be NULL.
 */
enum result json_read(struct arena *, struct text, const struct json_limits *limits,
                      struct value **out, const char **message);
