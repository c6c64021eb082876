// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.value;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.memjcache.internal.codec.value.Encoding.rest;
import static org.memjcache.internal.codec.value.Encoding.variable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * The encodings of strings and byte arrays.
 *
 * <p>A string takes the first of three that can hold it: one byte for each character (Latin-1), or
 * UTF-8, or two bytes for each char. The last is for surrogates without partner, which UTF-8 would
 * silently replace.
 */
final class TextEncodings {

  private static final int LATIN_1 = 2;
  private static final int UTF8 = 3;
  private static final int UTF16 = 4;

  static final List<Encoding<?>> ALL =
      List.of(
          variable(
              LATIN_1, String.class, text -> text.getBytes(ISO_8859_1), TextEncodings::readLatin1),
          variable(UTF8, String.class, text -> text.getBytes(UTF_8), TextEncodings::readUtf8),
          variable(UTF16, String.class, TextEncodings::writeUtf16, TextEncodings::readUtf16),
          variable(5, byte[].class, bytes -> bytes, Encoding::rest));

  private TextEncodings() {}

  /** Returns a string in the encoding that suits it. */
  static EncodedValue encode(String text) {
    // Copying and comparing whole strings is what the JVM does fastest, faster than a loop here
    byte[] latin1 = text.getBytes(ISO_8859_1);
    if (latin1.length == text.length() && new String(latin1, ISO_8859_1).equals(text)) {
      return new EncodedValue(0, LATIN_1, latin1);
    }
    byte[] utf8 = text.getBytes(UTF_8);
    if (new String(utf8, UTF_8).equals(text)) {
      return new EncodedValue(0, UTF8, utf8);
    }
    return new EncodedValue(0, UTF16, writeUtf16(text));
  }

  private static String readLatin1(ByteBuffer in) {
    int at = in.arrayOffset() + in.position();
    int length = in.remaining();
    in.position(in.limit());
    return new String(in.array(), at, length, ISO_8859_1); // one copy less than by an array
  }

  private static String readUtf8(ByteBuffer in) {
    byte[] bytes = rest(in);
    String text = new String(bytes, UTF_8);
    boolean mayBeMalformed = text.indexOf('\uFFFD') >= 0;
    if (mayBeMalformed && !Arrays.equals(text.getBytes(UTF_8), bytes)) {
      throw new IllegalArgumentException("Not UTF-8");
    }
    return text;
  }

  private static byte[] writeUtf16(String text) {
    ByteBuffer out = ByteBuffer.allocate(2 * text.length());
    out.asCharBuffer().put(text);
    return out.array();
  }

  private static String readUtf16(ByteBuffer in) {
    if (in.remaining() % 2 != 0) {
      throw new IllegalArgumentException("Half a character");
    }
    String text = in.asCharBuffer().toString();
    in.position(in.limit());
    return text;
  }
}
