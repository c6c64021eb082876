// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.support.RecordedServer;

/** However many and long the keys of an operation are, each line stays below what servers take. */
@Timeout(60)
@Tag("slow")
class LongLinesTest {

  /** What ElastiCache Serverless takes, and memcached without making room for the line. */
  private static final int LONGEST = 16 * 1024;

  private final RecordedServer memcached = new RecordedServer();

  @AfterEach
  void stop() {
    memcached.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 100, 190, 1000}) // the last are hashed
  void operationsOnManyEntries_askInSeveralLines_inOneRoundTrip(int length) {
    Cache<String, String> cache =
        memcached
            .manager("hotels/Lisboa")
            .createCache("info", new MutableConfiguration<String, String>());
    Map<String, String> entries = entries(length);
    cache.putAll(entries);

    assertThat(
            memcached.costOf(() -> assertThat(cache.getAll(entries.keySet())).isEqualTo(entries)))
        .satisfies(cost -> assertThat(cost.roundTrips()).isEqualTo(1));
    assertLines("get", entries.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 190})
  void readsThatMayChangeWhatTheyFind_too(int length) {
    Cache<String, String> cache =
        memcached
            .manager("hotels/Lisboa")
            .createCache(
                "info",
                new MutableConfiguration<String, String>()
                    .setExpiryPolicyFactory(AccessedExpiryPolicy.factoryOf(Duration.ONE_HOUR)));
    Map<String, String> entries = entries(length);
    cache.putAll(entries);

    memcached.costOf(() -> assertThat(cache.getAll(entries.keySet())).isEqualTo(entries));
    assertLines("gets", entries.size());
    memcached.costOf(() -> assertThat(cache).hasSize(entries.size()));
    assertLines("gets", entries.size());
  }

  private static Map<String, String> entries(int length) {
    Map<String, String> entries = new TreeMap<>();
    for (int i = 0; i < 1200; i++) {
      entries.put("k".repeat(length - 1) + i, "v" + i);
    }
    return entries;
  }

  private void assertLines(String command, int keys) {
    List<String> lines =
        memcached.proxy().requests().stream()
            .filter(line -> line.startsWith(command + " "))
            .toList();
    assertThat(lines)
        .allSatisfy(line -> assertThat(line.length() + "\r\n".length()).isLessThan(LONGEST))
        .allSatisfy(line -> assertThat(line.split(" ")).hasSizeLessThanOrEqualTo(501));
    long asked = lines.stream().mapToLong(line -> line.split(" ").length - 1).sum();
    assertThat(asked).isGreaterThanOrEqualTo(keys);
    int bytes = lines.stream().mapToInt(String::length).sum();
    assertThat(lines).hasSizeLessThanOrEqualTo(1 + keys / 200 + bytes / (LONGEST - 1000));
  }
}
