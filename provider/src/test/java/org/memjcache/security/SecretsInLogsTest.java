// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.LockedServer;
import org.memjcache.support.LockedServer.Lock;
import org.memjcache.support.TestProvider;

/**
 * Passwords and secrets are in no log, however much is logged, and in no error, URI, text or
 * managed bean.
 */
@Timeout(120)
@Tag("slow")
@Tag("any-jdk")
class SecretsInLogsTest {

  private static final String RIGHT = "opensesame4711";
  private static final String WRONG = "wrongguess0815";
  private static final String SECRET = "thesecretoftheapplication";
  private static final String OTHER_SECRET = "anothersecretaltogether";
  private static final String SHORT_SECRET = "tooshort42";

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL", "OPEN_TEXT"})
  void passwordAndSecret_areShownNowhere(Lock lock) throws Exception {
    try (LockedServer memcached = new LockedServer(lock)) {
      String output = run(memcached.uri("hotels/Lisboa"), lock.protocol);

      assertThat(output)
          .contains("value 1") // it has worked
          .contains("DEBUG org.memjcache") // and all that is logged was seen
          .contains("user=alice")
          .contains("javax.cache:type=CacheStatistics")
          .contains("was not signed with the secret of this manager")
          .contains("InvalidConfigurationException")
          .doesNotContain(RIGHT)
          .doesNotContain(WRONG)
          .doesNotContain(SECRET)
          .doesNotContain(OTHER_SECRET)
          .doesNotContain(SHORT_SECRET);
      if (lock != Lock.OPEN_TEXT) {
        assertThat(output).contains("refused the user 'alice'");
      }
    }
  }

  /** Returns all that a JVM writes which works with the server and tells all that there is. */
  private static String run(URI uri, String protocol) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            String.join(File.separator, System.getProperty("java.home"), "bin", "java"),
            "-Xmx128m",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            "-cp",
            System.getProperty("java.class.path"),
            Gossip.class.getName(),
            uri.toString(),
            protocol);
    builder.environment().put("MEMJCACHE_USER", "alice");
    builder.environment().put("MEMJCACHE_PASSWORD", RIGHT);
    builder.environment().put("MEMJCACHE_SECRET", SECRET);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  /** Tells all it can. */
  static final class Gossip {

    public static void main(String[] arguments) throws Exception {
      URI uri = URI.create(arguments[0]);
      Properties right = new Properties();
      right.setProperty("memjcache.protocol", arguments[1]);
      right.setProperty("memjcache.timeout", "20s");
      right.setProperty("memjcache.connectTimeout", "20s");
      Properties wrong = new Properties();
      wrong.putAll(right);
      wrong.setProperty("memjcache.user", "alice");
      wrong.setProperty("memjcache.password", WRONG);
      try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
        MemcachedCacheManager manager = provider.getCacheManager(uri, null, right);
        Cache<String, String> cache =
            manager.createCache(
                "info",
                TestProvider.strings().setStatisticsEnabled(true).setManagementEnabled(true));
        cache.put("a", "1");
        System.out.println("value " + cache.get("a"));
        readWithAnotherSecret(uri, right);
        cache.clear();
        System.out.println(manager + " " + manager.getURI() + " " + cache);
        tellSettings(uri, right);
        tellBeans();
        failBy(provider, URI.create(uri + "/wrong"), wrong);
        wrong.setProperty("memjcache.password", WRONG + "\n");
        failBy(provider, URI.create(uri + "/malformed"), wrong);
        right.setProperty("memjcache.secret", SHORT_SECRET);
        failBy(provider, URI.create(uri + "/short"), right);
      }
    }

    private static void readWithAnotherSecret(URI uri, Properties right) {
      Properties other = new Properties();
      other.putAll(right);
      other.setProperty("memjcache.secret", OTHER_SECRET);
      try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
        provider
            .getCacheManager(uri, null, other)
            .createCache("info", TestProvider.strings())
            .get("a");
      }
    }

    private static void tellSettings(URI uri, Properties properties) {
      org.memjcache.internal.config.ManagerSettings settings =
          org.memjcache.internal.config.ManagerSettings.of(
              uri,
              properties,
              org.memjcache.internal.config.Environment.ofProcess(
                  System.getProperties(),
                  org.memjcache.internal.common.ClassLookup.of(Gossip.class.getClassLoader())));
      System.out.println(settings);
      System.out.println(settings.cluster());
      System.out.println(settings.cluster().credentials());
    }

    private static void tellBeans() throws Exception {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      for (ObjectName name : server.queryNames(new ObjectName("*cache*:*"), null)) {
        System.out.println(name + " " + server.getMBeanInfo(name));
        for (var attribute : server.getMBeanInfo(name).getAttributes()) {
          System.out.println(attribute + " " + server.getAttribute(name, attribute.getName()));
        }
      }
    }

    private static void failBy(MemcachedCachingProvider provider, URI uri, Properties properties) {
      try {
        provider
            .getCacheManager(uri, null, properties)
            .createCache("info", TestProvider.strings())
            .get("a");
      } catch (CacheException e) {
        e.printStackTrace();
      }
    }
  }
}
