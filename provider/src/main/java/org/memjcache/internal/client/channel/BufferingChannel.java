// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.channel;

import java.nio.channels.ByteChannel;

/**
 * A non-blocking channel that may hold bytes of its own on their way, as one by TLS does. One
 * thread at a time reads, and one writes.
 */
public interface BufferingChannel extends ByteChannel {

  /**
   * Returns whether it holds bytes for the socket that the socket did not take yet. To write
   * nothing goes on with these.
   */
  default boolean holdsUnsent() {
    return false;
  }

  /**
   * Returns whether what is written arrives in records. Then one with the end of a longer request
   * must not go on with another request: memcached before 1.6.39 would not see that, until
   * something else came.
   */
  default boolean writesRecords() {
    return false;
  }

  /** Returns whether it may hold bytes that can be read although the socket has none. */
  default boolean holdsUnread() {
    return false;
  }
}
