package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * The key of one entry as text, made by {@link EntryKeyCodec}.
 *
 * <p>Two entry keys are equal if and only if the keys they stand for are.
 *
 * @param text a letter for the type, then the escaped or compact value: any number of ASCII
 *     characters, no space, control character, {@code :} or {@code ~} among them
 */
public record EntryKey(String text) {

  /** Returns the key if it is a String that needs no escapes, as it is; else null. */
  public @Nullable String plainString() {
    return text.charAt(0) == KeyType.STRING && text.indexOf('%') < 0 ? text.substring(1) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
