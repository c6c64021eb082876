// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Where an answer of memcached's text protocol ends. Source: memcached's {@code protocol.txt}. */
final class Answers {

  /** Lines that start like this are followed by more. All others are an answer's last. */
  private static final List<String> CONTINUED =
      List.of("VALUE ", "STAT ", "PREFIX ", "ITEM ", "key=", "mg ");

  private static final List<String> KEY_DUMPS =
      List.of("lru_crawler metadump", "lru_crawler mgdump");

  private static final Set<String> META_COMMANDS = Set.of("mg", "ms", "md", "ma");

  private Answers() {}

  /** {@return whether the server may carry out the command without a word} */
  static boolean mayBeSilent(String command) {
    List<String> words = Arrays.asList(commandLine(command).split(" "));
    return META_COMMANDS.contains(words.get(0))
        ? words.lastIndexOf("q") >= 2
        : words.lastIndexOf("noreply") >= 1;
  }

  /** {@return whether the server answers the command by closing the connection} */
  static boolean isEndOfConnection(String command) {
    String name = commandLine(command).split(" ")[0];
    return name.equals("quit") || name.equals("shutdown");
  }

  /** {@return whether no more lines follow this one} */
  static boolean isLast(String command, String line) {
    if (line.equals("OK") && KEY_DUMPS.stream().anyMatch(command::startsWith)) {
      return false; // so since 1.6.43
    }
    return CONTINUED.stream().noneMatch(line::startsWith);
  }

  /** {@return how many bytes of data follow this line, or -1 if no data block does} */
  static int dataLength(String line) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "VALUE" -> Integer.parseInt(words[3]);
      case "VA" -> Integer.parseInt(words[1]);
      default -> -1;
    };
  }

  private static String commandLine(String command) {
    return command.lines().findFirst().orElse("");
  }
}
