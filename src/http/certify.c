/*
 * The pair of certificate and key that handshakes use. It can be exchanged while connections come
 * in: an old pair stays in memory, because nobody tells when the last handshake is through with it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "http/certificate.h"
#include "http/connection.h"

static bool
load_pair(struct certified *pair, const char *certificate, const char *key, struct arena *arena,
	  const char **message)
{
	const gnutls_datum_t certificate_pem = { (void *)certificate,
						 (unsigned)strlen(certificate) };
	const gnutls_datum_t key_pem = { (void *)key, (unsigned)strlen(key) };
	int                  error;

	pair->nchain = CERTIFICATE_CHAIN_MAX;
	error = gnutls_pcert_list_import_x509_raw(pair->chain, &pair->nchain, &certificate_pem,
						  GNUTLS_X509_FMT_PEM, 0);
	if (error < 0) {
		pair->nchain = 0;
		*message = arena_print(arena, "certificate: %s", gnutls_strerror(error));
		return false;
	}
	error = gnutls_privkey_import_x509_raw(pair->key, &key_pem, GNUTLS_X509_FMT_PEM, NULL, 0);
	if (error < 0)
		*message = arena_print(arena, "key: %s", gnutls_strerror(error));
	return error >= 0;
}

struct certified *
certified_new(const char *certificate, const char *key, struct arena *arena, const char **message)
{
	if (certificate_check(certificate, key, arena, message) != RESULT_DONE)
		return NULL;

	struct certified *const pair = calloc(1, sizeof(*pair));

	BUG_IF(!pair, "out of memory");
	pair->chain = calloc(CERTIFICATE_CHAIN_MAX, sizeof(*pair->chain));
	BUG_IF(!pair->chain || gnutls_privkey_init(&pair->key) < 0, "out of memory");
	if (load_pair(pair, certificate, key, arena, message))
		return pair;
	certified_free(pair);
	return NULL;
}

void
certified_free(struct certified *pair)
{
	while (pair) {
		struct certified *const older = pair->older;

		for (unsigned i = 0; i < pair->nchain; i++)
			gnutls_pcert_deinit(&pair->chain[i]);
		free(pair->chain);
		gnutls_privkey_deinit(pair->key);
		free(pair);
		pair = older;
	}
}

int
certified_pick(gnutls_session_t session, const gnutls_datum_t *issuers, int nissuers,
	       const gnutls_pk_algorithm_t *algorithms, int nalgorithms, gnutls_pcert_st **chain,
	       unsigned *nchain, gnutls_privkey_t *key)
{
	struct MHD_Connection *const   mhd = gnutls_session_get_ptr(session);
	const struct connection *const connection =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
	struct certified *const pair =
		atomic_load_explicit(&connection->server->certified, memory_order_acquire);

	(void)issuers, (void)nissuers, (void)algorithms, (void)nalgorithms;
	*chain = pair->chain;
	*nchain = pair->nchain;
	*key = pair->key;
	return 0;
}

enum result
http_server_certify(struct http_server *server, const char *certificate, const char *key,
		    struct arena *arena, const char **message)
{
	struct certified *const pair = certified_new(certificate, key, arena, message);

	if (!pair)
		return RESULT_INVALID;
	pthread_mutex_lock(&server->certify_lock);
	pair->older = atomic_load_explicit(&server->certified, memory_order_relaxed);
	atomic_store_explicit(&server->certified, pair, memory_order_release);
	pthread_mutex_unlock(&server->certify_lock);
	return RESULT_DONE;
}
