/* tests/filter_text.h: a filter written down in a few lines, for tests. */
#pragma once

#include "base/arena.h"
#include "plan/filter.h"

/*
 * One thing a line; '#' begins a comment:
 *   interface NAME DEVICE [ADDRESS/BITS...] [wan] [gateway N] [mss N] [private] [bogons] [dhcp]
 *   group NAME SEQUENCE MEMBER...
 *   gateway NAME inet|inet6 [sticky] [NUMBER:WEIGHT]...     (of several: a group; of none: all are down)
 *   alias NAME [ADDRESS | PREFIX | FIRST-LAST]...     ports NAME [PORT | FIRST-LAST]...     dynamic NAME SECONDS
 *   macs NAME ADDRESS...     (or what addresses begin with)
 *   rule pass|block|reject in|out|any [last] [on A,B] [noton A] [inet|inet6|inet46] [proto P] [from NET,..] [fromport P]
 *        [to NET,..] [port P] [icmp N,..] [icmp6 N,..] [flags SET/MASK] [sloppy] [nostate] [log] [tag T] [tagged T] [gateway NAME] [replyto N]
 *        [sequence N] [max N] [timeout N] [unreplied N] [replied N] [packets N per N] [prio N] [setprio N [setpriolow N]]
 *        [synproxy] [uuid U] [off] [pipe NAME [pipeback NAME]] ...
 *   forward on A,B inet|inet6 proto P [from NET] to NET [port P] target ADDRESS [local PORT] [pass] [register] [reflect] [nordr]
 *   outbound on A inet|inet6 [proto P] [from NET] [to NET] [port P] target interface|none|PREFIX [static]
 *   onetoone on A PREFIX internal NET [to NET] [nat] [reflect]
 *   npt on A PREFIX external PREFIX
 *   pipe NAME CLASS BYTES [source|destination] [inet6]     queue NAME PIPE CLASS [source|destination] [inet6]
 *   shape NAME in|out|any on IF [second IF] [length N] [dscp N]... and what a rule matches; before it the pipe or queue
 *   mode automatic|hybrid|manual|disabled
 *   management PORT...     nolockout     logdefault     lacks (the kernel: synproxy and time-outs)
 * NET: [!]any, self, NAME (of an interface: its networks), NAME:address, @ALIAS, an address or a prefix.
 * PORT: N, FIRST:LAST or @ALIAS. Uuids are r1, r2... unless said. A line that is wrong ends the test.
 */
struct filter *filter_text_make(struct arena *, const char *text);
/* Reads a file whole, ending in NUL; NULL when it cannot. */
char          *file_read(struct arena *, const char *path);
