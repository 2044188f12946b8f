/* backend/shaper/shaper.h: the shaper's link, its classes and the way there, made as planned by the smallest change. */
#pragma once

#include "base/buffer.h"
#include "base/result.h"
#include "plan/shaper/shaper.h"
#include "wire/shaper.h"

struct shaper_backend;

struct shaper_backend *shaper_backend_new(void);
void                   shaper_backend_free(struct shaper_backend *);
/*
 * Without classes all of it goes. What the kernel lacks is found before anything changes (UNAVAILABLE); when a change is refused (FAILED),
 * what was applied last is made again. DONE may leave in *message which devices are not there. INVALID: malformed.
 */
enum result shaper_apply(struct shaper_backend *, struct text plan, struct buffer *message);
/* How many changes the last apply took. */
size_t      shaper_steps(const struct shaper_backend *);
/* What each class has let through, made in the arena; none when there is no shaper. FAILED: the kernel does not say. */
enum result shaper_count(struct arena *, struct shaper_counts *out);
