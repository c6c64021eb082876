package org.memjcache.store;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code get} or {@code gets} of one or more keys.
 *
 * <p>The answer is a block for each key the server has, in the order they were asked for, and
 * {@code END}. A block for another key, or out of order, is an error of the connection: it would
 * belong to somebody else's question.
 */
public final class Retrieval extends Request {

  /** Memcached's own limit for {@code -I}: a longer value can only be a misread number. */
  private static final int MAX_VALUE_LENGTH = 1 << 30;

  private static final byte[] VALUE = Answer.ascii("VALUE ");
  private static final byte[] END = Answer.ascii("END");

  private final List<String> keys;
  private final boolean withCas;
  private final @Nullable Item[] items;

  /** The first key that a block may still come for. */
  private int cursor;

  // The block being read: its value, how much of that has arrived, and the rest of its header.
  private byte @Nullable [] data;
  private int filled;
  private int flags;
  private long cas;

  /**
   * Creates a request.
   *
   * @param keys the keys to read from one server, at least one; the list must not change later
   * @param withCas whether the cas token of each item is wanted ({@code gets})
   */
  public Retrieval(List<String> keys, boolean withCas) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("No key to retrieve");
    }
    for (int i = 0; i < keys.size(); i++) {
      requireKey(keys.get(i));
    }
    this.keys = keys;
    this.withCas = withCas;
    this.items = new Item[keys.size()];
  }

  /**
   * Returns the item of the key at this position of the list, or null if the server has none.
   *
   * @throws StoreException if the request failed
   */
  public @Nullable Item item(int index) {
    requireResult();
    return items[index];
  }

  /**
   * Returns the item of this key, or null if the server has none.
   *
   * @throws IllegalArgumentException if the key was not asked for
   * @throws StoreException if the request failed
   */
  public @Nullable Item item(String key) {
    int index = keys.indexOf(key);
    if (index < 0) {
      throw new IllegalArgumentException("This key was not asked for: " + key);
    }
    return item(index);
  }

  @Override
  int encodedSize() {
    int size = withCas ? 6 : 5;
    for (int i = 0; i < keys.size(); i++) {
      size += 1 + keys.get(i).length();
    }
    return size;
  }

  @Override
  void encode(Outgoing out) {
    out.text(withCas ? "gets" : "get");
    for (int i = 0; i < keys.size(); i++) {
      out.text(" ").text(keys.get(i));
    }
    out.endOfLine();
  }

  @Override
  boolean decode(ByteBuffer in) {
    while (true) {
      if (data != null) {
        if (!readData(in, data)) {
          return false;
        }
        continue;
      }
      int end = Answer.endOfLine(in);
      if (end < 0) {
        return false;
      }
      if (Answer.startsWith(in, end, VALUE)) {
        readHeader(in, end);
        in.position(end + 1);
        continue;
      }
      if (!Answer.is(in, end, END)) {
        refuse(in, end);
      }
      in.position(end + 1);
      return true;
    }
  }

  /** Reads {@code VALUE <key> <flags> <bytes>[ <cas>]}. */
  private void readHeader(ByteBuffer in, int end) {
    int keyStart = in.position() + VALUE.length;
    int keyEnd = nextBlank(in, keyStart, end);
    while (!isKey(in, keyStart, keyEnd, cursor)) {
      cursor++;
    }
    int flagsEnd = nextBlank(in, keyEnd + 1, end);
    int lengthEnd = withCas ? nextBlank(in, flagsEnd + 1, end) : end - 1;
    long unsignedFlags = Answer.unsigned(in, keyEnd + 1, flagsEnd, 10);
    long length = Answer.unsigned(in, flagsEnd + 1, lengthEnd, 10);
    if (unsignedFlags > 0xffff_ffffL || length > MAX_VALUE_LENGTH) {
      throw new ProtocolException(Answer.excerpt(in, end));
    }
    flags = (int) unsignedFlags;
    cas = withCas ? Answer.unsigned(in, lengthEnd + 1, end - 1, 20) : 0;
    data = new byte[(int) length];
    filled = 0;
  }

  /** Copies what has arrived of a value; true when the value and its CR LF are complete. */
  private boolean readData(ByteBuffer in, byte[] value) {
    int count = Math.min(value.length - filled, in.remaining());
    in.get(value, filled, count);
    filled += count;
    if (filled < value.length || in.remaining() < 2) {
      return false;
    }
    if (in.get() != '\r' || in.get() != '\n') {
      in.position(in.position() - 2);
      throw new ProtocolException(
          "a value of "
              + value.length
              + " bytes that goes on with "
              + Answer.excerpt(in, in.limit()));
    }
    items[cursor] = new Item(keys.get(cursor), flags, cas, value);
    cursor++;
    data = null;
    return true;
  }

  private boolean isKey(ByteBuffer in, int from, int to, int index) {
    if (index == keys.size()) {
      throw new ProtocolException(
          "an item that was not asked for, or in another order: " + Answer.excerpt(in, to));
    }
    String key = keys.get(index);
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
