// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.RecordedServer.Cost;

/**
 * What it costs to begin: nothing to open managers and caches; then the versions have to become
 * known once. All levels are read in one round trip, and those that don't exist are created in
 * another one. Each connection begins with {@code version}, to see whether a memcached answers.
 */
@Timeout(60)
class FirstContactTest {

  private final RecordedServer memcached = new RecordedServer();

  @AfterEach
  void stop() {
    memcached.close();
  }

  @Test
  void managersAndCaches_areOpenedAndClosedWithoutANetwork() {
    Cost cost =
        memcached.costOf(
            () -> {
              MemcachedCacheManager manager = memcached.manager("hotels/Lisboa");
              Cache<String, String> cache = manager.createCache("info", configuration());
              assertThat(manager.getCache("info").getName()).isEqualTo("info");
              cache.close();
              manager.close();
            });

    assertThat(cost).isEqualTo(new Cost(0, List.of()));
    assertThat(memcached.proxy().connections()).isZero();
  }

  @Test
  void newApplication_costsOneCreationOfAllLevels() {
    Cache<String, String> cache =
        memcached.manager("hotels/Lisboa").createCache("info", configuration());

    assertThat(memcached.costOf(() -> cache.put("k", "2 days")))
        .isEqualTo(
            new Cost(
                5, // connect by two, read, create, put
                List.of("version", "gets", "get x 3", "add x 3", "get", "set")));
    assertThat(memcached.proxy().connections()).isEqualTo(1);
    assertThat(memcached.costOf(() -> cache.get("k"))).isEqualTo(new Cost(1, List.of("get")));
  }

  @Test
  void newTenantOfAKnownApplication_costsTheCreationOfItsOwnLevels() {
    memcached.manager("hotels/Lisboa").createCache("info", configuration()).get("k");
    Cache<String, String> cache =
        memcached.manager("hotels/Porto").createCache("info", configuration());

    assertThat(memcached.costOf(() -> cache.get("k")))
        .isEqualTo(new Cost(3, List.of("get x 2", "add x 2", "get")));
  }

  @Test
  void newCacheOfAKnownTenant_costsTheCreationOfItsOwnLevel() {
    MemcachedCacheManager manager = memcached.manager("hotels/Lisboa");
    manager.createCache("info", configuration()).get("k");
    Cache<String, String> cache = manager.createCache("rates", configuration());

    assertThat(memcached.costOf(() -> cache.get("k")))
        .isEqualTo(new Cost(3, List.of("get", "add", "get")));
  }

  @Test
  void tenantThatOthersMade_costsOneRoundTripMore() {
    try (IsolatedProvider others = new IsolatedProvider()) {
      others
          .<String, String>cache(memcached.proxy().uri("hotels/Lisboa?timeout=20s"), "info")
          .put("k", "2 days");
    }
    Cache<String, String> ours =
        memcached.manager("hotels/Lisboa").createCache("info", configuration());

    assertThat(memcached.costOf(() -> assertThat(ours.get("k")).isEqualTo("2 days")))
        .isEqualTo(new Cost(4, List.of("version", "gets", "get x 4")));
  }

  @Test
  void clearOfAnUnknownTenant_costsOneRoundTripIfItExistsAndTwoIfItDoesNot() {
    memcached.manager("hotels/Lisboa").createCache("info", configuration()).put("k", "2 days");
    memcached.provider().close();
    MemcachedCacheManager known = memcached.manager("hotels/Lisboa");
    MemcachedCacheManager unknown = memcached.manager("hotels/Porto");

    assertThat(memcached.costOf(known::clear))
        .isEqualTo(new Cost(3, List.of("version", "gets", "incr", "get"))); // the first two connect
    assertThat(memcached.costOf(unknown::clear))
        .isEqualTo(new Cost(2, List.of("incr", "get", "add")));
  }

  @Test
  void clearOfAnotherProcess_costsTheNextOperationOneMoreRoundTrip() {
    Cache<String, String> cache =
        memcached.manager("hotels/Lisboa").createCache("info", configuration());
    cache.put("k", "2 days");
    String versionKey = "hotels/Lisboa:version";

    memcached.server().command("incr " + versionKey + " 1");

    assertThat(memcached.costOf(() -> assertThat(cache.get("k")).isNull()))
        .isEqualTo(new Cost(2, List.of("get x 2")));
    assertThat(memcached.costOf(() -> cache.get("k"))).isEqualTo(new Cost(1, List.of("get")));
    memcached.server().command("incr " + versionKey + " 1");
    assertThat(memcached.costOf(() -> cache.put("k", "3 days")))
        .isEqualTo(new Cost(2, List.of("get", "set", "get", "set")));
    assertThat(cache.get("k")).isEqualTo("3 days");
  }

  @Test
  void lostVersion_costsItsCreationOnce() {
    Cache<String, String> cache =
        memcached.manager("hotels/Lisboa").createCache("info", configuration());
    cache.put("k", "2 days");

    memcached.server().command("delete hotels/Lisboa:version");

    assertThat(memcached.costOf(() -> assertThat(cache.get("k")).isNull()))
        .isEqualTo(new Cost(3, List.of("get", "add", "get")));
    assertThat(memcached.costOf(() -> cache.get("k"))).isEqualTo(new Cost(1, List.of("get")));
  }

  @Test
  void lostVersionsOfAllLevels_costOneCreation() {
    Cache<String, String> cache =
        memcached.manager("hotels/Lisboa").createCache("info", configuration());
    cache.put("k", "2 days");

    memcached.server().flushAll();

    assertThat(memcached.costOf(() -> assertThat(cache.get("k")).isNull()))
        .isEqualTo(new Cost(3, List.of("get", "add x 3", "get")));
  }

  private static MutableConfiguration<String, String> configuration() {
    return new MutableConfiguration<>();
  }
}
