package org.memjcache.internal.namespace;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.RoundTrip;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.RequestFailedException;

/** Keys that are read from one server by one request. Used by one thread. */
final class KeyChunk {

  /** More keys in one request make one long line that memcached has to hold in memory. */
  static final int MAX_KEYS = 500;

  private final List<String> keys;

  /** What is read from the same server before. */
  private final @Nullable KeyChunk previous;

  private @Nullable GetRequest request;

  KeyChunk(int expected, @Nullable KeyChunk previous) {
    this.keys = new ArrayList<>(Math.min(expected, MAX_KEYS));
    this.previous = previous;
  }

  boolean isFull() {
    return keys.size() == MAX_KEYS;
  }

  /** Adds a key and returns its index in this chunk. */
  int add(String key) {
    keys.add(key);
    return keys.size() - 1;
  }

  void addTo(RoundTrip trip, int server, boolean withTokens) {
    if (previous != null) {
      previous.addTo(trip, server, withTokens);
    }
    request = new GetRequest(keys, withTokens);
    trip.add(server, request);
  }

  @Nullable Item item(int index) {
    if (request == null) {
      throw new IllegalStateException("The batch has not run");
    }
    return request.item(index);
  }

  /** Returns the first failure in this chunk and those before it; null if there is none. */
  @Nullable RequestFailedException failure() {
    RequestFailedException earlier = previous == null ? null : previous.failure();
    return earlier != null || request == null ? earlier : request.failure();
  }

  boolean isLost(int index) {
    return request != null && request.isLost(index);
  }

  /** Returns how many bytes of values were read from the server. */
  long bytes() {
    long bytes = previous == null ? 0 : previous.bytes();
    for (int i = 0; i < keys.size(); i++) {
      Item item = item(i);
      bytes += item == null ? 0 : item.data().length;
    }
    return bytes;
  }
}
