// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What all item keys of a namespace start with while its versions don't change: {@code
 * path:token:}. The one place where item keys are made, for reading, writing and listing alike.
 *
 * <p>The token is the first {@value #TOKEN_LENGTH} characters, 42 bits, of a hash of all versions
 * (in decimal, with dots between them). So two lists of versions of one path have the same token
 * once in 2<sup>42</sup> pairs, and then their item keys are the same. What is stored under one of
 * them is nevertheless not read under the other, because the integrity tag of an envelope covers
 * the versions in full: a checksum of 32 bits makes that once in 2<sup>74</sup> pairs, and a
 * signature never.
 *
 * <p>Immutable and thread-safe.
 */
public final class KeyPrefix {

  /** Stands before a hash; never found in escaped names, tokens or entry keys. */
  static final char HASH_MARK = '~';

  static final int TOKEN_LENGTH = 7;

  private final PathKey path;
  private final long[] versions;
  private final String text;

  /** Creates a prefix of the version of each level, outermost first. */
  KeyPrefix(PathKey path, long[] versions) {
    if (versions.length != path.levels()) {
      throw new IllegalArgumentException(
          "Path " + path + " takes " + path.levels() + " versions, but got " + versions.length);
    }
    for (long version : versions) {
      if (version <= 0) {
        throw new IllegalArgumentException(
            "A version of " + path + " must be above zero, but is " + version);
      }
    }
    this.path = path;
    this.versions = versions.clone();
    this.text = path.text() + ':' + token(path, versions) + ':';
  }

  private static String token(PathKey path, long[] versions) {
    String all = LongStream.of(versions).mapToObj(Long::toString).collect(Collectors.joining("."));
    return path.hash(all).substring(0, TOKEN_LENGTH);
  }

  /** Returns the version of a level, outermost first. */
  public long version(int level) {
    return versions[level];
  }

  /** Returns how many bytes {@link #putVersions} takes. */
  public int versionsSize() {
    return versions.length * Long.BYTES;
  }

  /** Puts the versions of all levels, outermost first, in 8 bytes each. */
  public void putVersions(ByteBuffer out) {
    for (long version : versions) {
      out.putLong(version);
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
      return new ItemKey(text + HASH_MARK + path.hash(entryText), fullKey(entryText), this);
    }
    String fullKey = path.isHashed() ? fullKey(entryText) : null;
    return new ItemKey(text.concat(entryText), fullKey, this);
  }

  /**
   * Returns an item key that a key dump listed, to which the full key, if any, is still to come.
   */
  public ItemKey listed(String itemKey) {
    return new ItemKey(itemKey, null, this);
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
  public boolean equals(@Nullable Object other) {
    return other instanceof KeyPrefix that
        && path.equals(that.path)
        && Arrays.equals(versions, that.versions);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
