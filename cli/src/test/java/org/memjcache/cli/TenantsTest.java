// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;
import org.memjcache.testkit.RecordingProxy;

/** What the levels hold, as known from writing them. */
@Memcached(servers = 2)
class TenantsTest {

  private static final int ITEMS = 1;
  private static final int BYTES = 2;
  private static final int SHARE = 3;
  private static final int GARBAGE = 5;
  private static final int VERSIONS = 7;

  private final MemcachedCluster servers;
  private final Hotels hotels = new Hotels();

  /** Of this test alone: this process knows versions of what other tests have written. */
  private final String app = Hotels.newName();

  TenantsTest(MemcachedCluster servers) {
    this.servers = servers;
  }

  @AfterEach
  void close() {
    hotels.close();
  }

  private Cache<Object, Object> fill(String tenant, String cache, int entries) {
    Cache<Object, Object> filled = hotels.cache(servers.uri(tenant), cache);
    for (int i = 0; i < entries; i++) {
      filled.put(i, "value " + i);
    }
    return filled;
  }

  private Map<String, List<String>> tenants(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "-f";
    all[1] = "csv";
    all[2] = "tenants";
    System.arraycopy(args, 0, all, 3, args.length);
    Run run = Run.on(servers.uri(""), all);
    assertThat(run.code()).as(run.err()).isZero();
    return run.rows();
  }

  @Test
  void tenants_severalLevels_countsAsWritten() {
    fill(app + "/Lisboa", "rooms", 30);
    fill(app + "/Lisboa", "info", 5);
    fill(app + "/S%C3%BCd%20%2F", "rooms", 7);
    fill(app + "Air/TAP", "seats", 11);

    assertThat(tenants()).containsKeys(app, app + "Air");
    Map<String, List<String>> ofHotels = tenants(app);
    assertThat(ofHotels).containsOnlyKeys(app + "/Lisboa", app + "/S%C3%BCd%20%2F");
    assertThat(ofHotels.get(app + "/Lisboa").get(ITEMS)).isEqualTo("35");
    assertThat(ofHotels.get(app + "/S%C3%BCd%20%2F").get(ITEMS)).isEqualTo("7");
    assertThat(ofHotels.get(app + "/Lisboa").get(GARBAGE)).isEqualTo("0");
    assertThat(ofHotels.get(app + "/Lisboa").get(VERSIONS).split(" ")).hasSize(2);
    assertThat(tenants(app + "/Lisboa").get(app + "/Lisboa/rooms").get(ITEMS)).isEqualTo("30");
    assertThat(tenants(app, "--depth", "2"))
        .containsOnlyKeys(
            app + "/Lisboa/rooms", app + "/Lisboa/info", app + "/S%C3%BCd%20%2F/rooms");
  }

  /** All that memcached counts is in one of the columns. */
  @Test
  void usage_everything_isWhatMemcachedCounts() {
    fill(app + "/Lisboa", "rooms", 30);
    servers.server(0).command("set foreign 0 0 5\r\nhello");

    Run run = Run.on(servers.uri(""), "-f", "csv", "usage");

    assertThat(run.code()).isZero();
    assertThat(run.rows()).hasSize(2);
    for (List<String> row : run.rows().values()) {
      long items =
          LongStream.of(
                  Long.parseLong(row.get(3)),
                  Long.parseLong(row.get(7)),
                  Long.parseLong(row.get(9)),
                  Long.parseLong(row.get(11)))
              .sum();
      assertThat(items)
          .isEqualTo(
              servers.servers().stream()
                  .filter(server -> server.address().equals(row.get(0)))
                  .mapToLong(server -> Long.parseLong(server.stats().get("curr_items")))
                  .sum());
    }
  }

  @Test
  void tenants_clearedLevels_areGarbage() {
    fill(app + "/Lisboa", "rooms", 30).clear();
    fill(app + "/Lisboa", "info", 5);
    fill(app + "/Porto", "rooms", 9);
    hotels.manager(servers.uri(app + "/Porto")).clear();
    Cache<?, ?> porto = hotels.manager(servers.uri(app + "/Porto")).getCache("rooms");
    assertThat(porto.iterator().hasNext()).isFalse();

    Map<String, List<String>> rows = tenants(app);

    assertThat(rows.get(app + "/Lisboa").subList(ITEMS, ITEMS + 1)).containsExactly("5");
    assertThat(rows.get(app + "/Lisboa").get(GARBAGE)).isEqualTo("30");
    assertThat(rows.get(app + "/Porto").get(ITEMS)).isEqualTo("0");
    assertThat(rows.get(app + "/Porto").get(GARBAGE)).isEqualTo("9");
  }

  /** What was evicted with its version is out of reach, too. */
  @Test
  void tenants_versionLost_isGarbage() {
    fill(app + "/Lisboa", "rooms", 30);
    servers.servers().forEach(server -> server.command("delete " + app + "/Lisboa:version"));

    assertThat(tenants(app).get(app + "/Lisboa").get(GARBAGE)).isEqualTo("30");
  }

  /** A key has only a hash of them. */
  @Test
  void tenants_longPaths_areToldApart() {
    String one = app + "/" + "a".repeat(100) + "1";
    String two = app + "/" + "a".repeat(100) + "2";
    fill(one, "rooms", 12).clear();
    fill(one, "info", 3);
    fill(two, "rooms", 4);
    fill(app + "OfOthers/" + "a".repeat(100), "rooms", 5);

    Map<String, List<String>> rows = tenants(app);

    assertThat(rows).containsOnlyKeys(one, two);
    assertThat(rows.get(one).get(ITEMS)).isEqualTo("3");
    assertThat(rows.get(one).get(GARBAGE)).isEqualTo("12");
    assertThat(rows.get(two).get(ITEMS)).isEqualTo("4");
    assertThat(tenants(one)).containsOnlyKeys(one + "/rooms", one + "/info");
  }

  @Test
  void tenants_sorted_inThatOrder() {
    fill(app + "/A", "rooms", 3);
    fill(app + "/B", "rooms", 9);
    fill(app + "/C", "rooms", 6);

    assertThat(Run.on(servers.uri(app), "-f", "csv", "tenants").out().lines().skip(1))
        .extracting(line -> line.split(",")[0])
        .containsExactly(app + "/B", app + "/C", app + "/A");
    assertThat(
            Run.on(servers.uri(app), "tenants", "-f", "csv", "--sort", "name", "--top", "2")
                .out()
                .lines()
                .skip(1))
        .extracting(line -> line.split(",")[0])
        .containsExactly(app + "/A", app + "/B");
  }

  @Test
  void tenants_lookedAt_changeNothing() {
    fill(app + "/Lisboa", "rooms", 30);
    List<String> before = versionsOf(app + "/Lisboa/rooms");

    tenants(app);
    Run.on(servers.uri(""), "versions", app + "/Nowhere");

    assertThat(versionsOf(app + "/Lisboa/rooms")).isEqualTo(before);
    assertThat(versionsOf(app + "/Nowhere")).containsOnly("END");
  }

  private List<String> versionsOf(String path) {
    return servers.servers().stream()
        .flatMap(server -> server.command("get " + path + ":version").stream())
        .toList();
  }

  @Test
  void tenants_json_hasPlainNumbersAndVersions() {
    fill(app + "/Lisboa", "rooms", 40);

    assertThat(Run.on(servers.uri(app), "-f", "json", "tenants").out())
        .containsPattern(
            "(?s)\\[\n  \\{\"level\": \""
                + app
                + "/Lisboa\", \"items\": 40, \"bytes\": [0-9]+,"
                + " \"share\": 0[.][0-9]{6}, \"oldest\": [0-9]+, \"garbage_items\": 0,"
                + " \"garbage_bytes\": 0, \"versions\": \\[\"[0-9]{19}\", \"[0-9]{19}\"\\]\\}\n\\]");
  }

  @Test
  void tenants_serverAway_othersAreShownAndTheErrorNamesIt() {
    fill(app + "/Lisboa", "rooms", 40);
    servers.server(1).kill();
    try {
      Run run = Run.on(servers.uri(app), "-f", "csv", "tenants");

      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err())
          .contains("the walk is not complete")
          .contains("memcached " + servers.server(1).address())
          .doesNotContain(servers.server(1).address() + ": walked ");
      assertThat(Long.parseLong(run.rows().get(app + "/Lisboa").get(BYTES))).isPositive();
      assertThat(Run.on(servers.uri(app), "tenants").out()).contains("1 of 1");
    } finally {
      servers.server(1).restart();
    }
  }

  /** Zeros would say that it has nothing. */
  @Test
  void usage_serverAway_hasANameAndNoFigures() {
    fill(app + "/Lisboa", "rooms", 40);
    MemcachedServer away = servers.server(1);
    away.kill();
    try {
      Run run = Run.on(servers.uri(""), "-f", "csv", "usage", app);

      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err())
          .contains("the walk is not complete", "memcached " + away.address())
          .contains(servers.server(0).address() + ": walked ")
          .doesNotContain(away.address() + ": walked ");
      assertThat(run.rows().get(away.address()).subList(1, 13)).containsOnly("");
      assertThat(Long.parseLong(run.rows().get(servers.server(0).address()).get(3))).isPositive();
      assertThat(Run.on(servers.uri(""), "-f", "json", "usage", app).out())
          .containsPattern(away.address() + "\", (\"[a-z_]+\": null(, )?){12}\\}");
    } finally {
      away.restart();
    }
  }

  /** A server of whose items only some were listed. */
  @Test
  void walk_breaksOffMidway_countsNothingOfThatServer() {
    try (MemcachedServer whole = MemcachedServer.start();
        MemcachedServer cut = MemcachedServer.start();
        RecordingProxy proxy = RecordingProxy.start(cut)) {
      URI uri = URI.create("memcached://" + whole.address() + "," + proxy.address() + "/" + app);
      Cache<Object, Object> rooms = hotels.cache(URI.create(uri + "/Lisboa"), "rooms");
      for (int i = 0; i < 1_000; i++) {
        rooms.put(i, "value " + i);
      }

      proxy.truncateNextAnswer(20_000); // the statistics, and some of the items
      Run usage = Run.on(uri, "-f", "csv", "usage");
      proxy.truncateNextAnswer(20_000);
      Run tenants = Run.on(uri, "-f", "csv", "tenants");
      proxy.truncateNextAnswer(20_000);
      Run table = Run.on(uri, "tenants");

      for (Run run : List.of(usage, tenants, table)) {
        assertThat(run.code()).isEqualTo(ExitCode.FAILED);
        assertThat(run.err())
            .contains("the walk is not complete")
            .containsPattern(proxy.address() + ": walked [1-9][0-9]* of about [1-9][0-9]* items\n");
      }
      List<String> row = usage.rows().get(proxy.address());
      assertThat(row.subList(1, 3)).allMatch(memory -> Long.parseLong(memory) > 0);
      assertThat(row.subList(3, 13)).containsOnly("");
      List<String> lisboa = tenants.rows().get(app + "/Lisboa");
      long memory = Long.parseLong(whole.stats().get("limit_maxbytes"));
      assertThat(Double.parseDouble(lisboa.get(SHARE)))
          .isCloseTo(Double.parseDouble(lisboa.get(BYTES)) / memory, within(0.000001));
      assertThat(table.out()).contains("1 of 1");
    }
  }

  @Test
  void tenants_notes_sayHowFarItGotUnlessQuiet() {
    fill(app + "/Lisboa", "rooms", 40);

    assertThat(Run.on(servers.uri(app), "tenants").err())
        .containsPattern("walked [0-9]+ of about [0-9]+ items");
    assertThat(Run.on(servers.uri(app), "-q", "tenants").err()).isEmpty();
  }
}
