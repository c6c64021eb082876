// SPDX-License-Identifier: Apache-2.0
package org.memjcache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.net.URI;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;
import org.memjcache.testkit.MemcachedServer;

/** Keys and values, as a cache has them; nothing is deserialized. */
@Memcached(servers = 2)
class EntriesTest {

  private final MemcachedCluster servers;
  private final Hotels hotels = new Hotels();
  private final String app = Hotels.newName();
  private final String cache = app + "/Lisboa/info";
  private Cache<Object, Object> info;

  /** Would make a mark if it were read. */
  static final class Bomb implements Serializable {
    private static final long serialVersionUID = 1L;
    static volatile boolean exploded;
    private final String name = "bomb";

    private Object readResolve() {
      exploded = true;
      return this;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  EntriesTest(MemcachedCluster servers) {
    this.servers = servers;
  }

  @BeforeEach
  void open() {
    info = hotels.cache(uri(), "info");
  }

  @AfterEach
  void close() {
    hotels.close();
  }

  private URI uri() {
    return servers.uri(app + "/Lisboa?serialization.allow=org.memjcache.cli.**");
  }

  private Run get(String... args) {
    String[] all = new String[args.length + 2];
    all[0] = "get";
    all[1] = cache;
    System.arraycopy(args, 0, all, 2, args.length);
    return Run.on(servers.uri(""), all);
  }

  @Test
  void get_typesWithAnEncoding_areDecoded() {
    info.put("/info", "2 days, sécurité");
    info.put(42, LocalDate.parse("2026-11-28"));
    info.put("bytes", new byte[] {0, 127, -1});

    assertThat(get("/info").out()).isEqualTo("2 days, sécurité\n");
    assertThat(get("--encoded", "I42").out()).isEqualTo("2026-11-28\n");
    assertThat(get("bytes").out()).isEqualTo("007fff\n");
    assertThat(get("/info").err()).contains("java.lang.String").contains("doesn't expire");
    assertThat(get("-q", "/info").err()).isEmpty();
  }

  @Test
  void get_objectOfTheApplication_isClassAndSizeAndNotDeserialized() {
    Bomb.exploded = false;
    info.put("bomb", new Bomb());
    info.put(List.of("a", 1), List.of(new Bomb()));

    assertThat(get("bomb").out())
        .matches(
            "org[.]memjcache[.]cli[.]EntriesTest[$]Bomb \\([0-9]+ bytes, not deserialized\\)\n");
    assertThat(Run.on(servers.uri(""), "-f", "json", "get", cache, "bomb").out())
        .contains("\"type\": \"org.memjcache.cli.EntriesTest$Bomb\"")
        .contains("\"value\": null");
    assertThat(Run.on(servers.uri(""), "keys", cache).out()).contains("[a, 1]");
    assertThat(Bomb.exploded).isFalse();
  }

  @Test
  void get_controlCharacters_moveNoCursor() {
    info.put("evil", "\u001b[2J and more");

    assertThat(get("evil").out()).isEqualTo("\\u001b[2J and more\n");
  }

  @Test
  void get_noEntry_saysWhy() {
    for (int i = 0; i < 20; i++) { // so that both servers have versions
      info.put("k" + i, "v");
    }

    assertThat(get("other").code()).isEqualTo(ExitCode.NO);
    assertThat(get("other").err()).contains("memcached has no item " + cache + ":");
    assertThat(Run.on(servers.uri(""), "get", app + "/Lisbon/info", "k1").err())
        .contains("the level '" + app + "/Lisbon' has no version there");
    info.clear();
    assertThat(get("k1").code()).isEqualTo(ExitCode.NO);
  }

  @Test
  void get_somethingElseInPlaceOfAVersion_saysSo() {
    String other = Hotels.newName();
    for (MemcachedServer server : servers.servers()) {
      server.command("set " + other + ":version 0 0 5\r\nhello");
    }

    Run run = Run.on(servers.uri(""), "get", other + "/Faro/info", "k1");

    assertThat(run.code()).isEqualTo(ExitCode.NO);
    assertThat(run.err())
        .contains("what is in place of the version of the level '" + other + "' is not a version");
  }

  @Test
  void get_pastItsDeadline_isNone() {
    Cache<Object, Object> shortLived =
        hotels
            .manager(uri())
            .createCache(
                "short",
                new MutableConfiguration<>()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(Duration.ONE_MINUTE)));
    shortLived.put("k", "v");

    String[] args = {"-u", servers.uri("").toString(), "get", app + "/Lisboa/short", "k"};
    assertThat(Run.of(java.time.InstantSource.system(), null, args).out()).isEqualTo("v\n");
    Run later =
        Run.of(() -> java.time.Instant.now().plus(java.time.Duration.ofMinutes(2)), null, args);
    assertThat(later.code()).isEqualTo(ExitCode.NO);
    assertThat(later.err()).contains("its deadline was");
  }

  @Test
  void get_signed_takesTheSecret() {
    Properties secret = new Properties();
    secret.setProperty("memjcache.secret", "a secret of many letters");
    hotels.cache(uri(), secret, "signed").put("k", "v");
    String[] args = {"get", app + "/Lisboa/signed", "k", "-o", "secret=a secret of many letters"};

    Run without = Run.on(servers.uri(""), Arrays.copyOf(args, 3));
    assertThat(without.code()).isEqualTo(ExitCode.NO);
    assertThat(without.err()).contains("is not an envelope that can be read");
    assertThat(Run.on(servers.uri(""), args).out()).isEqualTo("v\n");
  }

  @Test
  void keys_ofAllKinds_areDecoded() {
    UUID id = UUID.randomUUID();
    String longKey = "k".repeat(400);
    for (Object key : List.of("/info", 42, id, longKey)) {
      info.put(key, "v");
    }
    hotels.cache(uri(), "other").put("not mine", "v");

    Run run = Run.on(servers.uri(""), "-f", "csv", "keys", cache);

    assertThat(run.code()).isZero();
    assertThat(run.rows()).containsOnlyKeys("/info", "42", id.toString(), longKey);
    assertThat(run.rows().get("42").subList(1, 3)).containsExactly("Integer", "I42");
    assertThat(get("--encoded", run.rows().get(longKey).get(2)).out()).isEqualTo("v\n");
    info.clear();
    assertThat(Run.on(servers.uri(""), "-f", "csv", "keys", cache).rows()).isEmpty();
  }

  @Test
  void keys_moreThanTheLimit_saysSo() {
    for (int i = 0; i < 50; i++) {
      info.put(i, i);
    }

    Run run = Run.on(servers.uri(""), "-f", "csv", "keys", cache, "--limit", "10");

    assertThat(run.rows()).hasSize(10);
    assertThat(run.err()).contains("there may be more");
    assertThat(Run.on(servers.uri(""), "keys", cache).err())
        .contains("50 keys;")
        .doesNotContain("more");
  }
}
