/* RFC 5321 as far as a client that behaves needs it. */
#include "smtp.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/base64.h"
#include "test.h"

/* One connection; tls is NULL without. */
struct call {
	struct smtp     *smtp;
	int              fd;
	gnutls_session_t tls;
	char             bytes[4096];
	size_t           len;
};

static void
say(struct call *call, const char *line)
{
	const char *end = "\r\n";

	if (call->tls) {
		(void)gnutls_record_send(call->tls, line, strlen(line));
		(void)gnutls_record_send(call->tls, end, 2);
	} else {
		(void)!send(call->fd, line, strlen(line), MSG_NOSIGNAL);
		(void)!send(call->fd, end, 2, MSG_NOSIGNAL);
	}
}

/* One line without its end; false: there are no more. */
static bool
hear(struct call *call, char *line, size_t room)
{
	const char *end;

	while (!(end = memchr(call->bytes, '\n', call->len))) {
		char *const   to = call->bytes + call->len;
		const size_t  left = sizeof(call->bytes) - call->len;
		const ssize_t n = call->tls ? gnutls_record_recv(call->tls, to, left) : recv(call->fd, to, left, 0);

		if (n <= 0)
			return false;
		call->len += (size_t)n;
	}
	const size_t size = (size_t)(end - call->bytes) + 1;

	snprintf(line, room, "%.*s", (int)(size > 1 && end[-1] == '\r' ? size - 2 : size - 1), call->bytes);
	memmove(call->bytes, call->bytes + size, call->len - size);
	call->len -= size;
	pthread_mutex_lock(&call->smtp->lock);
	buffer_print(&call->smtp->heard, "%s\n", line);
	pthread_mutex_unlock(&call->smtp->lock);
	return true;
}

static void
note_decoded(struct call *call, const char *what, const char *code)
{
	scoped_arena arena = arena_new();
	size_t       len = 0;
	const char  *plain = base64_decode(arena, text_of(code), &len);

	pthread_mutex_lock(&call->smtp->lock);
	buffer_print(&call->smtp->heard, "%s: ", what);
	for (size_t i = 0; plain && i < len; i++)
		buffer_add_byte(&call->smtp->heard, plain[i] ? plain[i] : ' ');
	buffer_add_byte(&call->smtp->heard, '\n');
	pthread_mutex_unlock(&call->smtp->lock);
}

static void
log_in(struct call *call, const char *how)
{
	char line[1024];

	if (strncmp(how, "PLAIN ", 6) == 0) {
		note_decoded(call, "plain", how + 6);
	} else if (strcmp(how, "PLAIN") == 0) {
		say(call, "334 ");
		if (hear(call, line, sizeof(line)))
			note_decoded(call, "plain", line);
	} else {
		say(call, "334 VXNlcm5hbWU6");
		if (hear(call, line, sizeof(line)))
			note_decoded(call, "user", line);
		say(call, "334 UGFzc3dvcmQ6");
		if (hear(call, line, sizeof(line)))
			note_decoded(call, "password", line);
	}
	say(call, "235 welcome");
}

static void
take_data(struct call *call)
{
	char line[4096];

	say(call, "354 go on");
	while (hear(call, line, sizeof(line)) && strcmp(line, ".") != 0)
		;
	pthread_mutex_lock(&call->smtp->lock);
	call->smtp->mails++;
	pthread_mutex_unlock(&call->smtp->lock);
	say(call, "250 taken");
}

static void
talk(struct call *call)
{
	char line[1024];

	say(call, "220 here");
	while (hear(call, line, sizeof(line))) {
		if (strncmp(line, "EHLO", 4) == 0) {
			say(call, "250-here");
			say(call, "250 AUTH LOGIN PLAIN");
		} else if (strncmp(line, "AUTH ", 5) == 0) {
			log_in(call, line + 5);
		} else if (strncmp(line, "RCPT", 4) == 0 && call->smtp->manner == SMTP_REFUSING) {
			say(call, "550 nobody of that name");
		} else if (strcmp(line, "DATA") == 0) {
			take_data(call);
		} else if (strcmp(line, "QUIT") == 0) {
			say(call, "221 bye");
			return;
		} else {
			say(call, "250 fine");
		}
	}
}

static void
make_certificate(gnutls_certificate_credentials_t credentials)
{
	gnutls_x509_privkey_t key;
	gnutls_x509_crt_t     crt;
	const time_t          now = time(NULL);

	gnutls_x509_privkey_init(&key);
	gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
	gnutls_x509_crt_init(&crt);
	gnutls_x509_crt_set_version(crt, 3);
	gnutls_x509_crt_set_serial(crt, "\1", 1);
	gnutls_x509_crt_set_activation_time(crt, now - 60);
	gnutls_x509_crt_set_expiration_time(crt, now + 3600);
	gnutls_x509_crt_set_key(crt, key);
	gnutls_x509_crt_set_dn(crt, "CN=127.0.0.1", NULL);
	CHECK_NUMBER(gnutls_x509_crt_sign2(crt, crt, key, GNUTLS_DIG_SHA256, 0), 0);
	CHECK_NUMBER(gnutls_certificate_set_x509_key(credentials, &crt, 1, key), 0);
	gnutls_x509_crt_deinit(crt);
	gnutls_x509_privkey_deinit(key);
}

static void
talk_in_secret(struct call *call)
{
	gnutls_certificate_credentials_t credentials;

	gnutls_certificate_allocate_credentials(&credentials);
	make_certificate(credentials);
	gnutls_init(&call->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL);
	gnutls_set_default_priority(call->tls);
	gnutls_credentials_set(call->tls, GNUTLS_CRD_CERTIFICATE, credentials);
	gnutls_transport_set_int(call->tls, call->fd);
	if (gnutls_handshake(call->tls) == GNUTLS_E_SUCCESS) {
		talk(call);
		gnutls_bye(call->tls, GNUTLS_SHUT_WR);
	}
	gnutls_deinit(call->tls);
	gnutls_certificate_free_credentials(credentials);
}

static void *
serve(void *context)
{
	struct smtp *smtp = context;
	struct call  call = { .smtp = smtp };

	while ((call.fd = accept(smtp->fd, NULL, NULL)) >= 0) {
		call.len = 0;
		call.tls = NULL;
		smtp->calls++;
		if (smtp->manner == SMTP_SILENT)
			while (recv(call.fd, call.bytes, sizeof(call.bytes), 0) > 0)
				;
		else if (smtp->manner == SMTP_SECURE)
			talk_in_secret(&call);
		else
			talk(&call);
		close(call.fd);
	}
	return NULL;
}

/* A socket belongs to the network that it was made in. */
static void *
make_socket(void *context)
{
	const pid_t *pid = context;
	char         path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)*pid);
	const int network = open(path, O_RDONLY | O_CLOEXEC);

	CHECK(network >= 0 && setns(network, CLONE_NEWNET) == 0);
	close(network);
	return (void *)(intptr_t)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void
start(struct smtp *smtp, enum smtp_manner manner, int fd, uint16_t port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          len = sizeof(at);

	*smtp = (struct smtp){ .fd = fd, .manner = manner };
	pthread_mutex_init(&smtp->lock, NULL);
	CHECK(bind(smtp->fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(smtp->fd, 8) == 0);
	CHECK(getsockname(smtp->fd, (struct sockaddr *)&at, &len) == 0);
	smtp->port = ntohs(at.sin_port);
	CHECK(pthread_create(&smtp->thread, NULL, serve, smtp) == 0);
}

void
smtp_start(struct smtp *smtp, enum smtp_manner manner)
{
	start(smtp, manner, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0);
}

void
smtp_start_in(struct smtp *smtp, enum smtp_manner manner, pid_t pid)
{
	smtp_start_at(smtp, manner, pid, 0);
}

void
smtp_start_at(struct smtp *smtp, enum smtp_manner manner, pid_t pid, uint16_t port)
{
	pthread_t thread;
	void     *fd = NULL;

	CHECK(pthread_create(&thread, NULL, make_socket, &pid) == 0 && pthread_join(thread, &fd) == 0);
	start(smtp, manner, (int)(intptr_t)fd, port);
}

void
smtp_stop(struct smtp *smtp)
{
	shutdown(smtp->fd, SHUT_RDWR);
	pthread_join(smtp->thread, NULL);
	close(smtp->fd);
	buffer_clear(&smtp->heard);
	pthread_mutex_destroy(&smtp->lock);
}

unsigned
smtp_mails(struct smtp *smtp)
{
	pthread_mutex_lock(&smtp->lock);
	const unsigned mails = smtp->mails;

	pthread_mutex_unlock(&smtp->lock);
	return mails;
}

bool
smtp_heard(struct smtp *smtp, const char *part)
{
	pthread_mutex_lock(&smtp->lock);
	const bool was_heard = text_contains(buffer_text(&smtp->heard), text_of(part));

	pthread_mutex_unlock(&smtp->lock);
	return was_heard;
}
