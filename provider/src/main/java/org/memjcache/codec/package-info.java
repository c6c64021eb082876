/**
 * Keys and values to bytes and back; knows nothing of caches, versions or servers.
 *
 * <h2>Keys</h2>
 *
 * <p>A {@link org.memjcache.codec.PathKey} is the stable part of a key: the names of a namespace.
 * With the versions of its levels it becomes a {@link org.memjcache.codec.KeyPrefix}, and with the
 * {@link org.memjcache.codec.EntryKey} of one entry an {@link org.memjcache.codec.ItemKey}:
 *
 * <pre>
 * version key   acme/shop/orders:version
 * item key      acme/shop/orders:Zk3aB90x.Zk3aB91c.Zk3aB92-:SORDER-4711
 *               path             versions                   entry
 * </pre>
 *
 * <p>A version key has one colon and an item key two, so that the two kinds never meet. Different
 * namespaces, versions and entries never share an item key while the key is readable. A key that is
 * too long is hashed, and its envelope then carries the full key, which is compared on every read.
 *
 * <h2>Values</h2>
 *
 * <p>An {@link org.memjcache.codec.Envelope} is what memcached keeps for one entry: client flags
 * that name the format, and bytes with the deadline, a checksum and the payload. {@link
 * org.memjcache.codec.EnvelopeCodec} seals and opens it. Common types have compact encodings of
 * their own, all others go through the {@link org.memjcache.codec.Serializer}.
 */
@NullMarked
package org.memjcache.codec;

import org.jspecify.annotations.NullMarked;
