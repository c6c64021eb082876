// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.List;
import org.hibernate.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

@Memcached
class OpenRegionTest {

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final MemcachedCache<Object, Object> cache;
  private final OpenRegion region;

  /** Not allowed. */
  private record Unknown() implements Serializable {}

  @SuppressWarnings("unchecked") // it is one of its own manager
  OpenRegionTest(MemcachedServer server) {
    this.cache =
        provider
            .getCacheManager(server.uri("hotels"), null)
            .createCache(
                "region", new MemcachedConfiguration<>().setTypes(Object.class, Object.class))
            .unwrap(MemcachedCache.class);
    this.region = new OpenRegion(cache, new MemjcacheRegionFactory(), new FailureLog());
    cache.clear();
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void put_whatCanNotBeKept_leavesNothingOlder() {
    region.put(1L, "older");

    region.put(1L, List.of(new Unknown()));

    assertThat(region.get(1L)).isNull();
    assertThat(region.notKept()).isEqualTo(1);
  }

  @Test
  void change_thatFails_leavesNothingOlder() {
    region.put(1L, "older");

    assertThat(region.change(1L, all -> all.getAndPut(1L, new Unknown()))).isNull();

    assertThat(region.get(1L)).isNull();
    assertThat(region.notKept()).isEqualTo(1);
  }

  @Test
  void get_byAKeyThatIsRefused_isNothing() {
    assertThat(region.get(new Unknown())).isNull();
    assertThat(region.contains(new Unknown())).isFalse();
    region.put(new Unknown(), "value");
    assertThat(region.notKept()).isEqualTo(1);
  }

  @Test
  void remove_thatFails_isAnErrorOfHibernate() {
    assertThatThrownBy(() -> region.remove(new Unknown())).isInstanceOf(CacheException.class);
    cache.close();
    assertThatThrownBy(() -> region.remove(1L)).isInstanceOf(CacheException.class);
    assertThat(region.get(1L)).isNull();
    region.put(1L, "value"); // says nothing
  }
}
