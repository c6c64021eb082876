/**
 * What is asked of memcached, and the client library behind it.
 *
 * <p>The way through this package, from the caller's side: {@link org.memjcache.store.Clusters}
 * hands out a {@link org.memjcache.store.ClusterLease lease} on the one {@link
 * org.memjcache.store.Cluster} for given {@link org.memjcache.store.ClusterSettings settings}; the
 * cluster tells which server has a key and makes {@link org.memjcache.store.Trip trips}; a trip
 * carries {@link org.memjcache.store.Request requests} to one or more servers and brings back their
 * answers. Every failure is a {@link org.memjcache.store.StoreException}.
 *
 * <p>No class of xmemcached is named outside this package. The bytes on the wire follow memcached's
 * text protocol as written down in its {@code doc/protocol.txt}.
 */
@NullMarked
package org.memjcache.store;

import org.jspecify.annotations.NullMarked;
