/* Few pages, each whole in memory. */
#include "dialect/pfsense/openapi/page.h"

#include <pthread.h>

#include "dialect/pfsense/login.h"
#include "dialect/pfsense/openapi/document.h"
#include "dialect/pfsense/openapi/packed.h"

#define PREFIX     "/api/documentation"
#define PRIVILEGES "page-all page-system-api"

/* Nothing from elsewhere; the viewer sets styles of its own and draws with data: images. */
#define POLICY                                                                                   \
	"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "              \
	"img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

#define HEAD "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Drawbridge: pfSense-API v1</title>\n"

static const char viewer[] = HEAD
	"<link rel=\"stylesheet\" href=\"swagger-ui.css\">\n<div id=\"viewer\"></div>\n"
	"<script src=\"swagger-ui-bundle.js\"></script>\n<script src=\"start.js\"></script>\n</html>\n";

static const char without_viewer[] = HEAD
	"<p>The viewer is missing: npm's package swagger-ui-dist was not there when this program was built. script/bootstrap "
	"installs it; then build again.</p>\n<p>The description itself is here: <a href=\"openapi.json\">openapi.json</a> "
	"(OpenAPI 3.1).</p>\n</html>\n";

static const char start[] =
	"SwaggerUIBundle({ url: location.origin + location.pathname + 'openapi.json', dom_id: '#viewer',\n"
	"\tvalidatorUrl: null, deepLinking: true, docExpansion: 'none', filter: true });\n";

/* Made when first asked for; never changes. */
static struct {
	pthread_once_t once;
	struct buffer  text;
} document = { .once = PTHREAD_ONCE_INIT };

static void
print_document(void)
{
	openapi_print(&document.text);
}

static const struct packed *
packed_find(struct text name)
{
	for (const struct packed *packed = packed_files; packed->name; packed++)
		if (text_is(name, packed->name))
			return packed;
	return NULL;
}

/* --- answers --------------------------------------------------------------------------------------------- */

static enum step
answer(struct request *request, unsigned status, const char *type, struct text body)
{
	reply_reset(request);
	request->reply.status = status;
	request->reply.content_type = type;
	reply_header(request, "X-Content-Type-Options", "nosniff");
	reply_header(request, "Referrer-Policy", "no-referrer");
	reply_header(request, "Content-Security-Policy", POLICY);
	buffer_add(&request->reply.body, body);
	return STEP_ANSWER;
}

static enum step
answer_words(struct request *request, unsigned status, const char *words)
{
	return answer(request, status, "text/plain; charset=utf-8", text_of(words));
}

static enum step
redirect(struct request *request, const char *where)
{
	answer_words(request, 302, "");
	reply_header(request, "Location", where);
	return STEP_ANSWER;
}

static const char *
type_of(struct text name)
{
	if (text_ends(name, TEXT(".js")))
		return "text/javascript; charset=utf-8";
	if (text_ends(name, TEXT(".css")))
		return "text/css; charset=utf-8";
	return "text/plain; charset=utf-8";
}

static enum step
answer_packed(struct request *request, const struct packed *packed)
{
	if (text_is(request->header(request, "If-None-Match"), packed->tag))
		answer(request, 304, NULL, TEXT_NONE);
	else
		answer(request, 200, type_of(text_of(packed->name)),
		       (struct text){ packed->bytes, (size_t)(packed->end - packed->bytes) });
	reply_header(request, "ETag", packed->tag);
	reply_header(request, "Cache-Control", "private, no-cache");
	return STEP_ANSWER;
}

/* --- who may --------------------------------------------------------------------------------------------- */

static enum step
ask_for_login(struct request *request)
{
	answer_words(request, 401, "Name and password, please.\n");
	reply_header(request, "WWW-Authenticate", "Basic realm=\"Drawbridge\", charset=\"UTF-8\"");
	return STEP_ANSWER;
}

/* True when the caller may go on; else *step is what serve() gives. */
static bool
admit(struct request *request, enum step *step)
{
	if (!request->header(request, "Authorization").ptr) {
		*step = ask_for_login(request);
		return false;
	}
	request->caller = ARENA_MAKE(request->arena, struct caller, 1);
	switch (login_by_password(request)) {
	case AUTH_SLOW:
		*step = move_to(request, LANE_SLOW);
		return false;
	case AUTH_NO:
		login_failed(request, settings_of(request));
		*step = ask_for_login(request);
		return false;
	case AUTH_OK:
		break;
	}
	if (caller_may_read_any(request->caller, PRIVILEGES))
		return true;
	*step = redirect(request, "/");
	return false;
}

static enum step
serve(struct request *request)
{
	const struct text    rest = text_after(request->path, strlen(PREFIX)), name = text_after(rest, 1);
	const struct packed *packed = packed_find(name);
	enum step            step;

	if (request->method != METHOD_GET && request->method != METHOD_HEAD) {
		answer_words(request, 405, "Only to be read.\n");
		reply_header(request, "Allow", "GET, HEAD");
		return STEP_ANSWER;
	}
	if (!admit(request, &step))
		return step;
	if (rest.len == 0)
		return redirect(request, PREFIX "/");
	if (name.len == 0)
		return answer(request, 200, "text/html; charset=utf-8",
			      packed_find(TEXT("swagger-ui-bundle.js")) ? text_of(viewer) : text_of(without_viewer));
	if (text_is(name, "openapi.json")) {
		pthread_once(&document.once, print_document);
		return answer(request, 200, "application/json", buffer_text(&document.text));
	}
	if (text_is(name, "start.js"))
		return answer(request, 200, type_of(name), text_of(start));
	return packed ? answer_packed(request, packed) : answer_words(request, 404, "Not found\n");
}

static void
failed(struct request *request, enum result result, const char *message)
{
	(void)result;
	answer_words(request, 503, message);
}

/* None of a contract's. */
static const char *
endpoint_of(const struct request *request)
{
	(void)request;
	return NULL;
}

const struct dialect_server documentation = {
	.name = "documentation",
	.prefix = PREFIX,
	.serve = serve,
	.failed = failed,
	.endpoint = endpoint_of,
};
