// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IncrementRequestTest {

  private static IncrementRequest increment() {
    return new IncrementRequest("k", 1);
  }

  @Test
  void encode() {
    assertThat(Wire.sent(increment())).isEqualTo("incr k 1\r\n");
    assertThat(Wire.sent(new IncrementRequest("k", Long.MAX_VALUE)))
        .isEqualTo("incr k 9223372036854775807\r\n");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 9, 1234567890123456789L, Long.MAX_VALUE})
  void decode_number(long number) {
    Wire.answer(
        IncrementRequestTest::increment,
        number + "\r\n",
        request -> assertThat(request.value()).hasValue(number));
  }

  /** The connection is shared, and nobody may close it for all by a number that wraps. */
  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "18446744073709551615"})
  void decode_numberOf63BitsOrMore_isUnsigned(String number) {
    Wire.answer(
        IncrementRequestTest::increment,
        number + "\r\n",
        request ->
            assertThat(Long.toUnsignedString(request.value().getAsLong())).isEqualTo(number));
  }

  @Test
  void decode_notFound_isEmpty() {
    Wire.answer(
        IncrementRequestTest::increment,
        "NOT_FOUND\r\n",
        request -> assertThat(request.value()).isEmpty());
  }

  @Test
  void decode_errorLine_isKeptAsRefusal() {
    Wire.answer(
        IncrementRequestTest::increment,
        "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n",
        request -> assertThat(request.refusal()).contains("non-numeric"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "18446744073709551616\r\n",
        "123456789012345678901\r\n",
        "-1\r\n",
        "+1\r\n",
        " 1\r\n",
        "1 \r\n",
        "1x\r\n",
        "0x1\r\n",
        "\r\n",
        "END\r\n",
        "STORED\r\n",
      })
  void decode_noPlainNumber_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(increment(), answer)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void new_negativeDelta_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new IncrementRequest("k", -1));
  }
}
