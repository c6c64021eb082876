// SPDX-License-Identifier: Apache-2.0
package org.memjcache.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.MemcachedCache;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.NameResolver;
import org.memjcache.PingResult;
import org.memjcache.testkit.ConfigurationEndpoint;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.TestAuthority;
import org.memjcache.testkit.TestCertificate;
import org.memjcache.testkit.TestNameService;

/** Caches on servers that nobody has listed. */
@Timeout(120)
@EnabledOnOs(OS.LINUX) // where 127.0.0.2 is there
@Tag("any-jdk")
@Tag("slow")
class DiscoveredServersTest {

  private static final String SERVICE = "memcached.apps.svc";
  private static final String OPTIONS = "&timeout=5s&connectTimeout=5s";

  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final List<MemcachedServer> servers = new ArrayList<>();
  private final TestNameService names = new TestNameService();
  private final NameResolver resolver = names::resolve;

  @AfterEach
  void stop() {
    names.resume();
    provider.close();
    servers.forEach(MemcachedServer::close);
  }

  /** Starts servers on one port, at 127.0.0.1 and the addresses after it. */
  private void start(int count) {
    servers.add(MemcachedServer.start());
    for (int i = 2; i <= count; i++) {
      servers.add(MemcachedServer.builder().listen("127.0.0." + i, servers.get(0).port()).start());
    }
  }

  private MemcachedCacheManager managerByName(String options) {
    int port = servers.isEmpty() ? 11211 : servers.get(0).port();
    return manager(URI.create("memcached://dns:" + SERVICE + ":" + port + "/app?" + options));
  }

  private MemcachedCacheManager manager(URI uri) {
    Properties properties = new Properties();
    properties.put("memjcache.resolver", resolver);
    return provider.getCacheManager(uri, null, properties);
  }

  private static Cache<String, String> cache(MemcachedCacheManager manager) {
    return manager.createCache("cache", new MutableConfiguration<>());
  }

  private static List<String> pinged(MemcachedCacheManager manager) {
    return manager.ping().stream().filter(PingResult::isReachable).map(PingResult::server).toList();
  }

  private void awaitServers(MemcachedCacheManager manager, MemcachedServer... expected) {
    String[] addresses =
        List.of(expected).stream().map(MemcachedServer::address).toArray(String[]::new);
    await("the servers")
        .untilAsserted(() -> assertThat(pinged(manager)).containsExactly(addresses));
  }

  @Test
  void name_allItsAddressesAreServers() {
    start(3);
    names.set(SERVICE, "127.0.0.3", "127.0.0.1", "127.0.0.2");
    Cache<String, String> cache = cache(managerByName("discovery.interval=1h" + OPTIONS));

    for (int i = 0; i < 100; i++) {
      cache.put("k" + i, "v" + i);
    }

    for (int i = 0; i < 100; i++) {
      assertThat(cache.get("k" + i)).isEqualTo("v" + i);
    }
    assertThat(servers).allMatch(each -> Integer.parseInt(each.stats().get("curr_items")) > 10);
    assertThat(names.lookups()).isEqualTo(1);
  }

  /** One server, three, and one again, while threads read and write: no call fails. */
  @Tag("slow")
  @Test
  void cluster_growsAndShrinks_noCallFails() throws Exception {
    start(3);
    names.set(SERVICE, "127.0.0.1");
    MemcachedCacheManager manager =
        managerByName("discovery.interval=100ms&discovery.grace=300ms" + OPTIONS);
    Cache<String, String> cache = cache(manager);
    AtomicBoolean done = new AtomicBoolean();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Map<Integer, Long> calls = new ConcurrentHashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int thread = 0; thread < 4; thread++) {
        int number = thread;
        threads.execute(
            () -> {
              for (long i = 0; !done.get(); i++) {
                use(cache, number + "-" + i % 500, i, failures);
                calls.put(number, i);
              }
            });
      }
      awaitServers(manager, servers.get(0));
      names.set(SERVICE, "127.0.0.1", "127.0.0.2", "127.0.0.3");
      awaitServers(manager, servers.get(0), servers.get(1), servers.get(2));
      awaitCalls(calls, 200);
      assertThat(servers.get(2).stats().get("cmd_set")).isNotEqualTo("0");
      names.set(SERVICE, "127.0.0.3");
      awaitServers(manager, servers.get(2));
      servers.get(0).kill();
      servers.get(1).kill();
      awaitCalls(calls, 200);
    } finally {
      done.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(failures).isEmpty();
  }

  /** What this thread alone has put is there, or was lost with its server; never another value. */
  private static void use(
      Cache<String, String> cache, String key, long i, List<Throwable> failures) {
    try {
      cache.put(key, "v" + i);
      String read = cache.get(key);
      if (read != null && !read.equals("v" + i)) {
        failures.add(new AssertionError(key + " is " + read + ", was put as v" + i));
      }
    } catch (RuntimeException e) {
      failures.add(e);
    }
  }

  private static void awaitCalls(Map<Integer, Long> calls, int more) {
    Map<Integer, Long> before = Map.copyOf(calls);
    await("calls of all threads")
        .until(() -> before.keySet().stream().allMatch(t -> calls.get(t) > before.get(t) + more));
  }

  @Test
  void podIsAbsentForLessThanTheGrace_keepsItsEntries() {
    start(2);
    names.set(SERVICE, "127.0.0.1", "127.0.0.2");
    MemcachedCacheManager manager =
        managerByName("discovery.interval=100ms&discovery.grace=1h" + OPTIONS);
    Cache<String, String> cache = cache(manager);
    for (int i = 0; i < 100; i++) {
      cache.put("k" + i, "v" + i);
    }

    names.set(SERVICE, "127.0.0.1");
    awaitLookups(3);

    for (int i = 0; i < 100; i++) {
      assertThat(cache.get("k" + i)).as("k" + i).isEqualTo("v" + i);
    }
    names.set(SERVICE, "127.0.0.1", "127.0.0.2");
    awaitLookups(3);
    awaitServers(manager, servers.get(0), servers.get(1));
  }

  private void awaitLookups(int more) {
    int until = names.lookups() + more;
    await("look-ups").until(() -> names.lookups() >= until);
  }

  @Test
  void lookUpsFail_theServersStay() {
    start(2);
    names.set(SERVICE, "127.0.0.1", "127.0.0.2");
    MemcachedCacheManager manager =
        managerByName("discovery.interval=100ms&discovery.grace=0s" + OPTIONS);
    Cache<String, String> cache = cache(manager);
    cache.put("k", "v");

    names.set(SERVICE);
    awaitLookups(3);

    assertThat(cache.get("k")).isEqualTo("v");
    awaitServers(manager, servers.get(0), servers.get(1));
  }

  @Test
  void firstLookUpFails_errorNamesServiceAndReason_andALaterOneSucceeds() {
    start(1);
    MemcachedCacheManager manager = managerByName("failure=throw" + OPTIONS);
    Cache<String, String> cache = cache(manager);
    String service = "dns:" + SERVICE + ":" + servers.get(0).port();

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.get("k"))
        .withMessageMatching(
            "'app/cache' can't be used, after \\d+ ms: the servers of "
                + service
                + " are not known: its name can't be looked up: memcached.apps.svc; looking up"
                + " goes on in the background");
    assertThatExceptionOfType(CacheException.class).isThrownBy(cache::clear);
    assertThat(manager.ping())
        .singleElement()
        .satisfies(
            result -> {
              assertThat(result.server()).isEqualTo(service);
              assertThat(result.isReachable()).isFalse();
            });

    names.set(SERVICE, "127.0.0.1");
    awaitServers(manager, servers.get(0));
    cache.put("k", "v");
    assertThat(cache.get("k")).isEqualTo("v");
  }

  @Test
  void firstLookUpIsSilent_waitsForConnectTimeout_andClosingEndsIt() {
    names.set(SERVICE, "127.0.0.1");
    names.pause();
    Cache<String, String> cache = cache(managerByName("connectTimeout=50ms"));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.get("k"))
        .withMessageContaining("the look-up takes longer than it may");

    provider.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("memjcache-store"));
  }

  @Test
  void configurationEndpoint_growsShrinksAndFails() {
    start(2);
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.start()) {
      endpoint.setServers(servers.get(0).address());
      MemcachedCacheManager manager =
          manager(endpoint.uri("/app?discovery.interval=100ms&discovery.grace=0s" + OPTIONS));
      Cache<String, String> cache = cache(manager);
      cache.put("k", "v");
      assertThat(cache.get("k")).isEqualTo("v");

      endpoint.setServers(servers.get(0).address(), servers.get(1).address());
      awaitServersInAnyOrder(manager, 2);
      endpoint.setList(1, servers.get(0).address()); // a cluster that was created anew
      awaitServers(manager, servers.get(0));

      endpoint.kill();
      endpoint.setList(2, servers.get(1).address());
      endpoint.restart();
      awaitServers(manager, servers.get(1));
      cache.put("k", "w");
      assertThat(cache.get("k")).isEqualTo("w");
    }
  }

  @Test
  void insight_showsTheListAndHowItCameAbout() {
    start(2);
    MemcachedCacheManager manager =
        managerByName("failure=miss&discovery.interval=100ms&discovery.grace=0s" + OPTIONS);
    Cache<String, String> cache = cache(manager);
    CacheInsightMXBean insight = cache.unwrap(MemcachedCache.class).getInsight();
    assertThat(insight.getDiscoveryLookups()).isZero();
    manager.ping();
    assertThat(insight.getServers()).isZero();
    await("a failure").until(() -> insight.getDiscoveryFailures() > 0);

    names.set(SERVICE, "127.0.0.1");
    awaitServers(manager, servers.get(0));
    long failures = insight.getDiscoveryFailures();
    assertThat(insight.getServers()).isEqualTo(1);
    assertThat(insight.getDiscoveryChanges()).isZero();

    names.set(SERVICE, "127.0.0.1", "127.0.0.2");
    awaitServers(manager, servers.get(0), servers.get(1));
    assertThat(insight.getServers()).isEqualTo(2);
    await("the change is counted").until(() -> insight.getDiscoveryChanges() == 1);
    await("look-ups").until(() -> insight.getDiscoveryLookups() > failures + 2);
    assertThat(insight.getDiscoveryFailures()).isEqualTo(failures);
    assertThat(insight.getServersOfOthers()).isZero();
  }

  private static void awaitServersInAnyOrder(MemcachedCacheManager manager, int count) {
    await("the servers").until(() -> pinged(manager).size() == count);
  }

  @Test
  void noConfigurationEndpoint_errorSaysSo() {
    start(1);
    Cache<String, String> cache =
        cache(manager(URI.create("memcached://elasticache:" + servers.get(0).address() + "/app")));

    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> cache.get("k"))
        .withMessageContaining("elasticache:" + servers.get(0).address())
        .withMessageContaining("it answered 'ERROR' to 'config get cluster'");
  }

  @Test
  void configurationEndpointWithLogin_isAskedAsTheUser() {
    servers.add(MemcachedServer.builder().textLogin("alice", "sesame").start());
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.startWithLogin("alice", "sesame")) {
      endpoint.setServers(servers.get(0).address());
      Properties properties = new Properties();
      properties.put("memjcache.user", "alice");
      properties.put("memjcache.password", "sesame");
      Cache<String, String> cache =
          cache(provider.getCacheManager(endpoint.uri("/app?timeout=5s"), null, properties));

      cache.put("k", "v");

      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  @Test
  void configurationEndpointWithTls_isAskedSo() {
    TestCertificate certificate = TestAuthority.shared().issue("a server", "127.0.0.1");
    servers.add(MemcachedServer.builder().tls(certificate).start());
    try (ConfigurationEndpoint endpoint = ConfigurationEndpoint.startWithTls(certificate)) {
      endpoint.setServers(servers.get(0).address());
      Cache<String, String> cache =
          cache(
              manager(
                  endpoint.uri(
                      "/app?timeout=5s&tls.trust=" + certificate.authority().toUri().getPath())));

      cache.put("k", "v");

      assertThat(cache.get("k")).isEqualTo("v");
    }
  }

  /** The servers behind a name are known by address, and have a certificate for the name. */
  @Test
  void nameWithTls_certificateIsForTheName() {
    TestCertificate certificate = TestAuthority.shared().issue("a service", SERVICE);
    servers.add(MemcachedServer.builder().tls(certificate).start());
    names.set(SERVICE, "127.0.0.1");
    String trust = "tls=true&tls.trust=" + certificate.authority().toUri().getPath();
    Cache<String, String> cache = cache(managerByName(trust + OPTIONS));

    cache.put("k", "v");

    assertThat(cache.get("k")).isEqualTo("v");
    URI other = URI.create("memcached://dns:other:" + servers.get(0).port() + "/app?" + trust);
    names.set("other", "127.0.0.1");
    Cache<String, String> ofOther = cache(manager(other));
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> ofOther.get("k"))
        .withMessageContaining("other");
  }
}
