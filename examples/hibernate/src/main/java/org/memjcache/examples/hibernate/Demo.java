// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import java.io.PrintStream;
import org.hibernate.stat.Statistics;
import org.memjcache.ManagerUri;
import org.memjcache.testkit.MemcachedServer;

/**
 * Two tenants of one session factory, Lisboa and Barcelona. Each has a database of its own, and its
 * part of the second-level cache: clearing one leaves the other warm.
 *
 * <p>Uses the servers named in the environment variable {@code MEMJCACHE_URI}, or starts one with
 * the testkit.
 */
public final class Demo {

  private final PrintStream out;

  Demo(PrintStream out) {
    this.out = out;
  }

  /** Runs the example. */
  public static void main(String[] args) {
    String uri = System.getenv("MEMJCACHE_URI");
    if (uri != null) {
      new Demo(System.out).run(ManagerUri.parse(uri).getRawAuthority());
      return;
    }
    try (MemcachedServer server = MemcachedServer.start()) {
      new Demo(System.out).run(server.address());
    }
  }

  void run(String servers) {
    try (Application application = Application.open(servers)) {
      application.clear("Lisboa"); // what an earlier run left on a server that is still running
      application.clear("Barcelona");
      Statistics statistics = application.sessions().getStatistics();
      Hotels lisboa = application.hotels("Lisboa");
      Hotels barcelona = application.hotels("Barcelona");
      Hotel alfama = new Hotel(1, "ALF", "Casa Alfama");
      alfama.addRoom(101, 2);
      alfama.addRoom(102, 3);
      lisboa.add(alfama);
      Hotel rambla = new Hotel(1, "RAM", "Hotel Rambla");
      rambla.addRoom(11, 3);
      barcelona.add(rambla);

      out.println("Only what was written is cached yet:");
      look(statistics, "Lisboa", "ALF", lisboa);
      look(statistics, "Barcelona", "RAM", barcelona);

      out.println("Everything is cached:");
      look(statistics, "Lisboa", "ALF", lisboa);
      look(statistics, "Barcelona", "RAM", barcelona);

      out.println("Lisboa's hotel gets another name:");
      lisboa.change(1, hotel -> hotel.setName("Casa do Fado"));
      look(statistics, "Lisboa", "ALF", lisboa);
      look(statistics, "Barcelona", "RAM", barcelona);

      out.println("Lisboa's part of the cache is cleared, by one increment:");
      application.clear("Lisboa");
      look(statistics, "Lisboa", "ALF", lisboa);
      look(statistics, "Barcelona", "RAM", barcelona);
    }
  }

  /** Asks for an entity, a collection, a natural id and a query, and prints the SQL selects. */
  private void look(Statistics statistics, String tenant, String code, Hotels hotels) {
    statistics.clear();
    String name = hotels.name(1);
    int rooms = hotels.rooms(1).size();
    boolean coded = hotels.nameByCode(code).isPresent();
    int large = hotels.namesWithBeds(3).size();
    out.printf(
        "  %-9s  %-12s  rooms: %d  has code %s: %b  hotels with 3 beds: %d   SQL selects: %d%n",
        tenant, name, rooms, code, coded, large, statistics.getPrepareStatementCount());
  }
}
