// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import org.jspecify.annotations.Nullable;
import org.memjcache.internal.text.PercentText;

/**
 * The key of one entry as text, made by {@link EntryKeyCodec}.
 *
 * <p>Two entry keys are equal if and only if the keys they stand for are.
 *
 * @param text a letter for the type, then the escaped or compact value: any number of ASCII
 *     characters, no space, control character, {@code :} or {@code ~} among them
 */
public record EntryKey(String text) {

  /** Returns the key itself if it is a String, else null. */
  public @Nullable String string() {
    return text.charAt(0) == KeyType.STRING ? PercentText.unescape(text.substring(1)) : null;
  }

  @Override
  public String toString() {
    return text;
  }
}
