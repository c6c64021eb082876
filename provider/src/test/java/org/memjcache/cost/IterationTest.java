// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Walks over the entries on two servers. */
@Memcached(servers = 2)
class IterationTest {

  private static final int ENTRIES = 500;

  private final MemcachedCluster cluster;
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();

  IterationTest(MemcachedCluster cluster) {
    this.cluster = cluster;
  }

  @AfterEach
  void close() {
    provider.close();
    cluster.flushAll();
  }

  private Cache<String, String> filled() {
    URI uri = cluster.uri("walk/tenant?connectTimeout=20s&timeout=20s");
    Cache<String, String> cache =
        provider.getCacheManager(uri, null).createCache("cache", new MutableConfiguration<>());
    Map<String, String> entries = new HashMap<>();
    for (int i = 0; i < ENTRIES; i++) {
      entries.put("k" + i, "v" + i);
    }
    cache.putAll(entries);
    return cache;
  }

  private static List<String> rest(Iterator<Cache.Entry<String, String>> iterator) {
    List<String> keys = new ArrayList<>();
    iterator.forEachRemaining(entry -> keys.add(entry.getKey()));
    return keys;
  }

  @Test
  void clearedMeanwhile_endsAtOnce() {
    Cache<String, String> cache = filled();
    Iterator<Cache.Entry<String, String>> iterator = cache.iterator();
    iterator.next();

    cache.clear();

    assertThat(iterator.hasNext()).isFalse();
  }

  @Tag("slow")
  @Test
  void itemsOnAServerThatIsNotAskedForThem_addNothing() {
    Cache<String, String> cache = filled();
    List<String> itemKeys = itemKeys(cluster.server(0));
    assertThat(itemKeys).isNotEmpty();
    itemKeys.forEach(key -> cluster.server(1).command("set " + key + " 0 0 3\r\nold"));

    assertThat(rest(cache.iterator())).hasSize(ENTRIES).doesNotHaveDuplicates();
  }

  /** The item keys of entries on a server: those of versions have no second colon. */
  private static List<String> itemKeys(MemcachedServer server) {
    return Stream.generate(() -> server.command("lru_crawler metadump hash"))
        .limit(50) // the crawler may be busy
        .filter(lines -> lines.size() > 1)
        .findFirst()
        .orElseThrow()
        .stream()
        .filter(line -> line.startsWith("key=walk"))
        .map(line -> line.substring("key=".length(), line.indexOf(' ')).replace("%3A", ":"))
        .filter(key -> key.chars().filter(c -> c == ':').count() == 2)
        .map(key -> key.replace("%2F", "/"))
        .toList();
  }

  @Tag("slow")
  @Test
  void walkThatStandsStill_keepsNoServerBusy() {
    Cache<String, String> cache = filled();
    Iterator<Cache.Entry<String, String>> slow = cache.iterator();
    String first = slow.next().getKey();

    assertThat(rest(cache.iterator())).hasSize(ENTRIES).doesNotHaveDuplicates();

    assertThat(rest(slow)).hasSize(ENTRIES - 1).doesNotContain(first).doesNotHaveDuplicates();
  }

  @Test
  void remove_duringTheWalk_removesWhatCameAndLosesNoOther() {
    Cache<String, String> cache = filled();
    int came = 0;
    for (Iterator<Cache.Entry<String, String>> walk = cache.iterator(); walk.hasNext(); came++) {
      walk.next();
      walk.remove();
    }

    assertThat(came).isEqualTo(ENTRIES);
    assertThat(cache.iterator().hasNext()).isFalse();
  }
}
