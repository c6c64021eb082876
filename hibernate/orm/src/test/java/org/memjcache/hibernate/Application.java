// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import jakarta.persistence.Persistence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.memjcache.hibernate.MemjcacheTenants.RegionUsage;

/**
 * A session factory, as one process of an application has it. Each call has a session and a
 * transaction of its own.
 */
final class Application implements AutoCloseable {

  static final String READ_ONLY = "read-only";
  static final String NONSTRICT = "nonstrict-read-write";
  static final String READ_WRITE = "read-write";

  private static final AtomicInteger NAMES = new AtomicInteger();

  private final SessionFactory sessions;
  private final String strategy;
  private final Class<? extends Lodging> type;

  private Application(SessionFactory sessions, String strategy, Class<? extends Lodging> type) {
    this.sessions = sessions;
    this.strategy = strategy;
    this.type = type;
  }

  /** Returns the name of a database that no other test has. */
  static String newDatabase() {
    return "test" + NAMES.incrementAndGet();
  }

  /** Returns the properties of a session factory on some servers. */
  static Map<String, Object> properties(String servers) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("hibernate.cache.region.factory_class", "memjcache");
    properties.put("hibernate.memjcache.servers", servers);
    properties.put("hibernate.memjcache.namespace", "hotels");
    properties.put("hibernate.memjcache.serialization.allow", "org.memjcache.hibernate.**");
    properties.put("hibernate.memjcache.timeout", "20s"); // a busy machine is no miss
    properties.put("hibernate.memjcache.connectTimeout", "20s");
    properties.put(AvailableSettings.USE_QUERY_CACHE, "true");
    properties.put(AvailableSettings.GENERATE_STATISTICS, "true");
    return properties;
  }

  /** How tenants are kept apart. */
  enum Tenancy {
    /** There are none. */
    NONE,
    /** Rows of all tenants are in one table. */
    TABLE,
    /** Each tenant has a database. */
    DATABASE
  }

  /** Opens one, with entities that are cached by a strategy. */
  static Application open(
      Tenancy tenancy, String database, String strategy, Map<String, ?> properties) {
    Class<? extends Lodging> type = tenancy == Tenancy.TABLE ? Villa.class : Hotel.class;
    Map<String, Object> all = new HashMap<>();
    all.put("hibernate.classcache." + type.getName(), strategy);
    if (tenancy == Tenancy.DATABASE) {
      all.put(AvailableSettings.MULTI_TENANT_CONNECTION_PROVIDER, new TenantDatabases(database));
    } else {
      all.put(AvailableSettings.JAKARTA_JDBC_URL, TenantDatabases.url(database));
    }
    if (type == Hotel.class) {
      all.put("hibernate.classcache." + Room.class.getName(), strategy);
      all.put("hibernate.cache.auto_evict_collection_cache", "true");
    }
    all.putAll(properties);
    return new Application(
        Persistence.createEntityManagerFactory(type == Hotel.class ? "hotels" : "villas", all)
            .unwrap(SessionFactory.class),
        strategy,
        type);
  }

  /** What the entities are, and their region is named. */
  Class<? extends Lodging> type() {
    return type;
  }

  SessionFactory sessions() {
    return sessions;
  }

  MemjcacheTenants tenants() {
    return MemjcacheTenants.of(sessions);
  }

  /** The regions, to disturb them. */
  TenantRegions regions() {
    return (TenantRegions) tenants();
  }

  SessionFactoryImplementor implementor() {
    return sessions.unwrap(SessionFactoryImplementor.class);
  }

  <T> T ask(String tenant, Function<Session, T> work) {
    try (Session session = open(tenant)) {
      Transaction transaction = session.beginTransaction();
      T answer = work.apply(session);
      transaction.commit();
      return answer;
    }
  }

  void run(String tenant, Consumer<Session> work) {
    ask(
        tenant,
        session -> {
          work.accept(session);
          return null;
        });
  }

  Session open(String tenant) {
    return tenant == null
        ? sessions.openSession()
        : sessions.withOptions().tenantIdentifier((Object) tenant).openSession();
  }

  void add(String tenant, long id, String code, String name, long... rooms) {
    Lodging lodging = type == Villa.class ? new Villa() : new Hotel();
    lodging.id = id;
    lodging.code = code;
    lodging.name = name;
    if (lodging instanceof Hotel hotel) {
      for (long number : rooms) {
        hotel.rooms.add(new Room(hotel, number));
      }
    }
    run(tenant, session -> session.persist(lodging));
  }

  void change(String tenant, long id, Consumer<Lodging> change) {
    run(tenant, session -> change.accept(session.find(type, id)));
  }

  /** The name of a lodging: an entity. */
  String name(String tenant, long id) {
    return ask(
        tenant,
        session -> {
          Lodging found = session.find(type, id);
          return found == null ? null : found.name;
        });
  }

  /** The rooms of a lodging: a collection, and entities. */
  List<Long> rooms(String tenant, long id) {
    return ask(
        tenant,
        session -> {
          Hotel hotel = session.find(Hotel.class, id);
          List<Room> rooms =
              switch (strategy) {
                case READ_ONLY -> hotel.readOnlyRooms;
                case NONSTRICT -> hotel.nonstrictRooms;
                default -> hotel.rooms;
              };
          return rooms.stream().map(room -> room.number).toList();
        });
  }

  /** The name of the one with a code: a natural id, and an entity. */
  @SuppressWarnings("deprecation") // find(…, KeyType.NATURAL) came with 7.3: this runs on 6.6, too
  String nameByCode(String tenant, String code) {
    return ask(
        tenant,
        session ->
            session
                .bySimpleNaturalId(type)
                .loadOptional(code)
                .map(found -> found.name)
                .orElse(null));
  }

  /** The names of all: a query. */
  List<String> names(String tenant) {
    return ask(
        tenant,
        session ->
            session
                .createSelectionQuery(
                    "select name from " + type.getSimpleName() + " order by name", String.class)
                .setCacheable(true)
                .getResultList());
  }

  /** Returns how many SQL statements there were since this was asked last. */
  long statements() {
    long count = sessions.getStatistics().getPrepareStatementCount();
    sessions.getStatistics().clear();
    return count;
  }

  /** Returns how many entries of a region could not be kept. */
  long notKept(String tenant, String region) {
    return tenants().usage().stream()
        .filter(usage -> tenant.equals(usage.tenant()) && usage.region().equals(region))
        .mapToLong(RegionUsage::notKept)
        .sum();
  }

  @Override
  public void close() {
    sessions.close();
  }
}
