package org.memjcache.internal.namespace;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;

/**
 * What all item keys of a namespace start with while its versions don't change: {@code
 * path:v1.v2.v3:}, the versions in base 64.
 *
 * <p>Made by {@link PathKey#prefix}. The one place where item keys are made, for reading, writing
 * and listing alike.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyPrefix {

  /** The longest key memcached takes, in bytes (protocol.txt, "Keys"). */
  static final int MAX_KEY = 250;

  /** Stands before a hash; never found in escaped names, versions or entry keys. */
  static final char HASH_MARK = '~';

  private final PathKey path;
  private final String text;
  private final KeyHash hash;

  KeyPrefix(PathKey path, String text, KeyHash hash) {
    this.path = path;
    this.text = text;
    this.hash = hash;
  }

  /** Returns the prefix itself: at most 188 ASCII characters, the last of them a {@code :}. */
  public String text() {
    return text;
  }

  /**
   * Returns the memcached key of an entry, with the full key wherever path or entry are hashed. The
   * entry's text follows the prefix if all fits in 250 bytes, else {@code ~} and a hash of it.
   */
  public ItemKey itemKey(EntryKey entry) {
    String entryText = entry.text();
    if (text.length() + entryText.length() > MAX_KEY) {
      return new ItemKey(text + HASH_MARK + hash.hash(entryText), fullKey(entryText));
    }
    return new ItemKey(text.concat(entryText), path.isHashed() ? fullKey(entryText) : null);
  }

  private String fullKey(String entryText) {
    return path.canonical() + ':' + entryText;
  }

  /**
   * Returns the entry that has an item key, as a key dump and the envelope give it: the reverse of
   * {@link #itemKey}.
   *
   * @return null if no entry of this path under these versions has this item key
   */
  public @Nullable EntryKey entryKey(ItemKey found) {
    String entryText =
        found.fullKey() == null
            ? rest(found.text(), text)
            : rest(found.fullKey(), path.canonical() + ':');
    if (entryText == null || entryText.isEmpty() || entryText.charAt(0) == HASH_MARK) {
      return null;
    }
    EntryKey entry = new EntryKey(entryText);
    return itemKey(entry).equals(found) ? entry : null;
  }

  /** Returns what follows the start of a text, or null if it starts otherwise. */
  private static @Nullable String rest(String whole, String start) {
    return whole.startsWith(start) ? whole.substring(start.length()) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
