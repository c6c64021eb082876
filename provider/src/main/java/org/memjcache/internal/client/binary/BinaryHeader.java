// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.ResponseLines;

/**
 * The header of an answer in the binary protocol ({@code protocol_binary.h}): a packet is a header
 * of 24 bytes, and then extras, key and value, each as long as the header says.
 *
 * @param opcode which command is answered
 * @param keyLength length of the key in bytes
 * @param extrasLength length of the extras in bytes
 * @param status 0, or what was wrong
 * @param bodyLength length of all that follows the header, in bytes
 * @param opaque what the request had there
 * @param cas the cas token of the item, 0 if there is none
 */
public record BinaryHeader(
    int opcode, int keyLength, int extrasLength, int status, int bodyLength, int opaque, long cas) {

  /** Length of the header in bytes. */
  public static final int LENGTH = 24;

  static final int SET = 0x01;
  static final int ADD = 0x02;
  static final int REPLACE = 0x03;
  static final int DELETE = 0x04;
  static final int INCREMENT = 0x05;
  public static final int NOOP = 0x0a;
  static final int GET_QUIETLY_WITH_KEY = 0x0d;
  public static final int STATISTICS = 0x10;
  public static final int SASL_MECHANISMS = 0x20;
  public static final int SASL_AUTHENTICATE = 0x21;

  public static final int SUCCESS = 0x00;
  static final int NOT_FOUND = 0x01;
  static final int EXISTS = 0x02;
  static final int TOO_LARGE = 0x03;
  public static final int NOT_AUTHENTICATED = 0x20;
  public static final int UNKNOWN_COMMAND = 0x81;
  static final int OUT_OF_MEMORY = 0x82;

  private static final int REQUEST = 0x80;
  private static final int RESPONSE = 0x81;

  /**
   * Appends the header of a request.
   *
   * @param valueLength length of what follows the key, in bytes
   */
  public static void header(
      RequestBuffer out, int opcode, int extras, int key, int valueLength, int opaque, long cas) {
    out.binary(REQUEST, 1).binary(opcode, 1).binary(key, 2).binary(extras, 1).binary(0, 3);
    out.binary((long) extras + key + valueLength, 4).binary(opaque, 4).binary(cas, 8);
  }

  /**
   * Takes the header of an answer off the buffer.
   *
   * @return null if it has not arrived as a whole, and then nothing is taken
   * @throws ProtocolException if it is none
   */
  public static @Nullable BinaryHeader take(ByteBuffer in) {
    if (in.remaining() < LENGTH) {
      if (in.hasRemaining() && (in.get(in.position()) & 0xff) != RESPONSE) {
        throw notAnAnswer(in);
      }
      return null;
    }
    int at = in.position();
    BinaryHeader packet =
        new BinaryHeader(
            in.get(at + 1) & 0xff,
            in.getShort(at + 2) & 0xffff,
            in.get(at + 4) & 0xff,
            in.getShort(at + 6) & 0xffff,
            in.getInt(at + 8),
            in.getInt(at + 12),
            in.getLong(at + 16));
    if ((in.get(at) & 0xff) != RESPONSE
        || in.get(at + 5) != 0
        || packet.bodyLength < packet.extrasLength + packet.keyLength) {
      throw notAnAnswer(in);
    }
    in.position(at + LENGTH);
    return packet;
  }

  /** Returns the length of the value in bytes. */
  int valueLength() {
    return bodyLength - extrasLength - keyLength;
  }

  /** Returns an error with the words that the server has for it, fit to be read by people. */
  String error(ByteBuffer body) {
    byte[] words = new byte[Math.min(80, body.remaining())];
    body.get(body.position(), words);
    String text = new String(words, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", ".");
    return "status 0x%02x %s".formatted(status, text).strip();
  }

  private static ProtocolException notAnAnswer(ByteBuffer in) {
    return new ProtocolException(
        "something that is not of the binary protocol: " + ResponseLines.excerpt(in, in.limit()));
  }
}
