/* Who is let in by what clients configure, and that nobody else's account is touched by it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "box.h"
#include "test.h"

#define SSHD   "/usr/sbin/sshd"
#define SSH    "/usr/bin/ssh"
#define KEYGEN "/usr/bin/ssh-keygen"
#define IP     "/usr/sbin/ip"
#define CAT    "/usr/bin/cat"
#define PWCK   "/usr/sbin/pwck"
#define GRPCK  "/usr/sbin/grpck"
#define SETTINGS "/api/v1/services/sshd"

static struct box   *box;
static const char   *key, *public_key;
static struct buffer machine; /* its accounts before anything was done */

static void
read_file(const char *path, struct buffer *out)
{
	char       bytes[4096];
	const int  fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t    n;

	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0)
		buffer_add(out, (struct text){ bytes, (size_t)n });
	if (fd >= 0)
		close(fd);
}

static void
read_machine(struct buffer *out)
{
	static const char *const files[] = { "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/ssh/sshd_config" };

	for (size_t i = 0; i < COUNT(files); i++)
		read_file(files[i], out);
	buffer_add_string(out, access("/home/alice", F_OK) == 0 || access("/var/home", F_OK) == 0 ||
			       access("/etc/ssh/drawbridge-keys", F_OK) == 0 ? "touched" : "");
}

static void
make_key(void)
{
	scoped_buffer content = BUFFER_NONE;

	key = arena_print(box->arena, "%s/key", box->instance->folder);
	CHECK_NUMBER(BOX_RUN(box, OUTSIDE, NULL, KEYGEN, "-q", "-t", "ed25519", "-N", "", "-C", "alice's", "-f", key), 0);
	read_file(arena_print(box->arena, "%s.pub", key), &content);
	public_key = arena_copy(box->arena, text_trim(buffer_text(&content)));
}

/* What the command says to somebody who comes with the key; "" when nobody is let in. */
static const char *
log_in(const char *who, const char *port, const char *command)
{
	scoped_buffer out = BUFFER_NONE;
	const int     status = BOX_RUN(box, OUTSIDE, &out, SSH, "-F", "/dev/null", "-o", "StrictHostKeyChecking=no", "-o",
				       "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR", "-o",
				       "ConnectTimeout=20", "-i", key, "-p", port, "-l", who, "192.168.1.1", command);

	return status == 0 ? arena_copy(box->arena, text_trim(buffer_text(&out))) : "";
}

static const char *
inside(const char *path)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, CAT, path);
	return arena_copy(box->arena, buffer_text(&out));
}

static struct value *
add_user(const char *name, const char *more)
{
	return must_post(box->client, box->arena, "/api/auth/user/add",
			 arena_print(box->arena, "{\"user\":{\"name\":\"%s\",\"password\":\"Not-2-be-guessed\",%s}}", name, more));
}

TEST(a_user_with_a_shell_and_a_key_is_let_in)
{
	const struct value *added = add_user("alice", arena_print(box->arena,
		"\"descr\":\"Alice, who: asks\",\"shell\":\"/bin/bash\",\"authorizedkeys\":\"# mine\\n%s\"", public_key));

	CHECK_STRING(at(box->arena, added, "result"), "saved");
	must(box->client, box->arena, "PUT", SETTINGS, "{\"enable\":true,\"port\":2222,\"sshdkeyonly\":\"enabled\"}");
	CHECK_STRING(log_in("alice", "2222", "id -un; pwd"), "alice\n/var/home/alice");
	CHECK(strstr(inside("/etc/passwd"), ":Alice  who  asks,,,,drawbridge:/var/home/alice:/bin/bash\n") != NULL);
	CHECK(strstr(inside("/etc/shadow"), "\nalice:$2") != NULL);
}

TEST(groups_with_accounts_in_them_are_there)
{
	must_post(box->client, box->arena, "/api/auth/group/add",
		  "{\"group\":{\"name\":\"night-shift\",\"member\":\"2000\"}}");
	CHECK(strstr(log_in("alice", "2222", "id -Gn"), "night-shift") != NULL);
}

/* The tools that the machine has for it find nothing wrong with ours. */
TEST(the_files_are_as_the_machine_wants_them)
{
	scoped_buffer out = BUFFER_NONE;

	BOX_RUN(box, INSIDE, &out, PWCK, "-r");
	BOX_RUN(box, INSIDE, &out, GRPCK, "-r");
	CHECK(!text_contains(buffer_text(&out), TEXT("alice")));
	CHECK(!text_contains(buffer_text(&out), TEXT("night-shift")));
	CHECK(!text_contains(buffer_text(&out), TEXT("invalid")));
}

/* Settings are taken while it runs, and who may not come in any more does not. */
TEST(settings_are_taken_without_a_restart)
{
	const pid_t before = box_daemon(box, SSHD);

	CHECK(before > 0);
	must(box->client, box->arena, "PUT", SETTINGS, "{\"enable\":true,\"port\":2022,\"sshdkeyonly\":\"both\"}");
	CHECK_NUMBER(box_daemon(box, SSHD), before);
	CHECK_STRING(log_in("alice", "2222", "id -un"), "");
	CHECK_STRING(log_in("alice", "2022", "id -un"), "");
	must(box->client, box->arena, "PUT", SETTINGS, "{\"enable\":true,\"port\":2022,\"sshdkeyonly\":\"disabled\"}");
	CHECK_STRING(log_in("alice", "2022", "id -un"), "alice");
	CHECK_STRING(at(box->arena, must_get(box->client, box->arena, SETTINGS), "data.port"), "2022");
}

/* A name that is no name on the machine is a fault of the user and of nothing else. */
TEST(a_hostile_name_is_an_error)
{
	static const char *const names[] = { "a@b.example;id", "$(id)@b.example", "a b", "root:x:0", "../../root", "a\\nroot::0:0",
					     "A@b.example", "alice@b.example" };
	const char *before = inside("/etc/passwd");

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct value *said = add_user(names[i], "\"shell\":\"/bin/bash\"");

		CHECK_STRING(at(box->arena, said, "result"), "failed");
		if (!value_path(said, "validations") || !value_get(value_get(said, "validations"), "user.name"))
			fail_msg("%s: %s", names[i], box->client->body.bytes);
	}
	/* One that clients may have, but no account. */
	CHECK_STRING(at(box->arena, add_user("-x", "\"shell\":\"/bin/bash\""), "result"), "saved");
	CHECK(instance_said(box->instance, "account -x: no account can be called so"));
	CHECK_STRING(inside("/etc/passwd"), before);
}

TEST(accounts_of_the_machine_are_left_alone)
{
	const char *before = inside("/etc/shadow");

	add_user("backup", arena_print(box->arena, "\"shell\":\"/bin/bash\",\"authorizedkeys\":\"%s\"", public_key));
	CHECK_STRING(inside("/etc/shadow"), before);
	CHECK_STRING(log_in("backup", "2022", "id -un"), "");
	CHECK_STRING(log_in("root", "2022", "id -un"), "");
	CHECK(instance_said(box->instance, "account backup: the machine has one of that name or number"));
}

/* Options of keys could give more than the key. */
TEST(keys_with_options_are_told)
{
	add_user("bob", arena_print(box->arena, "\"shell\":\"/bin/bash\",\"authorizedkeys\":\"command=\\\"id\\\" %s\"", public_key));
	CHECK_STRING(log_in("bob", "2022", "id -un"), "");
	CHECK(instance_said(box->instance, "account bob: a key is none, has options or is one too many"));
}

/* The other dialect's word for a shell. */
TEST(the_privilege_of_a_shell_is_one)
{
	must(box->client, box->arena, "POST", "/api/v1/user",
	     arena_print(box->arena, "{\"username\":\"carol\",\"password\":\"Not-2-be-guessed\",\"priv\":[\"user-shell-access\"],"
				     "\"authorizedkeys\":\"%s\"}", public_key));
	CHECK_STRING(log_in("carol", "2022", "id -un"), "carol");
	must(box->client, box->arena, "DELETE", "/api/v1/user/privilege",
	     "{\"username\":\"carol\",\"priv\":[\"user-shell-access\"]}");
	CHECK_STRING(log_in("carol", "2022", "id -un"), "");
}

TEST(who_is_disabled_or_gone_is_not_let_in)
{
	const struct value *users = must_get(box->client, box->arena, "/api/auth/user/search?searchPhrase=alice");
	const char         *uuid = at(box->arena, users, "rows.0.uuid");

	must_post(box->client, box->arena, arena_print(box->arena, "/api/auth/user/set/%s", uuid), "{\"user\":{\"disabled\":\"1\"}}");
	CHECK_STRING(log_in("alice", "2022", "id -un"), "");
	must_post(box->client, box->arena, arena_print(box->arena, "/api/auth/user/set/%s", uuid), "{\"user\":{\"disabled\":\"0\"}}");
	CHECK_STRING(log_in("alice", "2022", "id -un"), "alice");
	must_post(box->client, box->arena, arena_print(box->arena, "/api/auth/user/del/%s", uuid), "{}");
	CHECK_STRING(log_in("alice", "2022", "id -un"), "");
	CHECK(strstr(inside("/etc/passwd"), "alice") == NULL);
	CHECK(strstr(inside("/etc/group"), "night-shift") == NULL);
	CHECK_NUMBER(BOX_RUN(box, INSIDE, NULL, CAT, "/etc/ssh/drawbridge-keys/alice"), 1);
}

TEST(switched_off_nobody_listens)
{
	must(box->client, box->arena, "PUT", SETTINGS, "{\"enable\":false}");
	CHECK_NUMBER(box_daemon(box, SSHD), 0);
	CHECK_STRING(log_in("carol", "2022", "id -un"), "");
}

/* All of this was in the sandbox. */
TEST(the_machine_is_as_it_was)
{
	scoped_buffer now = BUFFER_NONE;

	read_machine(&now);
	CHECK_STRING(buffer_string(&now), buffer_string(&machine));
}

static int
end(void **state)
{
	(void)state;
	box_free(box);
	buffer_clear(&machine);
	return 0;
}

int
main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_with_a_shell_and_a_key_is_let_in), cmocka_unit_test(groups_with_accounts_in_them_are_there),
		cmocka_unit_test(the_files_are_as_the_machine_wants_them), cmocka_unit_test(settings_are_taken_without_a_restart),
		cmocka_unit_test(a_hostile_name_is_an_error), cmocka_unit_test(accounts_of_the_machine_are_left_alone),
		cmocka_unit_test(keys_with_options_are_told), cmocka_unit_test(the_privilege_of_a_shell_is_one),
		cmocka_unit_test(who_is_disabled_or_gone_is_not_let_in), cmocka_unit_test(switched_off_nobody_listens),
		cmocka_unit_test(the_machine_is_as_it_was),
	};

	instance_programs(argc, argv);
	box_need(SSHD, SSH, KEYGEN, IP, PWCK, GRPCK, NULL);
	read_machine(&machine);
	box = box_new();
	BOX_RUN(box, OUTSIDE, NULL, IP, "address", "add", "192.168.1.2/24", "dev", "em0");
	BOX_RUN(box, INSIDE, NULL, IP, "address", "add", "192.168.1.1/24", "dev", "em0");
	must_post(box->client, box->arena, "/api/firewall/filter/apply", "{}");
	make_key();
	return cmocka_run_group_tests(tests, NULL, end);
}
