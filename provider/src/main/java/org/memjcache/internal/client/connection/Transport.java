// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import org.memjcache.internal.client.channel.BufferingChannel;

/**
 * The connection below a {@link Session}: a non-blocking channel, and a reactor that looks after it
 * while no caller does.
 */
public interface Transport {

  /** Returns the channel. */
  BufferingChannel byteChannel();

  /**
   * Waits until the channel can be read. Returns early when the calling thread is interrupted, by
   * {@link #wakeUp}, and when the channel is closed. For one thread at a time.
   *
   * @param nanos how long to wait at most
   * @param orWritten whether to return as soon as it can be written, too
   */
  void await(long nanos, boolean orWritten) throws IOException;

  /** Lets the thread in {@link #await} return, or the next one that comes. */
  void wakeUp();

  /**
   * Returns whether the reactor lives. It calls {@link Session#attend}, within about a second, when
   * there is something to read that no caller waits for.
   */
  boolean isAttended();

  /** Lets the reactor call {@link Session#attend} as soon as there is something to read. */
  void attendToReading();

  /** Lets the reactor call {@link Session#attendToWriting} as soon as the channel takes bytes. */
  void attendToWriting();

  /** Closes the connection; does nothing if it is closed. */
  void disconnect();
}
