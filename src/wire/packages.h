/* wire/packages.h: what the gate may have done with the packages of the machine. */
#pragma once

#include <stddef.h>

enum package_action {
	PACKAGE_CHECK,      /* fetch the lists and say what there is to upgrade */
	PACKAGE_AUDIT,      /* what there is to upgrade, by the lists that are here */
	PACKAGE_HEALTH,     /* are installed files as they came? */
	PACKAGE_CONNECTION, /* do the sources answer? */
	PACKAGE_CLEANUP,    /* throw away what was fetched */
	PACKAGE_INSTALL,    /* these five want a name */
	PACKAGE_REINSTALL,
	PACKAGE_REMOVE,
	PACKAGE_LOCK,
	PACKAGE_UNLOCK,
	PACKAGE_UPDATE,     /* without removing anything */
	PACKAGE_UPGRADE,
	PACKAGE_ACTIONS
};

/* A word for logs and clients: "check". */
#define PACKAGE_WORDS \
	{ "check", "audit", "health", "connection", "cleanup", "install", "reinstall", "remove", "lock", "unlock", \
	  "update", "upgrade" }

enum package_state {
	PACKAGE_NEVER, /* no job was begun since the keeper runs */
	PACKAGE_RUNNING,
	PACKAGE_DONE,
	PACKAGE_FAILED,
	PACKAGE_STATES
};

enum package_file {
	PACKAGE_FILE_INSTALLED, /* dpkg's list */
	PACKAGE_FILE_AUTOMATIC, /* apt's list of what came along */
	PACKAGE_FILE_REBOOT,    /* is there when somebody asked for a reboot */
	PACKAGE_FILE_COPYRIGHT, /* of one package; the only one that wants a name */
	PACKAGE_FILES
};

#define PACKAGE_NAME_MAX 128                       /* bytes; see package_name_is_valid() */
#define PACKAGE_LOG_MAX  ((size_t)2 * 1024 * 1024) /* bytes of a job's log: the rest is left out */
#define PACKAGE_FILE_MAX ((size_t)64 * 1024 * 1024)
