// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.cache.expiry.EternalExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.internal.config.value.LoadSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.FunctionLoader;
import org.memjcache.support.OwnThread;
import org.memjcache.support.SlowLoader;
import org.memjcache.support.Waiting;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** Processes load once, though their clocks differ: leases live by memcached's clock. */
@Timeout(60)
class ClocksApartTest {

  private static final LoadSettings LEASED =
      new LoadSettings(
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ofMinutes(1),
          Duration.ZERO,
          false,
          Duration.ZERO);

  private final MemcachedServer server = MemcachedServer.start();
  private final RecordingProxy proxy = RecordingProxy.start(server);
  private final String name = UUID.randomUUID().toString();

  @AfterEach
  void stop() {
    proxy.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {-60, 60})
  void get_inTwoProcesses_isLoadedOnce(int minutes) {
    SlowLoader slow = new SlowLoader((key, number) -> "loaded " + number);
    try (ClockedCache here = process(0, slow);
        ClockedCache there = process(minutes, slow)) {
      CompletableFuture<String> first = OwnThread.supply(() -> here.reads.get("k"));
      slow.awaitBegun();
      CompletableFuture<String> second = OwnThread.supply(() -> there.reads.get("k"));
      awaitLooks();
      slow.go();

      assertThat(first.join()).isEqualTo("loaded 1");
      assertThat(second.join()).isEqualTo("loaded 1");
      assertThat(slow.calls()).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-60, 60})
  void get_theLoaderHasNothing_theOtherProcessLearnsThat(int minutes) {
    SlowLoader slow = new SlowLoader((key, number) -> null);
    slow.go();
    try (ClockedCache here = process(0, slow);
        ClockedCache there = process(minutes, slow)) {
      assertThat(here.reads.get("k")).isNull();
      assertThat(there.reads.get("k")).isNull();
      assertThat(slow.calls()).hasValue(1);
    }
  }

  private ClockedCache process(int minutesAhead, SlowLoader loader) {
    return new ClockedCache(
        new ServerAddress(proxy.host(), proxy.port()),
        name,
        new EternalExpiryPolicy(),
        InstantSource.offset(InstantSource.system(), Duration.ofMinutes(minutesAhead)),
        new FunctionLoader<>(loader::load),
        LEASED);
  }

  private void awaitLooks() {
    int before = looks();
    Waiting.await("the other one looks again").until(() -> looks() >= before + 3);
  }

  private int looks() {
    return (int)
        proxy.requests().stream()
            .filter(line -> line.startsWith("get") && line.contains("?"))
            .count();
  }
}
