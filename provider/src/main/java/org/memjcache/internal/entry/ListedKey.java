package org.memjcache.internal.entry;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.envelope.VerifiedEnvelope;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.namespace.KeyPrefix;
import org.memjcache.internal.operation.CacheContext;

/**
 * The key of an entry that a key dump listed.
 *
 * <p>Whoever can write to memcached can put an item among a cache's that has any key: of a class
 * that isn't there or isn't allowed, of another type than the cache's keys, or of none. Such an
 * item is counted and logged once, with its reason, and is no entry: one item must not keep
 * everybody from iterating.
 *
 * @param key the key
 * @param encoded its encoding, which leads to the item that was listed
 */
record ListedKey<K>(K key, EntryKey encoded) {

  /**
   * Reads a key.
   *
   * @param prefix of the versions under which it was listed
   * @param itemKey the key of the item, for the log
   * @param envelope what {@code openListed} returned for the item
   * @return the key; null if it can't be read or isn't one of this cache's
   */
  static <K> @Nullable ListedKey<K> read(
      CacheContext<K, ?> parts, KeyPrefix prefix, String itemKey, VerifiedEnvelope envelope) {
    EntryKey listed = prefix.entryKey(envelope.key());
    if (listed == null) {
      return skip(
          parts, itemKey, "it belongs to no entry of this cache, or its full key is missing");
    }
    String text = listed.text();
    String why;
    try {
      if (!EntryKeyCodec.mayBe(text, parts.types().keyType())) {
        return skip(parts, itemKey, "it is of another type than " + typeOfKeys(parts));
      }
      Object key = parts.keys().decode(text);
      if (parts.types().isKey(key)) {
        EntryKey encoded = parts.keys().encode(key);
        if (encoded.text().equals(text)) {
          @SuppressWarnings("unchecked")
          K typed = (K) key;
          return new ListedKey<>(typed, encoded);
        }
        why = "no get would ever ask for it: made by hand";
      } else {
        why = "it is of type " + key.getClass().getName() + " and not " + typeOfKeys(parts);
      }
    } catch (RuntimeException | LinkageError e) { // of the application's classes, too
      why = e.toString();
    }
    return skip(parts, itemKey, why);
  }

  private static String typeOfKeys(CacheContext<?, ?> parts) {
    return parts.types().keyType().getName()
        + ", the type of the cache's keys; perhaps another process uses the cache with other types";
  }

  private static <K> @Nullable ListedKey<K> skip(
      CacheContext<K, ?> parts, String itemKey, String why) {
    parts.envelopes().logUnreadableKey(itemKey, why);
    return null;
  }
}
