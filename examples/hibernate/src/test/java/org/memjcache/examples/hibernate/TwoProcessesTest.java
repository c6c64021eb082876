// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two processes, on the same databases and memcached servers. */
class TwoProcessesTest {

  @RegisterExtension static final Servers servers = new Servers();

  private static Server database;
  private static Application application;
  private static Hotels hotels;
  private static OtherProcess other;

  @BeforeAll
  static void start() throws SQLException {
    database = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
    String databases = "jdbc:h2:tcp://localhost:" + database.getPort() + "/mem:";
    application = Application.open(servers.addresses(), databases);
    hotels = application.hotels("Lisboa");
    other = OtherProcess.start(servers.addresses(), databases);
  }

  @BeforeEach
  void begin() {
    Samples.addTo(application, "Lisboa");
    look();
    application.sessions().getStatistics().clear();
    other.ask("statements");
  }

  @AfterAll
  static void stop() {
    other.close();
    application.close();
    database.stop();
  }

  @Test
  void look_whatTheOtherProcessCached_takesNoStatement() {
    assertThat(other.ask("byCode ALF")).isEqualTo("Casa Alfama");
    assertThat(other.ask("rooms")).isEqualTo("[101, 102]");
    assertThat(other.ask("withBeds")).isEqualTo("[Casa Alfama, Hotel Tejo]");
    assertThat(other.ask("statements")).isEqualTo("0");
  }

  @Test
  void change_inTheOtherProcess_isSeenHere() {
    other.ask("change");

    assertThat(hotels.name(1)).isEqualTo("Casa do Fado");
    assertThat(hotels.rooms(1)).containsExactly(101L, 102L, 103L);
    assertThat(hotels.nameByCode("FAD")).hasValue("Casa do Fado");
    assertThat(hotels.nameByCode("ALF")).isEmpty();
    assertThat(hotels.namesWithBeds(3)).containsExactly("Casa do Fado", "Hotel Tejo");
  }

  @Test
  void change_here_isSeenInTheOtherProcess() {
    other.ask("byCode ALF");
    other.ask("withBeds");

    hotels.change(1, hotel -> hotel.setName("Casa do Fado"));

    assertThat(other.ask("name")).isEqualTo("Casa do Fado");
    assertThat(other.ask("withBeds")).isEqualTo("[Casa do Fado, Hotel Tejo]");
  }

  @Test
  void evictAllRegions_inTheOtherProcess_nothingIsFoundHere() {
    other.ask("evict");

    look();
    assertThat(application.sessions().getStatistics().getNaturalIdCacheHitCount()).isZero();
    assertThat(application.sessions().getStatistics().getQueryCacheHitCount()).isZero();
    assertThat(application.sessions().getStatistics().getPrepareStatementCount()).isPositive();
  }

  private static void look() {
    hotels.nameByCode("ALF");
    hotels.rooms(1);
    hotels.namesWithBeds(3);
  }
}
