// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Processes that use other lists of the same servers, one after the other and at once. */
@Memcached(servers = 3)
@Tag("slow")
@Tag("any-jdk")
class ChangedListTest {

  private static final int TENANTS = 300;
  private static final int ENTRIES = 10;

  private final List<MemcachedServer> servers;

  ChangedListTest(MemcachedCluster cluster) {
    cluster.flushAll();
    servers = cluster.servers();
  }

  @Test
  void tenantsClearedUnderALongerList_stayClearedUnderTheShorterOne() {
    try (IsolatedProvider process = new IsolatedProvider()) {
      fill(process, 2);
      assertThat(found(process, 2)).isEqualTo(TENANTS * ENTRIES);
    }
    try (IsolatedProvider process = new IsolatedProvider()) {
      fill(process, 3);
      clearTenants(process, 3);
    }

    try (IsolatedProvider process = new IsolatedProvider()) {
      assertThat(found(process, 2)).isZero();
    }
  }

  @Test
  void tenantClearedByAProcessWithTheLongerList_isClearedForOneWithTheShorterAtOnce() {
    try (IsolatedProvider process = new IsolatedProvider();
        IsolatedProvider other = new IsolatedProvider()) {
      fill(process, 2);
      assertThat(found(process, 2)).isEqualTo(TENANTS * ENTRIES);

      clearTenants(other, 3);

      assertThat(found(process, 2)).isZero();
    }
  }

  @Test
  void serverIsAdded_aboutAThirdOfTheEntriesIsLost() {
    try (IsolatedProvider process = new IsolatedProvider()) {
      fill(process, 2);
    }

    try (IsolatedProvider process = new IsolatedProvider()) {
      assertThat(found(process, 3)).isBetween(TENANTS * ENTRIES / 2, TENANTS * ENTRIES * 4 / 5);
    }
  }

  @Test
  void serverIsRemoved_aboutAThirdOfTheEntriesIsLost() {
    try (IsolatedProvider process = new IsolatedProvider()) {
      fill(process, 3);
    }

    try (IsolatedProvider process = new IsolatedProvider()) {
      assertThat(found(process, 2)).isBetween(TENANTS * ENTRIES / 2, TENANTS * ENTRIES * 4 / 5);
    }
  }

  private void fill(IsolatedProvider process, int listed) {
    Map<String, String> entries = new HashMap<>();
    keys().forEach(key -> entries.put(key, "v"));
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      cache(process, listed, tenant).putAll(entries);
    }
  }

  private void clearTenants(IsolatedProvider process, int listed) {
    process.manager(uri(listed, 0)); // so that the connections stay
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      process.clear(uri(listed, tenant));
    }
  }

  private int found(IsolatedProvider process, int listed) {
    int found = 0;
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      found += cache(process, listed, tenant).getAll(keys()).size();
    }
    return found;
  }

  private static Set<String> keys() {
    return IntStream.range(0, ENTRIES).mapToObj(i -> "k" + i).collect(Collectors.toSet());
  }

  private Cache<String, String> cache(IsolatedProvider process, int listed, int tenant) {
    CacheManager manager = process.manager(uri(listed, tenant));
    Cache<String, String> existing = manager.getCache("cache");
    return existing == null ? manager.createCache("cache", new MutableConfiguration<>()) : existing;
  }

  /** Returns the URI of a tenant for a process that uses the first so many servers. */
  private URI uri(int listed, int tenant) {
    return URI.create(
        "memcached://"
            + servers.subList(0, listed).stream()
                .map(MemcachedServer::address)
                .collect(Collectors.joining(","))
            + "/application/tenant"
            + tenant
            + "?timeout=10s");
  }
}
