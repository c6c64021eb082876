// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.client.command.CasToken;
import org.memjcache.internal.client.command.CompareAndDeleteRequest;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.Exptime;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.IncrementRequest;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.RequestEncoding;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;

/** Every request in the binary protocol, byte by byte, as {@code protocol_binary.h} has it. */
class BinaryRequestsTest {

  private static final String NO_CAS = "0000000000000000";

  private static <R extends Request> void answer(
      Supplier<R> requests, Consumer<R> check, String... packets) {
    Wire.answer(BinaryProtocol::encodingOf, requests, BinaryWire.text(packets), check);
  }

  private static void assertRefused(Request request, String... packets) {
    RequestEncoding form = BinaryProtocol.encodingOf(request);
    assertThatThrownBy(() -> form.decode(ByteBuffer.wrap(BinaryWire.bytes(packets))))
        .isInstanceOf(ProtocolException.class);
  }

  /** An answer without extras and key. */
  private static String answered(String opcode, String status, String body) {
    int length = BinaryWire.bytes(body).length;
    return "81 %s 0000 00 00 %s %08x 00000000 %s %s"
        .formatted(opcode, status, length, NO_CAS, body)
        .strip();
  }

  // ------------------------------------------------------------------------------------- get

  private static GetRequest get(String... keys) {
    return new GetRequest(List.of(keys), false);
  }

  private static final String END_OF_TWO = "81 0a 0000 00 00 0000 00000000 00000002 " + NO_CAS;

  @Test
  void get_encode_isAQuietGetForEachKeyAndANoop() {
    byte[] expected =
        BinaryWire.bytes(
            "80 0d 0002 00 00 0000 00000002 00000000 0000000000000000 'k1'",
            "80 0d 0003 00 00 0000 00000003 00000001 0000000000000000 'k22'",
            "80 0a 0000 00 00 0000 00000000 00000002 0000000000000000");

    assertThat(BinaryWire.sent(get("k1", "k22"))).isEqualTo(expected);
    assertThat(BinaryWire.sent(new GetRequest(List.of("k1", "k22"), true))).isEqualTo(expected);
    assertThat(BinaryProtocol.encodingOf(get("k1", "k22")).encodedSize())
        .isEqualTo(expected.length);
  }

  @Test
  void get_decode_someThere() {
    answer(
        () -> new GetRequest(List.of("a", "b"), true),
        request -> {
          assertThat(request.item(0)).isNull();
          assertThat(request.item(1).flags()).isEqualTo(-1);
          assertThat(request.item(1).token().unique()).isEqualTo(-2);
          assertThat(request.item(1).data()).isEqualTo(Wire.bytes("xyz"));
        },
        "81 0d 0001 04 00 0000 00000008 00000001 fffffffffffffffe ffffffff 'b' 'xyz'",
        END_OF_TWO);
  }

  @Test
  void get_decode_allAndEmptyValues_withoutCas() {
    answer(
        () -> get("a", "b"),
        request -> {
          assertThat(request.item(0).data()).isEmpty();
          assertThat(request.item(0).token()).isEqualTo(CasToken.NONE);
          assertThat(request.item(1).data()).isEqualTo(Wire.bytes("y"));
        },
        "81 0d 0001 04 00 0000 00000005 00000000 0000000000000011 00000000 'a'",
        "81 0d 0001 04 00 0000 00000006 00000001 0000000000000012 00000000 'b' 'y'",
        END_OF_TWO);
  }

  @Test
  void get_decode_noneThere() {
    answer(() -> get("a", "b"), request -> assertThat(request.item(1)).isNull(), END_OF_TWO);
  }

  @Test
  void get_decode_error_isKeptAsRefusal() {
    answer(
        () -> get("a", "b"),
        request -> assertThat(request.refusal()).isEqualTo("status 0x82 memory"),
        "81 0d 0000 00 00 0082 00000006 00000000 0000000000000000 'memory'",
        END_OF_TWO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81 0d 0001 04 00 0000 00000006 00000000 0000000000000011 00000000 'x' 'y'", // other key
        "81 0d 0002 04 00 0000 00000007 00000000 0000000000000011 00000000 'ab' 'y'", // longer key
        "81 0d 0001 04 00 0000 00000006 00000002 0000000000000011 00000000 'b' 'y'", // no such key
        "81 0d 0001 00 00 0000 00000002 00000000 0000000000000011 'a' 'y'", // no flags
        "81 0d 0001 04 00 0000 40000006 00000000 0000000000000011 00000000 'a' 'y'", // above 1 GB
        "81 0d 0001 04 00 0000 ffffffff 00000000 0000000000000011 00000000 'a' 'y'", // negative
        "81 0d 0001 04 00 0000 00000004 00000000 0000000000000011 00000000", // shorter than key
        "81 0a 0000 00 00 0000 00000000 00000001 0000000000000000", // end of another question
        "81 04 0000 00 00 0000 00000000 00000000 0000000000000000", // a deletion
        "80 0a 0000 00 00 0000 00000000 00000002 0000000000000000", // a request
        "'END' 0d0a",
        "'VALUE'",
      })
  void get_decode_malformed_isAnErrorOfTheConnection(String packet) {
    assertRefused(get("a", "b"), packet);
  }

  @Test
  void get_decode_outOfOrder_isAnErrorOfTheConnection() {
    assertRefused(
        get("a", "b"),
        "81 0d 0001 04 00 0000 00000006 00000001 0000000000000011 00000000 'b' 'y'",
        "81 0d 0001 04 00 0000 00000006 00000000 0000000000000011 00000000 'a' 'x'");
  }

  // --------------------------------------------------------------------------------- storage

  @Test
  void storage_encode() {
    byte[] value = Wire.bytes("xyz");
    assertThat(BinaryWire.sent(StoreRequest.set("k", 7, 100, value)))
        .isEqualTo(
            BinaryWire.bytes(
                "80 01 0001 08 00 0000 0000000c 00000000 0000000000000000 00000007 00000064",
                "'k' 'xyz'"));
    assertThat(BinaryWire.sent(StoreRequest.add("k", -1, 0, new byte[0])))
        .isEqualTo(
            BinaryWire.bytes(
                "80 02 0001 08 00 0000 00000009 00000000 0000000000000000 ffffffff 00000000 'k'"));
    assertThat(BinaryWire.sent(StoreRequest.cas("k", 0, 0, value, new CasToken(-2, 1))))
        .isEqualTo(
            BinaryWire.bytes(
                "80 03 0001 08 00 0000 0000000c 00000000 fffffffffffffffe 00000000 00000000",
                "'k' 'xyz'"));
  }

  @Test
  void encode_connectionsOpenedLater_matchNothing() {
    StoreRequest storage = StoreRequest.cas("k", 0, 0, new byte[0], new CasToken(5, 1));
    CompareAndDeleteRequest deletion = new CompareAndDeleteRequest("k", new CasToken(5, 1));
    StoreRequest set = StoreRequest.set("k", 0, 0, new byte[0]);
    for (Request request : List.of(storage, deletion, set)) {
      request.sendOver(2);
    }
    assertThat(BinaryWire.sent(storage))
        .isEqualTo(
            BinaryWire.bytes(
                "80 03 0001 08 00 0000 00000009 00000000 ffffffffffffffff 00000000 00000000 'k'"));
    assertThat(BinaryWire.sent(deletion))
        .isEqualTo(
            BinaryWire.bytes("80 04 0001 00 00 0000 00000001 00000000 ffffffffffffffff 'k'"));
    assertThat(BinaryWire.sent(set))
        .isEqualTo(
            BinaryWire.bytes(
                "80 01 0001 08 00 0000 00000009 00000000 0000000000000000 00000000 00000000 'k'"));
  }

  @Test
  void storage_encode_expiredAtOnce_isATimeThatIsPast() {
    assertThat(BinaryWire.sent(StoreRequest.set("k", 0, Exptime.AT_ONCE, new byte[0])))
        .isEqualTo(
            BinaryWire.bytes(
                "80 01 0001 08 00 0000 00000009 00000000 0000000000000000 00000000 00278d01 'k'"));
  }

  @ParameterizedTest
  @CsvSource({
    "SET, 01, 0000, STORED",
    "SET, 01, 0003, TOO_LARGE",
    "SET, 01, 0082, OUT_OF_MEMORY",
    "ADD, 02, 0000, STORED",
    "ADD, 02, 0002, NOT_STORED",
    "CAS, 03, 0000, STORED",
    "CAS, 03, 0001, NOT_FOUND",
    "CAS, 03, 0002, EXISTS",
    "CAS, 03, 0003, TOO_LARGE",
  })
  void storage_decode(
      StoreRequest.Verb verb, String opcode, String status, StoreRequest.Result expected) {
    String body = status.equals("0000") ? "" : "'words'";
    answer(
        () ->
            switch (verb) {
              case SET -> StoreRequest.set("k", 0, 0, new byte[1]);
              case ADD -> StoreRequest.add("k", 0, 0, new byte[1]);
              case CAS -> StoreRequest.cas("k", 0, 0, new byte[1], new CasToken(5, 1));
            },
        request -> assertThat(request.result()).isEqualTo(expected),
        answered(opcode, status, body));
  }

  // ------------------------------------------------------------------------------- deletions

  @Test
  void deletion_encode() {
    assertThat(BinaryWire.sent(new DeleteRequest("k")))
        .isEqualTo(
            BinaryWire.bytes("80 04 0001 00 00 0000 00000001 00000000 0000000000000000 'k'"));
  }

  @ParameterizedTest
  @CsvSource({"0000, true", "0001, false"})
  void deletion_decode(String status, boolean deleted) {
    answer(
        () -> new DeleteRequest("k"),
        request -> assertThat(request.deleted()).isEqualTo(deleted),
        answered("04", status, ""));
  }

  @Test
  void compareAndDeletion_encode() {
    assertThat(BinaryWire.sent(new CompareAndDeleteRequest("k", new CasToken(17, 1))))
        .isEqualTo(
            BinaryWire.bytes("80 04 0001 00 00 0000 00000001 00000000 0000000000000011 'k'"));
  }

  @ParameterizedTest
  @CsvSource({"0000, DELETED", "0001, NOT_FOUND", "0002, EXISTS"})
  void compareAndDeletion_decode(String status, CompareAndDeleteRequest.Result expected) {
    answer(
        () -> new CompareAndDeleteRequest("k", new CasToken(17, 1)),
        request -> assertThat(request.result()).isEqualTo(expected),
        answered("04", status, "'words'"));
  }

  // ------------------------------------------------------------------------------- increment

  @Test
  void increment_encode_createsNothing() {
    assertThat(BinaryWire.sent(new IncrementRequest("k", 5)))
        .isEqualTo(
            BinaryWire.bytes(
                "80 05 0001 14 00 0000 00000015 00000000 0000000000000000",
                "0000000000000005 0000000000000000 ffffffff 'k'"));
  }

  @Test
  void increment_decode() {
    answer(
        () -> new IncrementRequest("k", 5),
        request -> assertThat(request.value()).hasValue(Long.MAX_VALUE),
        answered("05", "0000", "7fffffffffffffff"));
    answer(
        () -> new IncrementRequest("k", 5),
        request -> assertThat(request.value()).hasValue(-2),
        answered("05", "0000", "fffffffffffffffe"));
    answer(
        () -> new IncrementRequest("k", 5),
        request -> assertThat(request.value()).isEqualTo(OptionalLong.empty()),
        answered("05", "0001", "'none'"));
    answer(
        () -> new IncrementRequest("k", 5),
        request -> assertThat(request.refusal()).isEqualTo("status 0x06 letters"),
        answered("05", "0006", "'letters'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000005", ""})
  void increment_decode_noNumber_isAnErrorOfTheConnection(String body) {
    assertRefused(new IncrementRequest("k", 5), answered("05", "0000", body));
  }

  // ------------------------------------------------------------------------------ all of them

  /** A command, what its packet begins with, and how its result is asked for. */
  private record Command<R extends Request>(R request, int opcode, Function<R, Object> result) {

    void check() {
      assertThat(BinaryWire.sent(request)[1]).as("%s", request.getClass()).isEqualTo((byte) opcode);
      String[] success =
          switch (opcode) {
            case 0x0d -> new String[] {END_OF_TWO};
            case 0x05 -> new String[] {answered("05", "0000", "0000000000000001")};
            default -> new String[] {answered("%02x".formatted(opcode), "0000", "")};
          };
      RequestEncoding form = BinaryProtocol.encodingOf(request);
      assertThat(form.decode(ByteBuffer.wrap(BinaryWire.bytes(success)))).isTrue();
      request.complete(null);
      assertThat(result.apply(request)).as("%s", request.getClass()).isNotNull();
    }
  }

  /** Java 17 has no switch over sealed types that the compiler would keep complete. */
  @Test
  void everyKindOfRequest_hasAnOpcodeOfItsOwnAndAResult() {
    CasToken token = new CasToken(5, 1);
    byte[] value = new byte[1];
    List<Command<?>> commands =
        List.of(
            new Command<>(get("a", "b"), 0x0d, get -> get.keys()),
            new Command<>(StoreRequest.set("k", 0, 0, value), 0x01, StoreRequest::result),
            new Command<>(StoreRequest.add("k", 0, 0, value), 0x02, StoreRequest::result),
            new Command<>(StoreRequest.cas("k", 0, 0, value, token), 0x03, StoreRequest::result),
            new Command<>(new DeleteRequest("k"), 0x04, DeleteRequest::deleted),
            new Command<>(
                new CompareAndDeleteRequest("k", token), 0x04, CompareAndDeleteRequest::result),
            new Command<>(new IncrementRequest("k", 1), 0x05, IncrementRequest::value));

    assertThat(commands.stream().<Class<?>>map(command -> command.request.getClass()))
        .hasSameElementsAs(kindsOf(Request.class).toList());
    commands.forEach(Command::check);
  }

  private static Stream<Class<?>> kindsOf(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(BinaryRequestsTest::kindsOf)
        : Stream.of(type);
  }

  // ------------------------------------------------------------------------------- all others

  @Test
  void decode_refusal_isKept_andUnprintableWordsAreReplaced() {
    answer(
        () -> new DeleteRequest("k"),
        request -> assertThat(request.refusal()).isEqualTo("status 0x20 a..b"),
        answered("04", "0020", "'a' 0d0a 'b'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "81 01 0000 00 00 0000 00000000 00000000 0000000000000000", // to another command
        "81 04 0000 00 01 0000 00000000 00000000 0000000000000000", // of an unknown type of data
        "81 04 0000 00 00 0000 00000801 00000000 0000000000000000", // longer than any error
        "81 04 0002 00 00 0000 00000001 00000000 0000000000000000 00", // key longer than all
        "'NOT_FOUND' 0d0a",
      })
  void decode_malformed_isAnErrorOfTheConnection(String packet) {
    assertRefused(new DeleteRequest("k"), packet);
  }
}
