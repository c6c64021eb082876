// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.memjcache.support.ChildJvm;

/** Two clients of one cache, who do something to one entry at the same moment. */
interface PairOfClients extends AutoCloseable {

  /** What two operations answered and what was there then, all as text. */
  record Outcome(String one, String other, String left) {}

  /** Lets both do their operation, on an entry with a first value or on none. */
  Outcome race(PairedOperation one, PairedOperation other, String key, @Nullable String first);

  @Override
  void close();

  /** Two threads of this JVM; they may use the same cache. */
  final class Threads implements PairOfClients {

    private static final int MOST_SECONDS = 180;

    private final Cache<String, String> one;
    private final Cache<String, String> other;
    private final ExecutorService executor = Executors.newFixedThreadPool(2);

    Threads(Cache<String, String> one, Cache<String, String> other) {
      this.one = one;
      this.other = other;
    }

    @Override
    public Outcome race(
        PairedOperation atOne, PairedOperation atOther, String key, @Nullable String first) {
      if (first != null) {
        one.put(key, first);
      }
      other.containsKey(key); // knows the versions
      CyclicBarrier start = new CyclicBarrier(2);
      Future<String> answerOne = begin(start, atOne, one, key, "mine0");
      Future<String> answerOther = begin(start, atOther, other, key, "mine1");
      try {
        return new Outcome(
            answerOne.get(MOST_SECONDS, TimeUnit.SECONDS),
            answerOther.get(MOST_SECONDS, TimeUnit.SECONDS),
            String.valueOf(one.get(key)));
      } catch (Exception e) {
        throw new AssertionError(atOne + " and " + atOther + " on " + first, e);
      }
    }

    private Future<String> begin(
        CyclicBarrier start,
        PairedOperation operation,
        Cache<String, String> cache,
        String key,
        String mine) {
      return executor.submit(
          () -> {
            start.await(MOST_SECONDS, TimeUnit.SECONDS);
            return String.valueOf(operation.run(cache, key, mine));
          });
    }

    @Override
    public void close() {
      executor.shutdownNow();
    }
  }

  /** Two JVMs, which begin at the same instant of the clock that they share. */
  final class Jvms implements PairOfClients {

    private static final int AHEAD_MILLIS = 3;

    private final ChildJvm one;
    private final ChildJvm other;
    private final PairedPolicy policy;

    Jvms(ChildJvm one, ChildJvm other, PairedPolicy policy) {
      this.one = one;
      this.other = other;
      this.policy = policy;
    }

    @Override
    public Outcome race(
        PairedOperation atOne, PairedOperation atOther, String key, @Nullable String first) {
      if (first != null) {
        one.ask(order(PairedOperation.PUT, key, first, 0));
      }
      other.ask(order(PairedOperation.CONTAINS_KEY, key, "none", 0)); // knows the versions
      long start = System.currentTimeMillis() + AHEAD_MILLIS;
      one.begin(order(atOne, key, "mine0", start));
      other.begin(order(atOther, key, "mine1", start));
      return new Outcome(
          one.answer(), other.answer(), one.ask(order(PairedOperation.GET, key, "none", 0)));
    }

    private String order(PairedOperation operation, String key, String mine, long start) {
      return String.join(" ", "at", "" + start, policy.name(), operation.name(), key, mine);
    }

    @Override
    public void close() {
      one.close();
      other.close();
    }
  }
}
