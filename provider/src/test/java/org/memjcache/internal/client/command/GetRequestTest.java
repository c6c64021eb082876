// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.command.RequestFailedException.Kind;
import org.memjcache.internal.client.command.RequestFailedException.Unmade;
import org.memjcache.internal.client.connection.RequestFailures;
import org.memjcache.internal.config.value.ServerAddress;

class GetRequestTest {

  private static GetRequest get(String... keys) {
    return new GetRequest(List.of(keys), false);
  }

  private static GetRequest gets(String... keys) {
    return new GetRequest(List.of(keys), true);
  }

  /** A batch asks it of every key. */
  @Test
  void isLost_timedOut_makesNoException() {
    GetRequest request = get("k1", "k2");
    AtomicInteger made = new AtomicInteger();

    request.giveUp(
        new Unmade(
            Kind.TIMEOUT,
            () ->
                new RequestFailedException(
                    Kind.TIMEOUT, Duration.ZERO, "" + made.incrementAndGet(), null)),
        null);

    assertThat(request.isLost(0)).isTrue();
    assertThat(request.isLost(1)).isTrue();
    assertThat(made).hasValue(0);
    assertThatThrownBy(() -> request.item(1)).hasMessage("1");
  }

  @Test
  void encode_withoutCas_isGet() {
    assertThat(Wire.sent(get("k1", "k2"))).isEqualTo("get k1 k2\r\n");
  }

  @Test
  void encode_withCas_isGets() {
    assertThat(Wire.sent(gets("k1"))).isEqualTo("gets k1\r\n");
  }

  @Test
  void encodedSize_isExact() {
    assertThat(get("k1", "k22").encodedSize()).isEqualTo("get k1 k22\r\n".length());
    assertThat(gets("k1").encodedSize()).isEqualTo("gets k1\r\n".length());
  }

  @Test
  void decode_allPresent_givesAll() {
    Wire.answer(
        () -> get("k1", "k2"),
        "VALUE k1 0 5\r\nhello\r\nVALUE k2 4294967295 0\r\n\r\nEND\r\n",
        request -> {
          Item first = request.item(0);
          assertThat(first.key()).isEqualTo("k1");
          assertThat(first.flags()).isZero();
          assertThat(first.token().unique()).isZero();
          assertThat(first.data()).isEqualTo(Wire.bytes("hello"));
          Item second = request.item("k2");
          assertThat(second.flags()).isEqualTo(-1);
          assertThat(second.data()).isEmpty();
        });
  }

  @Test
  void decode_someAbsent_givesNullForThem() {
    Wire.answer(
        () -> get("a", "b", "c", "d"),
        "VALUE b 1 1\r\nB\r\nVALUE d 2 1\r\nD\r\nEND\r\n",
        request -> {
          assertThat(request.item("a")).isNull();
          assertThat(request.item("b").data()).isEqualTo(Wire.bytes("B"));
          assertThat(request.item("c")).isNull();
          assertThat(request.item("d").data()).isEqualTo(Wire.bytes("D"));
        });
  }

  @Test
  void decode_noneThere_givesNulls() {
    Wire.answer(
        () -> get("a", "b"),
        "END\r\n",
        request -> {
          assertThat(request.item(0)).isNull();
          assertThat(request.item(1)).isNull();
        });
  }

  @Test
  void decode_withCas_givesTheWholeUnsignedToken() {
    Wire.answer(
        () -> gets("k"),
        "VALUE k 7 2 18446744073709551615\r\nxy\r\nEND\r\n",
        request -> {
          assertThat(request.item(0).token().unique()).isEqualTo(-1L);
          assertThat(request.item(0).flags()).isEqualTo(7);
        });
  }

  @Test
  void decode_valueLooksLikeAnAnswer_isTakenAsData() {
    Wire.answer(
        () -> get("k"),
        "VALUE k 0 12\r\nEND\r\nERROR\r\n\r\nEND\r\n",
        request -> assertThat(request.item(0).data()).isEqualTo(Wire.bytes("END\r\nERROR\r\n")));
  }

  @Test
  void decode_sameKeyTwice_givesBoth() {
    Wire.answer(
        () -> get("k", "k"),
        "VALUE k 0 1\r\n1\r\nVALUE k 0 1\r\n2\r\nEND\r\n",
        request -> {
          assertThat(request.item(0).data()).isEqualTo(Wire.bytes("1"));
          assertThat(request.item(1).data()).isEqualTo(Wire.bytes("2"));
        });
  }

  @Test
  void decode_errorLine_isKeptAsRefusal() {
    Wire.answer(
        () -> get("k"),
        "SERVER_ERROR out of memory writing get response\r\n",
        request ->
            assertThat(request.refusal())
                .isEqualTo("SERVER_ERROR out of memory writing get response"));
  }

  private static void goneBehindTheProxy(GetRequest request) {
    request.complete(
        RequestFailures.refused(
            new ServerAddress("proxy", 11211), Duration.ZERO, request.refusal()));
  }

  @Test
  void decode_errorsInThePlaceOfItems_leaveTheOthers() {
    Wire.answer(
        () -> get("a", "b", "c", "d"),
        "SERVER_ERROR backend failure\r\nVALUE b 0 1\r\nB\r\n"
            + "SERVER_ERROR backend failure\r\nVALUE d 0 1\r\nD\r\nEND\r\n",
        request -> {
          assertThat(request.refusal()).isEqualTo("SERVER_ERROR backend failure");
          goneBehindTheProxy(request);
          assertThat(Wire.text(request.item("b").data())).isEqualTo("B");
          assertThat(Wire.text(request.item("d").data())).isEqualTo("D");
          assertThat(request.isLost(0)).isTrue();
          assertThat(request.isLost(1)).isFalse();
          assertThatExceptionOfType(RequestFailedException.class)
              .isThrownBy(() -> request.item("c"))
              .withMessageContaining("SERVER_ERROR backend failure")
              .satisfies(e -> assertThat(e.isOfServer()).isTrue());
        });
  }

  @Test
  void decode_errorsOfTwoKinds_theOneThatIsNoExcuseCounts() {
    Wire.answer(
        () -> get("a", "b"),
        "SERVER_ERROR backend failure\r\nSERVER_ERROR lua failure\r\nEND\r\n",
        request -> {
          assertThat(request.refusal()).isEqualTo("SERVER_ERROR lua failure");
          goneBehindTheProxy(request);
          assertThat(request.failure().isOfServer()).isFalse();
        });
  }

  @Test
  void decode_valueLooksLikeAnErrorOfAnotherKey_isTakenAsData() {
    Wire.answer(
        () -> get("a", "b"),
        "VALUE a 0 30\r\nSERVER_ERROR backend failure\r\n\r\nEND\r\n",
        request -> assertThat(request.refusal()).isNull());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SERVER_ERROR Connection refused",
        "SERVER_ERROR connection error",
        "CLIENT_ERROR bad command line format",
        "ERROR"
      })
  void decode_errorAtTheEndOfTheItems_isTheEnd(String line) {
    Wire.answer(
        () -> get("a", "b"),
        "VALUE a 0 1\r\nA\r\n" + line + "\r\n",
        request -> assertThat(request.refusal()).isEqualTo(line));
  }

  @Test
  void decode_oneKey_anyErrorIsTheEnd() {
    for (String line : List.of("SERVER_ERROR backend failure", "SERVER_ERROR whatever")) {
      Wire.answer(
          () -> get("a"), line + "\r\n", request -> assertThat(request.refusal()).isEqualTo(line));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUE other 0 1\r\nx\r\nEND\r\n",
        "VALUE b 0 1\r\nx\r\nVALUE a 0 1\r\nx\r\nEND\r\n",
        "VALUE a 0 1\r\nx\r\nVALUE a 0 1\r\nx\r\nEND\r\n",
        "VALUE a 0 1\r\nxyEND\r\n",
        "SERVER_ERROR whatever\r\n",
        "SERVER_ERROR out of memory writing get response\r\n",
        "SERVER_ERROR backend failure\r\nSTORED\r\n",
        "SERVER_ERROR backend failure\r\nVALUE a 0 1\r\nx\r\nEND\r\n",
        "VALUE b 0 1\r\nx\r\nSERVER_ERROR backend failure\r\nEND\r\n",
        "SERVER_ERROR backend failure\r\nSERVER_ERROR backend failure\r\n"
            + "SERVER_ERROR backend failure\r\n",
        "VALUE a 0 2\r\nx\r\nEND\r\n",
        "VALUE a 0 -1\r\n",
        "VALUE a 0 1073741825\r\n",
        "VALUE a 0 99999999999\r\n",
        "VALUE a 4294967296 1\r\nx\r\n",
        "VALUE a -1 1\r\nx\r\n",
        "VALUE a x 1\r\nx\r\n",
        "VALUE a 0 \r\n",
        "VALUE a 0\r\n",
        "VALUE a\r\n",
        "VALUE \r\n",
        "VALUE a 0 1 17\r\nx\r\n",
        "VALUE  0 1\r\nx\r\n",
        "STORED\r\n",
        "END \r\n",
        "end\r\n",
        "\r\n",
        "\n",
        "END\n",
        "HTTP/1.1 400 Bad Request\r\n",
      })
  void decode_malformed_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(get("a", "b"), answer))
        .isInstanceOf(ProtocolException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUE a 0 1\r\nx\r\nEND\r\n",
        "VALUE a 0 1 \r\nx\r\nEND\r\n",
        "VALUE a 0 1 18446744073709551616\r\nx\r\nEND\r\n",
        "VALUE a 0 1 99999999999999999999\r\nx\r\nEND\r\n",
        "VALUE a 0 1 1 1\r\nx\r\nEND\r\n",
      })
  void decode_withCas_malformedToken_isAnErrorOfTheConnection(String answer) {
    assertThatThrownBy(() -> Wire.feed(gets("a"), answer)).isInstanceOf(ProtocolException.class);
  }

  @Test
  void decode_lineWithoutEnd_isAnErrorBeforeItFillsTheBuffer() {
    assertThatThrownBy(() -> Wire.feed(get("a"), "V".repeat(ResponseLines.MAX_LINE + 1)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("2048");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nflush_all", "\u0000", "\u007f", "käse", "\ud83d\ude00"})
  void new_keyThatMemcachedCantTake_isRefused(String key) {
    assertThatIllegalArgumentException().isThrownBy(() -> get("fine", key));
  }

  @Test
  void new_keyOf250Bytes_isTaken_andOneMoreIsNot() {
    assertThat(Wire.sent(get("k".repeat(250)))).hasSize(256);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> get("k".repeat(251)))
        .withMessageContaining("250");
  }

  @Test
  void new_noKey_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> get());
  }

  @Test
  void item_beforeTheTrip_isAMistake() {
    assertThatIllegalStateException().isThrownBy(() -> get("k").item(0));
  }

  @Test
  void item_keyNotAskedFor_isAMistake() {
    GetRequest request = get("k");
    Wire.feed(request, "END\r\n");
    request.complete(null);
    assertThatIllegalArgumentException().isThrownBy(() -> request.item("other"));
  }
}
