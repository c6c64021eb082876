// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.TestProvider;

/** What somebody else stored under the key of an entry is no entry: it reads as a miss. */
@Timeout(60)
class ForeignItemsTest {

  private final RecordedServer memcached = new RecordedServer();
  private Cache<String, String> cache;
  private String itemKey;

  @BeforeEach
  void open() {
    // With a deadline, so that every operation judges what it finds.
    cache =
        memcached
            .manager("hotels/Lisboa")
            .createCache(
                "info",
                TestProvider.strings()
                    .setExpiryPolicyFactory(() -> new CreatedExpiryPolicy(Duration.ONE_HOUR)));
    cache.put("k", "v");
    cache.put("other", "v");
    itemKey =
        memcached.proxy().requests().stream()
            .map(request -> request.split(" "))
            .filter(words -> words[0].equals("add") && words[1].endsWith(":Sk"))
            .map(words -> words[1])
            .findFirst()
            .orElseThrow();
  }

  @AfterEach
  void close() {
    memcached.close();
  }

  /** Items that aren't an envelope of this entry. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 5\r\nhello", // of another program
        "0 0 0\r\n", // of nobody
        "1296699394 0 5\r\nhello", // our flags, but too short
        "1296699394 0 18\r\n"
            + "\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0\0\0002"
            + " days", // checksum
        "1296764930 0 18\r\n"
            + "\u007f\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0\0\0002 days" // format
      })
  void garbage_readsAsAMissEverywhere(String item) {
    assertThat(memcached.server().command("set " + itemKey + " " + item)).containsExactly("STORED");

    assertThat(cache.get("k")).isNull();
    assertThat(cache.containsKey("k")).isFalse();
    assertThat(cache.getAll(Set.of("k", "other"))).isEqualTo(Map.of("other", "v"));
    assertThat(cache.replace("k", "w")).isFalse();
    assertThat(cache.replace("k", "v", "w")).isFalse();
    assertThat(cache.getAndReplace("k", "w")).isNull();
    assertThat(cache.remove("k", "v")).isFalse();
    assertThat(cache.remove("k")).isFalse();
    assertThat(cache.getAndRemove("k")).isNull();
    assertThat(cache.<Boolean>invoke("k", (entry, arguments) -> entry.exists())).isFalse();
    assertThat(cache).extracting(Cache.Entry::getKey).doesNotContain("k");
  }

  @Test
  void garbage_isWrittenOver() {
    assertThat(itemsAfter(() -> cache.put("k", "new"))).isEqualTo("new");
    assertThat(itemsAfter(() -> assertThat(cache.putIfAbsent("k", "new")).isTrue()))
        .isEqualTo("new");
    assertThat(itemsAfter(() -> assertThat(cache.getAndPut("k", "new")).isNull())).isEqualTo("new");
    assertThat(
            itemsAfter(
                () ->
                    cache.invoke(
                        "k",
                        (entry, arguments) -> {
                          entry.setValue("new");
                          return null;
                        })))
        .isEqualTo("new");
  }

  private String itemsAfter(Runnable work) {
    memcached.server().command("set " + itemKey + " 0 0 5\r\nhello");
    work.run();
    return cache.get("k");
  }
}
