// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.codec.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.Serial;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import javax.cache.annotation.GeneratedCacheKey;
import org.apache.shiro.subject.SimplePrincipalCollection;
import org.hibernate.cache.internal.CacheKeyImplementation;
import org.junit.jupiter.api.Test;
import org.memjcache.internal.codec.serialization.AllowList;
import org.memjcache.internal.codec.serialization.JavaSerializer;
import org.memjcache.internal.common.ClassLookup;
import org.springframework.cache.interceptor.SimpleKey;

/** The keys that frameworks make, in a cache that allows nothing but what is always allowed. */
class FrameworkKeysTest {

  private static final EntryKeyCodec CODEC =
      new EntryKeyCodec(
          new JavaSerializer(
              ClassLookup.of(FrameworkKeysTest.class.getClassLoader()), AllowList.jdkTypes()));

  private static String text(Object key) {
    return CODEC.encode(key).text();
  }

  private static void assertSameText(Object key, Object... equalKeys) {
    assertThat(CODEC.decode(text(key))).isEqualTo(key);
    for (Object equal : equalKeys) {
      assertThat(equal).isEqualTo(key);
      assertThat(text(equal)).isEqualTo(text(key));
    }
  }

  @Test
  void shiro_principals_sameTextInAnyOrder() {
    SimplePrincipalCollection shown =
        new SimplePrincipalCollection().add("ada", "ldap").add(36L, "db").add("countess", "ldap");
    assertThat(shown).hasToString("{ldap=[ada, countess], db=[36]}"); // kept in a transient field

    assertSameText(
        new SimplePrincipalCollection().add("ada", "ldap").add("countess", "ldap").add(36L, "db"),
        new SimplePrincipalCollection().add(36L, "db").add("countess", "ldap").add("ada", "ldap"),
        shown);
    assertThat(text(new SimplePrincipalCollection().add("ada", "ldap")))
        .isNotEqualTo(text(new SimplePrincipalCollection().add("ada", "db")));
  }

  @Test
  void spring_parametersThatAreCollectionsAndArrays_sameTextIfEqual() {
    assertSameText(
        new SimpleKey(Set.of("a", "b"), Map.of("x", 1, "y", List.of(2)), List.of(1, 2)),
        new SimpleKey(
            new LinkedHashSet<>(List.of("b", "a")),
            new LinkedHashMap<>(new TreeMap<>(Map.of("y", List.of(2), "x", 1))),
            Arrays.asList(1, 2)));
    assertSameText(
        new SimpleKey(1, new String[] {"a"}),
        new SimpleKey(1, new Object[] {"a"}),
        new SimpleKey(1, new Object[] {new String("a")}));
    assertSameText(
        new SimpleKey(1, new Object[][] {{"a"}, new String[] {"a"}}),
        new SimpleKey(1, new Object[] {new String[] {"a"}, new Object[] {"a"}}));
    assertThat(text(new SimpleKey(1, new int[] {1})))
        .isNotEqualTo(text(new SimpleKey(1, new long[] {1})));
    assertThat(text(new SimpleKey(Set.of("a", "b"), 1)))
        .isNotEqualTo(text(new SimpleKey(List.of("a", "b"), 1)));
  }

  /** Of two parts that are equal only the first is written; the same hash code isn't enough. */
  @Test
  void spring_arraysWithTheSameHashCode_differ() {
    int[] one = {1, 0};
    int[] other = {0, 31};
    assertThat(Arrays.hashCode(one)).isEqualTo(Arrays.hashCode(other));

    assertThat(text(new SimpleKey(one, other))).isNotEqualTo(text(new SimpleKey(one, one)));
  }

  @Test
  void spring_oneParameter_isTheKey() {
    assertSameText(Set.of(1, 2), new HashSet<>(List.of(2, 1)));
    assertSameText(Map.of("a", 1), new TreeMap<>(Map.of("a", 1)));
  }

  @Test
  void spring_timestamp_refused() {
    assertThatExceptionOfType(CacheException.class)
        .isThrownBy(() -> text(new SimpleKey(1, new Timestamp(1))))
        .withMessageContainingAll("java.sql.Timestamp", "java.util.Date", "java.time.Instant");
  }

  /** An enum's hash code is another one in each process, and Hibernate's keys write it. */
  @Test
  void hibernate_hashCodesOfTwoProcesses_sameText() {
    Object[] id = {TimeUnit.DAYS, 1L, Set.of("a", "b")};
    Object[] sameId = {TimeUnit.DAYS, 1L, new LinkedHashSet<>(List.of("b", "a"))};
    String text = text(new CacheKeyImplementation(id, "Booking", null, 1234));

    assertThat(text(new CacheKeyImplementation(sameId, "Booking", null, 5678))).isEqualTo(text);
    assertThat(text(new CacheKeyImplementation(id, "Booking", "Lisboa", 1234))).isNotEqualTo(text);
    assertThat(text(new CacheKeyImplementation(id, "Room", null, 1234))).isNotEqualTo(text);
    CacheKeyImplementation copy = (CacheKeyImplementation) CODEC.decode(text);
    assertThat((Object[]) copy.getId()).isEqualTo(id);
    assertThat(text(copy)).isEqualTo(text);
  }

  /** Hibernate turns what a property holds into the type of its column. */
  @Test
  void hibernate_idsOfAnyType_taken() {
    for (Object part :
        List.of(
            new Timestamp(1),
            new java.sql.Date(1),
            new java.sql.Time(1),
            LocalDate.EPOCH,
            new BigDecimal("1.50"),
            BigInteger.TEN,
            List.of("a"),
            Map.of("a", 1))) {
      Object[] id = {1L, part};
      assertSameText(
          new CacheKeyImplementation(id, "Booking", null, 0),
          new CacheKeyImplementation(id.clone(), "Booking", null, 0));
    }
  }

  /** As JCache's reference implementation makes them of the parameters of annotated methods. */
  static final class Generated implements GeneratedCacheKey {
    @Serial private static final long serialVersionUID = 1;

    @SuppressWarnings("serial") // as in the class that it looks like
    private final Object[] parameters;

    private final int hashCode;

    Generated(int hashCode, Object... parameters) {
      this.hashCode = hashCode;
      this.parameters = parameters;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Generated that
          && hashCode == that.hashCode
          && Arrays.deepEquals(parameters, that.parameters);
    }

    @Override
    public int hashCode() {
      return hashCode;
    }
  }

  @Test
  void annotations_hashCodesOfTwoProcesses_sameText() {
    EntryKeyCodec codec =
        new EntryKeyCodec(
            new JavaSerializer(
                ClassLookup.of(FrameworkKeysTest.class.getClassLoader()),
                AllowList.jdkTypes().and(Generated.class)));

    EntryKey key = codec.encode(new Generated(1234, TimeUnit.DAYS, Set.of("a", "b")));

    assertThat(codec.encode(new Generated(5678, TimeUnit.DAYS, new HashSet<>(List.of("b", "a")))))
        .isEqualTo(key);
    assertThat(codec.encode(new Generated(1234, TimeUnit.HOURS, Set.of("a", "b"))))
        .isNotEqualTo(key);
  }
}
