// SPDX-License-Identifier: Apache-2.0
package org.memjcache.clear;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.support.IsolatedProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** A processor that takes longer than versions are trusted: what it writes is not lost. */
@Memcached
@Timeout(60)
@Tag("slow")
class SlowProcessorTest {

  private final MemcachedCachingProvider here = new MemcachedCachingProvider();
  private final IsolatedProvider there = new IsolatedProvider();
  private final String path = "app/" + UUID.randomUUID();

  @AfterEach
  void stop() {
    here.close();
    there.close();
  }

  @Test
  void processorSlowerThanTheStaleness_anotherProcessClears_runsAgain(MemcachedServer server) {
    for (int level = 0; level <= 1; level++) {
      URI cleared = server.uri(level == 0 ? path : "app");
      Cache<String, String> cache =
          here.getCacheManager(server.uri(path + "?consistency=bounded&staleness=200ms"), null)
              .createCache(
                  "level" + level,
                  new MutableConfiguration<String, String>().setTypes(String.class, String.class));
      cache.put("k", "old");
      cache.get("k");
      List<String> seen = new ArrayList<>();

      String result =
          cache.invoke(
              "k",
              (entry, arguments) -> {
                seen.add(String.valueOf(entry.getValue()));
                entry.setValue(entry.getValue() + "+1");
                if (seen.size() == 1) {
                  there.clear(cleared);
                  sleep(300); // the staleness has to pass
                }
                return entry.getValue();
              });

      assertThat(seen).containsExactly("old", "null");
      assertThat(result).isEqualTo("null+1");
      assertThat(cache.get("k")).isEqualTo("null+1");
      Cache<String, String> theirs = there.cache(server.uri(path), "level" + level);
      assertThat(theirs.get("k")).isEqualTo("null+1");
      theirs.getCacheManager().close();
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
