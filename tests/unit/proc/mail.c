/* What a server of mail hears from us, and that no value becomes a command or a header of its own. */
#include "proc/notify/mail.h"

#include <stdlib.h>
#include <string.h>

#include "smtp.h"
#include "test.h"

static struct smtp   server;
static struct arena *arena;

static struct mail
usual(void)
{
	return (struct mail){
		.server = "127.0.0.1", .port = server.port, .verify = true, .mechanism = "LOGIN", .user = "", .password = "",
		.from = "box@example.org", .to = "admin@example.org", .host = "box.example.org", .subject = "box - Notification",
		.text = TEXT("gateway WAN is down\n"), .time = 1000000000,
	};
}

static void
check_sent(const struct mail *mail)
{
	const char *wrong = mail_send(arena, mail);

	if (wrong)
		fail_msg("%s", wrong);
}

TEST(mail_arrives_as_it_was_meant)
{
	struct mail mail = usual();

	mail.text = TEXT("first\n.\n..second\n");
	smtp_start(&server, SMTP_FRIENDLY);
	mail.port = server.port;
	check_sent(&mail);
	CHECK_NUMBER(smtp_mails(&server), 1);
	CHECK(smtp_heard(&server, "EHLO box.example.org\n"));
	CHECK(!smtp_heard(&server, "AUTH"));
	CHECK(smtp_heard(&server, "MAIL FROM:<box@example.org>"));
	CHECK(smtp_heard(&server, "RCPT TO:<admin@example.org>\n"));
	CHECK(smtp_heard(&server, "From: <box@example.org>\nTo: <admin@example.org>\nSubject: box - Notification\n"
				  "Date: Sun, 9 Sep 2001 01:46:40 +0000\nMessage-ID: <"));
	CHECK(smtp_heard(&server, "Auto-Submitted: auto-generated\n"));
	/* RFC 5321 4.5.2: a dot at the beginning is doubled on the way. */
	CHECK(smtp_heard(&server, "\n\nfirst\n..\n...second\n.\n"));
	smtp_stop(&server);
}

TEST(a_user_logs_in_as_configured)
{
	static const char *const cases[][2] = { { "LOGIN", "user: joe\n" }, { "PLAIN", "plain:  joe s\"ec\r\nret" } };

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mail mail;

		smtp_start(&server, SMTP_FRIENDLY);
		mail = usual();
		mail.mechanism = cases[i][0];
		mail.user = "joe";
		mail.password = "s\"ec\r\nret";
		check_sent(&mail);
		CHECK(smtp_heard(&server, arena_print(arena, "AUTH %s", cases[i][0])));
		CHECK(smtp_heard(&server, cases[i][1]));
		smtp_stop(&server);
	}
}

TEST(all_recipients_are_written_to)
{
	struct mail mail;

	smtp_start(&server, SMTP_FRIENDLY);
	mail = usual();
	mail.to = "one@example.org, two+x@example.org";
	check_sent(&mail);
	CHECK(smtp_heard(&server, "RCPT TO:<one@example.org>\n") && smtp_heard(&server, "RCPT TO:<two+x@example.org>\n"));
	CHECK(smtp_heard(&server, "To: <one@example.org>,\n <two+x@example.org>\n"));
	smtp_stop(&server);
}

TEST(there_are_16_recipients_and_no_more)
{
	scoped_buffer out = BUFFER_NONE, to = BUFFER_NONE;
	struct mail   mail = usual();

	for (int i = 0; i < MAIL_TO_MAX; i++)
		buffer_print(&to, "%sr%d@example.org", i ? "," : "", i);
	mail.to = buffer_string(&to);
	CHECK(mail_write(&out, &mail));
	buffer_add_string(&to, ",more@example.org");
	mail.to = buffer_string(&to);
	CHECK(!mail_write(&out, &mail));
}

/* Neither is anybody called. */
TEST(a_hostile_address_is_none)
{
	static const char *const addresses[] = {
		"", "nobody", "@", "@example.org", "a@", "a@b@c", "a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org\r\nBcc: b@c",
		"a\n@example.org", "a b@example.org", "<a@example.org>", "\"a\"@example.org", "-oQ/tmp@example.org", "a@ex\xc3\xa4mple.org",
	};

	smtp_start(&server, SMTP_FRIENDLY);
	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct mail mail = usual();

		mail.to = addresses[i];
		CHECK(mail_send(arena, &mail) != NULL);
		mail.to = "admin@example.org";
		mail.from = addresses[i];
		CHECK(mail_send(arena, &mail) != NULL);
	}
	CHECK_NUMBER(server.calls, 0);
	smtp_stop(&server);
}

TEST(a_hostile_server_or_name_is_none)
{
	static const char *const names[] = { "", "a b", "a/b", "127.0.0.1:25\r\nx", "user@127.0.0.1", "a?b", "a#b", "[::1]" };

	smtp_start(&server, SMTP_FRIENDLY);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct mail mail = usual();

		mail.server = names[i];
		CHECK(mail_send(arena, &mail) != NULL);
		mail.server = "127.0.0.1";
		mail.host = names[i];
		CHECK(mail_send(arena, &mail) != NULL);
	}
	CHECK_NUMBER(server.calls, 0);
	smtp_stop(&server);
}

TEST(a_hostile_subject_or_text_adds_no_header)
{
	struct mail mail;

	smtp_start(&server, SMTP_FRIENDLY);
	mail = usual();
	mail.subject = "a\r\nBcc: evil@example.org";
	mail.text = TEXT("x\r\n.\r\nMAIL FROM:<evil@example.org>\r\n\x1b[2J");
	check_sent(&mail);
	CHECK_NUMBER(smtp_mails(&server), 1);
	CHECK(smtp_heard(&server, "Subject: a??Bcc: evil@example.org\n"));
	CHECK(!smtp_heard(&server, "\nBcc:"));
	CHECK(smtp_heard(&server, "\nx?\n..?\nMAIL FROM:<evil@example.org>?\n?[2J\n.\n"));
	smtp_stop(&server);
}

TEST(a_refusal_is_told)
{
	struct mail mail;

	smtp_start(&server, SMTP_REFUSING);
	mail = usual();
	CHECK(mail_send(arena, &mail) != NULL);
	CHECK_NUMBER(smtp_mails(&server), 0);
	smtp_stop(&server);
}

TEST(a_server_that_says_nothing_is_not_waited_for_for_ever)
{
	struct mail   mail;
	_Atomic(bool) stop = true;

	smtp_start(&server, SMTP_SILENT);
	mail = usual();
	mail.seconds = 1;
	CHECK(mail_send(arena, &mail) != NULL);
	mail.seconds = MAIL_SECONDS_MAX;
	mail.stop = &stop;
	CHECK(mail_send(arena, &mail) != NULL);
	smtp_stop(&server);
}

TEST(a_certificate_that_nobody_signed_will_do_only_when_it_is_not_looked_at)
{
	struct mail mail;

	smtp_start(&server, SMTP_SECURE);
	mail = usual();
	mail.tls = true;
	mail.user = "joe";
	mail.password = "secret";
	CHECK(mail_send(arena, &mail) != NULL);
	CHECK_NUMBER(smtp_mails(&server), 0);
	CHECK(!smtp_heard(&server, "joe"));
	mail.verify = false;
	check_sent(&mail);
	CHECK_NUMBER(smtp_mails(&server), 1);
	CHECK(smtp_heard(&server, "password: secret"));
	smtp_stop(&server);
}

static int
set_up(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN(CASE(mail_arrives_as_it_was_meant), CASE(a_user_logs_in_as_configured), CASE(all_recipients_are_written_to),
    CASE(there_are_16_recipients_and_no_more), CASE(a_hostile_address_is_none), CASE(a_hostile_server_or_name_is_none),
    CASE(a_hostile_subject_or_text_adds_no_header), CASE(a_refusal_is_told),
    CASE(a_server_that_says_nothing_is_not_waited_for_for_ever),
    CASE(a_certificate_that_nobody_signed_will_do_only_when_it_is_not_looked_at));
