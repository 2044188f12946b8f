/*
 * The system calls of the gate: what libmicrohttpd, GnuTLS, SQLite, libcurl and the C library's threads, memory and
 * resolver need. Everything else ends the process. Calls that libraries only try, and can live without, are refused with an error
 * instead.
 *
 * With AddressSanitizer the list is the same: all it calls after its start is in it. Its search for leaks at the end
 * is not (it traces its own process), so the gate turns it off (enter.c).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "proc/wall/confine.h"

#ifndef PR_SET_VMA
#define PR_SET_VMA 0x53564d41
#endif

/* clang-format off */

/* Allowed with any arguments. */
static const int allowed[] = {
	/* descriptors and files; which files is for Landlock to say */
	SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev), SCMP_SYS(pread64), SCMP_SYS(pwrite64),
	SCMP_SYS(preadv), SCMP_SYS(pwritev), SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(close), SCMP_SYS(close_range),
	SCMP_SYS(lseek), SCMP_SYS(fstat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx),
	SCMP_SYS(statfs), SCMP_SYS(fstatfs), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	SCMP_SYS(readlink), SCMP_SYS(readlinkat), SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fchdir), SCMP_SYS(umask),
	SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(unlink), SCMP_SYS(unlinkat),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(ftruncate), SCMP_SYS(fallocate),
	SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(fchmod), SCMP_SYS(fchown), SCMP_SYS(fcntl), SCMP_SYS(flock),
	SCMP_SYS(dup), SCMP_SYS(dup2), SCMP_SYS(dup3), SCMP_SYS(pipe), SCMP_SYS(pipe2), SCMP_SYS(sendfile),
	SCMP_SYS(copy_file_range), SCMP_SYS(fadvise64), SCMP_SYS(memfd_create),
	/* waiting */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6), SCMP_SYS(epoll_create), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_pwait2), SCMP_SYS(eventfd2),
	SCMP_SYS(timerfd_create), SCMP_SYS(timerfd_settime), SCMP_SYS(timerfd_gettime), SCMP_SYS(signalfd4),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(pause),
	/* the network; no bind: the keeper has bound what is listened on */
	SCMP_SYS(connect), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(shutdown), SCMP_SYS(getsockname),
	SCMP_SYS(getpeername), SCMP_SYS(getsockopt), SCMP_SYS(setsockopt), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg),
	/* memory */
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(mincore), SCMP_SYS(msync),
	/* threads, signals, time */
	SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_yield), SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getcpu), SCMP_SYS(membarrier), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigtimedwait), SCMP_SYS(rt_sigsuspend), SCMP_SYS(rt_sigpending), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
	/* asking */
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(getrusage), SCMP_SYS(getrlimit), SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrandom),
};

#define ALLOW     SCMP_ACT_ALLOW
#define FAIL(why) SCMP_ACT_ERRNO(why)
#define NONE      0
#define IS(argument, value)         { argument, SCMP_CMP_EQ, (uint64_t)(value), 0 }
#define BITS(argument, mask, value) { argument, SCMP_CMP_MASKED_EQ, (uint64_t)(mask), (uint64_t)(value) }
#define SOCKET(family, type)        { SCMP_SYS(socket), ALLOW, 2, { IS(0, family), BITS(1, 0xf, type) } }
#define THREAD (CLONE_VM | CLONE_SIGHAND | CLONE_THREAD)

/* Decided by their arguments. */
static const struct ruling {
	int                 call;
	uint32_t            action;
	unsigned            n;
	struct scmp_arg_cmp compare[2];
} rulings[] = {
	SOCKET(AF_INET, SOCK_STREAM), SOCKET(AF_INET, SOCK_DGRAM), SOCKET(AF_INET6, SOCK_STREAM), SOCKET(AF_INET6, SOCK_DGRAM),
	/* The resolver tries nscd and asks for our addresses, and does without. */
	{ SCMP_SYS(socket),     FAIL(EACCES),       1, { IS(0, AF_UNIX) } },
	{ SCMP_SYS(socket),     FAIL(EAFNOSUPPORT), 2, { IS(0, AF_NETLINK), IS(2, NETLINK_ROUTE) } },
	{ SCMP_SYS(socketpair), ALLOW,              1, { IS(0, AF_UNIX) } },
	{ SCMP_SYS(bind),       FAIL(EACCES),       NONE },
	/* Threads, no processes. The library falls back from clone3(), whose flags no filter can see. */
	{ SCMP_SYS(clone),      ALLOW,              1, { BITS(0, THREAD, THREAD) } },
	{ SCMP_SYS(clone3),     FAIL(ENOSYS),       NONE },
	/* No new code: no libraries of name services, no compiled regular expressions (PCRE2 then interprets). */
	{ SCMP_SYS(mmap),       ALLOW,              1, { BITS(2, PROT_EXEC, 0) } },
	{ SCMP_SYS(mmap),       FAIL(EPERM),        1, { BITS(2, PROT_EXEC, PROT_EXEC) } },
	{ SCMP_SYS(mprotect),   ALLOW,              1, { BITS(2, PROT_EXEC, 0) } },
	{ SCMP_SYS(mprotect),   FAIL(EPERM),        1, { BITS(2, PROT_EXEC, PROT_EXEC) } },
	{ SCMP_SYS(prctl),      ALLOW,              1, { IS(0, PR_SET_NAME) } },
	{ SCMP_SYS(prctl),      ALLOW,              1, { IS(0, PR_SET_VMA) } },
	{ SCMP_SYS(prlimit64),  ALLOW,              1, { IS(2, 0) } },
	{ SCMP_SYS(ioctl),      ALLOW,              1, { IS(1, FIONBIO) } },
	{ SCMP_SYS(ioctl),      ALLOW,              1, { IS(1, FIONREAD) } },
	{ SCMP_SYS(ioctl),      FAIL(ENOTTY),       1, { IS(1, TCGETS) } },
};
/* clang-format on */

/* Signals only to ourselves. */
static bool
add_own_signals(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp self = { 0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0 };

	return seccomp_rule_add_array(filter, ALLOW, SCMP_SYS(kill), 1, &self) == 0 &&
	       seccomp_rule_add_array(filter, ALLOW, SCMP_SYS(tgkill), 1, &self) == 0;
}

static bool
add_rulings(scmp_filter_ctx filter)
{
	for (size_t i = 0; i < COUNT(allowed); i++)
		if (seccomp_rule_add_array(filter, ALLOW, allowed[i], 0, NULL) != 0)
			return false;
	for (size_t i = 0; i < COUNT(rulings); i++)
		if (seccomp_rule_add_array(filter, rulings[i].action, rulings[i].call, rulings[i].n,
					   rulings[i].compare) != 0)
			return false;
	return add_own_signals(filter);
}

/* For people who look for what is missing above: the call was not made, and we end as if we had been killed. */
static void
explain_end(int number, siginfo_t *about, void *context)
{
	(void)context;
	log_error("system call %d is forbidden", about->si_syscall);
	signal(number, SIG_DFL);
	raise(number);
}

bool
confine_calls(bool explain)
{
	const struct sigaction handler = { .sa_sigaction = explain_end, .sa_flags = SA_SIGINFO | SA_NODEFER };
	scmp_filter_ctx        filter = seccomp_init(explain ? SCMP_ACT_TRAP : SCMP_ACT_KILL_PROCESS);
	int                    refused = -ENOMEM;

	if (explain)
		sigaction(SIGSYS, &handler, NULL);
	if (filter && add_rulings(filter)) {
		seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); /* a tree, not a list */
		refused = seccomp_load(filter);
	}
	seccomp_release(filter);
	errno = -refused;
	return refused == 0;
}
