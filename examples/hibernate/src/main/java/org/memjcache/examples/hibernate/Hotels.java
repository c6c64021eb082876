package org.memjcache.examples.hibernate;

import jakarta.persistence.Persistence;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.Session;
import org.hibernate.SessionFactory;

/**
 * The hotels of one tenant: a persistence unit, with its database and its second-level cache.
 *
 * <p>Each call has a session and a transaction of its own, so that whatever doesn't come from the
 * database comes from the second-level cache. Thread-safe.
 */
final class Hotels implements AutoCloseable {

  private final SessionFactory sessions;

  private Hotels(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /** Opens the persistence unit of a tenant. */
  static Hotels of(String tenant) {
    return of(tenant, Map.of());
  }

  /** Opens the persistence unit of a tenant with properties that override persistence.xml. */
  static Hotels of(String tenant, Map<String, ?> properties) {
    return new Hotels(
        Persistence.createEntityManagerFactory(tenant, properties).unwrap(SessionFactory.class));
  }

  void add(Hotel hotel) {
    inTransaction(session -> session.persist(hotel));
  }

  /** The name of a hotel: an entity. */
  String name(long id) {
    return fromTransaction(session -> session.find(Hotel.class, id).getName());
  }

  /** The numbers of a hotel's rooms: a collection, and an entity for each of its elements. */
  List<Long> rooms(long id) {
    return fromTransaction(
        session -> session.find(Hotel.class, id).getRooms().stream().map(Room::getNumber).toList());
  }

  /** The name of the hotel that has a code, if there is one: a natural id, then an entity. */
  @SuppressWarnings("deprecation") // find(…, KeyType.NATURAL) came with 7.3: this runs on 6.6, too
  Optional<String> nameByCode(String code) {
    return fromTransaction(
        session -> session.bySimpleNaturalId(Hotel.class).loadOptional(code).map(Hotel::getName));
  }

  /** The names of all hotels that have a room with so many beds: a query, then entities. */
  List<String> namesWithBeds(int beds) {
    return fromTransaction(
        session ->
            session
                .createSelectionQuery(
                    "select distinct h from Hotel h join h.rooms r where r.beds >= :beds"
                        + " order by h.name",
                    Hotel.class)
                .setParameter("beds", beds)
                .setCacheable(true)
                .getResultList()
                .stream()
                .map(Hotel::getName)
                .toList());
  }

  /** Changes a hotel. Hibernate updates what it has cached of it. */
  void change(long id, Consumer<Hotel> change) {
    inTransaction(session -> change.accept(session.find(Hotel.class, id)));
  }

  /** Hibernate's cache of this tenant, and its own counts. */
  SessionFactory sessions() {
    return sessions;
  }

  @Override
  public void close() {
    sessions.close();
  }

  private void inTransaction(Consumer<Session> work) {
    sessions.inTransaction(work);
  }

  private <T> T fromTransaction(Function<Session, T> work) {
    return sessions.fromTransaction(work);
  }
}
