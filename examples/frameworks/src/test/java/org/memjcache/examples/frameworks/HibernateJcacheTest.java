// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.cache.configuration.MutableConfiguration;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.memjcache.MemcachedCachingProvider;
import org.memjcache.testkit.Memcached;
import org.memjcache.testkit.MemcachedServer;

/** What docs/frameworks.md says of hibernate-jcache without the module memjcache-hibernate. */
@Memcached
class HibernateJcacheTest {

  enum Kind {
    ROOM,
    PALACE
  }

  @Entity
  @Cacheable
  @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
  static class Villa {

    @Id int id;
    String name;
    Kind kind;
  }

  @Entity
  @Cacheable
  @Cache(usage = CacheConcurrencyStrategy.NONSTRICT_READ_WRITE)
  static class House {

    @Id int id;
    String name;
    Kind kind;
  }

  @TempDir Path folder;
  private final MemcachedServer server;
  private SessionFactory sessions;

  HibernateJcacheTest(MemcachedServer server) {
    this.server = server;
  }

  @BeforeEach
  void open() throws IOException {
    server.flushAll();
    Path file = folder.resolve("memjcache.properties");
    Files.writeString(
        file, "memjcache.servers=" + server.address() + "\nmemjcache.namespace=hotels\n");
    sessions =
        new Configuration()
            .addAnnotatedClass(Villa.class)
            .addAnnotatedClass(House.class)
            .setProperty("hibernate.connection.url", "jdbc:h2:mem:" + folder.getFileName())
            .setProperty("hibernate.hbm2ddl.auto", "create")
            .setProperty("hibernate.generate_statistics", "true")
            .setProperty("hibernate.cache.region.factory_class", "jcache")
            .setProperty("hibernate.javax.cache.provider", MemcachedCachingProvider.class.getName())
            .setProperty("hibernate.javax.cache.uri", file.toUri().toString())
            .setProperty("hibernate.javax.cache.missing_cache_strategy", "create")
            .buildSessionFactory();
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private String villa() {
    return sessions.fromTransaction(session -> session.find(Villa.class, 1).name);
  }

  private long hits() {
    return sessions.getStatistics().getSecondLevelCacheHitCount();
  }

  @Test
  void entity_isServedFromTheCache() {
    sessions.inTransaction(session -> session.persist(villa("Casa Alfama", null)));

    assertThat(villa()).isEqualTo("Casa Alfama");
    assertThat(hits()).isEqualTo(1);
  }

  private static Villa villa(String name, Kind kind) {
    Villa villa = new Villa();
    villa.id = 1;
    villa.name = name;
    villa.kind = kind;
    return villa;
  }

  @Test
  void newEntity_ofAClassThatIsNotAllowed_isCommittedAndNotKept() {
    sessions.inTransaction(session -> session.persist(villa("Casa Alfama", Kind.ROOM)));

    assertThat(villa()).isEqualTo("Casa Alfama");
    assertThat(hits()).isZero();
  }

  @Test
  void change_toAClassThatIsNotAllowed_isCommittedAndLeavesNothingOlder() {
    House house = new House();
    house.id = 1;
    house.name = "Casa Alfama";
    sessions.inTransaction(session -> session.persist(house));
    sessions.inTransaction(session -> session.find(House.class, 1));

    sessions.inTransaction(
        session -> {
          House changed = session.find(House.class, 1);
          changed.name = "Casa do Fado";
          changed.kind = Kind.PALACE;
        });

    String name = sessions.fromTransaction(session -> session.find(House.class, 1).name);
    assertThat(name).isEqualTo("Casa do Fado");
  }

  /** The lock of the change stays: what was read before it isn't stored after it. */
  @Test
  void change_toAClassThatIsNotAllowed_keepsOutWhatWasReadBefore() {
    sessions.inTransaction(session -> session.persist(villa("Casa Alfama", null)));

    sessions.inTransaction(
        session -> {
          Villa changed = session.find(Villa.class, 1);
          changed.name = "Casa do Fado";
          changed.kind = Kind.PALACE;
        });

    assertThat(villa()).isEqualTo("Casa do Fado");
    try (MemcachedCachingProvider provider = new MemcachedCachingProvider()) {
      assertThat(
              provider
                  .getCacheManager(server.uri("hotels"), null)
                  .createCache(Villa.class.getName(), new MutableConfiguration<>()))
          .singleElement()
          .extracting(entry -> entry.getValue().getClass().getSimpleName())
          .isEqualTo("SoftLockImpl");
    }
  }
}
