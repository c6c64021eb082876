// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.admin;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Reads lines that end with LF or CR LF, as key dumps and statistics have them. One character is
 * one byte. Not thread-safe.
 */
final class LineReader {

  /** The longest line that is accepted, in bytes. A key of 250 bytes may be escaped threefold. */
  static final int LONGEST_LINE = 4096;

  private final InputStream in;
  private final byte[] line = new byte[LONGEST_LINE];

  LineReader(InputStream in) {
    this.in = new BufferedInputStream(in, 16 * 1024);
  }

  /**
   * Returns the next byte.
   *
   * @throws IOException if the stream ends
   */
  int read() throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("the server closed the connection");
    }
    return next;
  }

  /**
   * Returns the next line without its end.
   *
   * @throws IOException if the stream ends before the line, or the line is too long
   */
  String readLine() throws IOException {
    int length = 0;
    for (int next = read(); next != '\n'; next = read()) {
      if (length == line.length) {
        throw new IOException("a line of more than " + LONGEST_LINE + " bytes came");
      }
      line[length++] = (byte) next;
    }
    if (length > 0 && line[length - 1] == '\r') {
      length--;
    }
    return new String(line, 0, length, StandardCharsets.ISO_8859_1);
  }
}
