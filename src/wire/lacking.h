/* wire/lacking.h: what a kernel may lack that rules ask for. */
#pragma once

enum filter_feature {
	FILTER_SYNPROXY = 1, /* answering handshakes */
	FILTER_TIMEOUTS = 2, /* of the connections of a rule */
};
