// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "set k 0 0 1 noreply\r\nx",
        "delete k noreply",
        "mg k v q",
        "ms k 1 q\r\nx",
        "md k q C5"
      })
  void mayBeSilent_quietCommand_true(String command) {
    assertThat(Answers.mayBeSilent(command)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"get k", "get noreplys", "mg q v", "ms q 1\r\nq", "set k 0 0 7\r\nnoreply", "mn"})
  void mayBeSilent_otherCommand_false(String command) {
    assertThat(Answers.mayBeSilent(command)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STAT pid 1",
        "VALUE k 0 1",
        "PREFIX a get 1 hit 1 set 0 del 0",
        "ITEM k [1 b; 0 s]",
        "key=k exp=-1 la=1 cas=1 fetch=no cls=1 size=61",
        "mg k"
      })
  void isLast_lineOfAList_false(String line) {
    assertThat(Answers.isLast("any", line)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"END", "EN", "STORED", "OK", "ERROR", "CLIENT_ERROR bad", "VA 5", "HD", "7", "MN"})
  void isLast_otherLine_true(String line) {
    assertThat(Answers.isLast("any", line)).isTrue();
  }

  @Test
  void isLast_okBeforeKeyDump_false() {
    assertThat(Answers.isLast("lru_crawler metadump all", "OK")).isFalse();
    assertThat(Answers.isLast("lru_crawler metadump all", "END")).isTrue();
    assertThat(Answers.isLast("lru_crawler enable", "OK")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"VALUE k 0 5, 5", "VALUE k 0 5 99, 5", "VA 7 t0, 7", "VA 0, 0", "HD, -1", "12, -1"})
  void dataLength_line_bytesThatFollow(String line, int expected) {
    assertThat(Answers.dataLength(line)).isEqualTo(expected);
  }
}
