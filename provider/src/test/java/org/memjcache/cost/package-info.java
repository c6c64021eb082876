/** What operations cost on the wire and in memory: round trips, bytes, connections, heap. */
@NullMarked
package org.memjcache.cost;

import org.jspecify.annotations.NullMarked;
