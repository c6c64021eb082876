// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.namespace.Versions;

/**
 * Reads the entries that a key dump listed.
 *
 * <p>Any program that can write to memcached can put an item among those of a cache that has any
 * key: of a class that isn't there or isn't allowed, of another type than the cache's keys, or of
 * none. Such an item is counted and logged once, with its reason, and is no entry: one item must
 * not keep everybody from iterating.
 */
final class ListedKeys<K, V> {

  private final EntryKeyCodec keys;
  private final Class<K> keyType;
  private final ValueReader<V> values;

  ListedKeys(EntryKeyCodec keys, Class<K> keyType, ValueReader<V> values) {
    this.keys = keys;
    this.keyType = keyType;
    this.values = values;
  }

  /** Returns the entry, live or dead, that an item is; null if it is none of this cache. */
  @Nullable SeenEntry<K, V> read(Versions versions, ItemKey listed, Item item) {
    if (!(values.envelopes().openListed(listed, item.flags(), item.data())
        instanceof VerifiedEnvelope envelope)) {
      return null;
    }
    EntryKey entry = versions.prefix().entryKey(envelope.key());
    String itemKey = listed.text();
    if (entry == null) {
      return skip(itemKey, "it belongs to no entry of this cache, or its full key is missing");
    }
    String text = entry.text();
    String why;
    try {
      if (!EntryKeyCodec.mayBe(text, keyType)) {
        return skip(itemKey, "it is of another type than " + describeType());
      }
      Object key = keys.decode(text);
      if (keyType.isInstance(key)) {
        EntryKey encoded = keys.encode(key);
        if (encoded.text().equals(text)) {
          return new SeenEntry<>(
              keyType.cast(key),
              encoded,
              Snapshot.of(envelope, envelope.key(), versions, item.token(), values, true));
        }
        why = "no get would ever ask for it: it was not written by MemJCache";
      } else {
        why = "it is of type " + key.getClass().getName() + " and not " + describeType();
      }
    } catch (RuntimeException | LinkageError e) { // of the application's classes, too
      why = e.toString();
    }
    return skip(itemKey, why);
  }

  private String describeType() {
    return keyType.getName()
        + ", the type of the cache's keys; perhaps another process uses the cache with other types";
  }

  private @Nullable SeenEntry<K, V> skip(String itemKey, String why) {
    values.envelopes().logUnreadableKey(itemKey, why);
    return null;
  }
}
