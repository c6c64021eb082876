package org.memjcache.internal.codec.key;

/**
 * The key of one entry as text, made by {@link EntryKeyCodec}.
 *
 * <p>Two entry keys are equal if and only if the keys they stand for are.
 *
 * @param text a letter for the type, then the escaped or compact value: any number of ASCII
 *     characters, no space, control character, {@code :} or {@code ~} among them
 */
public record EntryKey(String text) {
  @Override
  public String toString() {
    return text;
  }
}
