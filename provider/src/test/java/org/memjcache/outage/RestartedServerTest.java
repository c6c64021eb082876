// SPDX-License-Identifier: Apache-2.0
package org.memjcache.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.processor.EntryProcessor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/**
 * A server is restarted between the two trips of an operation. It counts the states of items anew,
 * so that an entry of its new life can have the cas token of one of the old life: they must not be
 * taken for each other. The versions live on another server and are not lost.
 */
@Tag("slow")
@Tag("any-jdk")
class RestartedServerTest {

  private final MemcachedCluster servers = MemcachedCluster.start(2);
  private final MemcachedCachingProvider provider = new MemcachedCachingProvider();
  private final IsolatedProvider otherProcess = new IsolatedProvider();
  private final MemcachedServer ofItems = servers.server(1);
  private Cache<String, String> cache;
  private Cache<String, String> theirs;
  private String key;

  @BeforeEach
  void findAKeyApartFromItsVersions() {
    assumeThat(ofItems.isManaged()).isTrue();
    String name = null;
    for (int i = 0; name == null; i++) {
      try (IsolatedProvider any = new IsolatedProvider()) {
        any.<String, String>cache(uri(), "cache" + i).put("k", "v");
      }
      if (servers.server(0).command("get cache" + i + ":cache").size() == 3) {
        name = "cache" + i;
      }
    }
    // A short life, so that each access moves the deadline.
    cache =
        provider
            .getCacheManager(uri(), null)
            .createCache(
                name,
                new MutableConfiguration<String, String>()
                    .setExpiryPolicyFactory(
                        AccessedExpiryPolicy.factoryOf(new Duration(TimeUnit.HOURS, 1))));
    theirs = otherProcess.cache(uri(), name);
    for (int i = 0; key == null; i++) {
      int before = items();
      cache.put("key" + i, "old");
      if (items() > before) {
        key = "key" + i;
      }
    }
    for (int i = 0; i < 60; i++) { // a token that comes again after 60 other changes or so
      cache.put(key, "old");
    }
  }

  @AfterEach
  void stop() {
    provider.close();
    otherProcess.close();
    servers.close();
  }

  @Test
  void invoke_entryOfTheNextLifeHasTheSameToken_runsAgainAndLosesNoUpdate() {
    List<String> seen = new ArrayList<>();

    cache.invoke(
        key,
        (EntryProcessor<String, String, Void>)
            (entry, arguments) -> {
              seen.add(entry.getValue());
              if (seen.size() == 1) {
                restartAndPutUntilTheTokenComesAgain(60);
              }
              entry.setValue(entry.getValue() + " and ours");
              return null;
            });

    assertThat(seen).containsExactly("old", "theirs");
    assertThat(cache.get(key)).isEqualTo("theirs and ours");
  }

  private void restartAndPutUntilTheTokenComesAgain(int atLeast) {
    long token = token();
    assertThat(token).isGreaterThan(atLeast);
    ofItems.restart();
    awaitServer(theirs, "theirs");
    while (token() < token) {
      theirs.put(key, "theirs");
    }
    assertThat(token()).isEqualTo(token);
    awaitServer(cache, null);
  }

  /** Waits until a process uses the server again. */
  private void awaitServer(Cache<String, String> ofProcess, String value) {
    await("the server is used again")
        .ignoreExceptionsInstanceOf(CacheException.class)
        .until(
            () -> {
              if (value == null) {
                ofProcess.containsKey(key);
              } else {
                ofProcess.put(key, value);
              }
              return true;
            });
  }

  /** Returns the cas token of the only item that the server holds for the key. */
  private long token() {
    String item =
        ofItems.command("lru_crawler metadump all").stream()
            .filter(line -> line.contains("cas=") && line.contains("!" + key))
            .findFirst()
            .or(
                () ->
                    ofItems.command("lru_crawler metadump all").stream()
                        .filter(line -> line.contains("cas=") && line.contains(key + " "))
                        .findFirst())
            .orElseThrow();
    return Long.parseLong(item.replaceAll(".* cas=([0-9]+).*", "$1"));
  }

  private int items() {
    return Integer.parseInt(ofItems.stats().get("curr_items"));
  }

  private URI uri() {
    return URI.create(servers.uri("") + "?timeout=10s&connectTimeout=10s");
  }
}
