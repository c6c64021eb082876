package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;

/**
 * The key of one entry as text, made by {@link EntryKeyCodec}.
 *
 * <p>Two entry keys are equal if and only if the keys they stand for are.
 *
 * <p>Immutable and thread-safe.
 */
public final class EntryKey {

  private final String text;

  public EntryKey(String text) {
    this.text = text;
  }

  /**
   * Returns a letter for the type, then the escaped or compact value.
   *
   * @return any number of ASCII characters, no space, control character, {@code :} or {@code ~}
   *     among them
   */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EntryKey that && text.equals(that.text);
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
