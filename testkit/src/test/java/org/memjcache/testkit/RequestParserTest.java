// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestParserTest {

  private static final String CONVERSATION =
      String.join(
          "\r\n",
          "get a b",
          "set k 0 0 9",
          "get x\r\n\r\n",
          "cas k 0 0 0 77",
          "",
          "ms m 3 T0",
          "abc",
          "set bad 0 0 -1",
          "set bad 0 0 x",
          "add k 0 0 2 noreply",
          "hi",
          "mn",
          "");

  private static final List<String> COMMANDS =
      List.of(
          "get a b",
          "set k 0 0 9",
          "cas k 0 0 0 77",
          "ms m 3 T0",
          "set bad 0 0 -1",
          "set bad 0 0 x",
          "add k 0 0 2 noreply",
          "mn");

  private final RequestParser parser = new RequestParser();

  @Test
  void read_allAtOnce_commandLinesWithoutData() {
    assertThat(read(CONVERSATION)).isEqualTo(COMMANDS);
    assertThat(parser.isWithinCommand()).isFalse();
  }

  @Test
  void read_inPiecesOfAnySize_sameResult() {
    byte[] bytes = CONVERSATION.getBytes(ISO_8859_1);
    for (int size = 1; size < 20; size++) {
      List<String> commands = new ArrayList<>();
      for (int start = 0; start < bytes.length; start += size) {
        commands.addAll(
            parser.read(Arrays.copyOfRange(bytes, start, Math.min(start + size, bytes.length))));
      }
      assertThat(commands).as("pieces of %d", size).isEqualTo(COMMANDS);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'g', true",
    "'get k\r', true",
    "'get k\r\n', false",
    "'set k 0 0 1\r\n', true",
    "'set k 0 0 1\r\nx\r', true",
    "'set k 0 0 1\r\nx\r\n', false",
  })
  void isWithinCommand_beginning_trueUntilItsEnd(String sent, boolean within) {
    read(sent);
    assertThat(parser.isWithinCommand()).isEqualTo(within);
  }

  private List<String> read(String text) {
    return parser.read(text.getBytes(ISO_8859_1));
  }
}
