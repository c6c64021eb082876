/**
 * What a cache shows of itself: its counters, its configuration, and their place on the platform's
 * MBean server.
 *
 * <p>Statistics count what this process did through its own manager; other processes that share the
 * memcached servers count for themselves.
 */
@NullMarked
package org.memjcache.management;

import org.jspecify.annotations.NullMarked;
