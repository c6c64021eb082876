package org.memjcache.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.rubyeye.xmemcached.command.Command;
import org.junit.jupiter.api.Test;

class CommandQueueTest {

  private final CommandQueue queue = new CommandQueue();

  private static TripCommand command(Request request) {
    TripCommand command = new TripCommand(Protocol.TEXT);
    command.add(request);
    command.prepare(Thread.currentThread());
    return command;
  }

  private static TripCommand get(String key) {
    return command(new Retrieval(List.of(key), false));
  }

  private TripCommand add(TripCommand command) {
    queue.add(command);
    return command;
  }

  @Test
  void add_tellsWhetherItIsAlone_untilItIsAnswered() {
    assertThat(queue.isInUse()).isFalse();
    assertThat(queue.add(get("a"))).isTrue();
    assertThat(queue.add(get("b"))).isFalse();
    Command both = queue.next();
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.isInUse()).isTrue();
    queue.answered(both);
    assertThat(queue.isInUse()).isFalse();
    assertThat(queue.add(get("c"))).isTrue();
  }

  @Test
  void isEnough_aThirdOfAllWaits_orNoAnswerIsDue() {
    add(get("a"));
    assertThat(queue.isEnough()).as("no answer is due").isTrue();
    for (String key : List.of("b", "c", "d")) {
      add(get(key));
    }
    Command four = queue.next();
    add(get("e"));
    assertThat(queue.isEnough()).as("1 of 5 waits").isFalse();
    add(get("f"));
    assertThat(queue.isEnough()).as("2 of 6 wait").isTrue();
    Command two = queue.next();
    add(get("g"));
    assertThat(queue.isEnough()).as("1 of 7 waits").isFalse();
    queue.answered(four);
    assertThat(queue.isEnough()).as("1 of 3 waits").isTrue();
    queue.answered(two);
    assertThat(queue.isEnough()).as("no answer is due").isTrue();
  }

  @Test
  void next_nothingWaits_isNull() {
    assertThat(queue.next()).isNull();
  }

  @Test
  void next_smallOnesBehindEachOther_areOneCommand() {
    TripCommand a = add(get("a"));
    TripCommand b = add(get("b"));
    TripCommand large = add(command(Storage.set("c", 0, 0, new byte[15_000])));
    TripCommand d = add(get("d"));
    assertThat(queue.next())
        .isInstanceOfSatisfying(
            MergedCommand.class, merged -> assertThat(merged.parts()).containsExactly(a, b));
    assertThat(queue.next()).isSameAs(large);
    assertThat(queue.next()).isSameAs(d);
    assertThat(queue.next()).isNull();
  }

  @Test
  void next_takenBack_isSkipped() {
    TripCommand a = add(get("a"));
    TripCommand b = add(get("b"));
    TripCommand c = add(get("c"));
    TripCommand deletion = add(command(new Deletion("d")));
    assertThat(b.withdraw()).isTrue();
    assertThat(deletion.withdraw()).isTrue();
    Command merged = queue.next();
    assertThat(((MergedCommand) merged).parts()).containsExactly(a, c);
    assertThat(queue.next()).isNull();
    queue.answered(merged);
    assertThat(queue.isInUse()).isFalse();
    assertThat(a.withdraw()).as("too late, it is being written").isFalse();
    assertThat(a.wasNeverSent()).isFalse();
    assertThat(b.wasNeverSent()).isTrue();
  }

  @Test
  void next_allTakenBack_isNull() {
    add(get("a")).withdraw();
    add(get("b")).withdraw();
    assertThat(queue.next()).isNull();
    assertThat(queue.isInUse()).isFalse();
  }
}
