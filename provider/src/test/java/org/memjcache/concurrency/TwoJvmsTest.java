// SPDX-License-Identifier: Apache-2.0
package org.memjcache.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.support.ChildJvm;
import org.memjcache.support.LongTimeoutUri;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** Two JVMs on one memcached: a clear counts for both at once, and no update is lost. */
@Memcached
@Tag("slow")
@Tag("any-jdk")
class TwoJvmsTest {

  private static final int ROUNDS = 60;
  private static final int THREADS = 8;

  /** With 10000, as long as it takes, each of the sixteen threads makes that many updates. */
  private static final int UPDATES_OF_A_THREAD = Integer.getInteger("updates.per.thread", 1_250);

  private static ChildJvm one;
  private static ChildJvm other;

  @BeforeAll
  static void start(MemcachedServer server) {
    one = CacheWorker.start(LongTimeoutUri.of(server, "application"), "one");
    other = CacheWorker.start(LongTimeoutUri.of(server, "application"), "other");
  }

  @AfterAll
  static void stop() {
    one.close();
    other.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache", "tenant", "application"})
  void clear_hasReturnedInOneJvm_theNextGetInTheOtherMisses(String level) {
    for (int i = 0; i < ROUNDS; i++) {
      ChildJvm clearing = i % 2 == 0 ? one : other;
      ChildJvm reading = i % 2 == 0 ? other : one;
      (i % 3 == 0 ? one : other).ask("put k v" + i);
      assertThat(one.ask("get k")).isEqualTo("v" + i);
      assertThat(other.ask("get k")).isEqualTo("v" + i);

      clearing.ask("clear " + level);

      assertThat(reading.ask("get k")).as("round " + i).isEqualTo("null");
      assertThat(clearing.ask("get k")).as("round " + i).isEqualTo("null");
    }
  }

  @Test
  void clear_whileTheOtherJvmPuts_whatItPutsAfterwardsStays() {
    for (int i = 0; i < ROUNDS; i++) {
      one.begin("put k before");
      other.begin("clear cache");
      one.answer();
      other.answer();
      assertThat(one.ask("get k")).isEqualTo(other.ask("get k"));

      one.ask("put k after" + i);

      assertThat(other.ask("get k")).isEqualTo("after" + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"invoke", "replace", "lock"})
  void updates_byManyThreadsInBothJvms_allCount(String how) {
    int times = how.equals("invoke") ? UPDATES_OF_A_THREAD : 40;
    one.ask("put sum 0");

    one.begin(String.join(" ", how, "sum", "" + THREADS, "" + times));
    other.begin(String.join(" ", how, "sum", "" + THREADS, "" + times));
    one.answer();
    other.answer();

    assertThat(one.ask("get sum")).isEqualTo(Integer.toString(2 * THREADS * times));
    assertThat(other.ask("get sum")).isEqualTo(Integer.toString(2 * THREADS * times));
  }

  @Test
  void getAndPut_byManyThreadsInBothJvms_eachValueComesBackOnce() {
    int times = 40;
    one.ask("put chain first");

    one.begin("chain chain " + THREADS + " " + times);
    other.begin("chain chain " + THREADS + " " + times);
    List<String> came = new ArrayList<>();
    came.addAll(List.of(one.answer().split(",")));
    came.addAll(List.of(other.answer().split(",")));
    came.add(one.ask("get chain"));

    List<String> put = new ArrayList<>(List.of("first"));
    for (String jvm : List.of("one", "other")) {
      for (int thread = 0; thread < THREADS; thread++) {
        for (int i = 0; i < times; i++) {
          put.add(jvm + "-" + thread + "-" + i);
        }
      }
    }
    assertThat(came).containsExactlyInAnyOrderElementsOf(put);
  }
}
