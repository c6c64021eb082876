/**
 * While servers are down, slow, restarted or full, callers get an error or a miss in time, and
 * afterwards nothing stale is seen and nothing is left behind.
 */
@NullMarked
package org.memjcache.outage;

import org.jspecify.annotations.NullMarked;
