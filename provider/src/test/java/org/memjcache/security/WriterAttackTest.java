// SPDX-License-Identifier: Apache-2.0
package org.memjcache.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.support.Waiting.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.ManagerSettingsAccess;
import org.memjcache.MemcachedCacheManager;
import org.memjcache.internal.client.command.Item;
import org.memjcache.internal.codec.envelope.EnvelopeCodec;
import org.memjcache.internal.codec.key.EntryKey;
import org.memjcache.internal.codec.key.ItemKey;
import org.memjcache.internal.codec.key.KeyPrefix;
import org.memjcache.support.TestProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * What somebody can and can't do who may write to memcached, but not into the application. The page
 * docs/security.md says the same in words.
 */
@Timeout(60)
@Tag("slow")
@Tag("any-jdk")
class WriterAttackTest {

  private static final String[] INFO = {"hotels", "Lisboa", "info"};
  private static final String[] OTHER = {"hotels", "Barcelona", "info"};

  private final MemcachedServer server = MemcachedServer.start();
  private final Attacker intruder = new Attacker(server);
  private final TestProvider caches = new TestProvider();
  private Cache<Object, Object> cache;
  private Cache<Object, Object> other;

  @BeforeEach
  void open() {
    cache = open(caches, "hotels/Lisboa");
    other = open(caches, "hotels/Barcelona");
    cache.put("k", "of Lisboa");
    other.put("k", "of Barcelona");
  }

  @AfterEach
  void close() {
    caches.close();
    intruder.close();
    server.close();
  }

  private Cache<Object, Object> open(TestProvider opened, String path) {
    return opened.manager(server.uri(path)).createCache("info", new MutableConfiguration<>());
  }

  /** Returns the misses of a cache that were counted as damaged. */
  private static long damaged(Cache<?, ?> cache) throws Exception {
    return counted(cache, "DamagedMisses");
  }

  private static long counted(Cache<?, ?> cache, String attribute) throws Exception {
    cache.getCacheManager().enableStatistics("info", true);
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    String tenant = cache.getCacheManager().getURI().getPath().replace("/", ".*");
    for (ObjectName name :
        beans.queryNames(new ObjectName("org.memjcache:type=CacheInsight,Cache=info,*"), null)) {
      if (name.getKeyProperty("CacheManager").matches(".*" + tenant + ".*")) {
        return (long) beans.getAttribute(name, attribute);
      }
    }
    throw new AssertionError("No bean of " + tenant);
  }

  // Read another tenant's entry

  @Test
  void entryOfAnotherTenant_copiedToOnesOwnKey_isACountedMiss() throws Exception {
    damaged(cache);
    Item secret = intruder.get(intruder.itemKey("k", OTHER));
    intruder.set(intruder.itemKey("mine", INFO), secret);

    assertAbsent("mine");
    assertThat(damaged(cache)).isPositive();
  }

  @Test
  void entry_copiedToAnotherKeyOfItsCache_isAMiss() {
    intruder.set(intruder.itemKey("l", INFO), intruder.get(intruder.itemKey("k", INFO)));

    assertAbsent("l");
  }

  /** As it would be if the hashes of two long keys were the same. */
  @Test
  void entryWhoseKeyHasTheSameHash_isNeverReturnedForTheOther() {
    String one = "one".repeat(200);
    String two = "two".repeat(200);
    cache.put(two, "of two");
    ItemKey ofOne = intruder.itemKey(one, INFO);
    ItemKey ofTwo = intruder.itemKey(two, INFO);
    ItemKey collision = new ItemKey(ofOne.text(), ofTwo.fullKey(), ofOne.prefix());
    intruder.set(collision, intruder.forged(collision, "of two", EnvelopeCodec.NEVER));

    assertAbsent(one);
    assertThat(cache.get(two)).isEqualTo("of two");
    assertThat(cache.putIfAbsent(one, "of one")).isTrue();
    assertThat(cache.get(one)).isEqualTo("of one");
    assertThat(cache.get(two)).isEqualTo("of two");
    assertThat(cache.remove(one)).isTrue();
    assertThat(cache.get(two)).isEqualTo("of two");
  }

  /** What a writer, an accident or a newer version may have left in the place of an entry. */
  static List<Arguments> spoiled() {
    return List.of(
        spoiled("cut by a byte", 0, bytes -> Arrays.copyOf(bytes, bytes.length - 1)),
        spoiled("cut within its header", 0, bytes -> Arrays.copyOf(bytes, 3)),
        spoiled("empty", 0, bytes -> new byte[0]),
        spoiled("longer by a byte", 0, bytes -> Arrays.copyOf(bytes, 1 + bytes.length)),
        spoiled("another deadline", 0, bytes -> flipped(bytes, 7)),
        spoiled("another value", 0, bytes -> flipped(bytes, bytes.length - 1)),
        spoiled("another encoding", 0x01, bytes -> bytes),
        spoiled("an encoding of the future", 0x7D, bytes -> bytes),
        spoiled("compressed as it isn't", 0x100, bytes -> bytes),
        spoiled("a compression of the future", 0x700, bytes -> bytes),
        spoiled("a format of the future", 0x4000, bytes -> bytes),
        spoiled("of another program", 0x1000, bytes -> bytes));
  }

  private static Arguments spoiled(String what, int flips, UnaryOperator<byte[]> change) {
    return Arguments.of(what, flips, change);
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    copy[at] ^= 1;
    return copy;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("spoiled")
  void spoiledEntry_isAMissEverywhereAndCounted(
      String what, int flips, UnaryOperator<byte[]> change) throws Exception {
    damaged(cache);
    for (String key : List.of("short", "long".repeat(100))) {
      cache.put(key, "value");
      ItemKey itemKey = intruder.itemKey(key, INFO);
      Item item = intruder.get(itemKey);
      intruder.set(itemKey.text(), item.flags() ^ flips, change.apply(item.data()));
      long before = damaged(cache);

      assertThat(cache.get(key)).isNull();
      assertThat(damaged(cache)).isEqualTo(before + 1);
      assertAbsent(key);
      cache.put(key, "new");
      assertThat(cache.get(key)).isEqualTo("new");
    }
  }

  private void assertAbsent(Object key) {
    assertThat(cache.get(key)).isNull();
    assertThat(cache.containsKey(key)).isFalse();
    assertThat(cache.getAll(Set.of(key, "k"))).isEqualTo(Map.of("k", "of Lisboa"));
    List<Object> listed = new ArrayList<>();
    cache.forEach(entry -> listed.add(entry.getKey()));
    assertThat(listed).doesNotContain(key).contains("k");
    assertThat(cache.<Boolean>invoke(key, (entry, arguments) -> entry.exists())).isFalse();
    assertThat(cache.replace(key, "v")).isFalse();
    assertThat(cache.getAndRemove(key)).isNull();
  }

  // Run a class through a value

  /** Takes note that its code ran. */
  static final class Gadget implements Serializable {
    @Serial private static final long serialVersionUID = 1;
    static final List<String> RAN = new CopyOnWriteArrayList<>();

    @Serial
    private void readObject(ObjectInputStream in) {
      RAN.add("readObject");
    }
  }

  private static byte[] bytes(Object object) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    return bytes.toByteArray();
  }

  @Test
  void classThatIsNotAllowed_neverRunsAndIsAbsent() throws IOException {
    ItemKey key = intruder.itemKey("k", INFO);
    intruder.set(key, intruder.serialized(key, bytes(new ArrayList<>(List.of(new Gadget())))));

    assertThat(cache.get("k")).isNull();
    assertThat(cache.getAll(Set.of("k"))).isEmpty();
    cache.forEach(e -> assertThat(e.getKey()).isNotEqualTo("k"));
    assertThat(cache.getAndPut("k", "v")).isNull();
    cache.put("k", "new");
    assertThat(cache.get("k")).isEqualTo("new");
    assertThat(Gadget.RAN).isEmpty();
  }

  @Test
  void valueOfAClassThatIsNotAllowed_isSkippedByIterations() throws IOException {
    cache.put("l", "of Lisboa");
    ItemKey key = intruder.itemKey("k", INFO);
    intruder.set(key, intruder.serialized(key, bytes(new Gadget())));

    List<Object> seen = new ArrayList<>();
    Iterator<Cache.Entry<Object, Object>> iterator = cache.iterator();
    while (iterator.hasNext()) {
      seen.add(iterator.next().getKey());
    }
    assertThat(seen).containsExactly("l");
    assertThat(Gadget.RAN).isEmpty();
  }

  @Test
  void keyOfAClassThatIsNotAllowed_inAKeyDump_neverRunsAndIsSkipped() throws Exception {
    counted(cache, "SkippedItems");
    String gadget = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes(new Gadget()));
    String type = Gadget.class.getName();
    List<String> forged = List.of("x" + gadget, "l(x" + gadget + ")", "E" + type + "%2FONE");
    for (String entry : forged) {
      plant(entry);
    }

    assertThat(listedKeys(cache)).containsExactly("k");
    assertThat(counted(cache, "SkippedItems")).isEqualTo(forged.size());
    assertThat(Gadget.RAN).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "~",
        "~x",
        "S%",
        "S%4",
        "S%41",
        "?",
        "Ix",
        "I01",
        "U",
        "(",
        "Z2",
        "n",
        "l(",
        "l(Sa",
        "x",
        "xrO0",
        "v",
        "vAA",
        "Ejava.lang.String%2Fx",
        "Eno.such.Enum%2Fx",
        "M1",
        "M1_x",
        "M1_99999999999"
      })
  void keyThatIsNone_inAKeyDump_isSkipped(String entry) throws Exception {
    counted(cache, "SkippedItems");
    plant(entry);

    assertThat(listedKeys(cache)).containsExactly("k");
    assertThat(counted(cache, "SkippedItems")).isPositive();
  }

  @Test
  void keyOfAnotherType_inAKeyDump_isSkipped_alsoByRemoveAll() throws Exception {
    Cache<Integer, Object> numbers =
        caches
            .manager(server.uri("hotels/Faro"))
            .createCache(
                "info",
                new MutableConfiguration<Integer, Object>().setTypes(Integer.class, Object.class));
    counted(numbers, "SkippedItems");
    numbers.put(1, "one");
    for (String entry : List.of("SI1", "L1", "l(I1)")) {
      plant(entry, "hotels", "Faro", "info");
    }

    assertThat(listedKeys(numbers)).containsExactly(1);
    assertThat(counted(numbers, "SkippedItems")).isEqualTo(3);
    numbers.removeAll();
    assertThat(numbers.containsKey(1)).isFalse();
  }

  /** To read a million decimal digits takes a quarter of a minute. */
  @Test
  void keysThatTakeLongToRead_inAKeyDump_areSkipped() throws Exception {
    counted(cache, "SkippedItems");
    for (int i = 1; i < 8; i++) {
      plant("N" + String.valueOf(i).repeat(500_000));
      plant("M" + String.valueOf(i).repeat(500_000) + "_0");
    }

    long start = System.nanoTime();
    assertThat(listedKeys(cache)).containsExactly("k");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThat(counted(cache, "SkippedItems")).isEqualTo(14);
  }

  /** Puts an item among a cache's that looks like an entry whose key has this text. */
  private void plant(String entryText, String... path) {
    KeyPrefix prefix = intruder.prefix(path.length == 0 ? INFO : path);
    ItemKey key = prefix.itemKey(new EntryKey(entryText));
    intruder.set(key, intruder.forged(key, "forged", EnvelopeCodec.NEVER));
  }

  private static List<Object> listedKeys(Cache<?, ?> cache) {
    List<Object> listed = new ArrayList<>();
    cache.forEach(entry -> listed.add(entry.getKey()));
    return listed;
  }

  // Bring back what is gone

  @Test
  void clearedEntry_copiedUnderTheNewVersion_isAMiss() {
    Item cleared = intruder.get(intruder.itemKey("k", INFO));
    cache.clear();
    cache.put("l", "new");
    intruder.set(intruder.itemKey("k", INFO), cleared);

    assertThat(cache.get("k")).isNull();
  }

  @Test
  void clearedEntry_withTheVersionSetBack_staysGoneForAllWhoSawTheHigherOne() {
    byte[] before = intruder.get(Attacker.versionKey(INFO)).data();
    cache.clear();
    intruder.set(Attacker.versionKey(INFO), 0, before);

    assertThat(cache.get("k")).isNull();
    assertThat(intruder.get(Attacker.versionKey(INFO)).data()).isNotEqualTo(before);
  }

  @Test
  void expiredEntry_storedAgain_staysGone() throws InterruptedException {
    Cache<Object, Object> brief =
        caches
            .manager(server.uri("hotels/Lisboa"))
            .createCache(
                "brief",
                new MutableConfiguration<>()
                    .setExpiryPolicyFactory(
                        CreatedExpiryPolicy.factoryOf(
                            new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, 50))));
    brief.put("k", "v");
    ItemKey key = intruder.itemKey("k", "hotels", "Lisboa", "brief");
    Item item = intruder.get(key);
    await("it has expired").until(() -> brief.get("k") == null);
    intruder.set(key, item);

    assertThat(brief.get("k")).isNull();
  }

  // Hang a client

  @Test
  void versionThatChangesAllTheTime_isGivenUp() throws InterruptedException {
    String versionKey = Attacker.versionKey(INFO);
    AtomicBoolean stop = new AtomicBoolean();
    Thread clearing =
        new Thread(
            () -> {
              while (!stop.get()) {
                server.command("incr " + versionKey + " 1");
              }
            });
    clearing.start();
    try {
      for (int i = 0; i < 50; i++) {
        try {
          cache.get("k");
        } catch (CacheException e) {
          assertThat(e).hasMessageContaining("gave up after");
        }
      }
    } finally {
      stop.set(true);
      clearing.join();
    }
  }

  @Test
  void versionAtTheEndOfItsRange_isAnErrorOfThisLevelOnly_andForgottenWhenDeleted() {
    String versionKey = Attacker.versionKey(INFO);
    byte[] last = Long.toString(Long.MAX_VALUE).getBytes(StandardCharsets.US_ASCII);
    intruder.set(versionKey, 0, last);

    assertThatThrownBy(() -> cache.get("k")).hasMessageContaining(versionKey);
    assertThatThrownBy(() -> cache.clear()).hasMessageContaining(versionKey);
    assertThat(other.get("k")).isEqualTo("of Barcelona");

    intruder.delete(versionKey);
    assertThat(cache.get("k")).isNull();
    cache.put("k", "new");
    cache.clear();
    assertThat(cache.get("k")).isNull();
  }

  // With a secret

  private static final String SECRET = "0123456789 of this test";

  private Cache<Object, Object> openSigned(TestProvider opened, String secrets) {
    Properties properties = new Properties();
    properties.setProperty("memjcache.secret", secrets);
    return opened
        .provider()
        .getCacheManager(
            server.uri("hotels/Porto?timeout=20s&connectTimeout=20s"), null, properties)
        .createCache("info", new MutableConfiguration<>().setStatisticsEnabled(true));
  }

  private static final String[] PORTO = {"hotels", "Porto", "info"};

  @Test
  void secret_whatTheIntruderWrites_isACountedMissAndNeverRead() throws Exception {
    Cache<Object, Object> signed = openSigned(caches, SECRET);
    signed.put("k", "ours");
    ItemKey key = intruder.itemKey("k", PORTO);
    assertThat(signed.get("k")).isEqualTo("ours");
    long before = counted(signed, "ForgedMisses");

    intruder.set(key, intruder.forged(key, "forged", EnvelopeCodec.NEVER));
    assertThat(signed.get("k")).isNull();
    intruder.set(key, intruder.serialized(key, bytes(new Gadget())));
    assertThat(signed.get("k")).isNull();
    intruder.set(key, intruder.serialized(key, bomb()));
    assertThat(signed.get("k")).isNull();

    assertThat(listedKeys(signed)).isEmpty();
    assertThat(counted(signed, "ForgedMisses")).isEqualTo(before + 3);
    assertThat(counted(signed, "SkippedItems")).isEqualTo(1);
    assertThat(damaged(signed)).isZero();
    assertThat(signed.putIfAbsent("k", "ours again")).isTrue();
    assertThat(signed.get("k")).isEqualTo("ours again");
    assertThat(Gadget.RAN).isEmpty();
  }

  /** Sets in sets: to compute the hash of the outermost takes longer than the sun will shine. */
  private static byte[] bomb() throws IOException {
    Set<Object> root = new HashSet<>();
    Set<Object> one = root;
    Set<Object> two = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Set<Object> first = new HashSet<>(Set.of("different"));
      Set<Object> second = new HashSet<>();
      one.add(first);
      one.add(second);
      two.add(first);
      two.add(second);
      one = first;
      two = second;
    }
    return bytes(root);
  }

  @Test
  void secret_ofAnotherTenantOrAnEarlierVersion_itemsCanNotBeMoved() {
    Cache<Object, Object> signed = openSigned(caches, SECRET);
    signed.put("k", "ours");
    signed.put("l", "ours, too");
    Item item = intruder.get(intruder.itemKey("k", PORTO));
    intruder.set(intruder.itemKey("l", PORTO), item);
    assertThat(signed.get("l")).isNull();

    signed.clear();
    signed.put("other", "new");
    intruder.set(intruder.itemKey("k", PORTO), item);
    assertThat(signed.get("k")).isNull();
  }

  @Test
  void secret_isReplacedWithoutLosingEntries_andNeededToRead() {
    String next = "abcdefghij of this test";
    openSigned(caches, SECRET).put("k", "ours");
    try (TestProvider both = new TestProvider();
        TestProvider nextOnly = new TestProvider();
        TestProvider none = new TestProvider()) {
      Cache<Object, Object> reader = openSigned(both, next + "," + SECRET);
      assertThat(reader.get("k")).isEqualTo("ours");
      assertThat(openSigned(nextOnly, next).get("k")).isNull();
      assertThat(open(none, "hotels/Porto").get("k")).isNull();
    }
  }

  @Test
  void secret_isNowhereToBeSeen() throws Exception {
    Cache<Object, Object> signed = openSigned(caches, SECRET);
    signed.getCacheManager().enableManagement("info", true);
    signed.put("k", "ours");
    StringBuilder shown = new StringBuilder();
    shown.append(signed).append(signed.getCacheManager()).append(signed.getCacheManager().getURI());
    shown.append(
        ManagerSettingsAccess.settingsOf(
            signed.getCacheManager().unwrap(MemcachedCacheManager.class)));
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    for (ObjectName name : beans.queryNames(new ObjectName("*:Cache=info,*"), null)) {
      shown.append(name);
      for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
        shown.append(beans.getAttribute(name, attribute.getName()));
      }
    }
    ItemKey key = intruder.itemKey("k", PORTO);
    shown.append(new String(intruder.get(key).data(), StandardCharsets.ISO_8859_1)).append(key);

    assertThat(shown.toString()).doesNotContain("0123456789").contains("Porto");
  }

  // What a checksum does not keep anybody from

  @Test
  void valueOfAnAllowedType_isReadAsIfItWereOurs() {
    ItemKey key = intruder.itemKey("k", INFO);
    intruder.set(key, intruder.forged(key, "forged", EnvelopeCodec.NEVER));

    assertThat(cache.get("k")).isEqualTo("forged");
  }

  @Test
  void olderValueOfTheSameEntry_isReadAsIfItWereTheLast() {
    ItemKey key = intruder.itemKey("k", INFO);
    Item older = intruder.get(key);
    cache.put("k", "newer");
    intruder.set(key, older);

    assertThat(cache.get("k")).isEqualTo("of Lisboa");
  }
}
