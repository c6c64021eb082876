// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items in the answer to {@code get} or {@code gets}, as they arrive.
 *
 * <p>For each key that the server has, in the order of the request, the answer has an item: a line
 * {@code VALUE <key> <flags> <bytes>[ <cas>]} and the value. A last line ends it ({@code
 * protocol.txt}, "Retrieval command"). An item of another key, or out of order, would belong to the
 * answer to another request. Between the items, a proxy may say of single keys that it could not
 * ask for them ({@link ErrorLine}): as a key that isn't there has no line, it is known only between
 * which items the key belongs, and all that have none there are taken for lost. Not thread-safe.
 */
public final class ValuesParser {

  private static final byte[] VALUE = ResponseLines.ascii("VALUE ");

  private final List<String> keys;
  private final boolean withCas;
  private final int life;
  private final @Nullable Item[] items;

  /** The first key whose item may still come. */
  private int cursor;

  /** The errors by the positions of their keys, null while there are none. */
  private @Nullable String @Nullable [] errors;

  // Error lines since the last item.
  private int errorsInGap;
  private @Nullable String errorOfGap;

  // The item being read: its value, and the rest of its header.
  private @Nullable ValueBuffer value;
  private int flags;
  private long cas;

  /**
   * Creates a parser of one answer.
   *
   * @param keys what was asked for, in this order
   * @param withCas whether cas tokens were asked for too
   * @param life the life of the server that is asked
   */
  public ValuesParser(List<String> keys, boolean withCas, int life) {
    this.keys = keys;
    this.withCas = withCas;
    this.life = life;
    this.items = new Item[keys.size()];
  }

  /** Returns the items by the positions of their keys, null for those that did not come. */
  public @Nullable Item[] items() {
    return items;
  }

  /** Returns whether there were errors in the place of items. */
  public boolean hasErrors() {
    return errors != null || errorOfGap != null;
  }

  /**
   * Returns the error because of which it is unknown whether there is an item, null if it is known.
   * Only when the answer has ended.
   */
  public @Nullable String error(int position) {
    if (position >= cursor) {
      return errorOfGap;
    }
    return errors == null ? null : errors[position];
  }

  /**
   * Reads what has arrived.
   *
   * @return the position of the LF of the last line, which is left unread, or -1 if that has not
   *     arrived yet
   * @throws ProtocolException if this can't be the answer
   */
  public int read(ByteBuffer in) {
    while (true) {
      if (value != null) {
        if (!readData(in, value)) {
          return -1;
        }
        continue;
      }
      int keyEnd = endOfExpectedKey(in);
      int end = keyEnd < 0 ? ResponseLines.endOfLine(in) : ResponseLines.endOfLine(in, keyEnd);
      if (end < 0) {
        return end;
      }
      if (keyEnd >= 0 || ResponseLines.startsWith(in, end, VALUE)) {
        int first = cursor;
        int found = keyEnd < 0 ? skipToKey(in, end) : keyEnd;
        if (errorsInGap > 0) {
          closeGap(first);
        }
        readHeader(in, found, end);
      } else if (items.length > 1 && ErrorLine.isOfOneKey(in, end)) {
        errorOfGap = ErrorLine.graver(errorOfGap, ResponseLines.line(in, end));
        requireKeys(++errorsInGap, items.length - cursor);
      } else {
        return end;
      }
      in.position(end + 1);
    }
  }

  /**
   * Returns where the key ends if the next key is that of this item, as it is unless an item isn't
   * there; or -1. Spares the looking for blanks and for the end of the line in most of a header.
   */
  private int endOfExpectedKey(ByteBuffer in) {
    if (cursor == items.length) {
      return -1;
    }
    String key = keys.get(cursor);
    int keyStart = in.position() + VALUE.length;
    int keyEnd = keyStart + key.length();
    boolean expected =
        keyEnd < in.limit()
            && in.get(keyEnd) == ' '
            && ResponseLines.startsWith(in, keyEnd + 1, VALUE)
            && matches(in, keyStart, key);
    return expected ? keyEnd : -1;
  }

  /** Passes over the keys whose items aren't there, and returns where the key of this item ends. */
  private int skipToKey(ByteBuffer in, int end) {
    int keyStart = in.position() + VALUE.length;
    int keyEnd = nextBlank(in, keyStart, end);
    while (!isKey(in, keyStart, keyEnd)) {
      cursor++;
    }
    return keyEnd;
  }

  /** Says of the keys from the last item to this one that it is unknown what they have. */
  private void closeGap(int first) {
    requireKeys(errorsInGap, cursor - first);
    @Nullable String[] all = errors == null ? new String[items.length] : errors;
    Arrays.fill(all, first, cursor, errorOfGap);
    errors = all;
    errorsInGap = 0;
    errorOfGap = null;
  }

  private static void requireKeys(int lines, int keys) {
    if (lines > keys) {
      throw new ProtocolException(lines + " errors in the place of " + keys + " items");
    }
  }

  private void readHeader(ByteBuffer in, int keyEnd, int end) {
    int flagsEnd = nextBlank(in, keyEnd + 1, end);
    int lengthEnd = withCas ? nextBlank(in, flagsEnd + 1, end) : end - 1;
    long unsignedFlags = ResponseLines.unsigned(in, keyEnd + 1, flagsEnd, 10);
    long bytes = ResponseLines.unsigned(in, flagsEnd + 1, lengthEnd, 10);
    if (unsignedFlags > 0xffff_ffffL) {
      throw new ProtocolException(ResponseLines.excerpt(in, end));
    }
    flags = (int) unsignedFlags;
    cas = withCas ? ResponseLines.unsigned(in, lengthEnd + 1, end - 1, 20) : 0;
    value = ValueBuffer.of(bytes, () -> ResponseLines.excerpt(in, end));
  }

  /** Takes what has arrived of a value; true when the value and its CR LF are complete. */
  private boolean readData(ByteBuffer in, ValueBuffer data) {
    if (!data.fill(in) || in.remaining() < 2) {
      return false;
    }
    int start = in.position();
    if (in.get(start) != '\r' || in.get(start + 1) != '\n') {
      throw new ProtocolException(
          "a value of "
              + data.length()
              + " bytes that goes on with "
              + ResponseLines.excerpt(in, in.limit()));
    }
    in.position(start + 2);
    items[cursor] =
        new Item(
            keys.get(cursor),
            flags,
            withCas ? new CasToken(cas, life) : CasToken.NONE,
            data.bytes());
    cursor++;
    value = null;
    return true;
  }

  private boolean isKey(ByteBuffer in, int from, int to) {
    if (cursor == items.length) {
      throw new ProtocolException(
          "an item that was not asked for, or in another order: " + ResponseLines.excerpt(in, to));
    }
    String key = keys.get(cursor);
    return key.length() == to - from && matches(in, from, key);
  }

  private static boolean matches(ByteBuffer in, int from, String key) {
    for (int i = 0; i < key.length(); i++) {
      if (in.get(from + i) != key.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int nextBlank(ByteBuffer in, int from, int end) {
    for (int i = from; i < end; i++) {
      if (in.get(i) == ' ') {
        return i;
      }
    }
    throw new ProtocolException(ResponseLines.excerpt(in, end));
  }
}
