/**
 * Namespaces and their versions: which versions are in force, how a clear becomes an increment, and
 * why nothing cleared ever comes back.
 *
 * <p>A {@link Namespace} is a path of {@link Level levels}, each with a version kept in memcached.
 * Items of it are read and written by a {@link VersionedBatch}: the item requests and the reads of
 * the versions travel in the same round trip, and the responses count only if the versions held.
 *
 * <p>The layout of keys is here, too. A {@link PathKey} is the stable part of a key: the names of a
 * namespace. With the versions of its levels it becomes a {@link KeyPrefix}, and with the key of an
 * entry an item key:
 *
 * <pre>
 * version key   acme/shop/orders:version
 * item key      acme/shop/orders:Zk3aB90x.Zk3aB91c.Zk3aB92-:SORDER-4711
 *               path             versions                   entry
 * </pre>
 *
 * <p>A version key has one colon and an item key two, so that the two kinds never meet.
 */
@NullMarked
package org.memjcache.internal.namespace;

import org.jspecify.annotations.NullMarked;
