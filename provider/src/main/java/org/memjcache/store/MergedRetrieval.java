package org.memjcache.store;

import com.google.code.yanf4j.buffer.IoBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.rubyeye.xmemcached.command.Command;
import net.rubyeye.xmemcached.command.CommandType;
import net.rubyeye.xmemcached.impl.MemcachedTCPSession;
import org.jspecify.annotations.Nullable;

/**
 * Small retrievals of several callers that wait at the same time, sent as one {@code get}.
 *
 * <p>Memcached answers each {@code get} line by a system call of its own, however many of them come
 * in together; one line with all keys takes one. A key that several callers ask for, such as the
 * version key of a busy tenant, is in the line once: it is read while all of them wait, so it is as
 * fresh for each as if it had asked alone. The keys of each caller stay in order, except that a
 * shared one may be read earlier.
 *
 * <p>A caller is done as soon as an item behind its own keys comes.
 */
final class MergedRetrieval extends Command {

  /** Requests with more keys than this travel alone, so that nobody has to wait for them. */
  static final int MOST_KEYS = 8;

  /** The line is ended here, well below the size from which memcached has to make room for it. */
  private static final int MOST_BYTES = 4096;

  private final boolean withCas;
  private final Outgoing line;
  private final List<TripCommand> parts = new ArrayList<>();

  /** All different keys, in the order of the line. */
  private final List<String> keys = new ArrayList<>();

  private final Map<String, Integer> positions = new HashMap<>();

  // The reading side.
  private @Nullable ItemBlocks blocks;
  private int finished;
  private final BitSet taken = new BitSet();

  /** Creates a line that begins with this command. */
  MergedRetrieval(TripCommand command) {
    super(CommandType.GET_MANY);
    withCas = request(command).isWithCas();
    line = new Outgoing(512).text(withCas ? "gets" : "get");
    add(command);
  }

  /** Returns whether two commands may share a line. */
  static boolean isPossible(TripCommand command, TripCommand other) {
    Retrieval one = command.soleRetrieval();
    Retrieval two = other.soleRetrieval();
    return one != null
        && two != null
        && one.isWithCas() == two.isWithCas()
        && one.keys().size() <= MOST_KEYS
        && two.keys().size() <= MOST_KEYS;
  }

  /** Returns whether the line has room for the keys of a command. */
  boolean hasRoomFor(TripCommand command) {
    return line.size() + request(command).encodedSize() <= MOST_BYTES;
  }

  /** Adds the keys of a command. */
  final void add(TripCommand command) {
    parts.add(command);
    for (String key : request(command).keys()) {
      if (positions.putIfAbsent(key, keys.size()) == null) {
        keys.add(key);
        line.text(" ").text(key);
      }
    }
  }

  /** Ends the line and returns it. */
  Outgoing bytes() {
    return line.endOfLine();
  }

  /** Returns the commands in the line. */
  List<TripCommand> parts() {
    return parts;
  }

  /** Reads the answer, or the part of it that has arrived; true when it is complete. */
  boolean decode(ByteBuffer in) {
    ItemBlocks reader = blocks;
    if (reader == null) {
      reader = new ItemBlocks(keys, withCas, request(parts.get(0)).connections());
      blocks = reader;
    }
    int end = reader.read(in);
    int passed = end < 0 ? reader.passed() : keys.size();
    while (finished < parts.size() && lastKey(request(parts.get(finished))) < passed) {
      Retrieval next = request(parts.get(finished));
      if (end >= 0) {
        next.finish(in, end);
      }
      next.take(itemsOf(next, reader.items()));
      parts.get(finished++).complete();
    }
    if (end < 0) {
      return false;
    }
    in.position(end + 1);
    return true;
  }

  private int lastKey(Retrieval request) {
    int last = 0;
    for (String key : request.keys()) {
      last = Math.max(last, position(key));
    }
    return last;
  }

  private @Nullable Item[] itemsOf(Retrieval request, @Nullable Item[] all) {
    @Nullable Item[] items = new Item[request.keys().size()];
    for (int i = 0; i < items.length; i++) {
      int position = position(request.keys().get(i));
      Item item = all[position];
      if (item != null) {
        boolean shared = taken.get(position);
        taken.set(position);
        // Whoever reads an item owns its array.
        items[i] = shared ? item.copy() : item;
      }
    }
    return items;
  }

  private int position(String key) {
    return Objects.requireNonNull(positions.get(key));
  }

  private static Retrieval request(TripCommand command) {
    return Objects.requireNonNull(command.soleRetrieval());
  }

  @Override
  public void encode() {
    setIoBuffer(IoBuffer.wrap(line.toByteArray()));
  }

  @Override
  public boolean decode(MemcachedTCPSession session, ByteBuffer buffer) {
    return decode(buffer);
  }

  /** Names no key: xmemcached would log the whole line. */
  @Override
  public String toString() {
    return "MergedRetrieval[" + finished + " of " + parts.size() + " commands answered]";
  }
}
