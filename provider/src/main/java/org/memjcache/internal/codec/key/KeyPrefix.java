package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * What all item keys of a namespace start with while its versions don't change: {@code
 * path:token:}. The one place where item keys are made, for reading, writing and listing alike.
 *
 * <p>The token is the first {@value #TOKEN_LENGTH} characters, 42 bits, of a hash of all versions.
 * So two lists of versions of one path have the same token once in 2<sup>42</sup> pairs, and then
 * their item keys are the same. What is stored under one of them is nevertheless not read under the
 * other, because the integrity tag of an envelope covers the versions in full: a checksum of 32
 * bits makes that once in 2<sup>74</sup> pairs, and a signature never.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyPrefix {

  /** Stands before a hash; never found in escaped names, tokens or entry keys. */
  static final char HASH_MARK = '~';

  private static final int TOKEN_LENGTH = 7;

  /** Of base64url (RFC 4648, section 5). */
  private static final char[] DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".toCharArray();

  private final PathKey path;
  private final String versions;
  private final String text;

  /** Creates a prefix of the version of each level, outermost first. */
  KeyPrefix(PathKey path, long[] versions) {
    if (versions.length != path.levels()) {
      throw new IllegalArgumentException(
          "Path " + path + " takes " + path.levels() + " versions, but got " + versions.length);
    }
    StringBuilder all = new StringBuilder(versions.length * 12);
    for (int i = 0; i < versions.length; i++) {
      if (versions[i] <= 0) {
        throw new IllegalArgumentException(
            "A version of " + path + " must be above zero, but is " + versions[i]);
      }
      if (i > 0) {
        all.append('.');
      }
      append(all, versions[i]);
    }
    this.path = path;
    this.versions = all.toString();
    this.text = path.text() + ':' + path.hash(this.versions).substring(0, TOKEN_LENGTH) + ':';
  }

  /** Appends a number in at most 11 digits, the most significant first, without leading zeros. */
  private static void append(StringBuilder out, long number) {
    int highestBit = 63 - Long.numberOfLeadingZeros(number);
    for (int shift = highestBit / 6 * 6; shift >= 0; shift -= 6) {
      out.append(DIGITS[(int) (number >>> shift) & 63]);
    }
  }

  /** Returns the prefix itself: at most 89 ASCII characters, the last of them a {@code :}. */
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
      return new ItemKey(text + HASH_MARK + path.hash(entryText), fullKey(entryText), versions);
    }
    String fullKey = path.isHashed() ? fullKey(entryText) : null;
    return new ItemKey(text.concat(entryText), fullKey, versions);
  }

  /**
   * Returns an item key that a key dump listed, to which the full key, if any, is still to come.
   */
  public ItemKey listed(String itemKey) {
    return new ItemKey(itemKey, null, versions);
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
