// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.util.HashMap;
import java.util.Map;
import org.hibernate.cache.spi.support.StorageAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedCluster;

/** A cached result of a query is never one from before a change that was committed. */
@Memcached(servers = 2)
class TimestampsTest {

  private static final String REGION = "default-update-timestamps-region";

  private final MemcachedCluster cluster;
  private final String database = Application.newDatabase();
  private Application one;
  private Application other;

  TimestampsTest(MemcachedCluster cluster) {
    this.cluster = cluster;
    cluster.flushAll();
  }

  private void open(Tenancy tenancy, Map<String, ?> more) {
    Map<String, Object> properties = Application.properties(cluster.addresses());
    properties.putAll(more);
    one = Application.open(tenancy, database, READ_WRITE, properties);
    other = Application.open(tenancy, database, READ_WRITE, properties);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    one.add("Barcelona", 2, "RAM", "Hotel Rambla");
    look();
    look();
    one.statements();
    other.statements();
  }

  private void look() {
    one.names("Lisboa");
    one.names("Barcelona");
  }

  @AfterEach
  void close() {
    if (one != null) {
      one.close();
      other.close();
    }
  }

  private void rename() {
    one.change("Lisboa", 1, lodging -> lodging.name = "Casa do Fado");
  }

  /** Removes a timestamp as memcached does that evicts it. */
  private void evictTimestamp(String table) {
    one.regions()
        .ask(
            null,
            REGION,
            one.implementor(),
            region -> {
              assertThat(region.contains(table)).isTrue();
              region.remove(table);
              return null;
            });
  }

  @Test
  void names_timestampIsEvictedAfterAChange_areThoseAfterTheChange() {
    open(Tenancy.TABLE, Map.of());
    rename();

    evictTimestamp("Villa");

    assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
    assertThat(other.names("Barcelona")).containsExactly("Hotel Rambla");
  }

  @Test
  void names_timestampIsEvicted_areServedAgainAfterAWhile() {
    open(Tenancy.TABLE, Map.of());
    evictTimestamp("Villa");

    other.names("Lisboa");
    other.names("Lisboa");
    other.statements();

    assertThat(one.names("Lisboa")).containsExactly("Casa Alfama");
    assertThat(one.statements()).isZero();
  }

  @Test
  void names_regionOfTimestampsIsClearedAfterAChange_areThoseAfterTheChange() {
    open(Tenancy.TABLE, Map.of());
    rename();

    one.regions().clearForAll(REGION, one.implementor());

    assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
  }

  @Test
  void names_aTenantIsClearedWhileItChanges_areThoseAfterTheChange() {
    open(Tenancy.TABLE, Map.of());
    try (var session = one.open("Lisboa")) {
      session.beginTransaction();
      session.find(Villa.class, 1L).name = "Casa do Fado";
      session.flush();
      other.tenants().clear("Lisboa");
      assertThat(other.names("Lisboa")).containsExactly("Casa Alfama");
      session.getTransaction().commit();
    }

    assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
  }

  /** Results of so many tenants are on both servers, and the timestamp is on one of them. */
  @Test
  void names_oneServerRestartsEmptyAfterAChange_areThoseAfterTheChange() {
    open(Tenancy.TABLE, Map.of());
    for (int i = 0; i < 10; i++) {
      one.add("tenant" + i, 10 + i, "ALF", "Casa 0");
    }
    for (int server = 0; server < 2; server++) {
      for (int i = 0; i < 40; i++) {
        one.names("tenant" + i % 10);
      }
      String name = "Casa " + (server + 1);
      one.run(
          "tenant0",
          session ->
              session
                  .createNativeQuery("update Villa set name = '" + name + "'", Object.class)
                  .addSynchronizedEntityClass(Villa.class)
                  .executeUpdate());

      cluster.server(server).restart();

      for (int i = 0; i < 10; i++) {
        assertThat(other.names("tenant" + i)).containsExactly(name);
      }
    }
  }

  @Test
  void names_noTenantsAndABulkUpdate_areThoseAfterTheChange() {
    open(Tenancy.NONE, Map.of());
    one.names(null);
    one.names(null);

    one.run(
        null,
        session ->
            session
                .createMutationQuery("update Hotel set name = 'Fado' where id = 1")
                .executeUpdate());

    assertThat(other.names(null)).containsExactly("Fado", "Hotel Rambla");
  }

  @Test
  void put_anOlderTimestampComesLate_theNewerStays() {
    open(Tenancy.TABLE, Map.of());
    StorageAccess storage =
        new TimestampsStorage(
            one.regions(),
            REGION,
            one.implementor(),
            one.implementor().getCache().getRegionFactory());
    long older = one.implementor().getCache().getRegionFactory().nextTimestamp();
    long newer = one.implementor().getCache().getRegionFactory().nextTimestamp();

    storage.putIntoCache("Villa", newer, null);
    storage.putIntoCache("Villa", older, null);
    assertThat(storage.getFromCache("Villa", null)).isEqualTo(newer);

    long ahead = newer + one.implementor().getCache().getRegionFactory().getTimeout();
    storage.putIntoCache("Villa", ahead, null);
    assertThat(storage.getFromCache("Villa", null)).isEqualTo(ahead);
    long after = one.implementor().getCache().getRegionFactory().nextTimestamp();
    storage.putIntoCache("Villa", after, null);
    assertThat(storage.getFromCache("Villa", null)).isEqualTo(after);
  }

  @Test
  void names_databasesWithTimestampsOfTheirOwn_aChangeLeavesOtherTenantsWarm() {
    open(Tenancy.DATABASE, Map.of("hibernate.memjcache.tenants.timestamps", "own"));

    rename();

    assertThat(other.names("Barcelona")).containsExactly("Hotel Rambla");
    assertThat(other.statements()).isZero();
    assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
    other.tenants().clear("Lisboa"); // not its timestamps
    assertThat(other.names("Lisboa")).containsExactly("Casa do Fado");
    other.statements();
    assertThat(one.names("Lisboa")).containsExactly("Casa do Fado");
    assertThat(one.statements()).isPositive(); // the change above
    one.names("Lisboa");
    assertThat(one.statements()).isZero();
    one.change("Lisboa", 1, lodging -> lodging.name = "Casa Alfama");
    assertThat(other.names("Lisboa")).containsExactly("Casa Alfama");
  }

  @Test
  void open_timestampsOfTheirOwnInOneTable_isRefused() {
    Map<String, Object> properties = new HashMap<>(Application.properties(cluster.addresses()));
    properties.put("hibernate.memjcache.tenants.timestamps", "own");

    assertThatThrownBy(() -> Application.open(Tenancy.TABLE, database, READ_WRITE, properties))
        .hasStackTraceContaining("tenants.timestamps=own is not possible with @TenantId");
  }
}
