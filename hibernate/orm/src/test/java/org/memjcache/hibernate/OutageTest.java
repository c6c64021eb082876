// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.memjcache.hibernate.Application.NONSTRICT;
import static org.memjcache.hibernate.Application.READ_WRITE;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.memjcache.hibernate.Application.Tenancy;
import org.memjcache.testkit.MemcachedServer;

/** Hibernate goes on without memcached, and finds nothing older than the database afterwards. */
class OutageTest {

  private final MemcachedServer server = MemcachedServer.start();
  private final String database = Application.newDatabase();
  private Application one;
  private Application other;

  private void open(String strategy) {
    Map<String, Object> properties = Application.properties(server.address());
    properties.put("hibernate.memjcache.timeout", "300ms");
    one = Application.open(Tenancy.TABLE, database, strategy, properties);
    other = Application.open(Tenancy.TABLE, database, strategy, properties);
    one.add("Lisboa", 1, "ALF", "Casa Alfama");
    one.add("Barcelona", 2, "ALF", "Hotel Rambla");
    for (int i = 0; i < 3; i++) {
      look(one);
      look(other);
    }
  }

  private static void look(Application application) {
    application.name("Lisboa", 1);
    application.nameByCode("Lisboa", "ALF");
    application.names("Lisboa");
    application.names("Barcelona");
  }

  @AfterEach
  void close() {
    server.resume();
    one.close();
    other.close();
    server.close();
  }

  private void change() {
    one.change(
        "Lisboa",
        1,
        villa -> {
          villa.name = "Casa do Fado";
          villa.code = "FAD";
        });
  }

  private static void assertChanged(Application application) {
    assertThat(application.name("Lisboa", 1)).isEqualTo("Casa do Fado");
    assertThat(application.nameByCode("Lisboa", "FAD")).isEqualTo("Casa do Fado");
    assertThat(application.nameByCode("Lisboa", "ALF")).isNull();
    assertThat(application.names("Lisboa")).containsExactly("Casa do Fado");
    assertThat(application.names("Barcelona")).containsExactly("Hotel Rambla");
  }

  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void change_serverIsDeadAndRestartsEmpty_isCommittedAndSeen(String strategy) {
    open(strategy);
    server.kill();

    change();
    assertChanged(one);
    assertChanged(other);
    one.tenants().clear("Lisboa");
    one.sessions().getCache().evictAllRegions();

    server.restart();
    assertChanged(one);
    assertChanged(other);
    await() // it is used again
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              one.statements();
              one.name("Lisboa", 1);
              return one.statements() == 0;
            });
    assertChanged(one);
    assertChanged(other);
  }

  /** The server keeps what it has, and carries out late what it was sent. */
  @ParameterizedTest
  @ValueSource(strings = {NONSTRICT, READ_WRITE})
  void change_serverStandsStillAndComesBackWithItsMemory_isCommittedAndSeen(String strategy) {
    open(strategy);
    server.pause();

    change();
    assertChanged(one);

    server.resume();
    assertChanged(one);
    await() // the other process may see the old entries until this one has removed them
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertChanged(other));
  }
}
