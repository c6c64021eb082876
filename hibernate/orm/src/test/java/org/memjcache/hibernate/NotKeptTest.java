// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.memjcache.hibernate.Application.NONSTRICT;
import static org.memjcache.hibernate.Application.READ_ONLY;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.hibernate.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** What a region can't keep leaves a committed transaction committed, and nothing older behind. */
@Memcached(servers = 2)
class NotKeptTest {

  private static final String REGION = Villa.class.getName();
  private static final String ALLOW = "hibernate.memjcache.serialization.allow";

  private final Map<String, Object> properties;
  private final String database = Application.newDatabase();
  private Application one;
  private Application other;

  NotKeptTest(MemcachedCluster cluster) {
    cluster.flushAll();
    properties = Application.properties(cluster.addresses());
  }

  private void open(String strategy) {
    one = Application.open(Tenancy.TABLE, database, strategy, properties);
    other = Application.open(Tenancy.TABLE, database, strategy, properties);
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void change_toAClassThatIsNotAllowed_isCommittedAndSeen(String strategy) {
    properties.remove(ALLOW);
    open(strategy);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    other.name("Lisboa", 1);

    one.change(
        "Lisboa",
        1,
        villa -> {
          villa.name = "Casa do Fado";
          villa.kind = Lodging.Kind.PALACE;
        });

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
      assertThat(application.nameByCode("Lisboa", "ALF")).isEqualTo("Casa do Fado");
    }
    assertThat(one.notKept("Lisboa", REGION)).isPositive();
  }

  /**
   * A transaction that began before has read the row as it was; what it stores after the change is
   * refused, although the change itself could not be kept.
   */
  @Test
  void load_ofATransactionThatBeganBefore_isNotKeptAfterTheChange() {
    properties.remove(ALLOW);
    open(READ_WRITE);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    one.sessions().getCache().evictRegion(REGION);

    try (var session = other.open("Lisboa")) {
      session.beginTransaction();
      one.change("Lisboa", 1, villa -> villa.kind = Lodging.Kind.PALACE);
      // what Hibernate does with the row it would have read before the change
      var persister = other.implementor().getMappingMetamodel().getEntityDescriptor(REGION);
      var access = persister.getCacheAccessStrategy();
      Object key = access.generateCacheKey(1L, persister, other.implementor(), "Lisboa");
      var implementor =
          session.unwrap(org.hibernate.engine.spi.SharedSessionContractImplementor.class);
      assertThat(access.putFromLoad(implementor, key, "as it was", null)).isFalse();
      session.getTransaction().rollback();
    }
  }

  @Test
  void insert_ofAClassThatIsNotAllowed_readOnly_isCommitted() {
    properties.remove(ALLOW);
    open(READ_ONLY);

    one.run(
        "Lisboa",
        session -> {
          Villa villa = new Villa();
          villa.id = 1;
          villa.name = "Casa Alfama";
          villa.kind = Lodging.Kind.PENSION;
          session.persist(villa);
        });

    assertThat(other.name("Lisboa", 1)).isEqualTo("Casa Alfama");
  }

  @Test
  void insert_byATenantWhoseNameIsTooMuch_isCommitted() {
    properties.put("hibernate.memjcache.namespace", "a/b/c/d/e/f/g/h"); // no level is left
    open(READ_ONLY);

    one.add("Lisboa", 1, "ALF", "Casa Alfama");

    assertThat(one.name("Lisboa", 1)).isEqualTo("Casa Alfama");
    assertThat(one.nameByCode("Lisboa", "ALF")).isEqualTo("Casa Alfama");
    assertThat(one.names("Lisboa")).containsExactly("Casa Alfama");
  }

  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void change_toWhatIsTooLarge_isCommittedAndSeen(String strategy) {
    open(strategy);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    other.name("Lisboa", 1);
    String large = "x".repeat(2_000_000);

    one.change("Lisboa", 1, villa -> villa.name = large);

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo(large);
      assertThat(application.name("Lisboa", 1)).isEqualTo(large);
    }
  }

  @Test
  void query_resultIsOfAClassThatIsNotAllowed_isAnswered() {
    properties.remove(ALLOW);
    open(READ_WRITE);
    one.run(
        "Lisboa",
        session -> {
          Villa villa = new Villa();
          villa.id = 1;
          villa.kind = Lodging.Kind.PALACE;
          session.persist(villa);
        });

    for (int i = 0; i < 3; i++) {
      List<Long> ids = one.ask("Lisboa", NotKeptTest::palaces);
      List<Lodging.Kind> kinds = one.ask("Lisboa", NotKeptTest::kinds);
      assertThat(ids).containsExactly(1L);
      assertThat(kinds).containsExactly(Lodging.Kind.PALACE);
    }
  }

  /** An interrupt ends the waiting for memcached, but not that which has to be done there. */
  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void change_byAThreadThatIsInterrupted_isCommittedAndSeen(String strategy) {
    open(strategy);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    for (int i = 0; i < 3; i++) {
      other.name("Lisboa", 1);
      other.names("Lisboa");
    }

    one.change(
        "Lisboa",
        1,
        villa -> {
          villa.name = "Casa do Fado";
          Thread.currentThread().interrupt();
        });

    assertThat(Thread.interrupted()).isTrue();
    assertThat(one.name("Lisboa", 1)).isEqualTo("Casa do Fado");
    assertThat(one.names("Lisboa")).containsExactly("Casa do Fado");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(other.name("Lisboa", 1)).isEqualTo("Casa do Fado");
              assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
            });
  }

  /** Has the enum in the key. */
  private static List<Long> palaces(Session session) {
    return session
        .createSelectionQuery("select id from Villa where kind = :kind", Long.class)
        .setParameter("kind", Lodging.Kind.PALACE)
        .setCacheable(true)
        .getResultList();
  }

  private static List<Lodging.Kind> kinds(Session session) {
    return session
        .createSelectionQuery("select kind from Villa", Lodging.Kind.class)
        .setCacheable(true)
        .getResultList();
  }

  @Test
  void enum_ofAnAllowedPackage_isKept() {
    open(READ_WRITE);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    one.change("Lisboa", 1, villa -> villa.kind = Lodging.Kind.PALACE);
    other.statements();

    assertThat(other.<Lodging.Kind>ask("Lisboa", session -> session.find(Villa.class, 1L).kind))
        .isEqualTo(Lodging.Kind.PALACE);
    assertThat(other.statements()).isZero();
    assertThat(one.notKept("Lisboa", REGION)).isZero();
  }

  @Test
  void log_whatIsNotKept_namesTheLineOnce() {
    properties.remove(ALLOW);
    PrintStream err = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      open(NONSTRICT);
      one.run(
          "Lisboa",
          session -> {
            Villa villa = new Villa();
            villa.id = 1;
            villa.kind = Lodging.Kind.PENSION;
            session.persist(villa);
          });
      one.name("Lisboa", 1);
      one.name("Lisboa", 1);
    } finally {
      System.setErr(err);
    }
    assertThat(log.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.contains("is not kept"))
        .singleElement()
        .asString()
        .contains("'" + REGION + "'")
        .contains("memjcache.serialization.allow=org.memjcache.hibernate.")
        .contains("'hibernate.memjcache.…'");
  }
}
