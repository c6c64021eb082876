// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.memjcache.internal.codec.key.StoredKey.Kind;
import org.memjcache.support.HostileTexts;

class StoredKeyTest {

  private static final long[] VERSIONS = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  @Provide
  Arbitrary<List<String>> paths() {
    return HostileTexts.any().list().ofMinSize(1).ofMaxSize(PathKey.MAX_LEVELS);
  }

  @Provide
  Arbitrary<String> entryTexts() {
    return Arbitraries.strings().withChars("SIab%20-_.(),").ofMinLength(1).ofMaxLength(400);
  }

  @Property(tries = 300)
  void of_keysThatAreMade_isWhatTheyAre(
      @ForAll("paths") List<String> names, @ForAll("entryTexts") String entry) {
    PathKey path = PathKey.ofCache(names, false);
    ItemKey item =
        path.prefix(java.util.Arrays.copyOf(VERSIONS, names.size())).itemKey(new EntryKey(entry));
    int colon = item.text().lastIndexOf(':');
    String lease = item.text().substring(0, colon) + '!' + item.text().substring(colon + 1);
    PathKey namespace = PathKey.of(names);

    assertThat(StoredKey.of(namespace.versionKey()))
        .isEqualTo(new StoredKey(Kind.VERSION, path.text()));
    assertThat(StoredKey.of(path.versionKey()))
        .isEqualTo(new StoredKey(Kind.CACHE_VERSION, path.text()));
    for (PathKey level : List.of(namespace, path)) {
      assertThat(StoredKey.of(level.versionKey()).pathKey())
          .isEqualTo(path.isHashed() ? null : level);
      assertThat(StoredKey.of(level.versionKey() + StoredKey.GRACE_MARK + "1883139037197593568"))
          .isEqualTo(new StoredKey(Kind.GRACE, path.text()));
    }
    assertThat(StoredKey.of(item.text())).isEqualTo(new StoredKey(Kind.ENTRY, path.text()));
    assertThat(StoredKey.of(item.text()).cache()).isEqualTo(StoredKey.of(path.versionKey()));
    assertThat(StoredKey.of(lease)).isEqualTo(new StoredKey(Kind.LEASE, path.text()));
    assertThat(StoredKey.of(item.text()).pathKey()).isEqualTo(path.isHashed() ? null : path);
    assertThat(StoredKey.of(item.text()).prefix(item.text())).isEqualTo(item.prefix().text());
    assertThat(PathKey.ofCanonical(path.canonical())).isEqualTo(namespace);
    assertThat(path.names()).isEqualTo(names);
    if (item.fullKey() != null) {
      assertThat(StoredKey.of(item.text()).pathKey(item.fullKey())).isEqualTo(path);
    }
  }

  @Property(tries = 300)
  void pathKey_levelAcrossTenants_isThat(
      @ForAll("names") String application, @ForAll("names") String cache) {
    PathKey level = PathKey.acrossTenants(application, cache);

    assertThat(StoredKey.of(level.versionKey()).kind()).isEqualTo(Kind.CACHE_VERSION);
    assertThat(StoredKey.of(level.versionKey()).pathKey())
        .isEqualTo(level.isHashed() ? null : level);
  }

  @Provide
  Arbitrary<String> names() {
    return HostileTexts.any();
  }

  @ParameterizedTest
  @CsvSource({
    "memjcache:identity",
    "memjcache:servers",
    "memjcache:ping",
    "user",
    ":version",
    "user:1",
    "user:versionx",
    "a:1234567",
    "a:1234567:",
    "a:1234567:S:x",
    "a:1234567xS"
  })
  void of_otherKeys_isOther(String key) {
    assertThat(StoredKey.of(key)).isEqualTo(new StoredKey(Kind.OTHER, key));
    assertThat(StoredKey.of(key).pathKey()).isNull();
  }

  @Test
  void pathKey_textThatNoPathHas_isNull() {
    assertThat(StoredKey.of("a b:version").pathKey()).isNull();
    assertThat(StoredKey.of("a%2:version").pathKey()).isNull();
    assertThat(StoredKey.of("a//b:version").pathKey()).isNull();
    assertThat(StoredKey.of("a/b/c/d/e/f/g/h/i/j:version").pathKey()).isNull();
    assertThat(StoredKey.of("a".repeat(81) + ":version").pathKey()).isNull();
  }

  /** Whoever can write to memcached can put any full key into an envelope. */
  @Test
  void pathKey_fullKeyOfAnotherPath_isNull() {
    PathKey mine = PathKey.ofCache(List.of("a".repeat(100), "mine"), false);
    StoredKey found = StoredKey.of(mine.versionKey());

    assertThat(found.pathKey("a".repeat(100) + "/mine:Sk")).isEqualTo(mine);
    assertThat(found.pathKey("a".repeat(100) + "/yours:Sk")).isNull();
    assertThat(found.pathKey("without a colon")).isNull();
  }
}
