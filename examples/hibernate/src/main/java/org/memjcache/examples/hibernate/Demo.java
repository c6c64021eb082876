package org.memjcache.examples.hibernate;

import java.io.PrintStream;
import java.net.URI;
import javax.cache.Caching;
import org.hibernate.stat.Statistics;
import org.memjcache.ManagerUri;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.MemcachedServer;

/**
 * Two tenants of one application, Lisboa and Barcelona. Each has a database of its own, and a
 * second-level cache of its own in the memcached that they share: clearing one leaves the other
 * warm.
 *
 * <p>Uses the servers named in the environment variable {@code MEMJCACHE_URI}, or starts one with
 * the testkit.
 */
public final class Demo {

  /** Overrides the servers in the tenants' properties files. */
  private static final String SERVERS = "memjcache.servers";

  private final PrintStream out;

  Demo(PrintStream out) {
    this.out = out;
  }

  /** Runs the example. */
  public static void main(String[] args) {
    String uri = System.getenv("MEMJCACHE_URI");
    if (uri != null) {
      System.setProperty(SERVERS, ManagerUri.parse(uri).getRawAuthority());
      new Demo(System.out).run();
      return;
    }
    try (MemcachedServer server = MemcachedServer.start()) {
      System.setProperty(SERVERS, server.address());
      new Demo(System.out).run();
    }
  }

  void run() {
    clear("Lisboa"); // an earlier run may have left entries on a server that is still running
    clear("Barcelona");
    try (Hotels lisboa = Hotels.of("Lisboa");
        Hotels barcelona = Hotels.of("Barcelona")) {
      Hotel alfama = new Hotel(1, "ALF", "Casa Alfama");
      alfama.addRoom(101, 2);
      alfama.addRoom(102, 3);
      lisboa.add(alfama);
      Hotel rambla = new Hotel(1, "RAM", "Hotel Rambla");
      rambla.addRoom(11, 3);
      barcelona.add(rambla);

      out.println("Only what was written is cached yet:");
      look("Lisboa", "ALF", lisboa);
      look("Barcelona", "RAM", barcelona);

      out.println("Everything is cached:");
      look("Lisboa", "ALF", lisboa);
      look("Barcelona", "RAM", barcelona);

      out.println("Lisboa's hotel gets another name:");
      lisboa.change(1, hotel -> hotel.setName("Casa do Fado"));
      look("Lisboa", "ALF", lisboa);
      look("Barcelona", "RAM", barcelona);

      out.println("Lisboa's second-level cache is cleared, by one increment:");
      clear("Lisboa");
      look("Lisboa", "ALF", lisboa);
      look("Barcelona", "RAM", barcelona);
    }
  }

  /** Clears everything cached for a tenant, for all processes. Any program can do this. */
  private static void clear(String tenant) {
    MemcachedCachingProvider provider = (MemcachedCachingProvider) Caching.getCachingProvider();
    provider.clear(URI.create("classpath:" + tenant + ".properties"));
  }

  /** Asks for an entity, a collection, a natural id and a query, and prints the SQL selects. */
  private void look(String tenant, String code, Hotels hotels) {
    Statistics statistics = hotels.sessions().getStatistics();
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
