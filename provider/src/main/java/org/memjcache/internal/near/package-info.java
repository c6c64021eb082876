/**
 * The near cache: copies of entries in the memory of this process, which are served for at most
 * {@code staleness} without asking memcached; and the registry by which whatever changes an entry
 * outdates all copies of it in this process.
 */
@NullMarked
package org.memjcache.internal.near;

import org.jspecify.annotations.NullMarked;
