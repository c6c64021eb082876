// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The bytes of one or more requests on their way out. Small pieces are copied into one array; a
 * large value is carried along as it is. Not thread-safe.
 */
public final class RequestBuffer {

  /** Values from this size on are not copied. */
  public static final int LARGE = 16 * 1024;

  /**
   * The most bytes in a piece, unless a single request has more: what a record of TLS holds, and
   * what memcached reads at once.
   */
  public static final int RECORD = 16 * 1024;

  private static final int[] NO_CUTS = {};
  private static final byte[] CRLF = {'\r', '\n'};

  private byte[] bytes;
  private int length;
  private List<byte[]> segments = List.of();
  private int sealed; // bytes in the segments before the array in use
  private int lastEnd;
  private int lastCut;
  private int[] cuts = NO_CUTS;
  private int cutCount;

  /**
   * Creates an empty message.
   *
   * @param capacity expected length in bytes, large values left out
   */
  public RequestBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  /** Appends text, which must be ASCII. */
  @SuppressWarnings(
      "deprecation") // drops the high bytes, of which ASCII has none; nothing is faster
  public RequestBuffer text(String text) {
    int count = text.length();
    reserve(count);
    text.getBytes(0, count, bytes, length);
    length += count;
    return this;
  }

  /** Appends a blank and a signed decimal number. */
  public RequestBuffer number(long number) {
    return text(" ").text(Long.toString(number));
  }

  /** Appends a blank and an unsigned decimal number. */
  RequestBuffer unsigned(long number) {
    return text(" ").text(Long.toUnsignedString(number));
  }

  /** Appends the lowest bytes of a number, the highest of them first. */
  public RequestBuffer binary(long number, int bytes) {
    reserve(bytes);
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      this.bytes[length++] = (byte) (number >>> shift);
    }
    return this;
  }

  /** Appends a value. If it is large, the array itself: it must not be changed until it is sent. */
  public RequestBuffer value(byte[] value) {
    if (value.length < LARGE) {
      return raw(value);
    }
    seal();
    segments.add(value);
    sealed += value.length;
    return this;
  }

  /**
   * Notes that a request ends here, and perhaps another one follows. So the message falls into
   * pieces of whole requests, each as large as a {@link #RECORD} at most, or a single request.
   */
  public void endRequest() {
    int end = sealed + length;
    if (end - lastCut > RECORD) {
      if (lastEnd > lastCut) {
        cut(lastEnd);
      }
      if (end - lastCut > RECORD) {
        cut(end);
      }
    }
    lastEnd = end;
  }

  private void cut(int at) {
    cuts = Arrays.copyOf(cuts, cutCount + 1);
    cuts[cutCount++] = at;
    lastCut = at;
  }

  /** Returns into how many pieces it falls. */
  public int pieceCount() {
    return sealed + length > lastCut ? cutCount + 1 : cutCount;
  }

  /** Returns where a piece ends, in bytes from the beginning of the message. */
  public int pieceEnd(int index) {
    return index < cutCount ? cuts[index] : sealed + length;
  }

  /** Appends the end of a line. */
  public RequestBuffer endOfLine() {
    return raw(CRLF);
  }

  /** Appends what another message, which is one segment, has from a position on. */
  public RequestBuffer append(RequestBuffer other, int from) {
    int count = other.length - from;
    reserve(count);
    System.arraycopy(other.bytes, from, bytes, length, count);
    length += count;
    return this;
  }

  /** Returns the length of a message that is one segment, in bytes. */
  public int size() {
    return length;
  }

  /** Returns the number of segments. */
  public int segmentCount() {
    return segments.size() + (length > 0 ? 1 : 0);
  }

  /** Returns the array of a segment; its first {@link #segmentLength} bytes count. */
  public byte[] segment(int index) {
    return index < segments.size() ? segments.get(index) : bytes;
  }

  /** Returns the length of a segment in bytes. */
  public int segmentLength(int index) {
    return index < segments.size() ? segments.get(index).length : length;
  }

  /** Returns a copy of everything, for tests and small messages. */
  public byte[] toByteArray() {
    int total = 0;
    for (int i = 0; i < segmentCount(); i++) {
      total += segmentLength(i);
    }
    byte[] all = new byte[total];
    int at = 0;
    for (int i = 0; i < segmentCount(); i++) {
      System.arraycopy(segment(i), 0, all, at, segmentLength(i));
      at += segmentLength(i);
    }
    return all;
  }

  private RequestBuffer raw(byte[] value) {
    reserve(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  /** Closes the array in use, so that the next segment can follow it. */
  private void seal() {
    if (segments.isEmpty()) {
      segments = new ArrayList<>();
    }
    if (length > 0) {
      segments.add(Arrays.copyOf(bytes, length));
      sealed += length;
      length = 0;
    }
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
    }
  }
}
