// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompareAndDeleteRequestTest {

  private static CompareAndDeleteRequest compareAndDelete() {
    return new CompareAndDeleteRequest("k", new CasToken(17, 1));
  }

  @Test
  void encode_isACasWithAnEmptyValueThatHasExpired() {
    assertThat(Wire.sent(compareAndDelete())).isEqualTo("cas k 0 2592001 0 17\r\n\r\n");
    assertThat(Wire.sent(new CompareAndDeleteRequest("k", new CasToken(-1, 1))))
        .isEqualTo("cas k 0 2592001 0 18446744073709551615\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({"STORED, DELETED", "EXISTS, EXISTS", "NOT_FOUND, NOT_FOUND"})
  void decode_eachAnswer(String line, CompareAndDeleteRequest.Result expected) {
    Wire.answer(
        CompareAndDeleteRequestTest::compareAndDelete,
        line + "\r\n",
        request -> assertThat(request.result()).isEqualTo(expected));
  }

  @Test
  void decode_serverError_isKeptAsRefusal() {
    Wire.answer(
        CompareAndDeleteRequestTest::compareAndDelete,
        "SERVER_ERROR out of memory storing object\r\n",
        request ->
            assertThat(request.refusal()).isEqualTo("SERVER_ERROR out of memory storing object"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ERROR\r\n", "CLIENT_ERROR bad\r\n", "DELETED\r\n", "\r\n"})
  void decode_malformed_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(compareAndDelete(), answer))
        .isInstanceOf(ProtocolException.class);
  }
}
