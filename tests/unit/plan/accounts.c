/* Who becomes an account, and that nothing else comes over the wire. */
#include "plan/access/accounts.h"

#include <string.h>

#include "planned.h"
#include "test.h"

#define DAY 20000 /* 2024-10-04 */
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGrwf0P1Z8Xz9X0b9bJx1m5b8ZyW2p2o7Qw1m0l9C0aQ"

static struct accounts
read_accounts(struct planned *planned)
{
	struct accounts all;

	buffer_cut(&planned->missing, 0);
	accounts_read(planned->arena, planned->snapshot, DAY, &all, &planned->missing);
	return all;
}

TEST(only_who_may_log_in_has_an_account)
{
	struct planned *planned = planned_new();

	planned_put(planned, "auth.user", NULL, "name", "root", "uid", "0", "scope", "system", "shell", "/bin/sh", NULL);
	planned_put(planned, "auth.user", NULL, "name", "plain", "uid", "2000", NULL);
	planned_put(planned, "auth.user", NULL, "name", "off", "uid", "2001", "shell", "/bin/sh", "disabled", "1", NULL);
	planned_put(planned, "auth.user", NULL, "name", "old", "uid", "2002", "shell", "/bin/sh", "expires", "10/03/2024", NULL);
	planned_put(planned, "auth.user", NULL, "name", "today", "uid", "2003", "shell", "/usr/local/bin/bash", "expires", "10/04/2024", NULL);
	planned_put(planned, "auth.user", NULL, "name", "never", "uid", "2004", "shell", "/usr/sbin/nologin", NULL);
	planned_put(planned, "auth.user", NULL, "name", "priv", "uid", "2005", "priv", "page-all,user-shell-access", NULL);
	planned_put(planned, "auth.user", NULL, "name", "member", "uid", "2006", NULL);
	planned_put(planned, "auth.user", NULL, "name", "admin", "uid", "2007", "priv", "page-all", NULL);
	planned_put(planned, "auth.group", NULL, "name", "shells", "gid", "2000", "member", "2006,2005,2000", "priv", "user-shell-access", NULL);
	planned_put(planned, "auth.group", NULL, "name", "one", "gid", "2001", "member", "2000", NULL);
	const struct accounts all = read_accounts(planned);

	CHECK_NUMBER(planned->missing.len, 0);
	CHECK_NUMBER(all.n, 4);
	CHECK_STRING(all.accounts[0].name, "plain"); /* by its group */
	CHECK_STRING(all.accounts[1].name, "today");
	CHECK_NUMBER(all.accounts[1].expires, DAY);
	CHECK_STRING(account_shells[all.accounts[1].shell].path, "/bin/bash");
	CHECK_STRING(all.accounts[2].name, "priv");
	CHECK_STRING(all.accounts[2].hash, "*");
	CHECK_STRING(all.accounts[3].name, "member");
	CHECK_NUMBER(all.ngroups, 2);
	CHECK_NUMBER(all.groups[0].nmembers, 3);
	CHECK_NUMBER(all.groups[1].nmembers, 1);
	planned_free(planned);
}

TEST(no_text_becomes_more_than_it_is)
{
	static const char *const fields[] = { "name", "uid", "shell", "password", "descr", "authorizedkeys", "expires" };

	for (size_t i = 0; hostile_texts[i]; i++)
		for (size_t k = 0; k < COUNT(fields); k++) {
			struct planned *planned = planned_new();
			scoped_buffer   bytes = BUFFER_NONE;
			struct accounts again;

			planned_put(planned, "auth.user", NULL, "name", "a", "uid", "2000", "shell", "/bin/sh", "password", "$2b$10$x",
				    fields[k], hostile_texts[i], NULL);
			planned_put(planned, "auth.group", NULL, "name", k % 2 ? hostile_texts[i] : "g", "gid", k % 2 ? "2000" : hostile_texts[i],
				    "member", "2000", NULL);
			const struct accounts all = read_accounts(planned);

			/* What the keeper takes is what its own checks allow. */
			accounts_encode(&bytes, &all);
			if (!accounts_decode(planned->arena, buffer_text(&bytes), &again))
				fail_msg("%s: %s", fields[k], hostile_texts[i]);
			CHECK_NUMBER(again.n, all.n);
			planned_free(planned);
		}
}

TEST(keys_are_keys)
{
	CHECK(account_key_is_valid(TEXT(KEY)));
	CHECK(account_key_is_valid(TEXT(KEY " with a comment")));
	CHECK(!account_key_is_valid(TEXT("command=\"id\" " KEY)));
	CHECK(!account_key_is_valid(TEXT("ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIGrwf0P1Z8Xz9X0b9bJx1m5b8ZyW2p2o7Qw1m0l9C0aQ")));
	CHECK(!account_key_is_valid(TEXT("ssh-ed25519 AAAA")));
	CHECK(!account_key_is_valid(TEXT("ssh-ed25519")));
	CHECK(!account_key_is_valid(TEXT("")));
	CHECK(!account_key_is_valid(TEXT(KEY " \x01")));
}

TEST(the_keeper_takes_nothing_else)
{
	const struct account       good = { "alice", 2000, 0, "Alice", 1, "*", KEY "\n" };
	const char *const          members[] = { "alice", "nobody" };
	const struct account_group group = { "shift", 2000, members, 1 };
	struct account             bad[12];
	struct account_group       groups[] = { group, group };
	scoped_arena               arena = arena_new();
	scoped_buffer              bytes = BUFFER_NONE;
	struct accounts            all = { &good, 1, &group, 1 }, out;

	accounts_encode(&bytes, &all);
	CHECK(accounts_decode(arena, buffer_text(&bytes), &out) && out.n == 1 && out.ngroups == 1);
	for (size_t len = 0; len < bytes.len; len++)
		CHECK(!accounts_decode(arena, text_first(buffer_text(&bytes), len), &out));
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].name = "", bad[1].name = "-x", bad[2].name = "a:b", bad[3].name = "a\nb", bad[4].name = "12";
	bad[5].id = 0, bad[6].id = 65534, bad[7].title = "a:b", bad[8].title = "a,b", bad[9].hash = "a:b", bad[10].hash = "",
	bad[11].keys = "x\n";
	for (size_t i = 0; i < COUNT(bad); i++) {
		all = (struct accounts){ &bad[i], 1, NULL, 0 };
		buffer_cut(&bytes, 0);
		accounts_encode(&bytes, &all);
		if (accounts_decode(arena, buffer_text(&bytes), &out))
			fail_msg("%zu", i);
	}
	/* Twice the same, and members that are no accounts. */
	bad[0] = bad[1] = good;
	all = (struct accounts){ bad, 2, NULL, 0 };
	buffer_cut(&bytes, 0);
	accounts_encode(&bytes, &all);
	CHECK(!accounts_decode(arena, buffer_text(&bytes), &out));
	all = (struct accounts){ &good, 1, groups, 2 };
	buffer_cut(&bytes, 0);
	accounts_encode(&bytes, &all);
	CHECK(!accounts_decode(arena, buffer_text(&bytes), &out));
	groups[0].nmembers = 2;
	all.ngroups = 1;
	buffer_cut(&bytes, 0);
	accounts_encode(&bytes, &all);
	CHECK(!accounts_decode(arena, buffer_text(&bytes), &out));
}

RUN(cmocka_unit_test(only_who_may_log_in_has_an_account), cmocka_unit_test(no_text_becomes_more_than_it_is),
    cmocka_unit_test(keys_are_keys), cmocka_unit_test(the_keeper_takes_nothing_else));
