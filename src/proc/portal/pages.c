/* Our own page is one file: a form, and a script that asks what upstream's templates ask, too. */
#include "proc/portal/pages.h"

#include <string.h>

#include "api/portal/template.h"
#include "base/archive.h"
#include "schema/record.h"

static const char index_html[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Log on</title>\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<style>body{font-family:sans-serif;max-width:22em;margin:4em auto;padding:0 1em}"
	"input,button{display:block;width:100%;box-sizing:border-box;margin:.5em 0;padding:.6em;font-size:1em}"
	"[hidden]{display:none}</style></head><body>\n"
	"<h1>Network access</h1><p id=\"state\" role=\"status\">One moment.</p>\n"
	"<form id=\"logon\" hidden><div id=\"who\" hidden>"
	"<label>User name <input id=\"user\" autocomplete=\"username\"></label>"
	"<label>Password <input id=\"password\" type=\"password\" autocomplete=\"current-password\"></label></div>"
	"<button>Log on</button></form>\n"
	"<form id=\"logoff\" hidden><button>Log off</button></form>\n"
	"<script>\n"
	"'use strict';\n"
	"const at = id => document.getElementById(id);\n"
	"async function ask(what, fields) {\n"
	"  const answer = await fetch('/api/captiveportal/access/' + what + '/',\n"
	"    fields ? { method: 'POST', body: new URLSearchParams(fields) } : {});\n"
	"  return answer.json();\n"
	"}\n"
	"async function look(failed) {\n"
	"  const now = await ask('status'), is_on = now.clientState === 'AUTHORIZED';\n"
	"  at('state').textContent = is_on ? 'You are connected.' : failed ? 'That did not work.' : 'Log on to be connected.';\n"
	"  at('logon').hidden = is_on;\n"
	"  at('logoff').hidden = !is_on || !now.sessionId;\n"
	"  at('who').hidden = now.authType !== 'normal';\n"
	"}\n"
	"at('logon').onsubmit = async event => {\n"
	"  event.preventDefault();\n"
	"  const now = await ask('logon', { user: at('user').value, password: at('password').value });\n"
	"  look(now.clientState !== 'AUTHORIZED');\n"
	"};\n"
	"at('logoff').onsubmit = async event => { event.preventDefault(); await ask('logoff', {}); look(false); };\n"
	"look(false);\n"
	"</script></body></html>\n";

static const struct page own[] = {
	{ "index.html", "text/html; charset=utf-8", { index_html, sizeof(index_html) - 1 } },
};

struct pages
pages_own(void)
{
	return (struct pages){ own, sizeof(own) / sizeof(own[0]) };
}

static const char *
page_type(const char *path)
{
	static const struct {
		const char *end, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" }, { ".htm", "text/html; charset=utf-8" }, { ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" }, { ".json", "application/json" }, { ".txt", "text/plain; charset=utf-8" },
		{ ".svg", "image/svg+xml" }, { ".png", "image/png" }, { ".jpg", "image/jpeg" }, { ".jpeg", "image/jpeg" },
		{ ".gif", "image/gif" }, { ".ico", "image/x-icon" }, { ".webp", "image/webp" }, { ".woff", "font/woff" },
		{ ".woff2", "font/woff2" }, { ".ttf", "font/ttf" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (text_ends(text_of(path), text_of(types[i].end)))
			return types[i].type;
	return "application/octet-stream";
}

bool
pages_read(struct arena *arena, const struct record *template, struct pages *out, const char **why)
{
	struct unzip_file *files;
	size_t             count;

	if (template_unpack(arena, record_text(template, "content"), &files, &count, why) != RESULT_DONE)
		return false;
	struct page *list = ARENA_MAKE(arena, struct page, count + 1);

	for (size_t i = 0; i < count; i++)
		list[i] = (struct page){ files[i].name, page_type(files[i].name), files[i].content };
	*out = (struct pages){ list, count };
	return true;
}

static const struct page *
find(const struct pages *pages, struct text path)
{
	for (size_t i = 0; i < pages->count; i++)
		if (text_is(path, pages->list[i].path))
			return &pages->list[i];
	return NULL;
}

const struct page *
pages_find(const struct pages *pages, struct text path)
{
	const struct pages ours = pages_own();
	const struct text  name = path.len > 0 ? path : TEXT("index.html");
	const struct page *page = find(pages, name);

	return page ? page : find(&ours, name);
}

struct text
pages_packed(struct arena *arena, const struct record *template, int64_t now)
{
	const struct pages ours = pages_own();
	struct pages       theirs = { NULL, 0 };
	scoped_buffer      bytes = BUFFER_NONE;
	struct zip         zip = { .out = &bytes };
	const char        *why;

	if (template)
		pages_read(arena, template, &theirs, &why);
	for (size_t i = 0; i < theirs.count; i++)
		zip_add(&zip, theirs.list[i].path, theirs.list[i].content, now);
	for (size_t i = 0; i < ours.count; i++)
		if (!find(&theirs, text_of(ours.list[i].path)))
			zip_add(&zip, ours.list[i].path, ours.list[i].content, now);
	zip_finish(&zip);
	return (struct text){ arena_copy(arena, buffer_text(&bytes)), bytes.len };
}
