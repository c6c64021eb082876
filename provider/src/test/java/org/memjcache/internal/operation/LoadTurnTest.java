// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.internal.operation.MemoryCache.writing;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.expiry.EternalExpiryPolicy;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.internal.operation.concurrency.SharedLoad;
import org.memjcache.support.RecordingWriter;
import org.memjcache.support.Waiting;

/** Some loads need a turn to be stored, which those may have who wait for a load. */
@Timeout(60)
class LoadTurnTest {

  /** A way to load the entry {@code k}. */
  enum Loading {
    GET {
      @Override
      String load(CacheContext<String, String> context) {
        return new Reads<>(context, null).get("k");
      }
    },
    GET_ALL {
      @Override
      String load(CacheContext<String, String> context) {
        return new Reads<>(context, null).getAll(Set.of("k")).get("k");
      }
    };

    abstract String load(CacheContext<String, String> context);
  }

  private final AtomicInteger loads = new AtomicInteger();

  /** To store needs no turn where there is no listener. */
  @ParameterizedTest
  @EnumSource
  void missedBeforeTheValueIsStored_withAWriter_isLoadedOnce(Loading loading) {
    MemoryCache cache = MemoryCache.plain(new EternalExpiryPolicy());
    CacheContext<String, String> context =
        writing(
            cache.readThrough(cache.store, key -> "loaded " + loads.incrementAndGet()),
            new RecordingWriter());
    AtomicReference<Thread> second = new AtomicReference<>();
    cache.store.beforeTrip(
        trip -> {
          if (trip.equals("change") && second.get() == null) {
            second.set(start(() -> loading.load(context)));
            Waiting.await("it takes part, or has loaded")
                .until(() -> isWaitingForALoad(second.get()) || !second.get().isAlive());
          }
        });

    assertThat(loading.load(context)).isEqualTo("loaded 1");

    Waiting.await("it ends").until(() -> !second.get().isAlive());
    assertThat(loads).hasValue(1);
  }

  private static boolean isWaitingForALoad(Thread thread) {
    return Arrays.stream(thread.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(SharedLoad.class.getName()));
  }

  private static Thread start(Runnable work) {
    Thread thread = new Thread(work);
    thread.start();
    return thread;
  }
}
