/**
 * The keys of memcached: keys of entries to text and back, which classes can be keys, and how the
 * path of a namespace and its versions become part of them.
 *
 * <p>A {@link PathKey} is the stable part of a key: the names of a namespace. With the versions of
 * its levels it becomes a {@link KeyPrefix}, and with the {@link EntryKey} an {@link ItemKey}:
 *
 * <pre>
 * version keys  acme:version, acme/shop:version, acme/shop/orders:cache
 * item key      acme/shop/orders:fTz3_0b:SORDER-4711
 *               path             versions entry
 * </pre>
 *
 * <p>A version key has one colon and an item key two, so that the two kinds never meet.
 */
@NullMarked
package org.memjcache.internal.codec.key;

import org.jspecify.annotations.NullMarked;
