// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.client.command.ProtocolException;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.config.value.Protocol;

class CoalescedBatchTest {

  private static ServerBatch command(Request... requests) {
    ServerBatch command = new ServerBatch(Protocol.TEXT);
    for (Request request : requests) {
      command.add(request);
    }
    command.prepare();
    command.claim();
    return command;
  }

  private static ServerBatch get(String... keys) {
    return command(new GetRequest(List.of(keys), false));
  }

  private static ServerBatch gets(String... keys) {
    return command(new GetRequest(List.of(keys), true));
  }

  private static ServerBatch put(String version, String key, String value) {
    return command(
        new GetRequest(List.of(version), false), StoreRequest.set(key, 0, 0, Wire.bytes(value)));
  }

  private static CoalescedBatch merged(ServerBatch first, ServerBatch... others) {
    CoalescedBatch merged = new CoalescedBatch(first);
    for (ServerBatch other : others) {
      merged.add(other);
    }
    return merged;
  }

  private static String value(ServerBatch command, int index) {
    GetRequest request = command.firstGet();
    request.complete(null);
    Item item = request.item(index);
    return item == null ? null : item.key() + "=" + Wire.text(item.data());
  }

  @Test
  void bytes_areOneLine_withEachKeyOnce() {
    assertThat(merged(get("v", "a"), get("v", "b"), get("c"), get("a", "v")).bytes().toByteArray())
        .isEqualTo(Wire.bytes("get v a b c\r\n"));
    assertThat(merged(gets("v", "a"), gets("v", "b")).bytes().toByteArray())
        .isEqualTo(Wire.bytes("gets v a b\r\n"));
  }

  @Test
  void bytes_withWrites_areOneLineAndAllWritesBehindIt() {
    assertThat(
            merged(
                    put("v", "a", "1"),
                    get("v", "b"),
                    command(new DeleteRequest("d")),
                    put("w", "c", "22"))
                .bytes()
                .toByteArray())
        .isEqualTo(
            Wire.bytes("get v b w\r\nset a 0 0 1\r\n1\r\ndelete d\r\nset c 0 0 2\r\n22\r\n"));
  }

  @Test
  void isPossible_smallCommandsOfTheSameVerbOnly() {
    String[] nine = "1 2 3 4 5 6 7 8 9".split(" ");
    assertThat(CoalescedBatch.isPossible(get("a"), get("b"))).isTrue();
    assertThat(CoalescedBatch.isPossible(gets("a"), gets("b"))).isTrue();
    assertThat(CoalescedBatch.isPossible(get("a"), gets("b"))).isFalse();
    assertThat(CoalescedBatch.isPossible(get("a"), get(nine))).isFalse();
    assertThat(CoalescedBatch.isPossible(get(nine), get("a"))).isFalse();
    assertThat(CoalescedBatch.isPossible(get("a"), command(new DeleteRequest("b")))).isTrue();
    assertThat(CoalescedBatch.isPossible(get("a"), put("v", "b", "x".repeat(12_000)))).isTrue();
    assertThat(CoalescedBatch.isPossible(put("v", "b", "x"), get("a"))).isTrue();
    assertThat(CoalescedBatch.isPossible(get("a"), put("v", "b", "x".repeat(12 * 1024)))).isFalse();
    assertThat(CoalescedBatch.isPossible(get("a"), put("v", "b", "x".repeat(20_000)))).isFalse();
    assertThat(CoalescedBatch.isPossible(command(new DeleteRequest("b")), get("a"))).isFalse();
    assertThat(
            CoalescedBatch.isPossible(
                get("a"), command(new DeleteRequest("b"), new GetRequest(List.of("b"), false))))
        .as("what is read behind a write has to stay there")
        .isFalse();
  }

  @Test
  void hasRoomFor_endsBeforeTheLineGetsLong() {
    CoalescedBatch merged = merged(get("0" + "k".repeat(249)));
    int count = 1;
    while (merged.hasRoomFor(get(count + "k".repeat(240)))) {
      merged.add(get(count++ + "k".repeat(240)));
    }
    assertThat(count).isBetween(10, 20);
  }

  @Test
  void hasRoomFor_endsBeforeTooMuchIsWritten() {
    CoalescedBatch merged = merged(get("v"));
    int count = 0;
    while (merged.hasRoomFor(put("v", "a", "x".repeat(3_000)))) {
      merged.add(put("v", "a", "x".repeat(3_000)));
      count++;
    }
    assertThat(count).isBetween(5, 10);
  }

  @Test
  void decode_withWrites_givesEachCallerItsAnswers_howeverTheyAreCut() {
    byte[] answer =
        Wire.bytes("VALUE v 0 1\r\n7\r\nEND\r\nSTORED\r\nNOT_FOUND\r\nSERVER_ERROR no\r\n");
    for (int cut = 0; cut < answer.length; cut++) {
      ServerBatch set = put("v", "a", "1");
      ServerBatch get = get("v", "b");
      ServerBatch delete = command(new DeleteRequest("d"));
      ServerBatch refused = put("w", "c", "2");
      CoalescedBatch merged = merged(set, get, delete, refused);
      ByteBuffer in = ByteBuffer.allocate(answer.length);
      in.put(answer, 0, cut).flip();
      assertThat(merged.decode(in)).isFalse();
      in.compact().put(answer, cut, answer.length - cut).flip();
      assertThat(merged.decode(in)).isTrue();
      assertThat(in.hasRemaining()).isFalse();
      assertThat(List.of(set, get, delete, refused)).allMatch(ServerBatch::isFinished);
      assertThat(value(set, 0)).isEqualTo("v=7");
      assertThat(value(get, 0)).isEqualTo("v=7");
      assertThat(value(get, 1)).isNull();
      assertThat(value(refused, 0)).isNull();
      assertThat(((StoreRequest) settled(set, 1)).result()).isEqualTo(StoreRequest.Result.STORED);
      assertThat(((DeleteRequest) settled(delete, 0)).deleted()).isFalse();
      assertThat(refused.requests().get(1).refusal()).isEqualTo("SERVER_ERROR no");
    }
  }

  @Test
  void decode_partIsLostBetweenTwoPieces_othersGetTheirOwnAnswers() {
    byte[] answer =
        Wire.bytes("VALUE v 0 1\r\n7\r\nEND\r\nSTORED\r\nNOT_FOUND\r\nSERVER_ERROR no\r\n");
    for (int cut = 0; cut <= answer.length; cut++) {
      for (int lost = 0; lost < 4; lost++) {
        ServerBatch set = put("v", "a", "1");
        ServerBatch get = get("v", "b");
        ServerBatch delete = command(new DeleteRequest("d"));
        ServerBatch refused = put("w", "c", "2");
        List<ServerBatch> parts = List.of(set, get, delete, refused);
        CoalescedBatch merged = merged(set, get, delete, refused);
        ByteBuffer in = ByteBuffer.allocate(answer.length);
        in.put(answer, 0, cut).flip();
        assertThat(merged.decode(in)).isEqualTo(cut == answer.length);
        boolean wasFinished = parts.get(lost).isFinished();
        parts.get(lost).lose(DisconnectReason.CLOSED);
        assertThat(parts.get(lost).isFinished()).isTrue();
        assertThat(parts.get(lost).loss() == null).isEqualTo(wasFinished);
        in.compact().put(answer, cut, answer.length - cut).flip();

        assertThat(merged.decode(in)).isTrue();

        assertThat(in.hasRemaining()).isFalse();
        assertThat(parts).allMatch(ServerBatch::isFinished);
        for (int i = 0; i < parts.size(); i++) {
          if (i != lost) {
            assertThat(parts.get(i).loss()).isNull();
          }
        }
        assertThat(value(set, 0)).isEqualTo("v=7");
        assertThat(value(get, 0)).isEqualTo("v=7");
        assertThat(value(get, 1)).isNull();
        assertThat(((StoreRequest) settled(set, 1)).result()).isEqualTo(StoreRequest.Result.STORED);
        assertThat(((DeleteRequest) settled(delete, 0)).deleted()).isFalse();
        assertThat(delete.requests().get(0).refusal()).isNull();
        assertThat(refused.requests().get(1).refusal()).isEqualTo("SERVER_ERROR no");
      }
    }
  }

  @Test
  void decode_lineIsThroughButNotTheWrites_onlyReadersAreFinished() {
    ServerBatch set = put("v", "a", "1");
    ServerBatch get = get("v");
    CoalescedBatch merged = merged(set, get);
    assertThat(merged.decode(ByteBuffer.wrap(Wire.bytes("VALUE v 0 1\r\n7\r\nEND\r\n")))).isFalse();
    assertThat(get.isFinished()).isTrue();
    assertThat(set.isFinished()).isFalse();
    assertThat(set.answered()).isEqualTo(1);
  }

  @Test
  void decode_writeAnsweredByNonsense_isAnErrorOfTheConnection() {
    CoalescedBatch merged = merged(get("v"), put("v", "a", "1"));
    assertThatThrownBy(() -> merged.decode(ByteBuffer.wrap(Wire.bytes("END\r\nVALUE\r\n"))))
        .isInstanceOf(ProtocolException.class);
  }

  private static Request settled(ServerBatch command, int index) {
    Request request = command.requests().get(index);
    request.complete(null);
    return request;
  }

  @Test
  void decode_givesEachCallerItsItems_howeverTheAnswerIsCut() {
    byte[] answer =
        Wire.bytes("VALUE v 0 1\r\n7\r\nVALUE b 0 2\r\nBB\r\nVALUE d 0 1\r\nD\r\nEND\r\n");
    for (int cut = 0; cut < answer.length; cut++) {
      ServerBatch[] parts = {get("v", "a"), get("v", "b"), get("c"), get("d", "v"), get("e")};
      CoalescedBatch merged = merged(parts[0], Arrays.copyOfRange(parts, 1, parts.length));
      ByteBuffer in = ByteBuffer.allocate(answer.length);
      in.put(answer, 0, cut).flip();
      assertThat(merged.decode(in)).isFalse();
      in.compact().put(answer, cut, answer.length - cut).flip();
      assertThat(merged.decode(in)).isTrue();
      assertThat(in.hasRemaining()).isFalse();
      assertThat(parts).allMatch(ServerBatch::isFinished);
      assertThat(value(parts[0], 0)).isEqualTo("v=7");
      assertThat(value(parts[0], 1)).isNull();
      assertThat(value(parts[1], 0)).isEqualTo("v=7");
      assertThat(value(parts[1], 1)).isEqualTo("b=BB");
      assertThat(value(parts[2], 0)).isNull();
      assertThat(value(parts[3], 0)).isEqualTo("d=D");
      assertThat(value(parts[3], 1)).isEqualTo("v=7");
      assertThat(value(parts[4], 0)).isNull();
    }
  }

  @Test
  void decode_sharedItem_isEachCallersOwn() {
    ServerBatch one = get("v");
    ServerBatch two = get("v");
    merged(one, two).decode(ByteBuffer.wrap(Wire.bytes("VALUE v 5 1\r\n7\r\nEND\r\n")));
    one.firstGet().complete(null);
    two.firstGet().complete(null);
    Item first = one.firstGet().item(0);
    Item second = two.firstGet().item(0);
    assertThat(first.data()).isEqualTo(second.data()).isNotSameAs(second.data());
    assertThat(second.flags()).isEqualTo(5);
  }

  @Test
  void decode_itemsOfTheFirstAreThrough_finishesItBeforeTheRest() {
    ServerBatch one = get("v", "a");
    ServerBatch two = get("v", "b");
    CoalescedBatch merged = merged(one, two);
    ByteBuffer in = ByteBuffer.wrap(Wire.bytes("VALUE v 0 1\r\n7\r\nVALUE a 0 1\r\nA\r\nVALUE b"));
    assertThat(merged.decode(in)).isFalse();
    assertThat(one.isFinished()).isTrue();
    assertThat(two.isFinished()).isFalse();
  }

  @Test
  void decode_errorLine_refusesAllThatWait() {
    ServerBatch one = get("a");
    ServerBatch two = get("b");
    String line = "SERVER_ERROR Connection refused";
    assertThat(merged(one, two).decode(ByteBuffer.wrap(Wire.bytes(line + "\r\n")))).isTrue();
    assertThat(one.firstGet().refusal()).isEqualTo(line);
    assertThat(two.firstGet().refusal()).isEqualTo(line);
  }

  @Test
  void decode_errorsInThePlaceOfItems_concernThoseWhoAskedForThem_howeverTheyAreCut() {
    String line = "SERVER_ERROR backend failure";
    byte[] answer =
        Wire.bytes(
            "VALUE v 0 1\r\n7\r\n"
                + line
                + "\r\nVALUE b 0 1\r\nB\r\nVALUE d 0 1\r\nD\r\n"
                + line
                + "\r\nEND\r\nSTORED\r\n");
    for (int cut = 0; cut < answer.length; cut++) {
      ServerBatch gone = get("v", "a");
      ServerBatch there = get("v", "b");
      ServerBatch missing = get("v", "c");
      ServerBatch set = put("v", "d", "1");
      ServerBatch last = get("d", "e");
      CoalescedBatch merged = merged(gone, there, missing, set, last);
      ByteBuffer in = ByteBuffer.allocate(answer.length);
      in.put(answer, 0, cut).flip();
      assertThat(merged.decode(in)).isFalse();
      in.compact().put(answer, cut, answer.length - cut).flip();
      assertThat(merged.decode(in)).isTrue();

      assertThat(in.hasRemaining()).isFalse();
      assertThat(merged.isReadRefused()).isTrue();
      assertThat(gone.firstGet().refusal()).isEqualTo(line);
      assertThat(there.firstGet().refusal()).isNull();
      assertThat(value(there, 1)).isEqualTo("b=B");
      assertThat(missing.firstGet().refusal()).as("no line between b and d").isNull();
      assertThat(value(missing, 1)).isNull();
      assertThat(set.firstGet().refusal()).isNull();
      assertThat(last.firstGet().refusal()).isEqualTo(line);
    }
  }

  /** As mcrouter says it: what was left out behind is not known to be absent. */
  @Test
  void decode_errorAtTheEnd_concernsAllWhoLackAnItem() {
    ServerBatch one = get("v", "a");
    ServerBatch two = get("v", "b");
    String line = "SERVER_ERROR connection error";
    String answer = "VALUE v 0 1\r\n7\r\nVALUE b 0 1\r\nB\r\n" + line + "\r\n";

    assertThat(merged(one, two).decode(ByteBuffer.wrap(Wire.bytes(answer)))).isTrue();

    assertThat(one.firstGet().refusal()).isEqualTo(line);
    assertThat(two.firstGet().refusal()).isNull();
    assertThat(value(two, 1)).isEqualTo("b=B");
  }

  @Test
  void decode_otherKeyOrOrder_isAnErrorOfTheConnection() {
    for (String answer :
        List.of(
            "VALUE x 0 1\r\nx\r\nEND\r\n",
            "VALUE b 0 1\r\nx\r\nVALUE a 0 1\r\nx\r\nEND\r\n",
            "STORED\r\n")) {
      assertThatThrownBy(
              () -> merged(get("a"), get("b")).decode(ByteBuffer.wrap(Wire.bytes(answer))))
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void decode_lastLineIsNone_isAnErrorOfTheConnection_thoughNobodyWaits() {
    ServerBatch one = get("a");
    ServerBatch two = get("b");
    CoalescedBatch merged = merged(one, two);
    ByteBuffer in = ByteBuffer.allocate(100);
    in.put(Wire.bytes("VALUE a 0 1\r\nA\r\nVALUE b 0 1\r\nB\r\n")).flip();
    assertThat(merged.decode(in)).isFalse();
    assertThat(two.isFinished()).isTrue();
    in.compact().put(Wire.bytes("E...ND\r\n")).flip();

    assertThatThrownBy(() -> merged.decode(in)).isInstanceOf(ProtocolException.class);
  }
}
