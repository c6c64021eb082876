// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.memjcache.hibernate.Application.NONSTRICT;
import static org.memjcache.hibernate.Application.READ_ONLY;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** Two tenants with the same ids in one session factory, in two processes, by each strategy. */
@Memcached(servers = 2)
class TwoTenantsTest {

  private final MemcachedCluster cluster;
  private boolean hasRooms;

  /** The same as that of Lisboa, unless the two are in one table. */
  private long ofBarcelona;

  private Application one;
  private Application other;

  TwoTenantsTest(MemcachedCluster cluster) {
    this.cluster = cluster;
  }

  private static Stream<Arguments> allStrategies() {
    return strategies(READ_ONLY, NONSTRICT, READ_WRITE);
  }

  private static Stream<Arguments> strategiesThatWrite() {
    return strategies(NONSTRICT, READ_WRITE);
  }

  private static Stream<Arguments> strategies(String... strategies) {
    return Stream.of(Tenancy.TABLE, Tenancy.DATABASE)
        .flatMap(
            tenancy -> Arrays.stream(strategies).map(strategy -> Arguments.of(tenancy, strategy)));
  }

  private void open(Tenancy tenancy, String strategy) {
    cluster.flushAll();
    hasRooms = tenancy == Tenancy.DATABASE;
    ofBarcelona = tenancy == Tenancy.DATABASE ? 1 : 2;
    String database = Application.newDatabase();
    one =
        Application.open(tenancy, database, strategy, Application.properties(cluster.addresses()));
    other =
        Application.open(tenancy, database, strategy, Application.properties(cluster.addresses()));
    one.add("Lisboa", 1, "ALF", "Casa Alfama", 101, 102);
    one.add("Barcelona", ofBarcelona, "ALF", "Hotel Rambla", 101);
    look();
    look();
    look(); // results over a table whose timestamp was unknown are kept from here on
    one.statements();
    other.statements();
  }

  private void look() {
    for (Application application : new Application[] {one, other}) {
      for (String tenant : new String[] {"Lisboa", "Barcelona"}) {
        look(application, tenant);
      }
    }
  }

  private void look(Application application, String tenant) {
    application.nameByCode(tenant, "ALF");
    application.name(tenant, id(tenant));
    if (hasRooms) {
      application.rooms(tenant, id(tenant));
    }
    application.names(tenant);
  }

  private long id(String tenant) {
    return tenant.equals("Lisboa") ? 1 : ofBarcelona;
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @ParameterizedTest
  @MethodSource("allStrategies")
  void look_whatIsCached_isThatOfTheTenantAndTakesNoStatement(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);
    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa Alfama");
      assertThat(application.name("Barcelona", ofBarcelona)).isEqualTo("Hotel Rambla");
      assertThat(application.nameByCode("Lisboa", "ALF")).isEqualTo("Casa Alfama");
      assertThat(application.nameByCode("Barcelona", "ALF")).isEqualTo("Hotel Rambla");
      if (hasRooms) {
        assertThat(application.rooms("Lisboa", 1)).containsExactly(101L, 102L);
        assertThat(application.rooms("Barcelona", ofBarcelona)).containsExactly(101L);
      }
      assertThat(application.names("Lisboa")).containsExactly("Casa Alfama");
      assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla");
      assertThat(application.name("Porto", 1)).isNull();
      assertThat(application.name("Lisboa", 2)).isNull();
      assertThat(application.nameByCode("Porto", "ALF")).isNull();
      assertThat(application.names("Porto")).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("allStrategies")
  void look_whatBothProcessesCached_takesNoStatement(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);

    look();

    assertThat(one.statements()).isZero();
    assertThat(other.statements()).isZero();
  }

  @ParameterizedTest
  @MethodSource("strategiesThatWrite")
  void change_ofOneTenant_isSeenThereAndOnlyThere(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);

    one.change(
        "Lisboa",
        1,
        found -> {
          found.name = "Casa do Fado";
          found.code = "FAD";
          found.kind = Lodging.Kind.PENSION;
          if (found instanceof Hotel hotel) {
            hotel.rooms.add(new Room(hotel, 103));
          }
        });

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
      assertThat(application.nameByCode("Lisboa", "FAD")).isEqualTo("Casa do Fado");
      assertThat(application.nameByCode("Lisboa", "ALF")).isNull();
      if (hasRooms) {
        assertThat(application.rooms("Lisboa", 1)).containsExactly(101L, 102L, 103L);
      }
      assertThat(application.names("Lisboa")).containsExactly("Casa do Fado");
      application.statements();
      assertThat(application.name("Barcelona", ofBarcelona)).isEqualTo("Hotel Rambla");
      assertThat(application.nameByCode("Barcelona", "ALF")).isEqualTo("Hotel Rambla");
      if (hasRooms) {
        assertThat(application.rooms("Barcelona", ofBarcelona)).containsExactly(101L);
      }
      assertThat(application.statements()).isZero();
      assertThat(application.nameByCode("Barcelona", "FAD")).isNull();
      assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla");
    }
  }

  @ParameterizedTest
  @MethodSource("allStrategies")
  void delete_ofOneTenant_isSeenThereAndOnlyThere(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);

    one.run("Lisboa", session -> session.remove(session.find(one.type(), 1L)));

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isNull();
      assertThat(application.nameByCode("Lisboa", "ALF")).isNull();
      assertThat(application.names("Lisboa")).isEmpty();
      assertThat(application.name("Barcelona", ofBarcelona)).isEqualTo("Hotel Rambla");
      assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla");
    }
  }

  @ParameterizedTest
  @MethodSource("strategiesThatWrite")
  void rollBack_ofAChange_nothingOfItIsSeen(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);

    try (var session = one.open("Lisboa")) {
      session.beginTransaction();
      session.find(one.type(), 1L).name = "Casa do Fado";
      session.flush();
      assertThat(other.name("Lisboa", 1)).isEqualTo("Casa Alfama");
      session.getTransaction().rollback();
    }

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa Alfama");
      assertThat(application.names("Lisboa")).containsExactly("Casa Alfama");
    }
  }

  @ParameterizedTest
  @MethodSource("strategiesThatWrite")
  void bulkUpdate_ofOneTenant_isSeenThere(Tenancy tenancy, String strategy) {
    open(tenancy, strategy);

    one.run(
        "Lisboa",
        session ->
            session
                .createMutationQuery(
                    "update " + one.type().getSimpleName() + " set name = 'Casa do Fado'")
                .executeUpdate());

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
      assertThat(application.names("Lisboa")).containsExactly("Casa do Fado");
      assertThat(application.name("Barcelona", ofBarcelona)).isEqualTo("Hotel Rambla");
      assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla");
    }
  }

  /** Hibernate adds no tenant to native statements, so that this one changes all of them. */
  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void nativeUpdate_byOneTenant_isSeenByAll(String strategy) {
    open(Tenancy.TABLE, strategy);

    one.run(
        "Lisboa",
        session ->
            session
                .createNativeQuery("update Villa set name = name || '!'", Object.class)
                .addSynchronizedEntityClass(Villa.class)
                .executeUpdate());

    for (Application application : new Application[] {one, other}) {
      assertThat(application.name("Lisboa", 1)).isEqualTo("Casa Alfama!");
      assertThat(application.names("Lisboa")).containsExactly("Casa Alfama!");
      assertThat(application.name("Barcelona", ofBarcelona)).isEqualTo("Hotel Rambla!");
      assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla!");
    }
  }
}
