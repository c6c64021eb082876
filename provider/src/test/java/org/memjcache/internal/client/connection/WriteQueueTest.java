// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.DeleteRequest;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.client.command.Request;
import org.memjcache.internal.client.command.StoreRequest;
import org.memjcache.internal.client.command.Wire;
import org.memjcache.internal.config.value.Protocol;

class WriteQueueTest {

  private final WriteQueue queue = new WriteQueue();

  private static ServerBatch command(Request request) {
    ServerBatch command = new ServerBatch(Protocol.TEXT);
    command.add(request);
    command.prepare();
    return command;
  }

  private static ServerBatch get(String key) {
    return command(new GetRequest(List.of(key), false));
  }

  private ServerBatch add(ServerBatch command) {
    queue.add(command);
    return command;
  }

  @Test
  void inUse_fromTheFirstMessageToTheLastResponse() {
    assertThat(queue.isInUse()).isFalse();
    long before = System.nanoTime();
    add(get("a"));
    long since = queue.inUseSince();
    assertThat(since - before).isNotNegative();
    add(get("b"));
    assertThat(queue.inUseSince()).isEqualTo(since);
    Message both = queue.next();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isInUse()).isTrue();
    queue.answered(both);
    assertThat(queue.isInUse()).isFalse();
    add(get("c"));
    assertThat(queue.inUseSince() - since).isPositive();
  }

  @Test
  void next_readingWasRefusedJustNow_goesAlone() {
    ServerBatch refused = add(get("a"));
    Message first = queue.next();
    queue.handedOver();
    refused.decode(ByteBuffer.wrap(Wire.bytes("SERVER_ERROR backend failure\r\n")));
    queue.answered(first);
    ServerBatch one = add(get("b"));
    ServerBatch two = add(get("c"));

    assertThat(queue.next()).isSameAs(one);
    queue.handedOver();
    assertThat(queue.next()).isSameAs(two);
  }

  @Test
  void cancel_endsWhatWasNotGivenOut_andTakesItAway() {
    ServerBatch given = add(get("a"));
    queue.next();
    queue.handedOver();
    ServerBatch cancelled = add(get("b"));

    queue.cancel(DisconnectReason.silence("it is silent"));

    assertThat(given.isFinished()).isFalse();
    assertThat(cancelled.isFinished()).isTrue();
    assertThat(cancelled.wasNeverSent()).isTrue();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isInUse()).isTrue();
    queue.answered(given);
    assertThat(queue.isInUse()).isFalse();
  }

  @Test
  void isEnough_aThirdOfAllWaits_orNoResponseIsDue() {
    add(get("a"));
    assertThat(queue.isEnough()).as("no response is due").isTrue();
    for (String key : List.of("b", "c", "d")) {
      add(get(key));
    }
    Message four = queue.next();
    add(get("e"));
    assertThat(queue.isEnough()).as("1 of 5 waits").isFalse();
    add(get("f"));
    assertThat(queue.isEnough()).as("2 of 6 wait").isTrue();
    Message two = queue.next();
    add(get("g"));
    assertThat(queue.isEnough()).as("1 of 7 waits").isFalse();
    queue.answered(four);
    assertThat(queue.isEnough()).as("1 of 3 waits").isTrue();
    queue.answered(two);
    assertThat(queue.isEnough()).as("no response is due").isTrue();
  }

  @Test
  void next_nothingWaits_isNull() {
    assertThat(queue.next()).isNull();
  }

  @Test
  void next_smallOnesBehindEachOther_areOneCommand() {
    ServerBatch a = add(get("a"));
    ServerBatch b = add(get("b"));
    ServerBatch large = add(command(StoreRequest.set("c", 0, 0, new byte[15_000])));
    ServerBatch d = add(get("d"));
    assertThat(queue.next())
        .isInstanceOfSatisfying(
            CoalescedBatch.class, merged -> assertThat(merged.parts()).containsExactly(a, b));
    assertThat(queue.next()).isSameAs(large);
    assertThat(queue.next()).isSameAs(d);
    assertThat(queue.next()).isNull();
  }

  @Test
  void withdraw_nextPassesItOver() {
    ServerBatch a = add(get("a"));
    ServerBatch b = add(get("b"));
    ServerBatch c = add(get("c"));
    ServerBatch deletion = add(command(new DeleteRequest("d")));
    queue.withdraw(b);
    queue.withdraw(deletion);
    Message merged = queue.next();
    assertThat(((CoalescedBatch) merged).parts()).containsExactly(a, c);
    assertThat(queue.next()).isNull();
    queue.withdraw(a); // too late, it is being written
    assertThat(queue.isInUse()).isTrue();
    queue.answered(merged);
    assertThat(queue.isInUse()).isFalse();
    assertThat(a.wasNeverSent()).isFalse();
    assertThat(b.wasNeverSent()).isTrue();
  }

  @Test
  void withdraw_all_nothingIsKept() {
    queue.withdraw(add(get("a")));
    queue.withdraw(add(get("b")));
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isInUse()).isFalse();
  }
}
