/**
 * Namespaces and their versions: which versions are in force, how a clear becomes an increment, and
 * why nothing cleared ever comes back.
 *
 * <p>A {@link Namespace} is a path of levels. Each server has a {@link Shard} of it: entries, and a
 * version for each {@link Level}. Entries are read and written by a {@link VersionedBatch}: the
 * item requests and the reads of the versions travel to the server in the same round trip, and the
 * responses count only if the versions held.
 */
@NullMarked
package org.memjcache.internal.namespace;

import org.jspecify.annotations.NullMarked;
