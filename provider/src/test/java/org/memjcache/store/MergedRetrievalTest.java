package org.memjcache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergedRetrievalTest {

  private static TripCommand command(Request... requests) {
    TripCommand command = new TripCommand();
    for (Request request : requests) {
      command.add(request);
    }
    command.prepare(Thread.currentThread());
    return command;
  }

  private static TripCommand get(String... keys) {
    return command(new Retrieval(List.of(keys), false));
  }

  private static TripCommand gets(String... keys) {
    return command(new Retrieval(List.of(keys), true));
  }

  private static MergedRetrieval merged(TripCommand first, TripCommand... others) {
    MergedRetrieval merged = new MergedRetrieval(first);
    for (TripCommand other : others) {
      merged.add(other);
    }
    return merged;
  }

  private static String value(TripCommand command, int index) {
    Retrieval request = command.soleRetrieval();
    request.settle(null);
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
  void isPossible_smallRetrievalsOfTheSameVerbOnly() {
    String[] nine = "1 2 3 4 5 6 7 8 9".split(" ");
    assertThat(MergedRetrieval.isPossible(get("a"), get("b"))).isTrue();
    assertThat(MergedRetrieval.isPossible(gets("a"), gets("b"))).isTrue();
    assertThat(MergedRetrieval.isPossible(get("a"), gets("b"))).isFalse();
    assertThat(MergedRetrieval.isPossible(get("a"), get(nine))).isFalse();
    assertThat(MergedRetrieval.isPossible(get(nine), get("a"))).isFalse();
    assertThat(MergedRetrieval.isPossible(get("a"), command(new Deletion("b")))).isFalse();
    assertThat(
            MergedRetrieval.isPossible(
                get("a"), command(new Retrieval(List.of("b"), false), new Deletion("b"))))
        .isFalse();
  }

  @Test
  void hasRoomFor_endsBeforeTheLineGetsLong() {
    MergedRetrieval merged = merged(get("0" + "k".repeat(249)));
    int count = 1;
    while (merged.hasRoomFor(get(count + "k".repeat(240)))) {
      merged.add(get(count++ + "k".repeat(240)));
    }
    assertThat(count).isBetween(10, 20);
  }

  @Test
  void decode_givesEachCallerItsItems_howeverTheAnswerIsCut() {
    byte[] answer =
        Wire.bytes("VALUE v 0 1\r\n7\r\nVALUE b 0 2\r\nBB\r\nVALUE d 0 1\r\nD\r\nEND\r\n");
    for (int cut = 0; cut < answer.length; cut++) {
      TripCommand[] parts = {get("v", "a"), get("v", "b"), get("c"), get("d", "v"), get("e")};
      MergedRetrieval merged = merged(parts[0], Arrays.copyOfRange(parts, 1, parts.length));
      ByteBuffer in = ByteBuffer.allocate(answer.length);
      in.put(answer, 0, cut).flip();
      assertThat(merged.decode(in)).isFalse();
      in.compact().put(answer, cut, answer.length - cut).flip();
      assertThat(merged.decode(in)).isTrue();
      assertThat(in.hasRemaining()).isFalse();
      assertThat(parts).allMatch(TripCommand::isFinished);
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
    TripCommand one = get("v");
    TripCommand two = get("v");
    merged(one, two).decode(ByteBuffer.wrap(Wire.bytes("VALUE v 5 1\r\n7\r\nEND\r\n")));
    one.soleRetrieval().settle(null);
    two.soleRetrieval().settle(null);
    Item first = one.soleRetrieval().item(0);
    Item second = two.soleRetrieval().item(0);
    assertThat(first.data()).isEqualTo(second.data()).isNotSameAs(second.data());
    assertThat(second.flags()).isEqualTo(5);
  }

  @Test
  void decode_itemsOfTheFirstAreThrough_finishesItBeforeTheRest() {
    TripCommand one = get("v", "a");
    TripCommand two = get("v", "b");
    MergedRetrieval merged = merged(one, two);
    ByteBuffer in = ByteBuffer.wrap(Wire.bytes("VALUE v 0 1\r\n7\r\nVALUE a 0 1\r\nA\r\nVALUE b"));
    assertThat(merged.decode(in)).isFalse();
    assertThat(one.isFinished()).isTrue();
    assertThat(two.isFinished()).isFalse();
  }

  @Test
  void decode_errorLine_refusesAllThatWait() {
    TripCommand one = get("a");
    TripCommand two = get("b");
    assertThat(merged(one, two).decode(ByteBuffer.wrap(Wire.bytes("SERVER_ERROR no\r\n"))))
        .isTrue();
    assertThat(one.soleRetrieval().refusal()).isEqualTo("SERVER_ERROR no");
    assertThat(two.soleRetrieval().refusal()).isEqualTo("SERVER_ERROR no");
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
}
