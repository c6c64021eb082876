package org.memjcache.internal.entry;

import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.value.EncodedValue;

/** A key and a value on their way into the cache, with their encodings. */
public record NewEntry<K, V>(K key, EntryKey encodedKey, V value, EncodedValue encodedValue) {}
