// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestBuffer;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.Wire;

/** Packets of the binary protocol as tests write them: numbers in hexadecimal, texts in quotes. */
final class BinaryWire {

  private BinaryWire() {}

  /**
   * Returns bytes, of pairs of hexadecimal digits and texts in quotes, with blanks between them.
   */
  static byte[] bytes(String... parts) {
    StringBuilder hex = new StringBuilder();
    for (String part : parts) {
      for (String word : part.split(" ")) {
        hex.append(
            word.startsWith("'")
                ? HexFormat.of()
                    .formatHex(
                        word.substring(1, word.length() - 1).getBytes(StandardCharsets.US_ASCII))
                : word);
      }
    }
    return HexFormat.of().parseHex(hex);
  }

  /** Returns the same as a text of one character for each byte, as {@link Wire} takes answers. */
  static String text(String... parts) {
    return Wire.text(bytes(parts));
  }

  /** Returns what a request sends. */
  static byte[] sent(Request request) {
    RequestEncoding form = BinaryProtocol.encodingOf(request);
    RequestBuffer out = new RequestBuffer(form.encodedSize());
    form.encode(out);
    return out.toByteArray();
  }
}
