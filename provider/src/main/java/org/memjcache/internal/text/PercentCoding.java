// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.memjcache.internal.text.ErrorText.invalid;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.regex.Pattern;

/**
 * Percent-encoding of UTF-8 in URIs, as in RFC 3986, section 2. {@link PercentText} is the one of
 * keys and can't be the same: there {@code ~} is escaped, as it marks hashes, lone surrogates have
 * a form of their own, and only what its encoder writes is read. Strict both ways: bytes that are
 * no UTF-8 and characters that have none (lone surrogates) are refused, because a replacement
 * character would make two names meet. A {@code +} is a plus. Stateless.
 */
public final class PercentCoding {
  private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9a-fA-F]{2})");

  private PercentCoding() {}

  /** Returns the text with every byte outside {@code A-Z a-z 0-9 - . _ ~} escaped. */
  public static String encode(String text) {
    requireUtf8(text);
    return PercentText.escape(text).replace("%7E", "~");
  }

  /** Returns the text with its escapes decoded; other characters stay as they are. */
  public static String decode(String raw) {
    requireUtf8(raw);
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    if (BROKEN_ESCAPE.matcher(raw).find()) {
      throw invalid(
          "a '%%' in %s is not followed by two hexadecimal digits; write %%25 for a percent sign",
          ErrorText.of(raw));
    }
    // Escaped throughout, it is bytes, each of them a character of ISO 8859-1.
    String escaped = PercentText.escape(raw).replace("%25", "%");
    byte[] bytes = URLDecoder.decode(escaped, ISO_8859_1).getBytes(ISO_8859_1);
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw invalid(
          "the escapes in %s are not valid UTF-8; expected percent-encoded UTF-8",
          ErrorText.of(raw));
    }
  }

  /** Refuses a text that has a lone surrogate. */
  public static void requireUtf8(String text) {
    if (text.codePoints().anyMatch(point -> Character.getType(point) == Character.SURROGATE)) {
      throw invalid(
          "%s has half of a surrogate pair, which is not a character; expected any text that can be"
              + " written in UTF-8",
          ErrorText.of(text));
    }
  }
}
