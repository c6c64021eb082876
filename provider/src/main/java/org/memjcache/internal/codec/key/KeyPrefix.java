package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * What all item keys of a namespace start with while its versions don't change: {@code
 * path:v1.v2.v3:}, the versions in base 64. The one place where item keys are made, for reading,
 * writing and listing alike.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyPrefix {

  /** Stands before a hash; never found in escaped names, versions or entry keys. */
  static final char HASH_MARK = '~';

  /** Of base64url (RFC 4648, section 5). */
  private static final char[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();

  private final PathKey path;
  private final String text;

  /** Creates a prefix of the version of each level, outermost first. */
  KeyPrefix(PathKey path, long[] versions) {
    if (versions.length != path.levels()) {
      throw new IllegalArgumentException(
          "Path " + path + " takes " + path.levels() + " versions, but got " + versions.length);
    }
    StringBuilder prefix = new StringBuilder(path.text().length() + 2 + versions.length * 12);
    prefix.append(path.text()).append(':');
    for (int i = 0; i < versions.length; i++) {
      if (versions[i] <= 0) {
        throw new IllegalArgumentException(
            "A version of " + path + " must be above zero, but is " + versions[i]);
      }
      if (i > 0) {
        prefix.append('.');
      }
      append(prefix, versions[i]);
    }
    this.path = path;
    this.text = prefix.append(':').toString();
  }

  /** Appends a number in at most 11 digits, the most significant first, without leading zeros. */
  private static void append(StringBuilder out, long number) {
    int highestBit = 63 - Long.numberOfLeadingZeros(number);
    for (int shift = highestBit / 6 * 6; shift >= 0; shift -= 6) {
      out.append(DIGITS[(int) (number >>> shift) & 63]);
    }
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
    if (text.length() + entryText.length() > ItemKey.MAX_LENGTH) {
      return new ItemKey(text + HASH_MARK + path.hash(entryText), fullKey(entryText));
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

  private static @Nullable String rest(String whole, String start) {
    return whole.startsWith(start) ? whole.substring(start.length()) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
