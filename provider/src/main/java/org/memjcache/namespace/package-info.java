/**
 * Namespaces and their versions: what is in force, how a clear becomes an increment, and why
 * nothing cleared ever comes back.
 *
 * <p>A {@link org.memjcache.namespace.Namespace} is a path of {@link org.memjcache.namespace.Level
 * levels}, each with a version kept in memcached. Whoever wants items of it makes an {@link
 * org.memjcache.namespace.Attempt}: the item requests and the reads of the versions travel in the
 * same round trip, and the answers count only if the versions held.
 */
@NullMarked
package org.memjcache.namespace;

import org.jspecify.annotations.NullMarked;
