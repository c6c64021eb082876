package org.memjcache.internal.client.connection.xmemcached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.internal.client.connection.xmemcached.LatencyEstimate.QUICK_NANOS;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.client.command.GetRequest;
import org.memjcache.internal.config.value.Protocol;

class LatencyEstimateTest {

  private long now = Long.MAX_VALUE - 5 * QUICK_NANOS; // nanoTime may overflow
  private final LatencyEstimate answerTime = new LatencyEstimate(() -> now);

  private static ServerBatch command() {
    ServerBatch command = new ServerBatch(Protocol.TEXT);
    command.add(new GetRequest(List.of("k"), false));
    return command;
  }

  private void answers(int count, long nanos) {
    for (int i = 0; i < count; i++) {
      ServerBatch command = command();
      answerTime.writing(command);
      now += nanos;
      answerTime.answered(command, now);
    }
  }

  @Test
  void isShort_nothingIsKnown_isFalse() {
    assertThat(answerTime.isShort()).isFalse();
    answers(1, 1);
    assertThat(answerTime.isShort()).as("one answer says little").isFalse();
  }

  @Test
  void isShort_answersAreQuick_isTrue() {
    answers(100, QUICK_NANOS / 2);
    assertThat(answerTime.isShort()).isTrue();
    answers(100, QUICK_NANOS * 2);
    assertThat(answerTime.isShort()).isFalse();
  }

  @Test
  void isShort_afterOneLongPause_isSoonTrueAgain() {
    answers(100, QUICK_NANOS / 2);
    answers(1, 1_000 * QUICK_NANOS);
    assertThat(answerTime.isShort()).isFalse();
    answers(20, QUICK_NANOS / 2);
    assertThat(answerTime.isShort()).isTrue();
  }

  @Test
  void answered_othersAreUnderWay_timesOneAfterTheOther() {
    answers(100, QUICK_NANOS / 2);
    ServerBatch timed = command();
    ServerBatch other = command();
    answerTime.writing(timed);
    now++;
    answerTime.writing(other);
    answerTime.answered(other, now + 1_000 * QUICK_NANOS);
    assertThat(answerTime.isShort()).isTrue();
    answerTime.answered(timed, now + 1_000 * QUICK_NANOS);
    assertThat(answerTime.isShort()).isFalse();
  }
}
