// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;

/** What a session writes in one piece, and reads the responses to. */
public interface Message {

  /** Returns what to write. */
  RequestBuffer bytes();

  /**
   * Reads the responses, or the part of them that has arrived. Called by one thread at a time,
   * until it returns true.
   *
   * @return whether all of them have been read
   * @throws ProtocolException if this is no response to what was written
   */
  boolean decode(ByteBuffer in);

  /** Ends the message because its connection is gone. Harmless if it has ended already. */
  void lose(DisconnectReason reason);

  /** Returns how many batches were made this one message. */
  default int size() {
    return 1;
  }

  /** Returns whether an error was the response to reading some item. */
  default boolean isReadRefused() {
    return false;
  }

  /** Passes on the batches that were made this one message. */
  default void forEachBatch(Consumer<ServerBatch> action) {}

  /** Returns a batch for whose responses a thread waits just now, or null. */
  default @Nullable ServerBatch awaited() {
    return null;
  }
}
