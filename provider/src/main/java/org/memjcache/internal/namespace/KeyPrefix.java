package org.memjcache.internal.namespace;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.EntryKeyCodec;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyHash;

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

  /**
   * Returns the prefix itself.
   *
   * @return at most 188 ASCII characters, the last of them a {@code :}
   */
  public String text() {
    return text;
  }

  /**
   * Returns the memcached key of an entry.
   *
   * <p>The entry's text follows the prefix if all fits in 250 bytes, else {@code ~} and a hash of
   * it.
   *
   * @param entry the entry's key
   * @return the item key, with the full key wherever path or entry are hashed
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
   * Tells whether a memcached key starts with this prefix, as those of a key dump may.
   *
   * @param itemKeyText any memcached key
   * @return whether it is an item key of this path under these versions
   */
  public boolean covers(String itemKeyText) {
    return itemKeyText.startsWith(text);
  }

  /**
   * Returns the entry's text as far as an item key shows it.
   *
   * @param itemKeyText a key that this prefix {@linkplain #covers covers}
   * @return the text that {@link EntryKeyCodec#decode} takes, or null if it is hashed; then the
   *     envelope has it
   * @throws IllegalArgumentException if this prefix doesn't cover the key
   */
  public @Nullable String entryText(String itemKeyText) {
    if (!covers(itemKeyText)) {
      throw new IllegalArgumentException(
          "Key " + itemKeyText + " doesn't start with the prefix " + text);
    }
    boolean hashed =
        itemKeyText.length() > text.length() && itemKeyText.charAt(text.length()) == HASH_MARK;
    return hashed ? null : itemKeyText.substring(text.length());
  }

  /**
   * Returns the entry's text of a full key that was found in an envelope, or null if the full key
   * belongs to another path.
   */
  public @Nullable String entryTextOfFullKey(String fullKey) {
    int pathLength = path.canonical().length();
    boolean ofThisPath =
        fullKey.length() > pathLength
            && fullKey.charAt(pathLength) == ':'
            && fullKey.startsWith(path.canonical());
    return ofThisPath ? fullKey.substring(pathLength + 1) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
