// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** A clear is that of an application. */
@Memcached(servers = 2)
class ClearTest {

  private final MemcachedCluster servers;
  private final Hotels hotels = new Hotels();
  private final String app = Hotels.newName();
  private Cache<Object, Object> lisboa;
  private Cache<Object, Object> porto;

  ClearTest(MemcachedCluster servers) {
    this.servers = servers;
  }

  @BeforeEach
  void fill() {
    lisboa = hotels.cache(servers.uri(app + "/Lisboa"), "rooms");
    porto = hotels.cache(servers.uri(app + "/Porto"), "rooms");
    for (int i = 0; i < 20; i++) {
      lisboa.put(i, i);
      porto.put(i, i);
    }
  }

  @AfterEach
  void close() {
    hotels.close();
  }

  private static long readable(Cache<Object, Object> cache) {
    long found = 0;
    for (int i = 0; i < 20; i++) {
      found += cache.get(i) == null ? 0 : 1;
    }
    return found;
  }

  private List<String> version(String path, int server) {
    return servers.server(server).command("get " + path + ":version");
  }

  private List<String> cacheVersion(String path, int server) {
    return servers.server(server).command("get " + path + ":cache");
  }

  @Test
  void clear_tenant_isOneIncrementOnEachServerAndNothingElse() {
    String before = version(app + "/Lisboa", 0).get(1);
    List<String> ofHotels = version(app, 0);
    List<String> ofPorto = version(app + "/Porto", 1);
    List<String> ofCache = cacheVersion(app + "/Lisboa/rooms", 0);
    long increments = increments();

    Run run = Run.on(servers.uri(""), "-f", "csv", "clear", app + "/Lisboa", "--yes");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(increments() - increments).isEqualTo(2);
    String after = version(app + "/Lisboa", 0).get(1);
    assertThat(Long.parseLong(after)).isGreaterThan(Long.parseLong(before));
    assertThat(run.out().lines())
        .anySatisfy(line -> assertThat(line).endsWith("," + before + "," + after));
    assertThat(readable(lisboa)).isZero();
    assertThat(readable(porto)).isEqualTo(20);
    assertThat(version(app, 0)).isEqualTo(ofHotels);
    assertThat(version(app + "/Porto", 1)).isEqualTo(ofPorto);
    assertThat(ofCache).hasSizeGreaterThan(1);
    assertThat(cacheVersion(app + "/Lisboa/rooms", 0)).isEqualTo(ofCache);
  }

  private long increments() {
    return servers.servers().stream()
        .mapToLong(server -> Long.parseLong(server.stats().get("incr_hits")))
        .sum();
  }

  @Test
  void clear_levelOfTheUri_byADot() {
    assertThat(Run.on(servers.uri(app + "/Lisboa"), "clear", ".", "-y").code()).isZero();

    assertThat(readable(lisboa)).isZero();
    assertThat(readable(porto)).isEqualTo(20);
    assertThat(Run.on(servers.uri(""), "clear", ".", "-y").code()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void clear_withoutTerminalAndYes_clearsNothing() {
    Run run = Run.on(servers.uri(""), "clear", app + "/Lisboa");

    assertThat(run.code()).isEqualTo(ExitCode.NO);
    assertThat(run.err()).contains("nothing was cleared").contains("--yes");
    assertThat(readable(lisboa)).isEqualTo(20);
  }

  @Test
  void clear_atATerminal_asks() {
    assertThat(Run.atTerminal(servers.uri(""), "no\n", "clear", app + "/Lisboa").code())
        .isEqualTo(ExitCode.NO);
    assertThat(Run.atTerminal(servers.uri(""), "\n", "clear", app + "/Lisboa").code())
        .isEqualTo(ExitCode.NO);
    assertThat(readable(lisboa)).isEqualTo(20);

    Run run = Run.atTerminal(servers.uri(""), "y\n", "clear", app + "/Lisboa");

    assertThat(run.code()).isZero();
    assertThat(run.err())
        .contains("Clear '" + app + "/Lisboa' and all beneath it")
        .contains("2 servers");
    assertThat(readable(lisboa)).isZero();
  }

  /** A name that was mistyped gets no version. */
  @Test
  void clear_levelThatIsNotThere_saysSoAndStoresNothing() {
    Run run = Run.on(servers.uri(""), "clear", app + "/Lisbon", "--yes");

    assertThat(run.code()).isEqualTo(ExitCode.NO);
    assertThat(run.err()).contains("no server has a version of '" + app + "/Lisbon'");
    assertThat(version(app + "/Lisbon", 0)).containsExactly("END");
    assertThat(version(app + "/Lisbon", 1)).containsExactly("END");
  }

  /** Runs a command while the second server is away, and returns the run: it fails and names it. */
  private Run failWithoutSecondServer(String... args) {
    MemcachedServer away = servers.server(1);
    away.kill();
    try {
      Run run = Run.on(servers.uri(""), args);

      assertThat(run.code()).isEqualTo(ExitCode.FAILED);
      assertThat(run.err()).contains("memcached " + away.address());
      return run;
    } finally {
      away.restart();
    }
  }

  @Test
  void clear_serverAway_failsAndNamesItAndClearsTheOther() {
    String before = version(app + "/Lisboa", 0).get(1);

    Run run = failWithoutSecondServer("-f", "csv", "clear", app + "/Lisboa", "--beneath", "--yes");

    assertThat(version(app + "/Lisboa", 0).get(1)).isNotEqualTo(before);
    assertThat(run.out().lines())
        .anyMatch(line -> line.endsWith(servers.server(1).address() + ",,"));
  }

  /** The wider of the two would take what nobody wanted to be cleared. */
  @Test
  void clear_perhapsACacheOnTheServerThatIsAway_asksForTheOption() {
    String before = version(app + "/Lisboa", 0).get(1);

    Run run = failWithoutSecondServer("clear", app + "/Lisboa", "--yes");

    assertThat(run.err())
        .contains("--cache clears the one, --beneath the others", "Nothing was cleared");
    assertThat(version(app + "/Lisboa", 0).get(1)).isEqualTo(before);
  }

  @Test
  void clear_versionPerhapsOnTheServerThatIsAway_failsAndNamesIt() {
    Run run = failWithoutSecondServer("clear", app + "/Lisbon", "--cache", "--yes");

    assertThat(run.err()).doesNotContain("nothing to clear");
  }

  @Test
  void versions_serverAway_namesItAndShowsTheOther() {
    Run run = failWithoutSecondServer("-f", "csv", "versions", app + "/Lisboa");

    assertThat(run.out()).contains(servers.server(0).address());
  }

  @Test
  void keys_serverAway_namesItAndListsTheOthers() {
    Run run = failWithoutSecondServer("-f", "csv", "keys", app + "/Lisboa/rooms");

    assertThat(run.out()).contains(servers.server(0).address());
  }

  @Test
  void clear_cache_leavesTheOthersOfTheTenant() {
    Cache<Object, Object> suites = hotels.cache(servers.uri(app + "/Lisboa"), "suites");
    for (int i = 0; i < 20; i++) {
      suites.put(i, i);
    }

    Run run = Run.on(servers.uri(""), "clear", app + "/Lisboa/rooms", "--yes");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(readable(lisboa)).isZero();
    assertThat(readable(suites)).isEqualTo(20);
  }

  @Test
  void clear_pathOfACacheAndOfATenant_asksWhich() {
    Cache<Object, Object> ofApplication = hotels.cache(servers.uri(app), "Lisboa");
    for (int i = 0; i < 20; i++) {
      ofApplication.put(i, i);
    }

    Run both = Run.on(servers.uri(""), "clear", app + "/Lisboa", "--yes");
    assertThat(both.code()).isEqualTo(ExitCode.USAGE);
    assertThat(both.err()).contains("--cache", "--beneath");
    assertThat(readable(lisboa)).isEqualTo(20);

    assertThat(Run.on(servers.uri(""), "clear", app + "/Lisboa", "--yes", "--cache").code())
        .isZero();
    assertThat(readable(ofApplication)).isZero();
    assertThat(readable(lisboa)).isEqualTo(20);

    ofApplication.put(1, 1);
    assertThat(Run.on(servers.uri(""), "clear", app + "/Lisboa", "--yes", "--beneath").code())
        .isZero();
    assertThat(readable(ofApplication)).isEqualTo(1);
    assertThat(readable(lisboa)).isZero();
  }

  @Test
  void clear_acrossTenants_clearsTheCacheOfEach() {
    Cache<Object, Object> one = rates("Lisboa");
    Cache<Object, Object> other = rates("Porto");

    Run run = Run.on(servers.uri(""), "clear", app + "/rates", "--yes", "--across-tenants");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(one.get(1)).isNull();
    assertThat(other.get(1)).isNull();
    assertThat(readable(lisboa)).isEqualTo(20);
    assertThat(Run.on(servers.uri(""), "clear", app, "--yes", "--across-tenants").err())
        .contains("application/cache");
  }

  private Cache<Object, Object> rates(String tenant) {
    Cache<Object, Object> rates =
        hotels.cache(
            URI.create(servers.uri(app + "/" + tenant) + "?cache.rates.clearAcrossTenants=true"),
            "rates");
    rates.put(1, 1);
    return rates;
  }

  @Test
  void clear_grace_isStoredBesideTheVersion() {
    Run run = Run.on(servers.uri(""), "clear", app + "/Lisboa", "--yes", "--grace", "60");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(readable(lisboa)).isZero();
    String version = version(app + "/Lisboa", 0).get(1);
    assertThat(servers.server(0).command("get " + app + "/Lisboa:version.grace." + version))
        .hasSizeGreaterThan(1);
    for (String wrong : List.of("-1", "2592001")) {
      Run refused = Run.on(servers.uri(""), "clear", app, "--yes", "--grace", wrong);
      assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
      assertThat(refused.err())
          .contains("--grace is " + wrong + "; expected 0 to 2592000 seconds (30 days)");
    }
  }

  @Test
  void versions_levels_areThoseInForce() {
    Run run = Run.on(servers.uri(""), "-f", "csv", "versions", app + "/Lisboa/rooms");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines().skip(1)).hasSize(6);
    assertThat(run.out())
        .contains(
            app
                + "/Lisboa,"
                + servers.server(0).address()
                + ","
                + version(app + "/Lisboa", 0).get(1));
    Run nowhere = Run.on(servers.uri(""), "versions", app + "/Nowhere");
    assertThat(nowhere.code()).isEqualTo(ExitCode.NO);
    assertThat(nowhere.out()).contains("none");
  }
}
