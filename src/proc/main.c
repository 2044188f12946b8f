/* drawbridged: the keeper, which starts itself a second time as the gate. */
#include "proc/role.h"

int
main(int argc, char *argv[])
{
	return role_play(argc, argv, gate_run);
}
