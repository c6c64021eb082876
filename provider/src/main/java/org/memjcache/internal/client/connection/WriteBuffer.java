// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.channel.BufferingChannel;
import org.memjcache.internal.client.command.RequestBuffer;

/**
 * Collects messages for one write. A message larger than the buffer goes through it piece by piece,
 * so that nothing large is ever copied as a whole. Not thread-safe.
 */
final class WriteBuffer {

  private final ByteBuffer buffer;

  /** Whether each write is a record that must not go on behind the end of a longer request. */
  private final boolean inRecords;

  private @Nullable RequestBuffer message;
  private int segment;
  private int offset;
  private int piece; // of the message
  private int position; // in the message
  private boolean isSplit; // whether the last write ended within this piece
  private boolean isEnded; // whether nothing may follow in this record

  /**
   * Creates an empty buffer.
   *
   * @param size its size in bytes
   * @param inRecords whether each write is a record ({@link BufferingChannel#writesRecords})
   */
  WriteBuffer(int size, boolean inRecords) {
    // Direct, or else the channel would copy everything once more.
    this.buffer = ByteBuffer.allocateDirect(size);
    this.inRecords = inRecords;
  }

  /** Returns whether everything has been written. */
  boolean isEmpty() {
    return buffer.position() == 0 && message == null;
  }

  /** Returns whether another message may be put behind those that are in. */
  boolean isOpen() {
    return message == null && buffer.hasRemaining() && !isEnded;
  }

  /** Adds a message. Only while this {@linkplain #isOpen is open}. */
  void put(RequestBuffer next) {
    message = next;
    segment = 0;
    offset = 0;
    piece = 0;
    position = 0;
    fill();
  }

  /**
   * Writes what the channel takes at once.
   *
   * @return false if the channel, or the socket below it, took less than was there
   */
  boolean writeTo(BufferingChannel channel) throws IOException {
    buffer.flip();
    channel.write(buffer);
    boolean all = !buffer.hasRemaining() && !channel.holdsUnsent();
    buffer.compact();
    isEnded &= buffer.position() > 0;
    fill();
    return all;
  }

  private void fill() {
    RequestBuffer source = message;
    while (source != null && buffer.hasRemaining() && !isEnded) {
      if (piece == source.pieceCount()) {
        message = null;
        return;
      }
      int left = source.pieceEnd(piece) - position;
      if (inRecords && !isSplit && buffer.position() > 0 && left > buffer.remaining()) {
        return; // it begins a record
      }
      int count = Math.min(left, buffer.remaining());
      copy(source, count);
      position += count;
      if (count < left) {
        isSplit = true;
      } else {
        isEnded = isSplit && inRecords;
        isSplit = false;
        piece++;
      }
    }
    if (source != null && piece == source.pieceCount()) {
      message = null;
    }
  }

  private void copy(RequestBuffer source, int bytes) {
    int left = bytes;
    while (left > 0) {
      int count = Math.min(left, source.segmentLength(segment) - offset);
      buffer.put(source.segment(segment), offset, count);
      offset += count;
      left -= count;
      if (offset == source.segmentLength(segment)) {
        segment++;
        offset = 0;
      }
    }
  }
}
