// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.Request;

/**
 * Reads the keys that a server lists in a dump.
 *
 * <p>An item is a line {@code key=<key> exp=<time> ...} that ends with LF alone; the key is
 * percent-encoded. {@code END} follows, and since 1.6.43 a line {@code OK} comes first.
 */
final class KeyDumpParser {

  private static final String KEY = "key=";

  /** Where lines come from. */
  @FunctionalInterface
  interface Lines {
    String next() throws IOException;
  }

  private final Lines lines;
  private final String prefix;
  private final Consumer<DumpedItem> items;
  private boolean any;

  /**
   * Creates a reader.
   *
   * @param prefix how the keys start that are wanted
   * @param items receives those that have them
   */
  KeyDumpParser(Lines lines, String prefix, Consumer<DumpedItem> items) {
    this.lines = lines;
    this.prefix = prefix;
    this.items = items;
  }

  /** Returns whether any item was listed, wanted or not. */
  boolean any() {
    return any;
  }

  /**
   * Reads all items.
   *
   * @param first the first line of the answer
   * @return the line that ended them
   * @throws InterruptedIOException if the thread was interrupted meanwhile; its flag stays set
   */
  String read(String first) throws IOException {
    String line = first.equals("OK") ? lines.next() : first;
    while (line.startsWith(KEY)) {
      any = true;
      String key = key(line);
      if (key != null && key.startsWith(prefix)) {
        items.accept(new DumpedItem(key, line));
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      line = lines.next();
    }
    return line;
  }

  /**
   * Returns the key of a line, or null if no {@link Request} could name it: other clients may use
   * any bytes in their keys, and a server may say anything.
   */
  static @Nullable String key(String line) {
    int end = line.indexOf(' ');
    if (end < 0) {
      end = line.length();
    }
    StringBuilder key = new StringBuilder(end - KEY.length());
    for (int i = KEY.length(); i < end; i++) {
      char c = line.charAt(i);
      if (c == '%' && i + 2 < end) {
        int high = Character.digit(line.charAt(i + 1), 16);
        int low = Character.digit(line.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          return null;
        }
        c = (char) (high << 4 | low);
        i += 2;
      }
      if (c <= ' ' || c >= 0x7f) {
        return null;
      }
      key.append(c);
    }
    boolean fits = !key.isEmpty() && key.length() <= Request.MAX_KEY_LENGTH;
    return fits ? key.toString() : null;
  }
}
