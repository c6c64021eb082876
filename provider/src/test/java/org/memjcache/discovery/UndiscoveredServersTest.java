// SPDX-License-Identifier: Apache-2.0
package org.memjcache.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.support.Waiting.await;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NameResolver;
import org.memjcache.NearLimit;
import org.memjcache.internal.codec.key.PathKey;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.support.Log;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.TestNameService;

/**
 * {@code failure=miss} while no server is known, as none was discovered yet: operations go on
 * without any, and after that no value that should have been changed is ever seen again.
 */
@Timeout(120)
@Tag("slow")
@Tag("any-jdk")
@EnabledOnOs(OS.LINUX) // where 127.0.0.2 is there
class UndiscoveredServersTest {

  private static final String SERVICE = "memcached.apps.svc";
  private static final String PATIENT = "timeout=5s&connectTimeout=5s";
  private static final int KEYS = 100;

  private final List<MemcachedServer> servers = new ArrayList<>();
  private final TestNameService names = new TestNameService();
  private final NameResolver resolver = names::resolve;
  private final TestNameService western = new TestNameService();
  private final NameResolver resolverOfWest = western::resolve;
  private final IsolatedProvider otherProcess = new IsolatedProvider();
  private MemcachedCachingProvider provider = new MemcachedCachingProvider();

  /** What another process, which has the servers in a list, has stored. */
  private Cache<String, String> others;

  private Cache<String, String> clearedOfOthers;
  private MemcachedCacheManager manager;
  private Cache<String, String> cache;
  private Cache<String, String> cleared;

  @BeforeEach
  void start() {
    servers.add(MemcachedServer.start());
    for (int i = 2; i <= 3; i++) {
      servers.add(MemcachedServer.builder().listen("127.0.0." + i, servers.get(0).port()).start());
    }
    URI list =
        URI.create(
            servers.stream()
                .map(MemcachedServer::address)
                .collect(Collectors.joining(",", "memcached://", "/app?" + PATIENT)));
    others = otherProcess.cache(list, "cache");
    clearedOfOthers = others.getCacheManager().createCache("cleared", strings());
    keys().forEach(key -> others.put(key, "old"));
    keys().forEach(key -> clearedOfOthers.put(key, "old"));
    open();
  }

  @AfterEach
  void stop() {
    provider.close();
    otherProcess.close();
    servers.forEach(MemcachedServer::close);
  }

  private void open() {
    open(resolver);
  }

  private void open(Object resolving) {
    manager = manager("failure=miss&discovery.interval=200ms&" + PATIENT, resolving);
    cache = manager.createCache("cache", strings().setStatisticsEnabled(true));
    cleared = manager.createCache("cleared", strings());
  }

  private MemcachedCacheManager manager(String options, Object resolving) {
    Properties properties = new Properties();
    properties.put("memjcache.resolver", resolving);
    return provider.getCacheManager(uri(options), null, properties);
  }

  private URI uri(String options) {
    return URI.create(
        "memcached://dns:" + SERVICE + ":" + servers.get(0).port() + "/app?" + options);
  }

  private static MutableConfiguration<String, String> strings() {
    return new MutableConfiguration<>();
  }

  private static Set<String> keys() {
    return IntStream.range(0, KEYS).mapToObj(i -> "k" + i).collect(Collectors.toSet());
  }

  private void discover() {
    names.set(SERVICE, "127.0.0.1", "127.0.0.2", "127.0.0.3");
  }

  private void awaitServers() {
    await("the servers").until(() -> manager.ping().size() == 3);
  }

  @Test
  void reads_miss() {
    assertThat(cache.get("k1")).isNull();
    assertThat(cache.containsKey("k1")).isFalse();
    assertThat(cache.getAll(keys())).isEmpty();
    assertThat(cache.iterator().hasNext()).isFalse();
    assertThat(cache.replace("k1", "new")).isFalse();
    assertThat(cache.remove("k1", "old")).isFalse();
    assertThat(cache.<Boolean>invoke("k1", (entry, arguments) -> entry.exists())).isFalse();
    assertThat(cache.unwrap(MemcachedCache.class).getInsight().getServerAwayMisses())
        .isGreaterThanOrEqualTo(KEYS);

    discover();
    awaitServers();
    assertThat(cache.getAll(keys())).hasSize(KEYS).doesNotContainValue("new");
  }

  @Test
  void changedEntries_areRemovedBeforeTheyAreUsed_andTheOthersStay() {
    changeEntries();

    discover();
    awaitServers();

    Map<String, String> left = cache.getAll(keys());
    assertThat(left)
        .hasSize(KEYS - CHANGED.size())
        .doesNotContainKeys(CHANGED.toArray(String[]::new));
    assertThat(others.getAll(keys())).isEqualTo(left);
    cache.put("k1", "newer");
    assertThat(cache.get("k1")).isEqualTo("newer");
  }

  private static final Set<String> CHANGED =
      Set.of("k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9");

  private void changeEntries() {
    cache.put("k1", "new");
    cache.putAll(Map.of("k2", "new", "k3", "new"));
    assertThat(cache.getAndPut("k4", "new")).isNull();
    assertThat(cache.putIfAbsent("k5", "new")).isTrue();
    assertThat(cache.remove("k6")).isFalse();
    cache.removeAll(Set.of("k7"));
    assertThat(cache.getAndRemove("k8")).isNull();
    cache.invoke(
        "k9",
        (entry, arguments) -> {
          entry.setValue("new");
          return null;
        });
  }

  @Test
  void changes_areMadeUpForWithoutBeingUsed() {
    changeEntries();
    cleared.clear();

    discover();

    await("the other process sees the clear").until(() -> clearedOfOthers.getAll(keys()).isEmpty());
    await("the other process sees no old value").until(() -> others.getAll(CHANGED).isEmpty());
    assertThat(others.getAll(keys())).hasSize(KEYS - CHANGED.size());
  }

  @Test
  void clears_areDoneOnAllServersBeforeTheyAreUsed() {
    cleared.clear();

    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();
    assertThat(clearedOfOthers.getAll(keys())).isEmpty();
    assertThat(cache.getAll(keys())).hasSize(KEYS);
  }

  /** As the pods of a service that get ready one by one. */
  @Test
  void serversAreDiscoveredOneByOne_allAreCleared() {
    cleared.clear();

    names.set(SERVICE, "127.0.0.1");
    await("a server").until(() -> manager.ping().get(0).isReachable());
    assertThat(cleared.getAll(keys())).isEmpty();
    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();
    await("the other process sees the clear").until(() -> clearedOfOthers.getAll(keys()).isEmpty());
    assertThat(cache.getAll(keys())).hasSize(KEYS);
  }

  @Test
  void oneOfTheServersRefuses_theOthersAreClearedOnceAndUsed() {
    String version = PathKey.ofCache(List.of("app", "cleared"), false).versionKey();
    servers.get(1).command("set " + version + " 0 0 3\r\nany");
    cleared.clear();
    discover();
    awaitServers();

    assertThat(refused()).isBetween(1L, KEYS - 1L);
    List<String> once = servers.get(0).command("get " + version);
    assertThat(refused()).isBetween(1L, KEYS - 1L);
    assertThat(servers.get(0).command("get " + version)).isEqualTo(once);
  }

  /** Returns how many entries can't be read; no other is there. */
  private long refused() {
    return keys().stream()
        .filter(
            key -> {
              try {
                assertThat(cleared.get(key)).isNull();
                return false;
              } catch (CacheException e) {
                return true;
              }
            })
        .count();
  }

  /** By another resolver, the same name may lead to other servers. */
  @Test
  void anotherResolverKnowsServersOfThisName_theseAreNotClearedInstead() {
    Cache<String, String> elsewhere = west(true).createCache("cleared", strings());
    elsewhere.put("k1", "west");
    cleared.clear();

    assertThat(elsewhere.get("k1")).isEqualTo("west");
    assertThat(elsewhere.iterator().next().getValue()).isEqualTo("west");
    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();
    assertThat(elsewhere.get("k1")).isEqualTo("west");
  }

  @Test
  void anotherResolverKnowsNoServerEither_theClearsOfBothAreDone() {
    MemcachedCacheManager west = west(false);
    Cache<String, String> othersInWest = othersInWest("cleared");
    othersInWest.put("k1", "old");

    cleared.clear();
    west.createCache("cleared", strings()).clear();
    discoverWest(west);
    await("the other process sees the clear").until(() -> othersInWest.get("k1") == null);
    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();
  }

  @Test
  void anotherResolversManagerWasClosed_whatIsLostAfterThatIsRemovedFromTheRightServers() {
    cache.put("k1", "new");
    provider.close();
    provider = new MemcachedCachingProvider();
    MemcachedCacheManager west = west(false);
    Cache<String, String> othersInWest = othersInWest("cache");
    othersInWest.put("k2", "old");
    Cache<String, String> elsewhere = west.createCache("cache", strings());
    elsewhere.put("k2", "new");
    open();
    discover();
    awaitServers();
    assertThat(cache.get("k1")).isNull();

    discoverWest(west);

    assertThat(elsewhere.get("k2")).isNull();
    assertThat(othersInWest.get("k2")).isNull();
  }

  private MemcachedCacheManager west(boolean isKnown) {
    servers.add(MemcachedServer.builder().listen("127.0.0.4", servers.get(0).port()).start());
    if (isKnown) {
      western.set(SERVICE, "127.0.0.4");
    }
    return manager(
        "failure=miss&timeout=4s&connectTimeout=4s&discovery.interval=200ms", resolverOfWest);
  }

  private void discoverWest(MemcachedCacheManager west) {
    western.set(SERVICE, "127.0.0.4");
    await("the server").until(() -> west.ping().get(0).isReachable());
  }

  private Cache<String, String> othersInWest(String name) {
    URI list = URI.create("memcached://127.0.0.4:" + servers.get(0).port() + "/app?" + PATIENT);
    return otherProcess.cache(list, name);
  }

  @Test
  void anotherResolversManagerIsClosed_whatEitherChangedIsRemovedBeforeItIsUsed() {
    TestNameService none = new TestNameService();
    NameResolver another = none::resolve;
    MemcachedCacheManager closed =
        manager("failure=miss&timeout=4s&connectTimeout=4s&discovery.interval=200ms", another);
    closed.createCache("cache", strings()).put("k1", "new");
    cache.put("k2", "new");
    closed.close();

    discover();
    List<String> seen = new ArrayList<>();
    await("the servers")
        .until(
            () -> {
              seen.add(cache.get("k2"));
              return manager.ping().size() == 3;
            });

    assertThat(seen).containsOnlyNulls();
    assertThat(cache.get("k1")).isNull();
  }

  @Test
  void clearByAManagerThatKnowsNoServer_holdsForTheNearCachesOfAnother() {
    discover();
    String options = "failure=miss&consistency=bounded&staleness=1h&" + PATIENT;
    MemcachedCacheManager knowing = manager(options, resolver);
    Cache<String, String> near =
        knowing.createCache(
            "near",
            new MemcachedConfiguration<String, String>()
                .setTypes(String.class, String.class)
                .setNear(NearLimit.ofEntries(KEYS)));
    near.put("cleared", "old");
    near.put("changed", "old");
    assertThat(near.getAll(Set.of("cleared", "changed"))).hasSize(2);
    assertThat(near.getAll(Set.of("cleared", "changed"))).hasSize(2);
    names.set(SERVICE);
    MemcachedCacheManager unknowing = manager(options.replace("5s", "4s"), resolver);

    unknowing.createCache("near", strings()).put("changed", "new");
    assertThat(near.get("changed")).isNull();
    unknowing.clear();
    assertThat(near.get("cleared")).isNull();
  }

  /** Each of its managers has a resolver of its own, which nothing keeps when they are closed. */
  @Test
  void resolverIsOfAClass_isClearedByTheNextManager() {
    NamesOfTest.names = names;
    changeByAnotherProvider(NamesOfTest.class.getName());
    await("the resolver is gone")
        .until(
            () -> {
              System.gc();
              return NamesOfTest.last.get() == null;
            });

    provider.close();
    provider = new MemcachedCachingProvider();
    open(NamesOfTest.class.getName());
    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();
    assertThat(cache.getAll(keys())).hasSize(KEYS - 1).doesNotContainKey("k1");
  }

  /** As that of an application that is deployed again. */
  @Test
  void resolverIsAnotherObject_isClearedByTheNextManager() {
    NameResolver before = names::resolve;
    changeByAnotherProvider(before);

    discover();
    provider.close();
    provider = new MemcachedCachingProvider();
    NameResolver after = names::resolve;
    open(after);

    assertThat(cleared.getAll(keys())).isEmpty();
    assertThat(cache.getAll(keys())).doesNotContainKey("k1");
    assertThat(before).isNotEqualTo(after); // and still there

    cleared.put("k1", "new");
    cache.put("k1", "new");
    provider.close();
    provider = new MemcachedCachingProvider();
    open(after);
    awaitServers();
    assertThat(cleared.get("k1")).isEqualTo("new"); // once is enough
    assertThat(cache.get("k1")).isEqualTo("new");
  }

  /** What it has to make up for is not known to anybody else. */
  @Test
  void openedAgainBeforeAnythingCanBeReached_isClearedAllTheSame() {
    openAgainWithClearsPending();
    servers.forEach(MemcachedServer::resume);
    discover();

    await("the other process sees the clear").until(() -> clearedOfOthers.getAll(keys()).isEmpty());
  }

  @Test
  void openedAgainBeforeServersAreKnown_isClearedOnce() {
    MemcachedCacheManager again = openAgainWithClearsPending();
    servers.forEach(MemcachedServer::resume);
    await("the other process sees the clear").until(() -> clearedOfOthers.getAll(keys()).isEmpty());
    // What was sent to a server that slept may have come first, and counts for nothing.
    await("all is made up for")
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> "newer".equals(clearedOfOthers.getAndPut("k1", "newer")));

    discover();
    await("the servers").until(() -> again.ping().size() == 3);

    Cache<String, String> clearedOnce = again.createCache("cleared", strings());
    await("it is found, once the servers are connected")
        .until(() -> "newer".equals(clearedOnce.get("k1")));
  }

  /** Returns a manager that knows no server, after a clear that none of them was there for. */
  private MemcachedCacheManager openAgainWithClearsPending() {
    provider.close();
    provider = new MemcachedCachingProvider();
    discover();
    String options = "failure=miss&timeout=300ms&connectTimeout=300ms&discovery.interval=200ms";
    Cache<String, String> known = manager(options, resolver).createCache("cleared", strings());
    await("all are used").until(() -> known.getAll(keys()).size() == KEYS);
    servers.forEach(MemcachedServer::pause);
    names.set(SERVICE);
    await("all are known to be away").until(() -> known.getAll(keys()).isEmpty());
    known.clear();
    provider.close();

    provider = new MemcachedCachingProvider();
    MemcachedCacheManager again = manager(options, resolver);
    int before = names.lookups();
    await("it has looked up names")
        .until(() -> again.ping() != null && names.lookups() > before + 5);
    return again;
  }

  private void changeByAnotherProvider(Object resolverClass) {
    MemcachedCachingProvider mine = provider;
    try (MemcachedCachingProvider another = new MemcachedCachingProvider()) {
      provider = another;
      MemcachedCacheManager closed = manager("failure=miss&" + PATIENT, resolverClass);
      closed.createCache("cleared", strings()).clear();
      closed.createCache("cache", strings()).put("k1", "new");
    } finally {
      provider = mine;
    }
  }

  /** A resolver that is given by the name of its class. */
  public static final class NamesOfTest implements NameResolver {

    private static volatile TestNameService names = new TestNameService();
    private static volatile WeakReference<NameResolver> last = new WeakReference<>(null);

    public NamesOfTest() {
      last = new WeakReference<>(this);
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
      return names.resolve(host);
    }
  }

  @Test
  void tenantIsCleared_allItsCachesAre() {
    manager.clear();

    discover();
    awaitServers();

    assertThat(cache.getAll(keys())).isEmpty();
    assertThat(clearedOfOthers.getAll(keys())).isEmpty();
  }

  /** Some server may have been away as well, and is then known to owe the clear. */
  @Test
  void discoveredServerIsAway_isClearedWhenItIsBack() {
    cleared.clear();
    servers.get(2).pause();
    discover();
    awaitServers();

    assertThat(cleared.getAll(keys())).isEmpty();

    servers.get(2).resume();
    await("the other process sees the clear").until(() -> clearedOfOthers.getAll(keys()).isEmpty());
  }

  @Test
  void veryManyChanges_clearTheCache() {
    String longKey = "x".repeat(100_000);
    for (int i = 0; i < 12; i++) {
      cache.put(longKey + i, "new");
    }

    discover();
    awaitServers();

    assertThat(cache.getAll(keys())).isEmpty();
    assertThat(cleared.getAll(keys())).hasSize(KEYS);
  }

  @Test
  void closedMeanwhile_isLoggedAndRemembered() {
    cleared.clear();
    cache.put("k1", "new");

    assertThat(Log.of(provider::close)).contains("WARN", "2 clears were pending", "app/cleared");

    provider = new MemcachedCachingProvider();
    open();
    discover();
    awaitServers();
    assertThat(cleared.getAll(keys())).isEmpty();
    assertThat(cache.get("k1")).isNull();
    assertThat(cache.get("k99")).isEqualTo("old");
  }

  @Test
  void clearByTheProvider_isAnError() {
    URI level = uri("failure=miss&" + PATIENT);

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> provider.clear(level))
        .withMessageContaining(SERVICE);
  }
}
