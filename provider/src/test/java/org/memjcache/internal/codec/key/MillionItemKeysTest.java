// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.memjcache.support.HostileTexts;

/**
 * A million entries of hostile names, versions and keys, and the version keys of their namespaces:
 * no two have one memcached key.
 *
 * <p>Keeps 64 bits of each instead of the texts. That two of some millions agree by chance has a
 * probability of one in a million.
 */
@Tag("slow")
@Tag("any-jdk")
class MillionItemKeysTest {

  private static final int COUNT = 1_000_000;

  private static final EntryKeyCodec KEYS =
      new EntryKeyCodec(new JavaSerializer(ClassLookup.of(null), AllowList.jdkTypes()));

  /** What stands between the parts of a memcached key, and what looks like a part of one. */
  private static final List<String> TRICKS =
      List.of(
          "",
          ":",
          "/",
          ".",
          "~",
          "%",
          ":version",
          "1",
          "1.1",
          ":a4ayc_8:",
          "Sa",
          ":a4ayc_8:Sa",
          "%2F");

  private static final long[] VERSIONS = {1, 2, 63, 64, 65, 4096, 1L << 62, Long.MAX_VALUE};

  @Test
  @Timeout(300)
  void keys_ofAMillionHostileEntries_allDiffer() {
    long seed = System.nanoTime();
    long[] addresses = new long[2 * COUNT];
    long[] keys = new long[2 * COUNT];
    Random random = new Random(seed);
    for (int i = 0; i < COUNT; i++) {
      Address address = Address.draw(random);
      addresses[2 * i] = print(address.identity());
      keys[2 * i] = print(address.itemKey().text());
      addresses[2 * i + 1] = print(address.pathIdentity());
      keys[2 * i + 1] = print(PathKey.of(address.names).versionKey());
    }
    long distinct = LongStream.of(sorted(addresses)).distinct().count();

    assertThat(LongStream.of(sorted(keys)).distinct().count())
        .as(() -> "seed " + seed + ", " + firstMeeting(seed))
        .isEqualTo(distinct);
    assertThat(distinct).isGreaterThan(COUNT);
  }

  private static long[] sorted(long[] numbers) {
    long[] sorted = numbers.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Draws again what was drawn and finds two that met. */
  private static String firstMeeting(long seed) {
    Random random = new Random(seed);
    Map<String, String> owners = new HashMap<>();
    for (int i = 0; i < COUNT; i++) {
      Address address = Address.draw(random);
      Map<String, String> both =
          Map.of(
              address.itemKey().text(), address.identity(),
              PathKey.of(address.names).versionKey(), address.pathIdentity());
      for (Map.Entry<String, String> one : both.entrySet()) {
        String other = owners.putIfAbsent(one.getKey(), one.getValue());
        if (other != null && !other.equals(one.getValue())) {
          return one.getKey() + " is the key of " + other + " and of " + one.getValue();
        }
      }
    }
    return "no two met";
  }

  /** 64 bits of a text, each of which depends on all of it. */
  private static long print(String text) {
    long hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
      hash *= 0xBF58476D1CE4E5B9L;
      hash ^= hash >>> 32;
    }
    return hash;
  }

  private record Address(List<String> names, long[] versions, Object key) {

    static Address draw(Random random) {
      int levels = 1 + random.nextInt(4);
      List<String> names = new ArrayList<>(levels);
      long[] versions = new long[levels];
      for (int i = 0; i < levels; i++) {
        names.add(text(random));
        versions[i] =
            random.nextInt(3) > 0
                ? VERSIONS[random.nextInt(VERSIONS.length)]
                : 1 + (random.nextLong() >>> 1 + random.nextInt(62)) % Long.MAX_VALUE;
      }
      return new Address(names, versions, key(random));
    }

    private static Object key(Random random) {
      return switch (random.nextInt(8)) {
        case 0 -> random.nextInt(2_000);
        case 1 -> random.nextLong();
        case 2 -> (char) random.nextInt(Character.MAX_VALUE);
        case 3 -> List.of(text(random), text(random));
        default -> text(random);
      };
    }

    private static String text(Random random) {
      StringBuilder text = new StringBuilder();
      int pieces = random.nextInt(4);
      for (int i = 0; i < pieces; i++) {
        List<String> from = random.nextBoolean() ? TRICKS : HostileTexts.PIECES;
        text.append(from.get(random.nextInt(from.size())));
      }
      if (random.nextInt(16) == 0) {
        String piece = HostileTexts.PIECES.get(random.nextInt(HostileTexts.PIECES.size()));
        text.append(piece.repeat(50 + random.nextInt(100)));
      }
      return text.toString();
    }

    ItemKey itemKey() {
      return PathKey.of(names).prefix(versions).itemKey(KEYS.encode(key));
    }

    /** A text that only this address has: the length of each part stands before it. */
    String identity() {
      StringBuilder identity = new StringBuilder(pathIdentity());
      for (long version : versions) {
        identity.append(version).append(' ');
      }
      List<?> parts = key instanceof List<?> list ? list : List.of(key);
      identity.append(key.getClass().getName()).append(' ').append(parts.size());
      for (Object part : parts) {
        identity.append(' ').append(part.toString().length()).append(' ').append(part);
      }
      return identity.toString();
    }

    String pathIdentity() {
      StringBuilder identity = new StringBuilder().append(names.size()).append(' ');
      for (String name : names) {
        identity.append(name.length()).append(' ').append(name);
      }
      return identity.toString();
    }
  }
}
