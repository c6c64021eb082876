// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** One increment clears the caches of one name in all tenants, and nothing else. */
@Memcached(servers = 3)
@Tag("any-jdk")
@Tag("slow")
class AcrossTenantsTest {

  private static final List<String> KEYS = List.of("a", "b", "c", "d", "e", "f");

  private final MemcachedCluster cluster;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private String hotels;

  AcrossTenantsTest(MemcachedCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void begin() {
    hotels = "hotels" + System.nanoTime();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  private MemcachedCacheManager manager(String... path) {
    return provider.getCacheManager(
        URI.create(cluster.uri("").toString().replaceAll("/*$", "") + "/" + String.join("/", path)),
        null);
  }

  private static Cache<String, String> cache(MemcachedCacheManager manager, String name) {
    Cache<String, String> cache = manager.getCache(name);
    return cache != null
        ? cache
        : manager.createCache(
            name, new MemcachedConfiguration<String, String>().setClearedAcrossTenants(true));
  }

  private static Cache<String, String> filled(MemcachedCacheManager manager, String name) {
    Cache<String, String> cache = cache(manager, name);
    KEYS.forEach(key -> cache.put(key, name));
    return cache;
  }

  @Test
  void clearAcrossTenants_clearsTheCachesOfThatNameInTheApplication() {
    Cache<String, String> lisboa = filled(manager(hotels, "Lisboa"), "rates");
    Cache<String, String> porto = filled(manager(hotels, "Porto"), "rates");
    Cache<String, String> deep = filled(manager(hotels, "North", "Porto"), "rates");
    Cache<String, String> ofApplication = filled(manager(hotels), "rates");
    Cache<String, String> rooms = filled(manager(hotels, "Lisboa"), "rooms");
    Cache<String, String> flights = filled(manager("flights" + hotels, "Lisboa"), "rates");

    manager(hotels, "Faro").clearAcrossTenants("rates");

    for (Cache<String, String> cleared : List.of(lisboa, porto, deep, ofApplication)) {
      assertThat(cleared).isEmpty();
      KEYS.forEach(key -> assertThat(cleared.get(key)).isNull());
    }
    for (Cache<String, String> left : List.of(rooms, flights)) {
      KEYS.forEach(key -> assertThat(left.get(key)).isNotNull());
    }
    lisboa.put("a", "new");
    assertThat(lisboa.get("a")).isEqualTo("new");
  }

  @Test
  void clear_ofATenantOrACache_leavesTheOthers() {
    Cache<String, String> lisboa = filled(manager(hotels, "Lisboa"), "rates");
    Cache<String, String> porto = filled(manager(hotels, "Porto"), "rates");
    Cache<String, String> faro = filled(manager(hotels, "Faro"), "rates");

    manager(hotels, "Lisboa").clear();
    porto.clear();

    assertThat(lisboa).isEmpty();
    assertThat(porto).isEmpty();
    KEYS.forEach(key -> assertThat(faro.get(key)).isEqualTo("rates"));
  }

  @Test
  void clearAcrossTenants_byAnotherProcess_isSeen() {
    Cache<String, String> lisboa = filled(manager(hotels, "Lisboa"), "rates");
    try (IsolatedProvider other = new IsolatedProvider()) {
      IsolatedProvider.clearAcrossTenants(
          other.manager(manager(hotels, "Porto").getURI()), "rates");
    }

    assertThat(lisboa).isEmpty();
  }

  /** A tenant may be called like a cache, and like what stands for all tenants. */
  @Test
  void clear_namesThatAreAlike_meansOneOfThem() {
    Cache<String, String> ofTenant = filled(manager(hotels, "rates"), "rates");
    Cache<String, String> ofApplication = filled(manager(hotels), "rates");
    Cache<String, String> ofStar = filled(manager(hotels, "*"), "rooms");
    Cache<String, String> plain = filled(manager(hotels, "Lisboa"), "rooms");

    ofApplication.clear();
    assertThat(ofApplication).isEmpty();
    KEYS.forEach(key -> assertThat(ofTenant.get(key)).isEqualTo("rates"));

    filled(manager(hotels), "rates");
    manager(hotels, "rates").clear();
    assertThat(ofTenant).isEmpty();
    KEYS.forEach(key -> assertThat(ofApplication.get(key)).isEqualTo("rates"));

    ofStar.clear();
    assertThat(ofStar).isEmpty();
    KEYS.forEach(key -> assertThat(plain.get(key)).isEqualTo("rooms"));
  }

  @Test
  void clearAcrossTenants_ofACacheThatIsNot_leavesIt() {
    MemcachedCacheManager lisboa = manager(hotels, "Lisboa");
    Cache<String, String> plain =
        lisboa.createCache("plain", new MemcachedConfiguration<String, String>());
    plain.put("a", "v");

    lisboa.clearAcrossTenants("plain");

    assertThat(plain.get("a")).isEqualTo("v");
  }

  @Test
  void withoutApplication_isAnError() {
    MemcachedCacheManager none = manager();

    assertThatThrownBy(() -> cache(none, "rates")).hasMessageContaining("names no application");
    assertThatThrownBy(() -> none.clearAcrossTenants("rates"))
        .hasMessageContaining("names no application");
    assertThatThrownBy(() -> manager(hotels).clearAcrossTenants("rates", Duration.ofSeconds(-1)))
        .hasMessageContaining("expected PT0S to PT720H");
  }
}
