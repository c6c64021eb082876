// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.entry;

import org.memjcache.internal.codec.key.EntryKey;

/** A key, and what one read saw of its entry. */
public record SeenEntry<K, V>(K key, EntryKey encodedKey, Snapshot<V> snapshot) {}
