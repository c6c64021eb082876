// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.HostileTexts;

class KeyPrefixTest {

  private static final EntryKeyCodec KEYS =
      new EntryKeyCodec(new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes()));
  private static final KeyPrefix SHOP =
      PathKey.of(List.of("acme", "shop", "orders")).prefix(new long[] {1, 64, Long.MAX_VALUE});
  private static final KeyPrefix LONG_PATH =
      PathKey.of(List.of("a".repeat(100), "b")).prefix(new long[] {1, 2});

  @Test
  void itemKey_shortEntry_exactText() {
    ItemKey key = SHOP.itemKey(KEYS.encode("ORDER-4711"));

    assertThat(key.text()).isEqualTo("acme/shop/orders:xL80Nph:SORDER-4711");
    assertThat(key.fullKey()).isNull();
  }

  @Test
  void itemKey_longPathAndEntry_exactText() {
    ItemKey key = LONG_PATH.itemKey(KEYS.encode("k".repeat(300)));

    // Hashes: sha256sum of path, versions and entry text, the first 24 bytes in base64url
    assertThat(key.text())
        .isEqualTo(
            "a".repeat(40)
                + "~VTbC8EC2LukeMoTZu2k3HgHvV8we6n8r:d6wxm_4:~VUH4UWbqM8Kl-MzZxZDXCHEC3AEVLatB");
    assertThat(key.fullKey()).isEqualTo("a".repeat(100) + "/b:S" + "k".repeat(300));
  }

  @Test
  void itemKey_longPathShortEntry_entryReadableAndFullKeyPresent() {
    ItemKey key = LONG_PATH.itemKey(KEYS.encode("k"));

    assertThat(key.text()).endsWith(":d6wxm_4:Sk");
    assertThat(key.fullKey()).isEqualTo("a".repeat(100) + "/b:Sk");
  }

  @Test
  void itemKey_aroundTheLimit_readableUpTo250() {
    int room = 250 - SHOP.text().length() - 1;

    ItemKey fits = SHOP.itemKey(KEYS.encode("k".repeat(room)));
    ItemKey tooLong = SHOP.itemKey(KEYS.encode("k".repeat(room + 1)));

    assertThat(fits.text()).hasSize(250).doesNotContain("~");
    assertThat(fits.fullKey()).isNull();
    assertThat(tooLong.text()).hasSize(SHOP.text().length() + 33).contains(":~");
    assertThat(tooLong.fullKey()).isEqualTo("acme/shop/orders:S" + "k".repeat(room + 1));
  }

  /** By chance, two of them would be the same in one of a thousand choices of the numbers. */
  @Test
  void text_ofManyClearsOfEachLevel_allDiffer() {
    PathKey path = PathKey.of(List.of("acme", "shop", "orders"));
    Random random = new Random(1);
    long[] versions = {
      1_764_000_000_000L << 20, 1_764_000_000_001L << 20, 1_764_000_000_001L << 20
    };
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      versions[random.nextInt(3)] += 1 + random.nextInt(1 << 20);
      assertThat(seen.add(path.prefix(versions).text())).isTrue();
    }
  }

  @Test
  void entryKey_otherVersionsWithTheSameToken_null() {
    UnaryOperator<String> constant = text -> "0".repeat(32);
    PathKey path = PathKey.of(List.of("acme", "orders"), constant);
    KeyPrefix one = path.prefix(new long[] {1, 64});
    KeyPrefix other = path.prefix(new long[] {1, 65});
    ItemKey key = one.itemKey(KEYS.encode("k"));

    assertThat(key.text()).isEqualTo(other.itemKey(KEYS.encode("k")).text());
    assertThat(key).isNotEqualTo(other.itemKey(KEYS.encode("k")));
    assertThat(one.entryKey(key)).isEqualTo(KEYS.encode("k"));
    assertThat(other.entryKey(key)).isNull();
  }

  @Test
  void equals_pathAndVersionsDecide() {
    KeyPrefix prefix = PathKey.of(List.of("acme", "orders")).prefix(new long[] {1, 64});
    KeyPrefix equal = PathKey.of(List.of("acme", "orders")).prefix(new long[] {1, 64});

    assertThat(prefix)
        .isEqualTo(equal)
        .hasSameHashCodeAs(equal)
        .isNotEqualTo(PathKey.of(List.of("acme", "orders")).prefix(new long[] {1, 65}))
        .isNotEqualTo(PathKey.of(List.of("acme", "rooms")).prefix(new long[] {1, 64}));
    assertThat(equal.entryKey(prefix.itemKey(KEYS.encode("k")))).isEqualTo(KEYS.encode("k"));
  }

  @Test
  void itemKey_allShortHostileCombinations_allDifferent() {
    List<String> names = HostileTexts.all(3);
    List<List<String>> paths = new ArrayList<>();
    for (String first : names) {
      paths.add(List.of(first));
      for (String second : HostileTexts.PIECES) {
        paths.add(List.of(first, second));
      }
    }
    List<Object> keys = new ArrayList<>(HostileTexts.all(8));
    keys.addAll(List.of(1, 1L, 'A', true, List.of(), List.of(""), List.of("", ""), List.of("a,b")));
    List<EntryKey> entries = keys.stream().map(KEYS::encode).toList();
    Set<String> seen = new HashSet<>();
    for (List<String> path : paths) {
      for (long version : new long[] {1, 65}) {
        KeyPrefix prefix = PathKey.of(path).prefix(PathKeyTest.versions(path.size(), version));
        assertThat(seen.add(PathKey.of(path).versionKey())).isEqualTo(version == 1);
        for (EntryKey entry : entries) {
          if (!seen.add(prefix.itemKey(entry).text())) {
            throw new AssertionError("Seen before: " + prefix.itemKey(entry));
          }
        }
      }
    }
    assertThat(seen).hasSizeGreaterThan(200_000);
  }

  record Address(List<String> names, long version, Object key) {
    ItemKey itemKey() {
      long[] versions = PathKeyTest.versions(names.size(), version);
      return PathKey.of(names).prefix(versions).itemKey(KEYS.encode(key));
    }
  }

  @Tag("slow")
  @Property(tries = 1_000)
  void itemKey_twoHostileAddresses_sameOnlyIfEqual(
      @ForAll("addresses") Address one, @ForAll("addresses") Address other) {
    ItemKey first = one.itemKey();
    ItemKey second = other.itemKey();

    assertThat(first.equals(second)).isEqualTo(one.equals(other));
    assertThat(first.text().equals(second.text())).isEqualTo(one.equals(other));
  }

  @Tag("slow")
  @Property(tries = 1_000)
  void itemKey_hostileAddress_acceptedByMemcached(@ForAll("addresses") Address address) {
    ItemKey key = address.itemKey();

    assertThat(key.text()).hasSizeBetween(4, 250);
    assertThat(key.text().chars()).allMatch(c -> c > ' ' && c < 0x7F);
    assertThat(key.text().chars().filter(c -> c == ':')).hasSize(2);
    assertThat(key.fullKey() != null).isEqualTo(key.text().contains("~"));
  }

  @Provide
  Arbitrary<Address> addresses() {
    Arbitrary<List<String>> names = HostileTexts.any().list().ofMinSize(1).ofMaxSize(9);
    Arbitrary<Long> versions = Arbitraries.longs().between(1, Long.MAX_VALUE);
    Arbitrary<Object> keys =
        Arbitraries.oneOf(
            HostileTexts.any().asGeneric(),
            HostileTexts.any().list().ofMaxSize(3).asGeneric(),
            Arbitraries.longs().asGeneric());
    return Combinators.combine(names, versions, keys).as(Address::new);
  }

  @Test
  void entryKey_itemKeysOfThisPathAndVersions_theirEntries() {
    for (KeyPrefix prefix : List.of(SHOP, LONG_PATH)) {
      for (Object key : List.of("a:b~", "k".repeat(300), 4711L, List.of())) {
        EntryKey entry = KEYS.encode(key);

        assertThat(prefix.entryKey(prefix.itemKey(entry))).isEqualTo(entry);
      }
    }
  }

  @Test
  void entryKey_itemKeysOfOthers_null() {
    PathKey path = PathKey.of(List.of("acme", "shop", "orders"));
    ItemKey key = SHOP.itemKey(KEYS.encode("k"));
    ItemKey hashed = SHOP.itemKey(KEYS.encode("k".repeat(300)));
    for (ItemKey found : List.of(key, hashed)) {
      assertThat(path.prefix(new long[] {1, 64, 1}).entryKey(found)).isNull();
      assertThat(PathKey.of(List.of("acme", "shop")).prefix(new long[] {1, 64}).entryKey(found))
          .isNull();
      assertThat(LONG_PATH.entryKey(found)).isNull();
    }
    assertThat(SHOP.entryKey(SHOP.listed(path.versionKey()))).isNull();
    assertThat(SHOP.entryKey(SHOP.listed(SHOP.text()))).isNull();
  }

  @Test
  void entryKey_fullKeyThatDoesNotFitTheItemKey_null() {
    ItemKey key = SHOP.itemKey(KEYS.encode("k".repeat(300)));
    String hashed = key.text();
    String fullKey = key.fullKey();
    for (ItemKey lie :
        List.of(
            SHOP.listed(hashed),
            new ItemKey(hashed, fullKey + "k", SHOP),
            new ItemKey(hashed, "acme/shop/orders:Sk", SHOP),
            new ItemKey(hashed, "acme/shop/orders:", SHOP),
            new ItemKey(hashed, "acme/shop/order" + fullKey.substring(16), SHOP),
            new ItemKey(hashed, fullKey, LONG_PATH),
            new ItemKey(SHOP.text() + "Sk", "acme/shop/orders:Sk", SHOP))) {
      assertThat(SHOP.entryKey(lie)).as("%s", lie).isNull();
    }
  }

  @Test
  void entryKey_pathWithTheSameHash_null() {
    UnaryOperator<String> constant = text -> "0".repeat(32);
    String start = "a".repeat(80);
    KeyPrefix one = PathKey.of(List.of(start + "bb"), constant).prefix(new long[] {1});
    ItemKey key = one.itemKey(KEYS.encode("k"));
    for (String end : List.of("cc", "b", "bbb", "b%", "cde")) {
      KeyPrefix other = PathKey.of(List.of(start + end), constant).prefix(new long[] {1});

      assertThat(key.text()).startsWith(other.text());
      assertThat(other.entryKey(key)).as(end).isNull();
    }
    assertThat(one.entryKey(key)).isEqualTo(KEYS.encode("k"));
  }
}
