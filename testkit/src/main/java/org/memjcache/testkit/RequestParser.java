// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds the command lines in what a client sends in memcached's text protocol, the bytes coming in
 * pieces of any size.
 *
 * <p>Not thread safe.
 */
final class RequestParser {

  private static final Set<String> STORAGE_COMMANDS =
      Set.of("set", "add", "replace", "append", "prepend", "cas");

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private long dataLeft;

  /** Reads on and returns the command lines that were completed, without line ends. */
  List<String> read(byte[] bytes) {
    List<String> lines = new ArrayList<>();
    int position = 0;
    while (position < bytes.length) {
      if (dataLeft > 0) {
        int skipped = (int) Math.min(dataLeft, bytes.length - position);
        dataLeft -= skipped;
        position += skipped;
      } else if (bytes[position] == '\n') {
        String command = line.toString(ISO_8859_1).stripTrailing();
        lines.add(command);
        line.reset();
        dataLeft = dataLength(command);
        position++;
      } else {
        line.write(bytes[position]);
        position++;
      }
    }
    return lines;
  }

  /** {@return whether the bytes so far end within a command or its data block} */
  boolean isWithinCommand() {
    return dataLeft > 0 || line.size() > 0;
  }

  /** {@return how many bytes follow the command line, the data block's own line end included} */
  private static long dataLength(String command) {
    String[] words = command.split(" +");
    if (STORAGE_COMMANDS.contains(words[0]) && words.length > 4) {
      return withLineEnd(words[4]);
    }
    if (words[0].equals("ms") && words.length > 2) {
      return withLineEnd(words[2]);
    }
    return 0;
  }

  private static long withLineEnd(String length) {
    try {
      return Integer.parseUnsignedInt(length) + 2L;
    } catch (NumberFormatException e) {
      return 0; // the server refuses such a command and reads on at the next line
    }
  }
}
