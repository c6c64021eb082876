// SPDX-License-Identifier: Apache-2.0
package org.memjcache.support;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is turned. It begins at the present. */
public final class TurnableClock implements InstantSource {

  private volatile long millis = System.currentTimeMillis();

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }

  @Override
  public long millis() {
    return millis;
  }

  public void turn(Duration by) {
    millis += by.toMillis();
  }
}
