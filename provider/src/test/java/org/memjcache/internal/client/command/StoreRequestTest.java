// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreRequestTest {

  private static StoreRequest anySet() {
    return StoreRequest.set("k", 0, 0, new byte[0]);
  }

  @Test
  void encode_set() {
    assertThat(Wire.sent(StoreRequest.set("k", 1, 60, Wire.bytes("hello"))))
        .isEqualTo("set k 1 60 5\r\nhello\r\n");
  }

  @Test
  void encode_add() {
    assertThat(Wire.sent(StoreRequest.add("k", 0, 0, new byte[0])))
        .isEqualTo("add k 0 0 0\r\n\r\n");
  }

  @Test
  void encode_cas() {
    assertThat(Wire.sent(StoreRequest.cas("k", 0, 5, Wire.bytes("\r\n"), new CasToken(17, 1))))
        .isEqualTo("cas k 0 5 2 17\r\n\r\n\r\n");
  }

  @Test
  void encode_extremes_areUnsignedWhereTheProtocolIs() {
    assertThat(Wire.sent(StoreRequest.cas("k", -1, -1, new byte[0], new CasToken(-1, 1))))
        .isEqualTo("cas k 4294967295 -1 0 18446744073709551615\r\n\r\n");
    assertThat(Wire.sent(StoreRequest.set("k", Integer.MIN_VALUE, Integer.MAX_VALUE, new byte[0])))
        .isEqualTo("set k 2147483648 2147483647 0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {RequestBuffer.LARGE - 1, RequestBuffer.LARGE, RequestBuffer.LARGE + 1})
  void encode_largeValue_isTheSameBytes(int length) {
    byte[] value = Wire.bytes("x".repeat(length));
    assertThat(Wire.sent(StoreRequest.set("k", 0, 0, value)))
        .isEqualTo("set k 0 0 " + length + "\r\n" + Wire.text(value) + "\r\n");
  }

  @Test
  void encodedSize_isEnough() {
    StoreRequest longest =
        StoreRequest.cas(
            "k".repeat(250),
            -1,
            Integer.MIN_VALUE,
            new byte[RequestBuffer.LARGE - 1],
            new CasToken(-1, 1));
    assertThat(longest.encodedSize()).isGreaterThanOrEqualTo(Wire.sent(longest).length());
  }

  @ParameterizedTest
  @CsvSource({
    "STORED, STORED",
    "NOT_STORED, NOT_STORED",
    "EXISTS, EXISTS",
    "NOT_FOUND, NOT_FOUND",
    "SERVER_ERROR object too large for cache, TOO_LARGE",
    "SERVER_ERROR out of memory storing object, OUT_OF_MEMORY",
  })
  void decode_eachAnswer(String line, StoreRequest.Result expected) {
    Wire.answer(
        StoreRequestTest::anySet,
        line + "\r\n",
        request -> {
          assertThat(request.result()).isEqualTo(expected);
          assertThat(request.refusal()).isNull();
        });
  }

  @Test
  void decode_otherServerError_isKeptAsRefusal() {
    Wire.answer(
        StoreRequestTest::anySet,
        "SERVER_ERROR backend failure\r\n",
        request -> assertThat(request.refusal()).isEqualTo("SERVER_ERROR backend failure"));
  }

  /** After these the server would read the value as commands. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ERROR\r\n", "CLIENT_ERROR bad command line format\r\n", "ERROR what is set\r\n"})
  void decode_commandLineNotUnderstood_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(anySet(), answer)).isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "STORED \r\n",
        "STORE\r\n",
        "STOREDX\r\n",
        "stored\r\n",
        "END\r\n",
        "\r\n",
        "1\r\n"
      })
  void decode_malformed_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(anySet(), answer)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void new_badKey_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StoreRequest.add("a b", 0, 0, new byte[0]))
        .withMessageContaining("character 1");
  }
}
