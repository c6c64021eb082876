// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** A server that is in the lists of some processes, at some times, and keeps its memory. */
@Tag("slow")
@Tag("any-jdk")
class ReturningServerTest {

  private static final int TENANTS = 50;
  private static final int ENTRIES = 20;

  private final List<MemcachedServer> servers = new ArrayList<>();

  /** The names of the servers. */
  private final List<RecordingProxy> names = new ArrayList<>();

  private final List<IsolatedProvider> processes = new ArrayList<>();

  ReturningServerTest() {
    for (int i = 0; i < 3; i++) {
      servers.add(MemcachedServer.start());
      names.add(RecordingProxy.start(servers.get(i)));
    }
  }

  @AfterEach
  void stop() {
    processes.forEach(IsolatedProvider::close);
    names.forEach(RecordingProxy::close);
    servers.forEach(MemcachedServer::close);
  }

  private IsolatedProvider process() {
    IsolatedProvider process = new IsolatedProvider();
    processes.add(process);
    return process;
  }

  private void away(int server, boolean isAway) {
    names.get(server).refuse(isAway);
    names.get(server).dropConnections();
  }

  /** A pod that was not ready for a while, say. */
  @Test
  void tenantsAreClearedWhileAServerIsOutOfTheListAndAway_itReturns_nothingClearedIsFound() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1, 2);
    }
    away(2, true);
    try (IsolatedProvider process = process()) {
      clearTenants(process, 0, 1);
    }
    away(2, false);

    assertThat(found(process(), 0, 1, 2)).isZero();
  }

  @Test
  void tenantsAreClearedWhileAServerIsOutOfTheListAndReachable_itReturns_nothingClearedIsFound() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1, 2);
    }
    try (IsolatedProvider process = process()) {
      clearTenants(process, 0, 1);
    }

    assertThat(found(process(), 0, 1, 2)).isZero();
  }

  @Test
  void onlyListsOfOneServerAreUsedMeanwhile_nothingClearedIsFound() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1);
    }
    away(1, true);
    try (IsolatedProvider process = process()) {
      clearTenants(process, 0);
    }
    away(1, false);

    assertThat(found(process(), 0, 1)).isZero();
  }

  /** For the process that uses the server all the time, too. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anotherProcessClearsWithAShorterList_nothingClearedIsFoundAtOnce(boolean isAway) {
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    assertThat(found(process, 0, 1, 2)).isEqualTo(TENANTS * ENTRIES);
    if (isAway) {
      away(2, true);
    }

    clearTenants(process(), 0, 1);

    if (isAway) {
      away(2, false);
      reconnect(process);
    }
    assertThat(found(process, 0, 1, 2)).isZero();
  }

  /** Waits until a process has connections to all servers again. */
  private void reconnect(IsolatedProvider process) {
    reconnect(process, 0, 1, 2);
  }

  private void reconnect(IsolatedProvider process, int... listed) {
    Cache<String, String> cache = cache(process, 0, listed);
    await("all servers are connected").ignoreExceptions().until(() -> cache.getAll(keys()) != null);
  }

  @Test
  void clearedWithAnOldListThatLacksANewServer_nothingClearedIsFoundThere() {
    IsolatedProvider old = process();
    fill(old, 0, 1);
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    assertThat(found(process, 0, 1, 2)).isEqualTo(TENANTS * ENTRIES);

    clearTenants(old, 0, 1);

    assertThat(found(process, 0, 1, 2)).isZero();
  }

  @Test
  void othersUseAServerThatIsNotInTheList_isCountedUntilTheListsAreTheSame() throws Exception {
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    try (MemcachedCachingProvider ours = new MemcachedCachingProvider()) {
      MemcachedCache<?, ?> cache = cache(ours, 0, 1);
      assertThat(cache.getInsight().getServersOfOthers()).isEqualTo(1);
      assertThat(cache(ours, 0, 1, 2).getInsight().getServersOfOthers()).isZero();

      process.close();
      away(2, true);
      cache.clear(); // finds that it has left
      assertThat(cache.getInsight().getServersOfOthers()).isZero();
    }
  }

  private MemcachedCache<?, ?> cache(MemcachedCachingProvider provider, int... listed) {
    Cache<String, String> cache =
        provider
            .getCacheManager(uri(0, listed), null)
            .createCache("seen", new MutableConfiguration<>());
    cache.getAll(keys()); // connects it to all servers
    return cache.unwrap(MemcachedCache.class);
  }

  /** A process that doesn't know the list yet, and has a single server. */
  @Test
  void clearedWithTheListOfOneServer_nothingClearedIsFoundOnTheOther() {
    IsolatedProvider old = process();
    fill(old, 0);
    IsolatedProvider process = process();
    fill(process, 0, 1);
    assertThat(found(process, 0, 1)).isEqualTo(TENANTS * ENTRIES);

    clearTenants(old, 0);

    assertThat(found(process, 0, 1)).isZero();
  }

  @Test
  void serverReturnsAndNothingWasCleared_allEntriesAreThere() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1, 2);
    }
    away(2, true);
    away(2, false);

    assertThat(found(process(), 0, 1, 2)).isEqualTo(TENANTS * ENTRIES);
  }

  @Test
  void oneServerBecomesThree_theEntriesThatStayOnItAreThere() {
    try (IsolatedProvider process = process()) {
      fill(process, 0);
    }

    assertThat(found(process(), 0, 1, 2)).isBetween(TENANTS * ENTRIES / 5, TENANTS * ENTRIES / 2);
  }

  @Test
  void serverIsRestartedEmpty_theOthersLoseNothing() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1, 2);
    }
    servers.get(2).restart();

    try (IsolatedProvider process = process()) {
      int found = found(process, 0, 1, 2);
      assertThat(found).isBetween(TENANTS * ENTRIES / 2, TENANTS * ENTRIES * 4 / 5);
      assertThat(found(process(), 0, 1, 2)).isEqualTo(found);
    }
  }

  /** The entries that are on the same server under both lists stay, with the versions there. */
  @Test
  void serverLeavesAndReturns_entriesOfTheOthersAreThere() {
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1, 2);
    }
    away(2, true);
    try (IsolatedProvider process = process()) {
      process.clear(uri(0, 0, 1)); // one tenant
    }
    away(2, false);

    assertThat(found(process(), 0, 1, 2))
        .isBetween(TENANTS * ENTRIES / 2, TENANTS * ENTRIES * 4 / 5);
  }

  /** It can't tell the one that is away; by the list of that one, others have cleared. */
  @Test
  void serverJoinsWhileAnotherIsAway_thatOneReturns_nothingClearedIsFound() {
    RecordingProxy otherName = RecordingProxy.start(servers.get(0));
    names.add(otherName);
    try (IsolatedProvider process = process()) {
      fill(process, 0, 1);
    }
    servers.get(2).restart();
    away(0, true);
    IsolatedProvider process = process();
    List<String> stored = fillWhatIsReached(process, 0, 2);
    assertThat(stored).isNotEmpty();

    clearTenants(process(), 3, 1);

    away(0, false);
    reconnect(process, 0, 2);
    assertThat(found(process, 0, 2)).isZero();
  }

  /** Stores what belongs to servers that are there; returns which keys. */
  private List<String> fillWhatIsReached(IsolatedProvider process, int... listed) {
    List<String> stored = new ArrayList<>();
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      Cache<String, String> cache = cache(process, tenant, listed);
      for (String key : keys()) {
        try {
          cache.put(key, "v");
          stored.add(tenant + key);
        } catch (CacheException e) {
          // The server is away.
        }
      }
    }
    return stored;
  }

  /** The clear goes to the one that the name meant before, over a connection that is open. */
  @Test
  void nameMovesAndIsFollowedByOthersOnly_clearedOverTheOldConnection_nothingClearedIsFound() {
    RecordingProxy newName = RecordingProxy.start(servers.get(0));
    names.add(newName);
    IsolatedProvider old = process();
    fill(old, 0, 1);
    names.get(0).moveTo(servers.get(2));
    IsolatedProvider process = process();
    fill(process, 0, 1, 3);
    assertThat(found(process, 0, 1, 3)).isEqualTo(TENANTS * ENTRIES);

    clearTenants(old, 0, 1);

    assertThat(found(process, 0, 1, 3)).isZero();
  }

  /** Versions on the other one have gone beyond what it was told to leave behind. */
  @Test
  void nameOfAServerThatHasReturnedOftenIsGivenToAnother_thatOneReturns_nothingClearedIsFound() {
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    for (int i = 0; i < 3; i++) {
      clearWhileAway(1);
      reconnect(process);
    }
    names.get(0).moveTo(servers.get(1));
    names.get(1).moveTo(servers.get(0));
    names.forEach(RecordingProxy::dropConnections);
    reconnect(process);
    fill(process, 0, 1, 2);

    clearWhileAway(1);

    reconnect(process);
    assertThat(found(process, 0, 1, 2)).isZero();
  }

  private void clearWhileAway(int server) {
    away(server, true);
    try (IsolatedProvider other = new IsolatedProvider()) {
      clearTenants(other, IntStream.range(0, 3).filter(each -> each != server).toArray());
    }
    away(server, false);
  }

  /** What one process stores there is kept by the next one that connects. */
  @Test
  void serverIsRestartedEmpty_eachProcessFindsWhatTheOthersHaveStoredThereSince() {
    IsolatedProvider other = process();
    fill(other, 0, 1, 2);
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    away(2, true);
    servers.get(2).restart();
    away(2, false);
    reconnect(process);
    fill(process, 0, 1, 2);

    reconnect(other);

    assertThat(found(other, 0, 1, 2)).isEqualTo(TENANTS * ENTRIES);
    assertThat(found(process, 0, 1, 2)).isEqualTo(TENANTS * ENTRIES);
  }

  /** From then on each name means the memcached of the other. */
  @Test
  void namesAreExchangedWhileTenantsAreCleared_nothingClearedIsFound() {
    IsolatedProvider process = process();
    fill(process, 0, 1, 2);
    names.get(0).moveTo(servers.get(1));
    names.get(1).moveTo(servers.get(0));
    names.forEach(RecordingProxy::dropConnections);

    clearTenants(process(), 0, 1, 2);

    reconnect(process);
    assertThat(found(process, 0, 1, 2)).isZero();
  }

  private void fill(IsolatedProvider process, int... listed) {
    Map<String, String> entries = new HashMap<>();
    keys().forEach(key -> entries.put(key, "v"));
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      cache(process, tenant, listed).putAll(entries);
    }
  }

  private void clearTenants(IsolatedProvider process, int... listed) {
    process.manager(uri(0, listed)); // so that the connections stay
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      process.clear(uri(tenant, listed));
    }
  }

  private int found(IsolatedProvider process, int... listed) {
    int found = 0;
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      found += cache(process, tenant, listed).getAll(keys()).size();
    }
    return found;
  }

  private static Set<String> keys() {
    return IntStream.range(0, ENTRIES).mapToObj(i -> "k" + i).collect(Collectors.toSet());
  }

  private Cache<String, String> cache(IsolatedProvider process, int tenant, int... listed) {
    CacheManager manager = process.manager(uri(tenant, listed));
    Cache<String, String> existing = manager.getCache("cache");
    return existing == null ? manager.createCache("cache", new MutableConfiguration<>()) : existing;
  }

  private URI uri(int tenant, int... listed) {
    String list =
        IntStream.of(listed)
            .mapToObj(server -> names.get(server).address())
            .collect(Collectors.joining(","));
    return URI.create("memcached://" + list + "/application/tenant" + tenant + "?timeout=10s");
  }
}
