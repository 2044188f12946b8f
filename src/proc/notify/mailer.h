/* proc/notify/mailer.h: telling somebody by mail what happened, as system.mail has it. */
#pragma once

#include "store/store.h"

struct mailer;

#define MAILER_WAITING_MAX 64  /* what happened and was not sent yet; more is only counted */
#define MAILER_BETWEEN     60  /* seconds between two mails; what happens meanwhile goes into one */
#define MAILER_TRIES       3   /* of one mail */
#define MAILER_TEXT_MAX    500 /* bytes of what happened */

/* One thread; the store must outlive it. */
struct mailer *mailer_new(struct store *);
/* What was not sent is not. */
void           mailer_free(struct mailer *); /* NULL is fine */
/* Never waits. Any thread; NULL is fine. Nobody hears of it unless mail is configured. */
void           mailer_tell(struct mailer *, const char *text);
