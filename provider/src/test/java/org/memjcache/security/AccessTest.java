// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.LockedServer.PASSWORD;
import static org.memjcache.support.LockedServer.USER;
import static org.memjcache.support.Waiting.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.expiry.CreatedExpiryPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.LockedServer;
import org.memjcache.support.LockedServer.Lock;
import org.memjcache.support.TestProvider;

/**
 * Servers that ask who is there, by the text protocol and by SASL: who gets in, and who doesn't.
 */
@Timeout(120)
@Tag("slow")
class AccessTest {

  @ParameterizedTest
  @EnumSource
  void rightPassword_everyOperationWorks(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels/Lisboa"));

      cache.put("a", "1");
      assertThat(cache.get("a")).isEqualTo("1");
      cache.putAll(Map.of("b", "2", "c", "3"));
      assertThat(cache.getAll(Set.of("a", "b", "c", "d")))
          .isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
      assertThat(cache.putIfAbsent("a", "x")).isFalse();
      assertThat(cache.putIfAbsent("d", "4")).isTrue();
      assertThat(cache.getAndPut("a", "5")).isEqualTo("1");
      assertThat(cache.replace("a", "x", "y")).isFalse();
      assertThat(cache.replace("a", "5", "6")).isTrue();
      assertThat(cache.getAndReplace("none", "x")).isNull();
      assertThat(cache.remove("a", "5")).isFalse();
      assertThat(cache.remove("a", "6")).isTrue();
      assertThat(cache.remove("a")).isFalse();
      assertThat(cache.getAndRemove("b")).isEqualTo("2");
      assertThat(cache.containsKey("b")).isFalse();
      cache.invoke(
          "c",
          (entry, arguments) -> {
            entry.setValue(entry.getValue() + "!");
            return null;
          });
      assertThat(cache.get("c")).isEqualTo("3!");
      cache.put("large", "x".repeat(500_000));
      assertThat(cache.get("large")).hasSize(500_000);
      cache.removeAll(Set.of("c", "large"));
      assertThat(cache.get("c")).isNull();
      cache.clear();
      assertThat(cache.get("d")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SASL", "OPEN_BINARY"})
  void binary_deadlines_areKept(Lock lock) throws Exception {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache =
          memcached
              .manager("hotels/Lisboa")
              .createCache(
                  "info",
                  TestProvider.strings()
                      .setExpiryPolicyFactory(
                          CreatedExpiryPolicy.factoryOf(
                              new javax.cache.expiry.Duration(
                                  java.util.concurrent.TimeUnit.MILLISECONDS, 1))));
      cache.put("a", "1");

      await("the entry has expired").until(() -> cache.get("a") == null);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "OPEN_TEXT"})
  void text_iteration_listsEntries(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels/Lisboa"));
      cache.putAll(Map.of("a", "1", "b", "2"));

      Set<String> keys = new TreeSet<>();
      cache.forEach(entry -> keys.add(entry.getKey()));

      assertThat(keys).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SASL", "OPEN_BINARY"})
  void binary_iteration_refusedNamesServerAndOption(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels/Lisboa"));
      cache.put("a", "1");

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.iterator().hasNext())
          .withMessageContaining(memcached.proxy().address())
          .withMessageContaining("protocol=binary");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tooLarge_namesBothSizes(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels/Lisboa"));
      cache.put("a", "1");

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.put("a", "x".repeat(1 << 20)))
          .withMessageContaining("1048576 bytes (memcached option -I");
      assertThat(cache.get("a")).isNull();
      cache.put("a", "2");
      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.replace("a", "x".repeat(1 << 20)));
      assertThat(cache.get("a")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL"})
  void wrongPassword_saysSoAtTheFirstOperation_andDoesNotStorm(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache =
          cache(memcached.manager("hotels", memcached.options(USER, "wrong-guess")));
      memcached.proxy().reset();

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.get("a"))
          .withMessageContaining("get on 'hotels/info' failed")
          .withMessageContaining(memcached.proxy().address())
          .withMessageContaining("refused the user 'alice'")
          .withMessageContaining("the options 'user' and 'password'")
          .satisfies(e -> assertNowhere(e, "wrong-guess"));

      long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      int refused = 0;
      while (System.nanoTime() < end) {
        assertThatThrownBy(() -> cache.put("a", "1")).isInstanceOf(CacheException.class);
        refused++;
      }
      assertThat(refused).isGreaterThan(100);
      assertThat(memcached.proxy().connections()).isLessThanOrEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL"})
  void wrongPassword_isNoOutageToGoOnWithout(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Properties options = memcached.options(USER, "wrong");
      options.setProperty("memjcache.failure", "miss");
      Cache<String, String> cache = cache(memcached.manager("hotels", options));

      assertThatThrownBy(() -> cache.get("a")).hasMessageContaining("refused the user 'alice'");
      assertThatThrownBy(cache::clear).hasMessageContaining("refused the user 'alice'");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL"})
  void nobodyConfigured_saysWhichOptionsToSet(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels", memcached.options()));

      assertThatExceptionOfType(CacheException.class)
          .isThrownBy(() -> cache.get("a"))
          .withMessageContaining(memcached.proxy().address())
          .withMessageContaining(lock == Lock.TEXT ? "-Y" : "-S")
          .withMessageContaining("set the options 'user' and 'password'");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL"})
  void otherProtocol_saysWhichOneToSet(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      String other = lock == Lock.TEXT ? "binary" : "text";
      Properties options = memcached.options(USER, PASSWORD);
      options.setProperty("memjcache.protocol", other);
      options.setProperty("memjcache.connectTimeout", "500ms");
      Cache<String, String> cache = cache(memcached.manager("hotels", options));

      assertThatThrownBy(() -> cache.get("a"))
          .isInstanceOf(CacheException.class)
          .hasMessageContaining(memcached.proxy().address())
          .hasMessageContaining(
              "set the option protocol=" + (lock == Lock.TEXT ? "text" : "binary"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TEXT", "SASL"})
  void managersOfDifferentUsers_shareNoConnection(Lock lock) throws InterruptedException {
    try (LockedServer memcached = new LockedServer(lock)) {
      memcached.proxy().reset();
      Cache<String, String> alice = cache(memcached.manager("hotels/alice"));
      Cache<String, String> stranger =
          cache(memcached.manager("hotels/stranger", memcached.options(USER, "wrong")));
      Cache<String, String> again = cache(memcached.manager("hotels/again"));

      for (int i = 0; i < 3; i++) {
        alice.put("a", "1");
        assertThatThrownBy(() -> stranger.get("a")).isInstanceOf(CacheException.class);
        again.put("a", "1");
      }
      await("one connection is left").until(() -> memcached.proxy().openConnections() == 1);
      assertThat(memcached.proxy().connections()).isLessThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN_TEXT", "OPEN_BINARY"})
  void serverThatDoesNotAsk_neverHearsThePassword(Lock lock) {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels"));
      cache.put("a", "1");

      String sent = new String(memcached.proxy().recordedUp(), StandardCharsets.ISO_8859_1);
      assertThat(sent).contains("hotels").doesNotContain(PASSWORD);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lostConnection_isReplacedAndLoggedInAgain(Lock lock) throws Exception {
    try (LockedServer memcached = new LockedServer(lock)) {
      Cache<String, String> cache = cache(memcached.manager("hotels"));
      cache.put("a", "1");

      memcached.proxy().dropConnections();

      await("connected again").until(() -> worksAgain(cache));
      assertThat(cache.get("a")).isEqualTo("1");
    }
  }

  @Test
  void textAndBinary_inOneJvm_getAlong() {
    try (LockedServer memcached = new LockedServer(Lock.OPEN_TEXT)) {
      Properties binary = memcached.options();
      binary.setProperty("memjcache.protocol", "binary");
      Cache<String, String> inText = cache(memcached.manager("hotels/Lisboa", memcached.options()));
      Cache<String, String> inBinary =
          memcached
              .provider()
              .getCacheManager(memcached.server().uri("hotels/Lisboa"), null, binary)
              .createCache("info", TestProvider.strings());

      for (int i = 0; i < 50; i++) {
        inText.put("k" + i, "text " + i);
        assertThat(inBinary.getAndReplace("k" + i, "binary " + i)).isEqualTo("text " + i);
        assertThat(inText.get("k" + i)).isEqualTo("binary " + i);
        if (i % 10 == 0) {
          (i % 20 == 0 ? inBinary : inText).clear();
          assertThat(inText.get("k" + i)).isNull();
          assertThat(inBinary.get("k" + i)).isNull();
        }
      }
    }
  }

  private static boolean worksAgain(Cache<String, String> cache) {
    try {
      return cache.containsKey("a");
    } catch (CacheException e) {
      return false;
    }
  }

  private static Cache<String, String> cache(MemcachedCacheManager manager) {
    return manager.createCache("info", TestProvider.strings());
  }

  private static void assertNowhere(Throwable failure, String secret) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      assertThat(e.toString()).doesNotContain(secret);
    }
  }
}
