package org.memjcache.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the items in the answer to {@code get} or {@code gets}, as they arrive.
 *
 * <p>The answer is a block {@code VALUE <key> <flags> <bytes>[ <cas>]} with its value for each key
 * the server has, in the order they were asked for, and a last line ({@code protocol.txt},
 * "Retrieval command"). A block for another key, or out of order, would belong to somebody else's
 * question. Not thread-safe.
 */
final class ItemBlocks {

  /** Memcached's own limit for {@code -I}: a longer value can only be a misread number. */
  private static final int LARGEST_ITEM = 1 << 30;

  /** The longest value that is read: it must not take the memory that everybody else needs. */
  private static final long MAX_VALUE_LENGTH =
      Math.min(LARGEST_ITEM, Runtime.getRuntime().maxMemory() / 4);

  /**
   * Memory that is taken for a value because a server says that it will be as long. For more, bytes
   * have to come first. It is the size of the largest items unless memcached is told otherwise.
   */
  private static final int FIRST_PART = 1 << 20;

  private static final byte[] VALUE = Answer.ascii("VALUE ");

  private final List<String> keys;
  private final boolean withCas;
  private final int connections;
  private final @Nullable Item[] items;

  /** The first key that a block may still come for. */
  private int cursor;

  // The block being read: its value, how much of that has arrived, and the rest of its header.
  private byte @Nullable [] data;
  private int length;
  private int filled;
  private int flags;
  private long cas;

  /**
   * Creates a reader.
   *
   * @param keys what was asked for, in this order
   * @param withCas whether cas tokens were asked for too
   * @param connections how many connections had been opened when they were asked for
   */
  ItemBlocks(List<String> keys, boolean withCas, int connections) {
    this.keys = keys;
    this.withCas = withCas;
    this.connections = connections;
    this.items = new Item[keys.size()];
  }

  /** Returns the items by the positions of their keys, null for those that did not come. */
  @Nullable Item[] items() {
    return items;
  }

  /** Returns how many keys are through: their items have come, or never will. */
  int passed() {
    return cursor;
  }

  /**
   * Reads what has arrived.
   *
   * @return the position of the LF of the last line, which is left unread, or -1 if that has not
   *     arrived yet
   * @throws ProtocolException if this can't be the answer
   */
  int read(ByteBuffer in) {
    while (true) {
      if (data != null) {
        if (!readData(in)) {
          return -1;
        }
        continue;
      }
      int end = Answer.endOfLine(in);
      if (end < 0 || !Answer.startsWith(in, end, VALUE)) {
        return end;
      }
      readHeader(in, end);
      in.position(end + 1);
    }
  }

  private void readHeader(ByteBuffer in, int end) {
    int keyStart = in.position() + VALUE.length;
    int keyEnd = nextBlank(in, keyStart, end);
    while (!isKey(in, keyStart, keyEnd)) {
      cursor++;
    }
    int flagsEnd = nextBlank(in, keyEnd + 1, end);
    int lengthEnd = withCas ? nextBlank(in, flagsEnd + 1, end) : end - 1;
    long unsignedFlags = Answer.unsigned(in, keyEnd + 1, flagsEnd, 10);
    long announced = Answer.unsigned(in, flagsEnd + 1, lengthEnd, 10);
    if (unsignedFlags > 0xffff_ffffL || announced > LARGEST_ITEM) {
      throw new ProtocolException(Answer.excerpt(in, end));
    }
    if (announced > MAX_VALUE_LENGTH) {
      throw new ProtocolException(
          "a value of "
              + announced
              + " bytes, and no more than a quarter of this JVM's memory is given to one: "
              + Answer.excerpt(in, end));
    }
    flags = (int) unsignedFlags;
    cas = withCas ? Answer.unsigned(in, lengthEnd + 1, end - 1, 20) : 0;
    length = (int) announced;
    data = new byte[Math.min(length, FIRST_PART)];
    filled = 0;
  }

  /** Copies what has arrived of a value; true when the value and its CR LF are complete. */
  private boolean readData(ByteBuffer in) {
    byte[] value = Objects.requireNonNull(data);
    while (filled < length && in.hasRemaining()) {
      if (filled == value.length) {
        value = Arrays.copyOf(value, (int) Math.min(length, 2L * filled));
        data = value;
      }
      int count = Math.min(value.length - filled, in.remaining());
      in.get(value, filled, count);
      filled += count;
    }
    if (filled < length || in.remaining() < 2) {
      return false;
    }
    int start = in.position();
    if (in.get(start) != '\r' || in.get(start + 1) != '\n') {
      throw new ProtocolException(
          "a value of " + length + " bytes that goes on with " + Answer.excerpt(in, in.limit()));
    }
    in.position(start + 2);
    items[cursor] =
        new Item(
            keys.get(cursor),
            flags,
            withCas ? new CasToken(cas, connections) : CasToken.NONE,
            value);
    cursor++;
    data = null;
    return true;
  }

  private boolean isKey(ByteBuffer in, int from, int to) {
    if (cursor == items.length) {
      throw new ProtocolException(
          "an item that was not asked for, or in another order: " + Answer.excerpt(in, to));
    }
    String key = keys.get(cursor);
    if (key.length() != to - from) {
      return false;
    }
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
    throw new ProtocolException(Answer.excerpt(in, end));
  }
}
