// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;

/** A key and a value on their way into the cache, with their encodings. */
public record NewEntry<K, V>(K key, EntryKey encodedKey, V value, EncodedValue encodedValue) {

  /** Returns how many bytes key and value take, encoded but not compressed. */
  public int size() {
    return encodedKey.text().length() + encodedValue.uncompressedSize();
  }
}
