/*
 * RFC 5322 with what RFC 3834 says about mail that no human wrote; libcurl speaks SMTP. Addresses and names are looked at
 * letter by letter, so that no value begins a header or command of its own.
 */
#include "proc/notify/mail.h"

#include <curl/curl.h>
#include <string.h>
#include <time.h>

#include "base/uuid.h"

#define HOST_MAX    255
#define TEXT_LINE_MAX    900 /* bytes of a line of text; RFC 5322 2.1.1 has 998 */
#define SUBJECT_MAX 200
#define AUTHORITIES "/etc/ssl/certs"

/* --- Words that may stand in commands and headers ------------------------------------------------------- */

static bool
is_made_of(struct text text, const char *others)
{
	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr(others, c))))
			return false;
	}
	return text.len > 0;
}

/* RFC 5322 atoms with dots; quoted names are as good as never used and not worth the risk. */
static bool
is_address(struct text address)
{
	struct text       domain = address;
	const struct text local = text_until(&domain, '@');

	return address.len <= MAIL_ADDRESS_MAX && local.len < address.len && local.ptr[0] != '-' &&
	       is_made_of(local, ".!#$%&'*+/=?^_`{|}~-") && is_made_of(domain, ".-[]:");
}

/* The n-th recipient; false: there are no more, or it is none that can be written to (*is_bad). */
static bool
next_recipient(struct text *rest, size_t n, struct text *one, bool *is_bad)
{
	if (!text_next(rest, ",", one))
		return false;
	*one = text_trim(*one);
	*is_bad |= n == MAIL_TO_MAX || !is_address(*one);
	return !*is_bad;
}

/* --- The message -------------------------------------------------------------------------------------------- */

/* Printable, on one line; what is not ASCII only where it may be. */
static void
add_line(struct buffer *out, struct text line, size_t max, bool is_ascii)
{
	for (size_t i = 0; i < line.len && i < max; i++) {
		const unsigned char c = (unsigned char)line.ptr[i];

		buffer_add_byte(out, c < ' ' || c == 127 || (is_ascii && c > 127) ? '?' : line.ptr[i]);
	}
	buffer_add_string(out, "\r\n");
}

static void
add_date(struct buffer *out, int64_t seconds)
{
	static const char *const days[] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	const time_t             time = (time_t)seconds;
	struct tm                at;

	gmtime_r(&time, &at);
	buffer_print(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", days[at.tm_wday], at.tm_mday, months[at.tm_mon],
		     at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

bool
mail_write(struct buffer *out, const struct mail *mail)
{
	struct text rest = text_of(mail->to), one;
	bool        is_bad = !is_address(text_of(mail->from)) || !is_made_of(text_of(mail->host), ".-");
	size_t      n = 0;

	if (is_bad)
		return false;
	buffer_print(out, "From: <%s>\r\nTo: ", mail->from);
	for (; next_recipient(&rest, n, &one, &is_bad); n++)
		buffer_print(out, "%s<%.*s>", n ? ",\r\n " : "", TEXT_ARGS(one));
	if (is_bad || n == 0)
		return false;
	buffer_add_string(out, "\r\nSubject: ");
	add_line(out, text_of(mail->subject), SUBJECT_MAX, true);
	add_date(out, mail->time);
	buffer_print(out,
		     "Message-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
		     "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
		     uuid_new().text, mail->host);
	rest = mail->text;
	while (text_next(&rest, "\n", &one))
		add_line(out, one, TEXT_LINE_MAX, false);
	return true;
}

/* --- Handing it over -------------------------------------------------------------------------------------------- */

static size_t
give(char *bytes, size_t size, size_t count, void *context)
{
	struct text *left = context;
	const size_t n = left->len < size * count ? left->len : size * count;

	if (n > 0)
		memcpy(bytes, left->ptr, n);
	*left = text_after(*left, n);
	return n;
}

/* Asked about every second, and more often. */
static int
is_called_off(void *context, curl_off_t all_down, curl_off_t down, curl_off_t all_up, curl_off_t up)
{
	const struct mail *mail = context;

	(void)all_down, (void)down, (void)all_up, (void)up;
	return mail->stop && atomic_load(mail->stop);
}

/* Behind the path is what we say that we are called. NULL: that is no server. */
static const char *
url_of(struct arena *arena, const struct mail *mail)
{
	const struct text server = text_of(mail->server);
	const bool        is_inet6 = memchr(server.ptr, ':', server.len) != NULL;
	const unsigned    port = mail->port ? mail->port : mail->tls ? 465 : 25;

	if (!is_made_of(server, ".-_:") || server.len > HOST_MAX)
		return NULL;
	return arena_print(arena, "%s://%s%s%s:%u/%s", mail->tls ? "smtps" : "smtp", is_inet6 ? "[" : "", mail->server,
			   is_inet6 ? "]" : "", port, mail->host);
}

static struct curl_slist *
recipients_of(struct arena *arena, const struct mail *mail)
{
	struct curl_slist *list = NULL;
	struct text        rest = text_of(mail->to), one;
	bool               is_bad = false;

	for (size_t n = 0; next_recipient(&rest, n, &one, &is_bad); n++)
		list = curl_slist_append(list, arena_print(arena, "<%.*s>", TEXT_ARGS(one)));
	return list;
}

static void
set_trust(CURL *curl, const struct mail *mail)
{
	curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, mail->verify ? 1L : 0L);
	curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, mail->verify ? 2L : 0L);
	curl_easy_setopt(curl, CURLOPT_CAPATH, AUTHORITIES);
	if (!*mail->user)
		return;
	curl_easy_setopt(curl, CURLOPT_USERNAME, mail->user);
	curl_easy_setopt(curl, CURLOPT_PASSWORD, mail->password);
	curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, strcmp(mail->mechanism, "LOGIN") == 0 ? "AUTH=LOGIN" : "AUTH=PLAIN");
}

static void
set_limits(CURL *curl, const struct mail *mail)
{
	const long asked = mail->seconds > 0 ? mail->seconds : MAIL_SECONDS;
	const long seconds = asked < MAIL_SECONDS_MAX ? asked : MAIL_SECONDS_MAX;

	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(curl, CURLOPT_PROXY, "");
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds);
	curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_called_off);
	curl_easy_setopt(curl, CURLOPT_XFERINFODATA, mail);
}

const char *
mail_send(struct arena *arena, const struct mail *mail)
{
	const char   *url = url_of(arena, mail);
	scoped_buffer message = BUFFER_NONE;
	char          why[CURL_ERROR_SIZE] = "";

	if (!url)
		return "the server is no name or address of a host";
	if (!mail_write(&message, mail))
		return "the sender or a recipient is no address";
	CURL              *curl = curl_easy_init();
	struct curl_slist *recipients = recipients_of(arena, mail);
	struct text        left = buffer_text(&message);

	if (!curl) {
		curl_slist_free_all(recipients);
		return "libcurl does not start";
	}
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_MAIL_FROM, arena_print(arena, "<%s>", mail->from));
	curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients);
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(curl, CURLOPT_READDATA, &left);
	curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
	set_limits(curl, mail);
	set_trust(curl, mail);
	const CURLcode code = curl_easy_perform(curl);

	curl_slist_free_all(recipients);
	curl_easy_cleanup(curl);
	if (code == CURLE_OK)
		return NULL;
	return why[0] ? arena_copy(arena, text_of(why)) : curl_easy_strerror(code);
}
