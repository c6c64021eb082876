// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestFailedException;

/** Keys that are read from one server by one request. Used by one thread. */
public final class KeyChunk {

  /** More keys make memcached hold more items for one response. */
  private static final int MAX_KEYS = 500;

  /**
   * How long the line with the keys may be. From 16 KB on memcached has to make room for it, and
   * ElastiCache Serverless refuses it.
   */
  private static final int MAX_BYTES = 16_000;

  private static final int LONGEST_COMMAND = "gets\r\n".length();

  private final List<String> keys;

  /** What is read from the same server before. */
  private final @Nullable KeyChunk previous;

  private int lineSize = LONGEST_COMMAND;
  private @Nullable GetRequest request;

  public KeyChunk(int expected, @Nullable KeyChunk previous) {
    this.keys = new ArrayList<>(Math.min(expected, MAX_KEYS));
    this.previous = previous;
  }

  public boolean isFull() {
    return keys.size() == MAX_KEYS || lineSize + 1 + Request.MAX_KEY_LENGTH > MAX_BYTES;
  }

  /** Adds a key and returns its index in this chunk. */
  public int add(String key) {
    keys.add(key);
    lineSize += 1 + key.length();
    return keys.size() - 1;
  }

  public void addTo(RoundTrip trip, int server, boolean withTokens) {
    if (previous != null) {
      previous.addTo(trip, server, withTokens);
    }
    request = new GetRequest(keys, withTokens);
    trip.add(server, request);
  }

  public @Nullable Item item(int index) {
    if (request == null) {
      throw new IllegalStateException("The batch has not run");
    }
    return request.item(index);
  }

  /** Returns the first failure in this chunk and those before it; null if there is none. */
  public @Nullable RequestFailedException failure() {
    RequestFailedException earlier = previous == null ? null : previous.failure();
    return earlier != null || request == null ? earlier : request.failure();
  }

  public boolean isLost(int index) {
    return request != null && request.isLost(index);
  }

  /** Returns how many bytes of values were read from the server. */
  public long bytes() {
    long bytes = previous == null ? 0 : previous.bytes();
    for (int i = 0; i < keys.size(); i++) {
      Item item = item(i);
      bytes += item == null ? 0 : item.data().length;
    }
    return bytes;
  }
}
