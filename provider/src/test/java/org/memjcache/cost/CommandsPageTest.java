package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.TestProvider;

/** The table of commands in docs/operations.md lists what goes over the wire. */
@Timeout(60)
@Tag("slow")
class CommandsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "operations.md");

  /** What this memcached is not asked: it knows the newer command, and lets everybody in. */
  private static final Set<String> OF_OTHER_SERVERS =
      Set.of("lru_crawler metadump all", "set login");

  @Test
  void table_listsTheCommandsThatAllOperationsSend() throws IOException {
    Set<String> listed =
        Pattern.compile("(?m)^\\| `([a-z_ ]+)` \\|")
            .matcher(Files.readString(PAGE))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    listed.removeAll(OF_OTHER_SERVERS);

    try (RecordedServer memcached = new RecordedServer()) {
      MemcachedCacheManager manager = memcached.manager("hotels/Lisboa");
      use(manager.createCache("eternal", TestProvider.strings()));
      use(
          manager.createCache(
              "expiring",
              TestProvider.strings()
                  .setExpiryPolicyFactory(AccessedExpiryPolicy.factoryOf(Duration.ONE_HOUR))));
      use(manager.createCache("counting", counting()));
      manager.clear();
      manager.ping();
      manager.destroyCache("eternal");

      Set<String> sent =
          memcached.proxy().requests().stream()
              .map(CommandsPageTest::command)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(sent).isEqualTo(listed);
    }
  }

  private static MutableConfiguration<String, String> counting() {
    return TestProvider.strings().setStatisticsEnabled(true);
  }

  private static String command(String line) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "lru_crawler" -> line;
      case "stats" -> line;
      default -> words[0];
    };
  }

  private static void use(Cache<String, String> cache) {
    cache.put("a", "1");
    cache.get("a");
    cache.containsKey("a");
    cache.putAll(Map.of("b", "2", "c", "3"));
    cache.getAll(Set.of("a", "b", "c", "d"));
    cache.putIfAbsent("d", "4");
    cache.getAndPut("a", "5");
    cache.replace("a", "5", "6");
    cache.replace("a", "7");
    cache.getAndReplace("a", "8");
    cache.invoke(
        "a",
        (entry, arguments) -> {
          entry.setValue("9");
          return null;
        });
    cache.iterator().next();
    cache.remove("a", "9");
    cache.getAndRemove("b");
    cache.remove("c");
    cache.removeAll(Set.of("d"));
    assertThatThrownBy(() -> cache.put("large", "x".repeat(2 << 20)))
        .isInstanceOf(CacheException.class);
    cache.put("e", "1");
    cache.removeAll();
    cache.clear();
  }
}
