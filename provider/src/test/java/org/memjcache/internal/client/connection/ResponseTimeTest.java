// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.client.connection;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.config.value.Protocol;

class ResponseTimeTest {

  private static final int NEAR = 80;
  private static final int FAR = 1_000;

  private long now = 1;
  private final ResponseTime time = new ResponseTime(() -> now);

  @Test
  void serverIsNotNear_beforeItHasResponded() {
    assertFalse(time.isQuick());
  }

  @Test
  void serverStaysNear_whileResponsesWaitForABusyMachine() {
    respond(NEAR);

    respondFor(3_000, 900, 900, 900, 900, 900, 900, 900, NEAR);

    assertTrue(time.isQuick());
  }

  @Test
  void serverIsNotNear_whereEachResponseTakesLonger() {
    respondFor(3_000, FAR);

    assertFalse(time.isQuick());
  }

  @Test
  void farServerIsNotNear_thoughItsResponsesComeOneBehindTheOther() {
    for (int i = 0; i < 100; i++) {
      Message first = message();
      Message second = message();
      time.writing(first);
      now += micros(FAR / 2);
      time.writing(second);
      now += micros(FAR / 2);
      time.answered(first);
      now += micros(10);
      time.answered(second); // not since the first one, and not since it was itself written
    }

    assertFalse(time.isQuick());
  }

  @Test
  void serverThatHasMovedAway_isNotNearFromTwoSecondsOn() {
    respond(NEAR);

    respondFor(2_100, FAR);

    assertFalse(time.isQuick());
  }

  @Test
  void serverThatHasMovedHere_isNearAtOnce() {
    respondFor(3_000, FAR);

    respond(NEAR);

    assertTrue(time.isQuick());
  }

  /** Has responses take these times in turn, in microseconds. */
  private void respondFor(int millis, int... micros) {
    long end = now + TimeUnit.MILLISECONDS.toNanos(millis);
    for (int i = 0; now < end; i++) {
      respond(micros[i % micros.length]);
    }
  }

  private void respond(int micros) {
    Message message = message();
    time.writing(message);
    now += micros(micros);
    time.answered(message);
  }

  private static long micros(int micros) {
    return TimeUnit.MICROSECONDS.toNanos(micros);
  }

  private static Message message() {
    return new ServerBatch(Protocol.TEXT);
  }
}
