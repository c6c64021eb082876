// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.ValuesParser;

/**
 * Small batches of several callers that wait at the same time, sent as one: a single {@code get}
 * with all their keys, then what each of them writes, in order.
 *
 * <p>Memcached answers each {@code get} line by a system call of its own, however many of them come
 * in together; one line with all keys takes one, and the answers to all writes behind it another. A
 * key that several callers ask for, such as the version key of a busy tenant, is in the line once:
 * it is read while all of them wait, and before any of them writes, so it is as fresh for each as
 * if it had asked alone. The keys of each caller stay in order, except that a shared one may be
 * read earlier. All callers wait at the same time, so each may find what another one is about to
 * write as it was before.
 *
 * <p>A caller that only reads is done as soon as all its items have come, or the line's end.
 */
final class CoalescedBatch implements Message {

  /** Requests with more keys than this travel alone, so that nobody has to wait for them. */
  static final int MOST_KEYS = 8;

  /**
   * Commands that write more bytes than this travel alone: what they would save is little against
   * what the others would wait.
   */
  static final int MOST_WRITTEN = 12 * 1024;

  /** The line is ended here, well below the size from which memcached has to make room for it. */
  private static final int MOST_BYTES = 4096;

  /** All that is written together. */
  private static final int MOST_WRITTEN_TOGETHER = 24 * 1024;

  private final boolean withCas;
  private final List<ServerBatch> parts = new ArrayList<>();
  private int written;

  /** All different keys, in the order of the line. */
  private final List<String> keys = new ArrayList<>();

  private int lineSize;

  private final Map<String, Integer> positions = new HashMap<>();

  // The reading side.
  private @Nullable ValuesParser values;
  private int served;
  private boolean lineAnswered;
  private boolean readRefused;
  private int finished;
  private final BitSet taken = new BitSet();

  /** Creates a message that begins with this batch, which reads. */
  CoalescedBatch(ServerBatch batch) {
    withCas = Objects.requireNonNull(batch.firstGet()).isWithCas();
    lineSize = GetRequest.lineSize(keys, withCas);
    add(batch);
  }

  /** Returns whether a batch may go together with a first one, which has to read. */
  static boolean isPossible(ServerBatch first, ServerBatch other) {
    GetRequest one = first.firstGet();
    GetRequest two = other.firstGet();
    return one != null
        && first.isMergeable()
        && other.isMergeable()
        && (two == null || one.isWithCas() == two.isWithCas());
  }

  /** Returns whether there is room for a batch. */
  boolean hasRoomFor(ServerBatch batch) {
    GetRequest request = batch.firstGet();
    int more = request == null ? 0 : request.encodedSize();
    return lineSize + more <= MOST_BYTES && written + batch.writtenSize() <= MOST_WRITTEN_TOGETHER;
  }

  /** Adds a batch. */
  final void add(ServerBatch batch) {
    parts.add(batch);
    written += batch.writtenSize();
    GetRequest request = batch.firstGet();
    if (request == null) {
      return;
    }
    List<String> asked = request.keys();
    for (int i = 0; i < asked.size(); i++) {
      String key = asked.get(i);
      if (positions.putIfAbsent(key, keys.size()) == null) {
        keys.add(key);
        lineSize += 1 + key.length();
      }
    }
  }

  /** Returns the line with what is written behind it. */
  @Override
  public RequestBuffer bytes() {
    RequestBuffer line = new RequestBuffer(lineSize + written);
    GetRequest.encodeLine(line, keys, withCas);
    line.endRequest();
    if (written > 0) {
      for (ServerBatch part : parts) {
        part.appendWrites(line);
        line.endRequest();
      }
    }
    return line;
  }

  /** Returns the batches that go together. */
  List<ServerBatch> parts() {
    return parts;
  }

  @Override
  public boolean decode(ByteBuffer in) {
    if (!lineAnswered) {
      if (!decodeLine(in)) {
        return false;
      }
      lineAnswered = true;
    }
    for (; finished < parts.size(); finished++) {
      // Also of a part that was lost meanwhile: its responses are still in the stream.
      if (!parts.get(finished).decode(in)) {
        return false;
      }
    }
    return true;
  }

  /** Reads the items and gives them to those who asked for them. */
  private boolean decodeLine(ByteBuffer in) {
    ValuesParser reader = values;
    if (reader == null) {
      GetRequest first = Objects.requireNonNull(parts.get(0).firstGet());
      reader = new ValuesParser(keys, withCas, first.life());
      values = reader;
    }
    int end = reader.read(in);
    if (end >= 0) {
      GetRequest.requireEnd(in, end); // also if no caller waits for it any more
    }
    while (served < parts.size()) {
      ServerBatch part = parts.get(served);
      GetRequest request = part.firstGet();
      if (request != null) {
        // An error at the end concerns those only who lack something: without it they can't know
        // that an item isn't there.
        if (!isComplete(request, reader.items())) {
          if (end < 0) {
            break;
          }
          request.finish(in, end);
        }
        takeErrors(request, reader);
        request.take(itemsOf(request, reader.items()));
        readRefused |= request.refusal() != null;
        part.finishGet();
      }
      served++;
    }
    if (end < 0) {
      return false;
    }
    in.position(end + 1);
    return true;
  }

  /** An error in the place of an item concerns those only who asked for the item. */
  private void takeErrors(GetRequest request, ValuesParser reader) {
    if (reader.hasErrors()) {
      for (String key : request.keys()) {
        request.takeErrorOfKey(reader.error(position(key)));
      }
    }
  }

  private boolean isComplete(GetRequest request, @Nullable Item[] all) {
    List<String> asked = request.keys();
    for (int i = 0; i < asked.size(); i++) {
      if (all[position(asked.get(i))] == null) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Item[] itemsOf(GetRequest request, @Nullable Item[] all) {
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

  @Override
  public void lose(DisconnectReason reason) {
    for (int i = 0; i < parts.size(); i++) { // needs no memory
      parts.get(i).lose(reason);
    }
  }

  @Override
  public boolean isReadRefused() {
    return readRefused;
  }

  @Override
  public int size() {
    return parts.size();
  }

  @Override
  public void forEachBatch(Consumer<ServerBatch> action) {
    parts.forEach(action);
  }

  @Override
  public @Nullable ServerBatch awaited() {
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).awaited() != null) {
        return parts.get(i);
      }
    }
    return null;
  }
}
