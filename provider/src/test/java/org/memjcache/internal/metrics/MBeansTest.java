// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.management.CacheMXBean;
import javax.cache.management.CacheStatisticsMXBean;
import javax.management.JMException;
import javax.management.MBeanRegistrationException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.memjcache.CacheInsightMXBean;
import org.memjcache.support.Log;

class MBeansTest {
  private static final String MANAGER = "memcached://h:1/a";
  private static final String NAME = "CacheManager=memcached.//h.1/a,Cache=c";
  private static final String CONFIGURATION = "javax.cache:type=CacheConfiguration," + NAME;
  private static final String STATISTICS = "javax.cache:type=CacheStatistics," + NAME;

  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private final MBeans beans = beans(MANAGER, "c");
  private final CacheMXBean configuration = new CacheConfigurationView(MutableConfiguration::new);
  private final CacheMetrics metrics = new CacheMetrics();
  private final CacheStatisticsMXBean statistics = metrics.statistics();

  /** Actions on a cache with nothing registered, and the names that are there afterwards. */
  static Stream<Arguments> actions() {
    return Stream.of(
        actions("nothing", test -> {}),
        actions("configuration", test -> test.registerConfiguration(), CONFIGURATION),
        actions("statistics", test -> test.registerStatistics(), STATISTICS),
        actions("both", test -> test.registerBoth(), CONFIGURATION, STATISTICS),
        actions(
            "twice",
            test -> {
              test.registerBoth();
              test.registerBoth();
            },
            CONFIGURATION,
            STATISTICS),
        actions(
            "one of both ended",
            test -> {
              test.registerBoth();
              test.beans.unregisterStatistics();
            },
            CONFIGURATION),
        actions(
            "the other ended",
            test -> {
              test.registerBoth();
              test.beans.unregisterConfiguration();
            },
            STATISTICS),
        actions(
            "ended twice",
            test -> {
              test.registerStatistics();
              test.beans.unregisterStatistics();
              test.beans.unregisterStatistics();
            }),
        actions(
            "on, off, on",
            test -> {
              test.registerStatistics();
              test.beans.unregisterStatistics();
              test.registerStatistics();
            },
            STATISTICS),
        actions(
            "ended, never begun",
            test -> {
              test.beans.unregisterConfiguration();
              test.beans.unregisterStatistics();
            }),
        actions(
            "closed",
            test -> {
              test.registerBoth();
              test.beans.close();
              test.beans.close();
            }),
        actions(
            "registered after closing",
            test -> {
              test.beans.close();
              test.registerBoth();
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("actions")
  void names_afterActions(String name, Consumer<MBeansTest> actions, Set<String> expected)
      throws JMException {
    actions.accept(this);

    assertThat(names()).isEqualTo(expected);
  }

  @Test
  void attributes_areThoseOfTheBeans() throws JMException {
    registerBoth();
    metrics.setEnabled(true);
    metrics.recordGets(3, 1, 0);

    assertThat(server.getAttribute(new ObjectName(STATISTICS), "CacheHitPercentage"))
        .isEqualTo(75.0f);
    assertThat(server.getAttribute(new ObjectName(CONFIGURATION), "KeyType"))
        .isEqualTo("java.lang.Object");
    server.invoke(new ObjectName(STATISTICS), "clear", new Object[0], new String[0]);
    assertThat(statistics.getCacheGets()).isZero();
  }

  @Test
  void registeredTwice_keepsTheFirstBean() throws JMException {
    registerStatistics();
    CacheMetrics other = new CacheMetrics();
    other.setEnabled(true);
    other.recordGets(1, 0, 0);

    beans.registerStatistics(other.statistics(), insight());

    assertThat(server.getAttribute(new ObjectName(STATISTICS), "CacheHits")).isEqualTo(0L);
  }

  @Test
  void sameNameOfAnotherManager_getsANameOfItsOwn() throws JMException {
    MBeans second = beans(MANAGER, "c");
    MBeans third = beans(MANAGER, "c");
    registerStatistics();
    second.registerStatistics(new CacheMetrics().statistics(), insight());
    third.registerStatistics(new CacheMetrics().statistics(), insight());
    assertThat(names())
        .containsExactlyInAnyOrder(
            STATISTICS, STATISTICS + ",instance=2", STATISTICS + ",instance=3");

    second.close();
    assertThat(names()).containsExactlyInAnyOrder(STATISTICS, STATISTICS + ",instance=3");

    beans.close();
    assertThat(names()).containsExactly(STATISTICS + ",instance=3");
  }

  @Test
  void namesThatBecomeTheSame_stayApart() throws JMException {
    beans(MANAGER, "a:b").registerStatistics(statistics, insight());
    beans(MANAGER, "a.b").registerStatistics(new CacheMetrics().statistics(), insight());

    assertThat(names()).hasSize(2);
  }

  @Test
  void beanIsGone_unregisterDoesNotMind() throws JMException {
    registerBoth();
    server.unregisterMBean(new ObjectName(STATISTICS));
    server.unregisterMBean(new ObjectName(CONFIGURATION));

    assertThatCode(beans::close).doesNotThrowAnyException();
    assertThat(names()).isEmpty();
  }

  @Test
  void serverRefuses_namesTheBean() {
    MBeanServer refusing =
        (MBeanServer)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {MBeanServer.class},
                (proxy, method, arguments) -> {
                  throw new MBeanRegistrationException(new IllegalStateException("refused"));
                });
    MBeans refused = new MBeans(refusing, MANAGER, loader(), "c");

    assertThatThrownBy(() -> refused.registerStatistics(statistics, insight()))
        .isInstanceOf(CacheException.class)
        .hasMessageContaining(STATISTICS);
    assertThatCode(refused::close).doesNotThrowAnyException();
  }

  /** Caches whose beans come to the names of those of the cache c, and what the log has of them. */
  static Stream<Arguments> taken() {
    return Stream.of(
        Arguments.of(MANAGER, "c", "the cache 'c' of the manager memcached://h:1/a with the class"),
        Arguments.of(
            "memcached://h.1/a", "c", "the cache 'c' of the manager memcached://h.1/a with"));
  }

  @ParameterizedTest
  @MethodSource("taken")
  void nameIsTaken_warningNamesBoth(String manager, String cache, String second) throws Exception {
    registerStatistics();
    MBeans other = beans(manager, cache);

    String log = Log.of(() -> other.registerStatistics(new CacheMetrics().statistics(), insight()));

    assertThat(log)
        .contains("WARN", "JCacheMetrics", "MemcachedCacheMetrics", STATISTICS)
        .contains("will show the statistics of another cache for " + second)
        .contains("is that of the cache 'c' of the manager memcached://h:1/a with the class")
        .contains(other.toString(), beans.toString());
    assertThat(log.strip().lines()).hasSize(1);
    assertThat(description(STATISTICS + ",instance=2")).isEqualTo(other.toString());
  }

  @Test
  void firstOfItsName_logsNothing() {
    assertThat(Log.of(this::registerBoth)).isEmpty();
  }

  @Test
  void description_namesCacheManagerAndClassLoader_whichIsNotHeld() throws Exception {
    registerBoth();
    ClassLoader named = new URLClassLoader("hotels.war", new URL[0], null);
    MBeans ofNamed = new MBeans(server, MANAGER, new WeakReference<>(named), "named");
    ofNamed.registerConfiguration(new CacheConfigurationView(MutableConfiguration::new));
    MBeans ofNone = new MBeans(server, MANAGER, new WeakReference<>(null), "none");
    ofNone.registerConfiguration(new CacheConfigurationView(MutableConfiguration::new));

    assertThat(description(CONFIGURATION))
        .startsWith("the cache 'c' of the manager memcached://h:1/a with the class loader ");
    assertThat(description(CONFIGURATION.replace("=c", "=named")))
        .endsWith(" with the class loader 'hotels.war'");
    assertThat(description(CONFIGURATION.replace("=c", "=none")))
        .endsWith(" with a class loader that is gone");
  }

  private String description(String bean) throws JMException {
    return server.getMBeanInfo(new ObjectName(bean)).getDescription();
  }

  private MBeans beans(String manager, String cache) {
    return new MBeans(server, manager, loader(), cache);
  }

  private static WeakReference<ClassLoader> loader() {
    return new WeakReference<>(MBeansTest.class.getClassLoader());
  }

  @Test
  void publicConstructor_usesThePlatformServer() throws JMException {
    MBeanServer platform = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName(STATISTICS);
    try (MBeans platformBeans = new MBeans(MANAGER, new WeakReference<>(null), "c")) {
      platformBeans.registerStatistics(statistics, insight());
      assertThat(platform.isRegistered(name)).isTrue();
    }
    assertThat(platform.isRegistered(name)).isFalse();
  }

  /** Returns a new bean each time: a server takes one object only once. */
  private static CacheInsightMXBean insight() {
    return new CacheMetrics().insight(Map::of, () -> new ServerCounts(0, 0, 0, 0, 0));
  }

  private void registerConfiguration() {
    beans.registerConfiguration(configuration);
  }

  private void registerStatistics() {
    beans.registerStatistics(statistics, insight());
  }

  private void registerBoth() {
    registerConfiguration();
    registerStatistics();
  }

  private Set<String> names() throws JMException {
    return server.queryNames(new ObjectName("javax.cache:*"), null).stream()
        .map(ObjectName::toString)
        .collect(Collectors.toSet());
  }

  private static Arguments actions(String name, Consumer<MBeansTest> actions, String... expected) {
    return Arguments.of(name, actions, Set.of(expected));
  }
}
