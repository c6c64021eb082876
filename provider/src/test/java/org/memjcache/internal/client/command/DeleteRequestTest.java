// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteRequestTest {

  private static DeleteRequest delete() {
    return new DeleteRequest("k");
  }

  @Test
  void encode() {
    assertThat(Wire.sent(delete())).isEqualTo("delete k\r\n");
    assertThat(delete().encodedSize()).isEqualTo("delete k\r\n".length());
  }

  @Test
  void decode_deleted() {
    Wire.answer(
        DeleteRequestTest::delete,
        "DELETED\r\n",
        request -> assertThat(request.deleted()).isTrue());
  }

  @Test
  void decode_notFound() {
    Wire.answer(
        DeleteRequestTest::delete,
        "NOT_FOUND\r\n",
        request -> assertThat(request.deleted()).isFalse());
  }

  @Test
  void decode_errorLine_isKeptAsRefusal() {
    Wire.answer(
        DeleteRequestTest::delete,
        "CLIENT_ERROR no\r\n",
        request -> assertThat(request.refusal()).isEqualTo("CLIENT_ERROR no"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETED \r\n", "STORED\r\n", "\r\n", "END\r\n"})
  void decode_malformed_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(delete(), answer)).isInstanceOf(ProtocolException.class);
  }
}
