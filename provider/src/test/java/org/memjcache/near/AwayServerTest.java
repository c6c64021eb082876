// SPDX-License-Identifier: Apache-2.0
package org.memjcache.near;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.memjcache.near.NearCaches.NAME;
import static org.memjcache.support.Waiting.await;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.MemcachedConfiguration;
import org.memjcache.NearLimit;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** Near caches while a server is away: they serve nothing longer, and nothing that was changed. */
@Tag("slow")
@Tag("any-jdk")
class AwayServerTest {

  private final MemcachedServer server = MemcachedServer.start();
  private final RecordingProxy proxy = RecordingProxy.start(server);
  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final IsolatedProvider there = new IsolatedProvider();
  private final String path = NearCaches.newPath();

  @AfterEach
  void close() {
    here.close();
    there.close();
    proxy.close();
    server.close();
  }

  /** A change that is lost with the server. */
  private enum Lost {
    PUT(cache -> cache.put("k", "new")),
    PUT_ALL(cache -> cache.putAll(Map.of("k", "new"))),
    GET_AND_PUT(cache -> cache.getAndPut("k", "new")),
    REMOVE(cache -> cache.remove("k")),
    REMOVE_ALL_KEYS(cache -> cache.removeAll(Set.of("k"))),
    REMOVE_ALL(Cache::removeAll),
    CLEAR(Cache::clear),
    CLEAR_MANAGER(cache -> ((MemcachedCacheManager) cache.getCacheManager()).clear()),
    INVOKE(
        cache ->
            cache.invoke(
                "k",
                (entry, arguments) -> {
                  entry.setValue("new");
                  return null;
                }));

    private final Consumer<Cache<String, String>> change;

    Lost(Consumer<Cache<String, String>> change) {
      this.change = change;
    }
  }

  private Cache<String, String> near(String options) {
    return here.getCacheManager(
            URI.create(proxy.uri(path) + "?consistency=bounded&" + options), null)
        .createCache(
            NAME, new MemcachedConfiguration<String, String>().setNear(NearLimit.ofEntries(10)));
  }

  @Test
  void copies_areServedForTheStaleness_andNoLonger() {
    Cache<String, String> near = near("staleness=300ms&timeout=200ms");
    near.put("k", "v");
    near.get("k");
    disconnect();
    long away = System.nanoTime();
    while (System.nanoTime() - away < TimeUnit.MILLISECONDS.toNanos(300)) {
      try {
        assertThat(near.get("k")).isEqualTo("v");
      } catch (CacheException e) {
        // its copy was read before the server went away
      }
    }

    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> near.get("k"));
  }

  @Test
  void copies_whileTheServerIsAway_areServedWithinTheStaleness() {
    Cache<String, String> near = near("staleness=1h&timeout=200ms");
    near.put("k", "v");
    near.get("k");

    disconnect();

    assertThat(near.get("k")).isEqualTo("v");
    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> near.get("l"));
  }

  @ParameterizedTest
  @EnumSource
  void changesThatAreLost_outdateCopiesAllTheSame(Lost lost) {
    Cache<String, String> near = near("staleness=1h&timeout=200ms&failure=miss");
    near.put("k", "old");
    near.get("k");
    disconnect();

    lost.change.accept(near);

    assertThat(near.get("k")).isNull();
    proxy.refuse(false);
    await("the server is back")
        .until(
            () -> {
              assertThat(near.get("k")).isNull();
              near.put("l", "v");
              return near.get("l") != null;
            });
    assertThat(near.get("k")).isNull();
  }

  /** They may be carried out late. */
  @ParameterizedTest
  @EnumSource
  void changesWithoutResponse_areNotHiddenByCopies(Lost lost) {
    Cache<String, String> near = near("staleness=1h&timeout=300ms");
    Cache<String, String> inMemcached = there.cache(server.uri(path + "?timeout=10s"), NAME);
    near.put("k", "old");
    near.get("k");
    proxy.blackhole(true);

    assertThatExceptionOfType(CacheException.class).isThrownBy(() -> lost.change.accept(near));

    proxy.blackhole(false);
    await("the server answers")
        .until(
            () -> {
              try {
                near.containsKey("l");
                return true;
              } catch (CacheException e) {
                return false;
              }
            });
    assertThat(near.get("k")).isEqualTo(inMemcached.get("k"));
  }

  private void disconnect() {
    proxy.refuse(true);
    proxy.dropConnections();
  }
}
