// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.common;

/**
 * What an application asked a cache for: the name of the operation, for errors, and how long it has
 * waited for memcached so far, so that all its round trips together wait no longer than the {@code
 * timeout}. What it does between them, such as calling a loader or a processor, does not count; and
 * the wait for first connections, which has a limit of its own, is put on top. For one thread at a
 * time.
 */
public final class Operation {

  private final String name;
  private long waitedNanos;
  private long connectingNanos;

  public Operation(String name) {
    this.name = name;
  }

  public long waitedNanos() {
    return waitedNanos;
  }

  public void addWait(long nanos) {
    waitedNanos += nanos;
  }

  /** Returns how much of its waiting was for first connections. */
  public long connectingNanos() {
    return connectingNanos;
  }

  public void addConnecting(long nanos) {
    connectingNanos += nanos;
  }

  /** Returns the next part of an operation on very many entries, which may wait as long again. */
  public Operation nextPart() {
    return new Operation(name);
  }

  /** Returns the name. */
  @Override
  public String toString() {
    return name;
  }
}
