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
import java.util.function.Function;
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
  private final Map<String, Boolean> whereabouts = new HashMap<>();
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
  @EnumSource(names = {"THROW", "MISS"})
  void itemServerDies(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 1);
    fill("v");
    servers.get(2).kill();

    Map<String, Boolean> dead = new LinkedHashMap<>();
    for (String key : KEYS) {
      String value = during(mode, 2, () -> cache.get(key));
      assertThat(value).isIn("v", null);
      dead.put(key, value == null);
    }
    assertThat(dead).containsValues(true, false);
    KEYS.forEach(key -> during(mode, 2, () -> put(key, "w")));

    servers.get(2).restart();
    awaitAllServers();
    for (String key : KEYS) {
      if (!mode.misses) { // with misses the cache is cleared, once or more
        assertThat(cache.get(key)).as(key).isEqualTo(dead.get(key) ? null : "w");
      }
      assertThat(cache.get(key)).as(key).isNotEqualTo("v");
      assertThat(theirs.get(key)).as(key).isNotEqualTo("v");
    }
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void versionServerDies(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 2);
    fill("v");
    servers.get(1).kill();
    letStalenessPass(mode);

    for (String key : KEYS) {
      assertThat(during(mode, 1, () -> cache.get(key))).isNull();
    }
    if (!mode.misses) {
      assertThatThrownBy(() -> cache.put("k0", "w")).hasMessageContaining(address(1));
      assertThatThrownBy(() -> ours.clear(cache.getCacheManager()))
          .hasMessageContaining(address(1));
    }

    servers.get(1).restart();
    awaitAllServers();
    requireEmpty();
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void serverIsStoppedForLongerThanTheTimeout(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 1);
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
    if (!mode.misses) {
      assertThat(cache.get(elsewhere)).isEqualTo("v");
    }

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
    open(mode, 0, 1, 2);
    fill("v");

    servers.get(0).restart();
    awaitAllServers();
    letStalenessPass(mode);

    requireEmpty();
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void serverReturnsWithOldMemory(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 2);
    fill("old");
    Map<String, String> memory = memory(2);
    cache.clear();
    fill("new");
    KEYS.forEach(theirs::get); // both know the newer version
    String newest = version(2);

    servers.get(2).restart();
    memory.forEach(
        (key, value) ->
            servers.get(2).command("set " + key + " 0 0 " + value.length() + "\r\n" + value));
    assertThat(version(2)).isLessThan(newest);
    awaitAllServers();
    letStalenessPass(mode);

    requireEmpty();
    assertThat(version(2)).isGreaterThan(newest);
    requireWorking();
  }

  @ParameterizedTest
  @EnumSource
  void versionServerIsCutOffFromOneProcess(Mode mode) throws InterruptedException {
    // The others talk to the server itself, not through the proxy. That makes another ring of
    // servers; the names are chosen so that the versions are in the same places on both.
    Cluster direct = cluster(servers.get(0).port(), proxies.get(1).port(), proxies.get(2).port());
    Cluster proxied = cluster(proxies.get(0).port(), proxies.get(1).port(), proxies.get(2).port());
    String path = "";
    for (int level = 0; level < 3; level++) {
      int at = level;
      path =
          nameOf(
              path,
              key -> {
                int server = proxied.serverOf(key);
                return server == at && (server == direct.serverOf(key));
              });
    }
    String tenant = path.substring(0, path.lastIndexOf('/'));
    String name = path.substring(path.lastIndexOf('/') + 1);
    cache = ours.cache(uri(proxied, "/" + tenant + mode.options()), name);
    theirs = others.cache(uri(direct, "/" + tenant + "?timeout=10s"), name);
    awaitAllServers();
    fill("v");
    proxies.get(0).refuse(true);
    proxies.get(0).dropConnections();
    letStalenessPass(mode);

    KEYS.forEach(key -> assertThat(during(mode, 0, () -> cache.get(key))).isNull());
    theirs.clear();
    KEYS.forEach(key -> theirs.put(key, "w"));
    KEYS.forEach(key -> assertThat(theirs.get(key)).isEqualTo("w"));
    others.clear(uri(direct, "/" + tenant.substring(0, tenant.indexOf('/')) + "?timeout=10s"));

    proxies.get(0).refuse(false);
    awaitAllServers();
    KEYS.forEach(key -> assertThat(cache.get(key)).as(key).isNull());
    cache.put("k0", "again");
    assertThat(cache.get("k0")).isEqualTo("again");
    theirs.clear();
    letStalenessPass(mode);
    assertThat(cache.get("k0")).isNull();
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void bytesAreLate(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 1);
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
    open(mode, 0, 1, 1);
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
      open(mode, 0, 1, 2);
      fill("v");
      servers.get(level).command("delete " + versionKey(level));
      letStalenessPass(mode);

      requireEmpty();
      requireWorking();
    }
  }

  @ParameterizedTest
  @EnumSource
  void versionKeyIsSetToALowerNumber(Mode mode) throws InterruptedException {
    for (int level = 0; level < 3; level++) {
      open(mode, 0, 1, 2);
      fill("v");
      String before = version(level);
      KEYS.forEach(theirs::get);
      set(level, Long.toString(Long.parseLong(before) - 1_000_000));
      letStalenessPass(mode);

      requireEmpty();
      assertThat(version(level)).isGreaterThan(before);
      requireWorking();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"THROW", "MISS"})
  void versionKeyIsSetToSomethingElse(Mode mode) throws InterruptedException {
    open(mode, 0, 1, 2);
    fill("v");
    set(1, "something");
    letStalenessPass(mode);

    for (String key : KEYS) {
      assertThatThrownBy(() -> cache.get(key))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(versionKey(1));
    }

    servers.get(1).command("delete " + versionKey(1));
    requireEmpty();
    requireWorking();
  }

  /** Opens a cache whose three levels have their versions on these servers. */
  private void open(Mode mode, int application, int tenant, int last) throws InterruptedException {
    Cluster cluster = cluster(proxies.stream().mapToInt(RecordingProxy::port).toArray());
    String path = "";
    for (int server : new int[] {application, tenant, last}) {
      path = nameOf(path, key -> cluster.serverOf(key) == server);
    }
    String manager = "/" + path.substring(0, path.lastIndexOf('/'));
    String name = path.substring(path.lastIndexOf('/') + 1);
    cache = ours.cache(uri(cluster, manager + mode.options()), name);
    theirs = others.cache(uri(cluster, manager + "?timeout=10s&connectTimeout=1s"), name);
    awaitAllServers();
  }

  /** Returns a path beneath another one, with a name whose version key is where it should be. */
  private String nameOf(String path, Function<String, Boolean> isRight) {
    while (true) {
      String candidate = (path.isEmpty() ? "" : path + "/") + "n" + names++;
      if (isRight.apply(candidate + ":version")) {
        return candidate;
      }
    }
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
            + cluster.servers().stream()
                .map(ServerAddress::toString)
                .collect(Collectors.joining(","))
            + path);
  }

  private String versionKey(int level) {
    String path = cache.getCacheManager().getURI().getPath().substring(1) + "/" + cache.getName();
    String[] names = path.split("/");
    return String.join("/", List.of(names).subList(0, level + 1)) + ":version";
  }

  private String version(int level) {
    return servers.get(level).command("get " + versionKey(level)).get(1);
  }

  private void set(int level, String version) {
    assertThat(
            servers
                .get(level)
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
    KEYS.forEach(key -> cache.put(key, value));
    KEYS.forEach(key -> assertThat(cache.get(key)).isEqualTo(value));
  }

  private void fillEachWithItsKey() {
    KEYS.forEach(key -> cache.put(key, key));
  }

  private Object put(String key, String value) {
    cache.put(key, value);
    return null;
  }

  private String keyOn(int server) {
    return KEYS.stream().filter(key -> isOn(server, key)).findFirst().orElseThrow();
  }

  /** Returns whether a server holds the entry; only while it answers, and remembered after that. */
  private boolean isOn(int server, String key) {
    return whereabouts.computeIfAbsent(
        server + key,
        any -> {
          long before = sets(server);
          cache.put(key, cache.get(key));
          return sets(server) > before;
        });
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

  private void requireEmpty() {
    for (String key : KEYS) {
      assertThat(cache.get(key)).as(key).isNull();
      assertThat(theirs.get(key)).as(key).isNull();
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
