// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.internal.client.Cluster;
import org.memjcache.internal.config.value.ClusterSettings;
import org.memjcache.internal.config.value.ServerAddress;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/**
 * The table "Case by case" of docs/consistency.md, a test for each row, in a cluster of three
 * servers, each of them behind a proxy. A process with the options of the row works on it, and one
 * that is strict.
 */
@Tag("slow")
@Tag("any-jdk")
class CaseByCaseTest {

  private static final Duration TIMEOUT = Duration.ofMillis(700);
  private static final Duration STALENESS = Duration.ofMillis(50);

  /** Far above what is promised: a test that takes this long is wrong, a busy machine isn't. */
  private static final Duration LONG = Duration.ofSeconds(15);

  private static final List<String> KEYS = IntStream.range(0, 30).mapToObj(i -> "k" + i).toList();

  private final List<MemcachedServer> servers = new ArrayList<>();
  private final List<RecordingProxy> proxies = new ArrayList<>();
  private final IsolatedProvider ours = new IsolatedProvider();
  private final IsolatedProvider others = new IsolatedProvider();
  private Cache<String, String> cache;
  private Cache<String, String> theirs;
  private final Map<String, Integer> whereabouts = new HashMap<>();
  private int names;

  /** How a process is told to work. */
  private enum Mode {
    THROW(false, false),
    MISS(true, false),
    THROW_BOUNDED(false, true);

    final boolean misses;
    final boolean bounded;

    Mode(boolean misses, boolean bounded) {
      this.misses = misses;
      this.bounded = bounded;
    }

    String options() {
      return "?timeout=700ms&connectTimeout=1s"
          + (misses ? "&failure=miss" : "")
          + (bounded ? "&consistency=bounded&staleness=50ms" : "");
    }
  }

  @BeforeEach
  void start() {
    for (int i = 0; i < 3; i++) {
      MemcachedServer server = MemcachedServer.start();
      servers.add(server);
      proxies.add(RecordingProxy.start(server));
    }
  }

  @AfterEach
  void stop() {
    ours.close();
    others.close();
    proxies.forEach(RecordingProxy::close);
    servers.forEach(MemcachedServer::close);
  }

  @ParameterizedTest
  @EnumSource
  void serverDies(Mode mode) throws InterruptedException {
    open(mode);
    fill("v");
    servers.get(2).kill();
    letStalenessPass(mode);

    for (String key : KEYS) {
      String value = during(mode, 2, () -> cache.get(key));
      assertThat(value).as(key).isEqualTo(isOn(2, key) ? null : "v");
    }
    KEYS.forEach(key -> during(mode, 2, () -> put(key, "w")));

    servers.get(2).restart();
    awaitAllServers();
    requireGone(2, "w");
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void clearWhileAServerIsDown(Mode mode) throws InterruptedException {
    open(mode);
    fill("v");
    servers.get(2).pause(); // it has its memory when it continues

    if (mode.misses) {
      cache.clear();
    } else {
      assertThatThrownBy(cache::clear)
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(address(2));
    }
    for (String key : KEYS) {
      if (!isOn(2, key)) {
        assertThat(cache.get(key)).as(key).isNull();
        assertThat(theirs.get(key)).as(key).isNull();
      }
    }

    servers.get(2).resume();
    awaitAllServers();
    if (!mode.misses) { // it may have been carried out late, or not at all
      cache.clear();
    }
    KEYS.forEach(key -> assertThat(cache.get(key)).as(key).isNull());
    await("others see it, too").until(() -> KEYS.stream().allMatch(key -> theirs.get(key) == null));
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void serverIsStoppedForLongerThanTheTimeout(Mode mode) throws InterruptedException {
    open(mode);
    fill("v");
    String onTwo = keyOn(2);
    String elsewhere = KEYS.stream().filter(key -> !isOn(2, key)).findFirst().orElseThrow();
    servers.get(2).pause();
    long stopped = System.nanoTime();

    assertThat(during(mode, 2, () -> put(onTwo, "w"))).isNull();
    assertThat(since(stopped)).isBetween(TIMEOUT, LONG);
    await("calls don't wait any more")
        .until(
            () -> {
              long start = System.nanoTime();
              during(mode, 2, () -> cache.get(onTwo));
              return since(start).compareTo(TIMEOUT.dividedBy(2)) < 0;
            });
    assertThat(cache.get(elsewhere)).isEqualTo("v");

    servers.get(2).resume();
    long resumed = System.nanoTime();
    awaitAllServers();
    assertThat(since(resumed)).isLessThan(Duration.ofSeconds(2).plusSeconds(3)); // a busy machine
    // What was sent may have been done: neither the old nor the new value is left.
    assertThat(cache.get(onTwo)).isNull();
    await("others see it, too").until(() -> theirs.get(onTwo) == null);
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void serverIsRestartedEmpty(Mode mode) throws InterruptedException {
    open(mode);
    fill("v");

    servers.get(0).restart();
    awaitAllServers();
    letStalenessPass(mode);

    requireGone(0, "v");
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void serverReturnsWithOldMemory(Mode mode) throws InterruptedException {
    open(mode);
    fill("old");
    Map<String, String> memory = memory(2);
    cache.clear();
    fill("new");
    KEYS.forEach(theirs::get); // both know the newer version
    String newest = version(2, 2);

    servers.get(2).restart();
    memory.forEach(
        (key, value) ->
            servers.get(2).command("set " + key + " 0 0 " + value.length() + "\r\n" + value));
    assertThat(version(2, 2)).isLessThan(newest);
    awaitAllServers();
    letStalenessPass(mode);

    requireGone(2, "new");
    assertThat(version(2, 2)).isGreaterThan(newest);
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void serverIsCutOffFromOneProcess(Mode mode) throws InterruptedException {
    // The others talk to the server itself, not through the proxy. That makes another ring of
    // servers; the entries are some that are in the same places on both.
    Cluster direct = cluster(servers.get(0).port(), proxies.get(1).port(), proxies.get(2).port());
    Cluster proxied = cluster(proxies.get(0).port(), proxies.get(1).port(), proxies.get(2).port());
    cache = ours.cache(uri(proxied, "/application/tenant" + mode.options()), "cut off");
    theirs = others.cache(uri(direct, "/application/tenant?timeout=10s"), "cut off");
    awaitAllServers();
    Map<String, Integer> keys = new LinkedHashMap<>();
    for (int i = 0; i < 100; i++) {
      String ringKey = "application/tenant/cut%20off:Skey" + i;
      if (proxied.list().serverOf(() -> ringKey) == direct.list().serverOf(() -> ringKey)) {
        keys.put("key" + i, direct.list().serverOf(() -> ringKey));
      }
    }
    assertThat(keys).containsValues(0, 1, 2);
    keys.keySet().forEach(key -> cache.put(key, "v"));
    keys.keySet().forEach(key -> assertThat(theirs.get(key)).isEqualTo("v"));
    proxies.get(0).refuse(true);
    proxies.get(0).dropConnections();
    letStalenessPass(mode);

    keys.forEach(
        (key, server) ->
            assertThat(during(mode, 0, () -> cache.get(key)))
                .as(key)
                .isEqualTo(server == 0 ? null : "v"));
    theirs.clear();
    letStalenessPass(mode);
    keys.keySet().forEach(key -> assertThat(during(mode, 0, () -> cache.get(key))).isNull());
    keys.keySet().forEach(key -> theirs.put(key, "w"));
    keys.keySet().forEach(key -> assertThat(theirs.get(key)).isEqualTo("w"));

    proxies.get(0).refuse(false);
    awaitAllServers();
    keys.keySet().forEach(key -> assertThat(cache.get(key)).as(key).isEqualTo("w"));
    others.clear(uri(direct, "/application?timeout=10s"));
    letStalenessPass(mode);
    keys.keySet().forEach(key -> assertThat(cache.get(key)).as(key).isNull());
    cache.put("key0", "again");
    assertThat(cache.get("key0")).isEqualTo("again");
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void bytesAreLate(Mode mode) throws InterruptedException {
    open(mode);
    fillEachWithItsKey();
    String key = keyOn(2);
    proxies.get(2).delay(TIMEOUT.multipliedBy(2));

    for (int i = 0; i < 3; i++) {
      assertThat(during(mode, 2, () -> cache.get(key))).isNull();
    }

    proxies.get(2).delay(Duration.ZERO);
    awaitAllServers();
    KEYS.forEach(each -> assertThat(cache.get(each)).isEqualTo(each)); // no answer to another get
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void bytesAreLost(Mode mode) throws InterruptedException {
    open(mode);
    fillEachWithItsKey();
    String key = keyOn(2);
    String other = keyOn(1);
    for (int bytes : new int[] {0, 7, 30}) {
      proxies.get(2).truncateNextAnswer(bytes);
      assertThat(during(mode, 2, () -> cache.get(key))).isNull();
      awaitAllServers();
      assertThat(cache.get(key)).isEqualTo(key);
    }
    proxies.get(2).blackhole(true);
    assertThat(during(mode, 2, () -> put(key, "w"))).isNull();
    await("calls don't wait any more").until(() -> isQuick(mode, key));
    proxies.get(2).blackhole(false);

    awaitAllServers();

    assertThat(cache.get(key)).isNull();
    if (!mode.misses) {
      assertThat(cache.get(other)).as("what the caller was told costs no clear").isEqualTo(other);
    }
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void versionKeyIsDeleted(Mode mode) throws InterruptedException {
    for (int level = 0; level < 3; level++) {
      open(mode);
      fill("v");
      servers.get(level).command("delete " + versionKey(level));
      letStalenessPass(mode);

      requireGone(level, "v");
      requireWorking();
    }
  }

  @ParameterizedTest
  @EnumSource
  void versionKeyIsSetToALowerNumber(Mode mode) throws InterruptedException {
    for (int level = 0; level < 3; level++) {
      open(mode);
      fill("v");
      String before = version(level, level);
      KEYS.forEach(theirs::get);
      set(level, level, Long.toString(Long.parseLong(before) - 1_000_000));
      letStalenessPass(mode);

      requireGone(level, "v");
      assertThat(version(level, level)).isGreaterThan(before);
      requireWorking();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void versionKeyIsSetToSomethingElse(Mode mode) throws InterruptedException {
    open(mode);
    fill("v");
    set(1, 1, "something");
    letStalenessPass(mode);

    for (String key : KEYS) {
      if (isOn(1, key)) {
        assertThatThrownBy(() -> cache.get(key))
            .isInstanceOf(CacheException.class)
            .hasMessageContaining(versionKey(1));
      } else {
        assertThat(cache.get(key)).isEqualTo("v");
      }
    }

    servers.get(1).command("delete " + versionKey(1));
    requireGone(1, "v");
    requireWorking();
  }

  /** Opens a cache that was never used before. */
  private void open(Mode mode) throws InterruptedException {
    Cluster cluster = cluster(proxies.stream().mapToInt(RecordingProxy::port).toArray());
    String manager = "/application" + names++ + "/tenant";
    cache = ours.cache(uri(cluster, manager + mode.options()), "cache");
    theirs = others.cache(uri(cluster, manager + "?timeout=10s&connectTimeout=1s"), "cache");
    whereabouts.clear();
    awaitAllServers();
  }

  /** Returns a cluster whose servers are in the order of the ports, of which nothing is asked. */
  private static Cluster cluster(int... ports) {
    return new Cluster(
        ClusterSettings.of(
            IntStream.of(ports)
                .mapToObj(port -> new ServerAddress("127.0.0.1", port))
                .toArray(ServerAddress[]::new)));
  }

  private static URI uri(Cluster cluster, String path) {
    return URI.create(
        "memcached://"
            + cluster.list().addresses().stream()
                .map(ServerAddress::toString)
                .collect(Collectors.joining(","))
            + path);
  }

  private String versionKey(int level) {
    String path = cache.getCacheManager().getURI().getPath().substring(1) + "/" + cache.getName();
    String[] names = path.split("/");
    return String.join("/", List.of(names).subList(0, level + 1))
        + (level + 1 == names.length ? ":cache" : ":version");
  }

  private String version(int server, int level) {
    return servers.get(server).command("get " + versionKey(level)).get(1);
  }

  private void set(int server, int level, String version) {
    assertThat(
            servers
                .get(server)
                .command(
                    "set " + versionKey(level) + " 0 0 " + version.length() + "\r\n" + version))
        .containsExactly("STORED");
  }

  /**
   * Returns all that a server holds, the version of the last level among it. The crawler overlooks
   * an item that is just being moved from one of its lists to another.
   */
  private Map<String, String> memory(int server) throws InterruptedException {
    Map<String, String> memory = new LinkedHashMap<>();
    await("the version is in a dump")
        .until(
            () -> {
              dump(server, memory);
              return memory.containsKey(versionKey(2));
            });
    return memory;
  }

  private void dump(int server, Map<String, String> memory) {
    for (String line : servers.get(server).command("lru_crawler metadump all")) {
      if (line.startsWith("key=")) {
        String key =
            URLDecoder.decode(
                line.substring("key=".length(), line.indexOf(' ')), StandardCharsets.ISO_8859_1);
        memory.put(key, servers.get(server).command("get " + key).get(1));
      }
    }
  }

  private void fill(String value) {
    if (whereabouts.isEmpty()) {
      locate();
    }
    KEYS.forEach(key -> cache.put(key, value));
    KEYS.forEach(key -> assertThat(cache.get(key)).isEqualTo(value));
  }

  private void fillEachWithItsKey() {
    locate();
    KEYS.forEach(key -> cache.put(key, key));
  }

  private Object put(String key, String value) {
    cache.put(key, value);
    return null;
  }

  private String keyOn(int server) {
    return KEYS.stream().filter(key -> isOn(server, key)).findFirst().orElseThrow();
  }

  private boolean isOn(int server, String key) {
    return whereabouts.get(key) == server;
  }

  /** Finds out which server has each entry. */
  private void locate() {
    for (String key : KEYS) {
      List<Long> before = IntStream.range(0, 3).mapToObj(this::sets).toList();
      cache.put(key, "v");
      for (int server = 0; server < 3; server++) {
        if (sets(server) > before.get(server)) {
          whereabouts.put(key, server);
        }
      }
    }
    assertThat(whereabouts).hasSameSizeAs(KEYS).containsValues(0, 1, 2);
  }

  private long sets(int server) {
    return Long.parseLong(servers.get(server).stats().get("cmd_set"));
  }

  /** Does something while a server is away: an error that names it, or null. */
  private <T> T during(Mode mode, int server, Supplier<T> operation) {
    if (mode.misses) {
      return operation.get();
    }
    try {
      return operation.get();
    } catch (CacheException e) {
      assertThat(e).hasMessageContaining(address(server));
      return null;
    }
  }

  private boolean isQuick(Mode mode, String key) {
    long start = System.nanoTime();
    during(mode, 2, () -> cache.get(key));
    return since(start).compareTo(TIMEOUT.dividedBy(2)) < 0;
  }

  private String address(int server) {
    return proxies.get(server).address();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void letStalenessPass(Mode mode) throws InterruptedException {
    if (mode.bounded) {
      Thread.sleep(STALENESS.toMillis() + 1);
    }
  }

  /** Waits until both processes use all servers. */
  private void awaitAllServers() throws InterruptedException {
    for (Cache<String, String> each : List.of(cache, theirs)) {
      String probe = each.getName() + " probe";
      Cache<String, String> existing = each.getCacheManager().getCache(probe);
      Cache<String, String> probes =
          existing == null
              ? each.getCacheManager().createCache(probe, new MutableConfiguration<>())
              : existing;
      await("all servers are used").until(() -> works(probes));
    }
  }

  private static boolean works(Cache<String, String> probes) {
    try {
      for (String key : KEYS) {
        probes.put(key, "v");
        if (probes.get(key) == null) {
          return false;
        }
      }
      return true;
    } catch (CacheException e) {
      return false;
    }
  }

  /** Requires that what one server had is gone, and what the others have is there. */
  private void requireGone(int server, String others) {
    for (String key : KEYS) {
      String expected = isOn(server, key) ? null : others;
      assertThat(cache.get(key)).as(key).isEqualTo(expected);
      assertThat(theirs.get(key)).as(key).isEqualTo(expected);
    }
  }

  private void requireWorking() {
    cache.put("k0", "again");
    assertThat(cache.get("k0")).isEqualTo("again");
    assertThat(theirs.get("k0")).isEqualTo("again");
    theirs.clear();
    assertThat(theirs.get("k0")).isNull();
  }
}
