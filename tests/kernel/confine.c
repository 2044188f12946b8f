/* What the gate may and may not do once it is confined; each case in a process of its own. */
#include "proc/wall/confine.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <linux/capability.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

#define NOT_CONFINED 99
#define NOBODY       65534

static char directory[] = "/tmp/drawbridge-confine-XXXXXX";

/* LeakSanitizer traces its own process, which a confined one must not. */
__attribute__((visibility("default"))) int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return 1;
}

/* Become what a gate is and do something; the status as from waitpid(). */
static int
confined(int (*what)(void))
{
	const bool  root = geteuid() == 0;
	const pid_t pid = fork();
	int         status;

	CHECK(pid >= 0);
	if (pid == 0) {
		const struct confinement wanted = {
			.user = { NOBODY, NOBODY, root }, .state_fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		};
		struct buffer message = BUFFER_NONE;
		const char   *missing;

		if (!confine(&wanted, &missing, &message)) {
			fprintf(stderr, "%s\n", buffer_string(&message));
			_exit(NOT_CONFINED);
		}
		_exit(what());
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

/* --- What ends the process ------------------------------------------------------------- */

static int
run_program(void)
{
	return execve("/bin/true", (char *const[]){ "true", NULL }, (char *const[]){ NULL });
}

static int
trace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int
open_packet_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static int
open_raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW, 1);
}

static int
open_netfilter_socket(void)
{
	return socket(AF_NETLINK, SOCK_RAW, 12);
}

static int
start_process(void)
{
	return fork();
}

static int
leave_namespace(void)
{
	return unshare(CLONE_NEWUSER);
}

static int
mount_something(void)
{
	return mount("none", "/tmp", "tmpfs", 0, NULL);
}

static int
signal_parent(void)
{
	return kill(getppid(), 0);
}

static int
become_root(void)
{
	return (int)syscall(SYS_setuid, 0);
}

static int
load_program(void)
{
	return (int)syscall(SYS_bpf, 0, NULL, 0);
}

static int
make_ring(void)
{
	return (int)syscall(SYS_io_uring_setup, 1, NULL);
}

static int
make_device(void)
{
	return (int)syscall(SYS_mknodat, AT_FDCWD, "x", S_IFCHR, 0);
}

static int
make_link(void)
{
	return (int)syscall(SYS_symlinkat, "/etc", AT_FDCWD, "x");
}

TEST(a_forbidden_call_ends_the_process)
{
	static const struct {
		const char *name;
		int       (*what)(void);
	} cases[] = {
		{ "execve", run_program },        { "ptrace", trace },         { "packet socket", open_packet_socket },
		{ "raw socket", open_raw_socket }, { "netfilter", open_netfilter_socket }, { "fork", start_process },
		{ "unshare", leave_namespace },   { "mount", mount_something }, { "kill", signal_parent },
		{ "setuid", become_root },        { "bpf", load_program },     { "io_uring", make_ring },
		{ "mknod", make_device },         { "symlink", make_link },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const int status = confined(cases[i].what);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSYS)
			fail_msg("%s: status %#x", cases[i].name, status);
	}
}

/* --- What is refused ------------------------------------------------------------------- */

static int
is_refused(int returned, int want)
{
	return returned < 0 && errno == want ? 0 : 1;
}

static int
read_passwords(void)
{
	return is_refused(open("/etc/group", O_RDONLY | O_CLOEXEC), EACCES);
}

static int
read_processes(void)
{
	return is_refused(open("/proc/self/environ", O_RDONLY | O_CLOEXEC), EACCES);
}

static int
write_elsewhere(void)
{
	return is_refused(open("/tmp/drawbridge-elsewhere", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), EACCES);
}

static int
map_code(void)
{
	void *const memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return is_refused(memory == MAP_FAILED ? -1 : 0, EPERM);
}

static int
turn_data_into_code(void)
{
	void *const memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? 2 : is_refused(mprotect(memory, 4096, PROT_READ | PROT_EXEC), EPERM);
}

static int
open_local_socket(void)
{
	return is_refused(socket(AF_UNIX, SOCK_STREAM, 0), EACCES);
}

static int
bind_socket(void)
{
	return is_refused(bind(socket(AF_INET, SOCK_STREAM, 0), NULL, 0), EACCES);
}

TEST(what_is_out_of_reach_is_refused)
{
	static const struct {
		const char *name;
		int       (*what)(void);
	} cases[] = {
		{ "passwords", read_passwords }, { "processes", read_processes }, { "elsewhere", write_elsewhere },
		{ "new code", map_code },        { "data as code", turn_data_into_code },
		{ "local sockets", open_local_socket }, { "bind", bind_socket },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const int status = confined(cases[i].what);

		if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
			fail_msg("%s: status %#x", cases[i].name, status);
	}
}

/* --- What it is left with -------------------------------------------------------------- */

static int
look_at_myself(void)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct   data[2] = { { 0 } };

	/* Looking is itself forbidden by the filter, so this runs without it. */
	if (syscall(SYS_capget, &head, data) < 0 || data[0].effective || data[0].permitted || data[1].permitted)
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || geteuid() == 0 || getegid() == 0)
		return 2;
	return prctl(PR_CAPBSET_READ, CAP_NET_ADMIN, 0, 0, 0) == 0 ? 0 : 3;
}

TEST(a_root_gate_becomes_nobody_without_capabilities)
{
	if (geteuid() != 0) {
		print_message("SKIPPED: changing the user needs root\n");
		skip();
	}

	const pid_t pid = fork();
	int         status;

	CHECK(pid >= 0);
	if (pid == 0) {
		const struct gate_user user = { NOBODY, NOBODY, true };

		_exit(confine_user(&user) ? look_at_myself() : NOT_CONFINED);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	CHECK_NUMBER(status, 0);
}

static void *
add_one(void *number)
{
	void *memory = malloc(10000000);

	free(memory);
	++*(int *)number;
	return NULL;
}

static int
use_threads(void)
{
	pthread_t threads[8];
	int       numbers[8] = { 0 }, sum = 0;

	for (size_t i = 0; i < COUNT(threads); i++)
		if (pthread_create(&threads[i], NULL, add_one, &numbers[i]) != 0)
			return 1;
	for (size_t i = 0; i < COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
		sum += numbers[i];
	}
	return sum == 8 ? 0 : 2;
}

static int
use_sqlite(void)
{
	static const char sql[] = "pragma journal_mode=wal; pragma synchronous=full; create table t(a); "
				  "begin immediate; insert into t values(1); commit; pragma wal_checkpoint(truncate); vacuum";
	char              path[100];
	sqlite3          *db;

	snprintf(path, sizeof(path), "%s/test.db", directory);
	return sqlite3_open(path, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK ||
	       sqlite3_close(db) != SQLITE_OK;
}

static int
use_gnutls(void)
{
	gnutls_certificate_credentials_t trust;
	gnutls_x509_privkey_t            key;
	char                             bytes[32];

	return gnutls_rnd(GNUTLS_RND_KEY, bytes, sizeof(bytes)) < 0 ||
	       gnutls_certificate_allocate_credentials(&trust) < 0 ||
	       gnutls_certificate_set_x509_system_trust(trust) < 0 || gnutls_x509_privkey_init(&key) < 0 ||
	       gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0) < 0;
}

/* Nobody listens on port 1; getting as far as being refused is enough. */
static int
use_curl(void)
{
	curl_global_init(CURL_GLOBAL_ALL);

	CURL *curl = curl_easy_init();

	curl_easy_setopt(curl, CURLOPT_URL, "https://localhost:1/");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);

	const CURLcode got = curl_easy_perform(curl);

	curl_easy_cleanup(curl);
	return got == CURLE_COULDNT_CONNECT ? 0 : 1 + (int)got;
}

static int
use_resolver(void)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo      *found;

	if (getaddrinfo("localhost", "https", &hints, &found) == 0)
		freeaddrinfo(found);
	if (getaddrinfo("name.invalid", "1", &hints, &found) == 0)
		freeaddrinfo(found);
	return 0;
}

static int
use_files(void)
{
	char path[100], other[100];

	snprintf(path, sizeof(path), "%s/file", directory);
	snprintf(other, sizeof(other), "%s/file2", directory);

	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	return fd < 0 || write(fd, "abc", 3) != 3 || ftruncate(fd, 1) < 0 || fsync(fd) < 0 || close(fd) < 0 ||
	       rename(path, other) < 0 || unlink(other) < 0;
}

static int
abort_loudly(void)
{
	abort();
}

TEST(what_serving_needs_still_works)
{
	static const struct {
		const char *name;
		int       (*what)(void);
	} cases[] = {
		{ "threads", use_threads }, { "sqlite", use_sqlite }, { "gnutls", use_gnutls }, { "curl", use_curl },
		{ "resolver", use_resolver }, { "files", use_files },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		const int status = confined(cases[i].what);

		if (status != 0)
			fail_msg("%s: status %#x", cases[i].name, status);
	}
}

TEST(a_bug_still_aborts)
{
	const int status = confined(abort_loudly);

	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static int
set_up(void **unused)
{
	(void)unused;
	if (!mkdtemp(directory))
		return -1;
	return geteuid() == 0 ? chown(directory, NOBODY, NOBODY) : 0;
}

static int
tear_down(void **unused)
{
	char path[100];

	(void)unused;
	snprintf(path, sizeof(path), "%s/test.db", directory);
	unlink(path);
	return rmdir(directory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_forbidden_call_ends_the_process),
		cmocka_unit_test(what_is_out_of_reach_is_refused),
		cmocka_unit_test(a_root_gate_becomes_nobody_without_capabilities),
		cmocka_unit_test(what_serving_needs_still_works),
		cmocka_unit_test(a_bug_still_aborts),
	};

	if (confine_has_files())
		return cmocka_run_group_tests(tests, set_up, tear_down);
	print_message("SKIPPED: this kernel has no Landlock\n");
	return 77;
}
