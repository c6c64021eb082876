package org.memjcache.internal.client.connection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.RequestBuffer;

/**
 * Collects messages for one write. A message larger than the buffer goes through it piece by piece,
 * so that nothing large is ever copied as a whole. Not thread-safe.
 */
final class WriteBuffer {

  private final ByteBuffer buffer;
  private @Nullable RequestBuffer message;
  private int segment;
  private int offset;

  /**
   * Creates an empty buffer.
   *
   * @param size its size in bytes
   */
  WriteBuffer(int size) {
    // Direct, or else the channel would copy everything once more.
    buffer = ByteBuffer.allocateDirect(size);
  }

  /** Returns whether everything has been written. */
  boolean isEmpty() {
    return buffer.position() == 0 && message == null;
  }

  /** Returns whether another message may be put behind those that are in. */
  boolean isOpen() {
    return message == null && buffer.hasRemaining();
  }

  /** Adds a message. Only while this {@linkplain #isOpen is open}. */
  void put(RequestBuffer next) {
    message = next;
    segment = 0;
    offset = 0;
    fill();
  }

  /**
   * Writes what the channel takes at once.
   *
   * @return false if the channel took less than was there
   */
  boolean writeTo(WritableByteChannel channel) throws IOException {
    buffer.flip();
    channel.write(buffer);
    boolean all = !buffer.hasRemaining();
    buffer.compact();
    fill();
    return all;
  }

  private void fill() {
    RequestBuffer source = message;
    if (source == null) {
      return;
    }
    while (segment < source.segmentCount()) {
      int count = Math.min(source.segmentLength(segment) - offset, buffer.remaining());
      buffer.put(source.segment(segment), offset, count);
      offset += count;
      if (offset < source.segmentLength(segment)) {
        return;
      }
      segment++;
      offset = 0;
    }
    message = null;
  }
}
