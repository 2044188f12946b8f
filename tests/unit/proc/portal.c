/* Sessions and vouchers of the captive portal: their times, what they count, and that both come back from a file as they were. */
#include "test.h"

#include <stdlib.h>

#include "proc/portal/sessions.h"
#include "proc/portal/vouchers.h"

#define NOW INT64_C(1800000000)

static struct session
session_from(const char *address, const char *user)
{
	struct session session = { .zone = 3, .started = NOW, .seen = NOW, .id = "0123456789abcdef01234567", .has_mac = true,
				   .mac = { 2, 0, 0, 0, 0, 0xff } };
	struct address from;

	CHECK(address_read(text_of(address), &from) && session_add_address(&session, &from));
	snprintf(session.user, sizeof(session.user), "%s", user);
	return session;
}

TEST(a_session_ends_when_its_zone_or_its_voucher_says)
{
	struct session session = session_from("10.0.0.1", "a");

	CHECK(session_over(&session, 0, 0, NOW + 1000000) == NULL);
	CHECK(session_over(&session, 0, 2, NOW + 119) == NULL);
	CHECK_STRING(session_over(&session, 0, 2, NOW + 120), "Session-Timeout");
	CHECK(session_over(&session, 1, 0, NOW + 59) == NULL);
	CHECK_STRING(session_over(&session, 1, 0, NOW + 60), "Idle-Timeout");
	session.seen = NOW + 30;
	CHECK(session_over(&session, 1, 0, NOW + 89) == NULL);
	CHECK_NUMBER(session_left(&session, 0, NOW), -1);
	CHECK_NUMBER(session_left(&session, 2, NOW), 120);
	session.ends = NOW + 50;
	CHECK_NUMBER(session_left(&session, 2, NOW), 50);
	CHECK_NUMBER(session_left(&session, 0, NOW + 60), 0);
	CHECK_STRING(session_over(&session, 0, 0, NOW + 50), "Session-Timeout");
}

TEST(what_was_counted_adds_up_when_counters_begin_anew)
{
	struct session          session = session_from("10.0.0.1", "a");
	struct session_address *of = &session.addresses[0];

	session_count(&session, of, SESSION_IN, 3, 300, NOW + 1);
	session_count(&session, of, SESSION_IN, 5, 500, NOW + 2);
	session_count(&session, of, SESSION_IN, 5, 500, NOW + 3);
	session_count(&session, of, SESSION_OUT, 7, 70, NOW + 4);
	CHECK_NUMBER(session.traffic.packets[SESSION_IN], 5);
	CHECK_NUMBER(session.traffic.bytes[SESSION_IN], 500);
	CHECK_NUMBER(session.traffic.bytes[SESSION_OUT], 70);
	/* Only what comes from it shows that somebody is there. */
	CHECK_NUMBER(session.seen, NOW + 2);
	session_count(&session, of, SESSION_IN, 1, 100, NOW + 5);
	CHECK_NUMBER(session.traffic.packets[SESSION_IN], 6);
	CHECK_NUMBER(session.traffic.bytes[SESSION_IN], 600);
}

TEST(sessions_come_back_as_they_were)
{
	static const char *const hostile = "\"}],\\ \n<b>\x01";
	struct sessions          sessions = { 0 }, again = { 0 };
	struct session           one = session_from("10.0.0.1", hostile), two = session_from("fd00::1", "b");
	scoped_buffer            file = BUFFER_NONE;
	const struct session    *found;
	struct address           second;

	CHECK(address_read(TEXT("10.0.0.2"), &second) && session_add_address(&one, &second));
	one.ends = NOW + 9;
	one.traffic.bytes[SESSION_OUT] = 12345;
	memcpy(two.id, "ffff", 5);
	two.has_mac = false;
	CHECK(sessions_add(&sessions, &one) && sessions_add(&sessions, &two));
	sessions_write(&sessions, &file);
	sessions_read(&again, buffer_text(&file));
	CHECK_NUMBER(again.count, 2);
	found = sessions_of_address(&again, 3, &second);
	CHECK(found && found == sessions_with_id(&again, TEXT("0123456789abcdef01234567")));
	CHECK_STRING(found->user, hostile);
	CHECK_NUMBER(found->ends, NOW + 9);
	CHECK_NUMBER(found->traffic.bytes[SESSION_OUT], 12345);
	CHECK(found->has_mac && memcmp(found->mac, one.mac, 6) == 0);
	CHECK(!sessions_of_address(&again, 4, &second));
	found = sessions_with_id(&again, TEXT("ffff"));
	CHECK(found && !found->has_mac);
	/* Where the counter of before stands is not counted twice. */
	session_count(&again.list[0], &again.list[0].addresses[0], SESSION_OUT, 99, 9999, NOW);
	CHECK_NUMBER(again.list[0].traffic.bytes[SESSION_OUT], 12345);
	session_count(&again.list[0], &again.list[0].addresses[0], SESSION_OUT, 100, 10000, NOW);
	CHECK_NUMBER(again.list[0].traffic.bytes[SESSION_OUT], 12346);
	sessions_clear(&sessions);
	sessions_clear(&again);
}

TEST(what_is_malformed_in_the_file_is_left_out)
{
	static const char *const files[] = {
		"", "{", "{}", "[1,null,\"x\"]", "[{}]", "[{\"sessionId\":\"a\",\"ipAddresses\":[],\"userName\":\"\",\"authenticated_via\":\"\"}]",
		"[{\"sessionId\":\"a\",\"ipAddresses\":[\"nobody\"],\"userName\":\"\",\"authenticated_via\":\"\"}]",
		"[{\"sessionId\":\"0123456789abcdef012345678\",\"ipAddresses\":[\"10.0.0.1\"],\"userName\":\"\",\"authenticated_via\":\"\"}]",
	};

	for (size_t i = 0; i < COUNT(files); i++) {
		struct sessions sessions = { 0 };
		struct vouchers vouchers = { 0 };

		sessions_read(&sessions, text_of(files[i]));
		vouchers_read(&vouchers, text_of(files[i]));
		CHECK_NUMBER(sessions.count, 0);
		CHECK_NUMBER(vouchers.count, 0);
		sessions_clear(&sessions);
		vouchers_clear(&vouchers);
	}
}

TEST(there_are_only_so_many_sessions_and_addresses)
{
	struct sessions sessions = { 0 };
	struct session  one = session_from("10.0.0.1", "a");

	for (size_t i = 0; i < SESSIONS_MAX; i++)
		CHECK(sessions_add(&sessions, &one));
	CHECK(!sessions_add(&sessions, &one));
	for (size_t i = 1; i < SESSION_ADDRESSES_MAX; i++)
		CHECK(session_add_address(&one, &one.addresses[0].address));
	CHECK(!session_add_address(&one, &one.addresses[0].address));
	sessions_clear(&sessions);
}

/* --- vouchers --------------------------------------------------------------------------------------- */

static const struct voucher_wish wish = { .server = "Vouchers", .group = "today", .user_length = 8, .password_length = 10,
					  .validity = 60 };

static bool
use(struct vouchers *vouchers, const char *server, struct text user, struct text password, int64_t now, int64_t *ends)
{
	bool is_first;

	return vouchers_use(vouchers, &(struct voucher_use){ server, user, password, now }, &is_first, ends);
}

TEST(a_voucher_is_good_from_its_first_use_until_its_time_is_over)
{
	scoped_arena              arena = arena_new();
	struct vouchers           vouchers = { 0 };
	const struct made_voucher made = voucher_make(arena, &wish);
	const struct text         user = text_of(made.user), password = text_of(made.password);
	int64_t                   ends = 0;

	CHECK_NUMBER(user.len, 8);
	CHECK_NUMBER(password.len, 10);
	CHECK(vouchers_add(&vouchers, &wish, &made));
	CHECK(!vouchers_add(&vouchers, &wish, &made));
	CHECK(!use(&vouchers, "Others", user, password, NOW, &ends));
	CHECK(!use(&vouchers, "Vouchers", user, TEXT("wrong"), NOW, &ends));
	CHECK(!use(&vouchers, "Vouchers", user, TEXT_NONE, NOW, &ends));
	CHECK(!use(&vouchers, "Vouchers", user, (struct text){ "a\0b", 3 }, NOW, &ends));
	CHECK_STRING(voucher_state(&vouchers.list[0], NOW), "unused");
	CHECK(use(&vouchers, "Vouchers", user, password, NOW, &ends));
	CHECK_NUMBER(ends, NOW + 60);
	CHECK(use(&vouchers, "Vouchers", user, password, NOW + 59, &ends));
	CHECK_NUMBER(ends, NOW + 60);
	CHECK_STRING(voucher_state(&vouchers.list[0], NOW + 59), "valid");
	CHECK(!use(&vouchers, "Vouchers", user, password, NOW + 60, &ends));
	CHECK_STRING(voucher_state(&vouchers.list[0], NOW + 60), "expired");
	vouchers_clear(&vouchers);
}

TEST(a_voucher_that_expires_ends_earlier_or_is_never_used)
{
	scoped_arena              arena = arena_new();
	struct vouchers           vouchers = { 0 };
	struct voucher_wish       expiring = wish;
	const struct made_voucher made = voucher_make(arena, &wish);
	int64_t                   ends = 0;

	expiring.expires = NOW + 30;
	CHECK(vouchers_add(&vouchers, &expiring, &made));
	CHECK(!use(&vouchers, "Vouchers", text_of(made.user), text_of(made.password), NOW + 30, &ends));
	CHECK(use(&vouchers, "Vouchers", text_of(made.user), text_of(made.password), NOW + 10, &ends));
	CHECK_NUMBER(ends, NOW + 30);
	CHECK(vouchers_expire(&vouchers, "Vouchers", made.user, NOW + 11));
	CHECK(!use(&vouchers, "Vouchers", text_of(made.user), text_of(made.password), NOW + 11, &ends));
	CHECK(!vouchers_expire(&vouchers, "Vouchers", "nobody", NOW));
	CHECK_NUMBER(vouchers_drop(&vouchers, "Vouchers", "tomorrow", true, NOW + 11), 0);
	CHECK_NUMBER(vouchers_drop(&vouchers, "Vouchers", "today", true, NOW + 11), 1);
	CHECK_NUMBER(vouchers.count, 0);
	vouchers_clear(&vouchers);
}

TEST(passwords_are_in_no_file)
{
	scoped_arena              arena = arena_new();
	struct vouchers           vouchers = { 0 }, again = { 0 };
	const struct made_voucher made = voucher_make(arena, &wish);
	scoped_buffer             file = BUFFER_NONE;
	int64_t                   ends;

	CHECK(vouchers_add(&vouchers, &wish, &made));
	vouchers_write(&vouchers, &file);
	CHECK(!strstr(buffer_string(&file), made.password));
	vouchers_read(&again, buffer_text(&file));
	CHECK_NUMBER(again.count, 1);
	CHECK(use(&again, "Vouchers", text_of(made.user), text_of(made.password), NOW, &ends));
	vouchers_clear(&vouchers);
	vouchers_clear(&again);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_ends_when_its_zone_or_its_voucher_says),
		cmocka_unit_test(what_was_counted_adds_up_when_counters_begin_anew),
		cmocka_unit_test(sessions_come_back_as_they_were),
		cmocka_unit_test(what_is_malformed_in_the_file_is_left_out),
		cmocka_unit_test(there_are_only_so_many_sessions_and_addresses),
		cmocka_unit_test(a_voucher_is_good_from_its_first_use_until_its_time_is_over),
		cmocka_unit_test(a_voucher_that_expires_ends_earlier_or_is_never_used),
		cmocka_unit_test(passwords_are_in_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
