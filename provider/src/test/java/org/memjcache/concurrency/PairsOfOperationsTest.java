// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.concurrency.PairOfClients.Outcome;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/**
 * Any two operations at the same time on one entry: what they answer and what is left is what one
 * after the other would give, in one of the two orders.
 */
@Memcached
@Tag("slow")
@Tag("any-jdk")
class PairsOfOperationsTest {

  private final MemcachedServer server;
  private final List<MemcachedCachingProvider> providers =
      List.of(new MemcachedCachingProvider(), new MemcachedCachingProvider());

  PairsOfOperationsTest(MemcachedServer server) {
    this.server = server;
  }

  @AfterEach
  void close() {
    providers.forEach(MemcachedCachingProvider::close);
  }

  /** Who the two are that meet at the entry. */
  private enum Who {
    TWO_THREADS(4) {
      @Override
      PairOfClients open(PairsOfOperationsTest test, PairedPolicy policy) {
        Cache<String, String> cache = test.cache(0, policy);
        return new PairOfClients.Threads(cache, cache);
      }
    },
    TWO_CLIENTS(4) {
      @Override
      PairOfClients open(PairsOfOperationsTest test, PairedPolicy policy) {
        return new PairOfClients.Threads(test.cache(0, policy), test.cache(1, policy));
      }
    },
    TWO_JVMS(1) {
      @Override
      PairOfClients open(PairsOfOperationsTest test, PairedPolicy policy) {
        URI application = LongTimeoutUri.of(test.server, "application");
        return new PairOfClients.Jvms(
            CacheWorker.start(application, "one"), CacheWorker.start(application, "other"), policy);
      }
    };

    final int rounds;

    Who(int rounds) {
      this.rounds = rounds;
    }

    abstract PairOfClients open(PairsOfOperationsTest test, PairedPolicy policy);
  }

  static Stream<Arguments> rows() {
    return Stream.of(Who.values())
        .flatMap(who -> Stream.of(PairedPolicy.values()).map(policy -> Arguments.of(who, policy)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void twoOperationsAtOnce_areAsOneAfterTheOther(Who who, PairedPolicy policy) {
    int decided = 0;
    int otherWasFirst = 0;
    try (PairOfClients clients = who.open(this, policy)) {
      for (PairedOperation one : PairedOperation.values()) {
        for (PairedOperation other : PairedOperation.values()) {
          for (String first : Arrays.asList("first", null)) {
            Outcome oneThenOther = inOrder(one, "mine0", other, "mine1", first);
            Outcome otherThenOne = swapped(inOrder(other, "mine1", one, "mine0", first));
            for (int round = 0; round < who.rounds; round++) {
              String key = String.join("-", one.name(), other.name(), first, "" + round);
              Outcome outcome = clients.race(one, other, key, first);
              assertThat(outcome)
                  .as("%s and %s on %s", one, other, first)
                  .isIn(oneThenOther, otherThenOne);
              if (!oneThenOther.equals(otherThenOne)) {
                decided++;
                otherWasFirst += outcome.equals(otherThenOne) ? 1 : 0;
              }
            }
          }
        }
      }
    }
    // They did meet: now one of them came first, now the other.
    assertThat(otherWasFirst).isBetween(decided / 100, decided - decided / 100);
  }

  private static Outcome inOrder(
      PairedOperation former,
      String formersValue,
      PairedOperation latter,
      String lattersValue,
      @Nullable String first) {
    PairedOperation.Result formers = former.on(first, formersValue);
    PairedOperation.Result latters = latter.on(formers.left(), lattersValue);
    return new Outcome(
        String.valueOf(formers.answer()),
        String.valueOf(latters.answer()),
        String.valueOf(latters.left()));
  }

  private static Outcome swapped(Outcome outcome) {
    return new Outcome(outcome.other(), outcome.one(), outcome.left());
  }

  private Cache<String, String> cache(int client, PairedPolicy policy) {
    URI uri = LongTimeoutUri.of(server, "application/" + policy, client);
    return providers
        .get(client)
        .getCacheManager(uri, null)
        .createCache("cache", policy.configuration());
  }
}
