package org.memjcache.internal.namespace;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.PercentText;

/**
 * The stable part of the keys of a namespace: its names, without versions.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Different lists of names have different {@linkplain #canonical canonical texts}, whatever
 *       characters the names contain.
 *   <li>{@link #text} and {@link #versionKey} are ASCII without spaces or control characters, and
 *       short enough for memcached (protocol.txt, "Keys": 250 bytes).
 *   <li>A text that was shortened never equals one that was not. Two shortened texts are equal only
 *       if 192 bits of SHA-256 are.
 *   <li>No version key is an item key: a version key has one colon, an item key two.
 * </ul>
 *
 * <p>Immutable and thread-safe.
 */
public final class PathKey {

  /** The largest number of names in a path; more would leave no room for the entry's key. */
  public static final int MAX_LEVELS = 9;

  /** The longest {@link #text}, in characters. */
  static final int MAX_TEXT = 80;

  private static final int READABLE_START = 40;

  /** What an empty name looks like; every other {@code %} is followed by two digits. */
  private static final String EMPTY_NAME = "%";

  private final int levels;
  private final String canonical;
  private final String text;
  private final KeyHash hash;

  private PathKey(int levels, String canonical, KeyHash hash) {
    this.levels = levels;
    this.canonical = canonical;
    this.hash = hash;
    this.text =
        canonical.length() <= MAX_TEXT
            ? canonical
            : canonical.substring(0, READABLE_START) + KeyPrefix.HASH_MARK + hash.hash(canonical);
  }

  /**
   * Returns the key of a path.
   *
   * @param names from the outermost level to the innermost; each may be any text, the empty one
   *     included
   * @throws IllegalArgumentException if there are more than {@value #MAX_LEVELS} names
   */
  public static PathKey of(List<String> names) {
    return of(names, KeyHash.SHA_256);
  }

  static PathKey of(List<String> names, KeyHash hash) {
    if (names.size() > MAX_LEVELS) {
      throw new IllegalArgumentException(
          String.format(
              "A namespace has at most %d levels, but this one has %d: %s",
              MAX_LEVELS, names.size(), names));
    }
    StringBuilder canonical = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        canonical.append('/');
      }
      String name = names.get(i);
      canonical.append(name.isEmpty() ? EMPTY_NAME : PercentText.escape(name));
    }
    return new PathKey(names.size(), canonical.toString(), hash);
  }

  /** Returns the whole path: percent-escaped names joined by {@code /}, of any length. */
  public String canonical() {
    return canonical;
  }

  /**
   * Returns the path as it stands in keys: the canonical text if it has at most 80 characters, else
   * its first 40 characters, {@code ~} and a hash. Never contains a {@code :}.
   */
  public String text() {
    return text;
  }

  /** Returns the memcached key that holds the version of this path's last level. */
  public String versionKey() {
    return text.concat(":version");
  }

  /** Returns how many names the path has. */
  public int levels() {
    return levels;
  }

  /**
   * Returns what all item keys of this path start with while these versions are in force.
   *
   * @param versions the version of each level, outermost first; all above zero
   */
  public KeyPrefix prefix(long[] versions) {
    if (versions.length != levels) {
      throw new IllegalArgumentException(
          "Path " + canonical + " takes " + levels + " versions, but got " + versions.length);
    }
    StringBuilder prefix = new StringBuilder(text.length() + 2 + levels * 12).append(text);
    char separator = ':';
    for (long version : versions) {
      if (version <= 0) {
        throw new IllegalArgumentException(
            "A version of " + canonical + " must be above zero, but is " + version);
      }
      prefix.append(separator);
      Base64Number.append(prefix, version);
      separator = '.';
    }
    if (levels == 0) {
      prefix.append(separator);
    }
    return new KeyPrefix(this, prefix.append(':').toString(), hash);
  }

  /** Returns whether {@link #text} is shortened, so that the envelope has to carry the full key. */
  boolean isHashed() {
    return canonical.length() > MAX_TEXT;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PathKey that && canonical.equals(that.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return canonical;
  }
}
