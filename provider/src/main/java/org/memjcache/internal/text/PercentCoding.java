package org.memjcache.internal.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import org.memjcache.InvalidConfigurationException;

/**
 * Percent-encoding of UTF-8 in URIs, as in RFC 3986, section 2. {@link PercentText} is the one of
 * keys and can't be the same: there {@code ~} is escaped, as it marks hashes, lone surrogates have
 * a form of their own, and only what its encoder writes is read. Strict both ways: bytes that are
 * no UTF-8 and characters that have none (lone surrogates) are refused, because a replacement
 * character would make two names meet. A {@code +} is a plus.
 */
public final class PercentCoding {
  private static final String UNRESERVED_MARKS = "-._~";

  private PercentCoding() {}

  /**
   * Returns the text with every byte outside {@code A-Z a-z 0-9 - . _ ~} escaped.
   *
   * @throws InvalidConfigurationException if the text has a lone surrogate
   */
  public static String encode(String text) {
    if (isUnreserved(text)) {
      return text;
    }
    ByteBuffer bytes;
    try {
      bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw loneSurrogate(text);
    }
    StringBuilder encoded = new StringBuilder(text.length());
    while (bytes.hasRemaining()) {
      int octet = bytes.get() & 0xff;
      if (isUnreserved(octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(hexDigit(octet >> 4)).append(hexDigit(octet & 0xf));
      }
    }
    return encoded.toString();
  }

  /**
   * Returns the text with its escapes decoded; characters that are not escaped stay as they are.
   *
   * @throws InvalidConfigurationException if an escape is not two hexadecimal digits, the escaped
   *     bytes are not valid UTF-8, or the text has a lone surrogate
   */
  public static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      requireUtf8(raw);
      return raw;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    int literal = 0;
    for (int escape = raw.indexOf('%'); escape >= 0; escape = raw.indexOf('%', literal)) {
      bytes.writeBytes(utf8(raw, literal, escape));
      bytes.write(octet(raw, escape));
      literal = escape + 3;
    }
    bytes.writeBytes(utf8(raw, literal, raw.length()));
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidConfigurationException(
          "the escapes in "
              + ErrorText.of(raw)
              + " are not valid UTF-8; expected percent-encoded UTF-8");
    }
  }

  /**
   * Checks that a text can be encoded.
   *
   * @throws InvalidConfigurationException if the text has a lone surrogate
   */
  public static void requireUtf8(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!UTF_8.newEncoder().canEncode(text)) { // which takes a while
          throw loneSurrogate(text);
        }
        return;
      }
    }
  }

  private static byte[] utf8(String raw, int start, int end) {
    try {
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(raw, start, end));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw loneSurrogate(raw);
    }
  }

  private static int octet(String raw, int escape) {
    if (escape + 2 < raw.length()) {
      int high = Character.digit(raw.charAt(escape + 1), 16);
      int low = Character.digit(raw.charAt(escape + 2), 16);
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw new InvalidConfigurationException(
        "a '%' in "
            + ErrorText.of(raw)
            + " is not followed by two hexadecimal digits;"
            + " write %25 for a percent sign");
  }

  private static InvalidConfigurationException loneSurrogate(String text) {
    return new InvalidConfigurationException(
        ErrorText.of(text)
            + " has half of a surrogate pair, which is not a character;"
            + " expected any text that can be written in UTF-8");
  }

  private static boolean isUnreserved(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isUnreserved(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUnreserved(int octet) {
    return (octet >= 'a' && octet <= 'z')
        || (octet >= 'A' && octet <= 'Z')
        || (octet >= '0' && octet <= '9')
        || UNRESERVED_MARKS.indexOf(octet) >= 0;
  }

  private static char hexDigit(int nibble) {
    return Character.toUpperCase(Character.forDigit(nibble, 16));
  }
}
