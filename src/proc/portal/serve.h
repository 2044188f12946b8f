/* proc/portal/serve.h: what clients of a zone ask over HTTP. */
#pragma once

struct http_exchange;

/* For http_setup.handler. The context is the struct portal_listener. */
void portal_serve(void *listener, struct http_exchange *);
