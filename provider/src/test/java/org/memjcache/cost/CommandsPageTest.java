// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.support.RecordedServer;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.ConfigurationEndpoint;
import org.memjcache.testkit.RecordingProxy;

/**
 * The table of commands in docs/operations.md lists what goes over the wire, and for which
 * operations.
 */
@Timeout(60)
@Tag("slow")
@Tag("any-jdk")
class CommandsPageTest {

  private static final Path PAGE = Path.of("..", "docs", "operations.md");

  /** What this memcached is not asked: it knows the newer command, and lets everybody in. */
  private static final Set<String> OF_OTHER_SERVERS =
      Set.of("lru_crawler metadump all", "set login");

  @Test
  void table_listsTheCommandsThatAllOperationsSend() {
    Set<String> listed =
        Pattern.compile("(?m)^\\| `([a-z_ ]+)` \\|")
            .matcher(read(PAGE).replaceFirst("(?s).*## Commands that MemJCache sends", ""))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    listed.removeAll(OF_OTHER_SERVERS);

    try (RecordedServer memcached = new RecordedServer();
        ConfigurationEndpoint endpoint = ConfigurationEndpoint.start();
        RecordingProxy service = RecordingProxy.start("127.0.0.1", endpoint.port())) {
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
      endpoint.setServers(memcached.server().address());
      memcached
          .provider()
          .getCacheManager(URI.create("memcached://elasticache:" + service.address() + "/a"), null)
          .unwrap(MemcachedCacheManager.class)
          .ping();

      Set<String> sent =
          Stream.of(memcached.proxy(), service)
              .flatMap(proxy -> proxy.requests().stream())
              .map(CommandsPageTest::command)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(sent).isEqualTo(listed);
    }
  }

  /** By the operations of {@link WireCostsTest}, in whichever of its caches. */
  @Test
  void table_namesTheOperationsThatSendEachCommand() {
    Map<String, Set<String>> sent = new TreeMap<>();
    Set<String> operations = new TreeSet<>();
    WireCostsTest.table()
        .forEach(
            row -> {
              String operation = row.operation().replaceFirst("\\W.*", "");
              operations.add(operation);
              row.commands().stream()
                  .map(command -> command.replaceFirst(" x .*", ""))
                  .forEach(
                      command ->
                          sent.computeIfAbsent(command, none -> new TreeSet<>()).add(operation));
            });
    sent.remove("get"); // every operation
    assertThat(sent).containsOnlyKeys("add", "cas", "delete", "gets", "incr", "set");

    SoftAssertions softly = new SoftAssertions();
    sent.forEach(
        (command, senders) -> {
          String purpose = purpose(command);
          Set<String> named = operationsIn(purpose);
          if (purpose.startsWith("the same")) {
            named.addAll(operationsIn(purpose("gets")));
            softly.assertThat(named).as(command).containsAll(senders);
            return;
          }
          named.retainAll(operations); // others, such as iterators, are counted elsewhere
          softly.assertThat(named).as(command).isEqualTo(senders);
        });
    softly.assertAll();
  }

  /** Returns what a command is sent for, as the page has it. */
  private static String purpose(String command) {
    Pattern row = Pattern.compile("(?m)^\\| `" + command + "` \\| ([^|]*) \\|");
    Matcher found = row.matcher(read(PAGE));
    assertThat(found.find()).as(command).isTrue();
    return found.group(1);
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> operationsIn(String text) {
    return Pattern.compile("`(\\w+)(\\([^`]*\\))?`")
        .matcher(text)
        .results()
        .map(name -> name.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static MutableConfiguration<String, String> counting() {
    return TestProvider.strings().setStatisticsEnabled(true);
  }

  private static String command(String line) {
    String[] words = line.split(" ");
    return switch (words[0]) {
      case "lru_crawler" -> line;
      case "stats" -> line;
      case "config" -> line;
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
