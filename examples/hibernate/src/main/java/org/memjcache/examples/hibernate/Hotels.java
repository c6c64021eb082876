// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.Transaction;

/**
 * The hotels of one tenant.
 *
 * <p>Each call has a session and a transaction of its own, so that whatever doesn't come from the
 * database comes from the second-level cache. Thread-safe.
 */
final class Hotels {

  private final SessionFactory sessions;
  private final String tenant;

  Hotels(SessionFactory sessions, String tenant) {
    this.sessions = sessions;
    this.tenant = tenant;
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

  /** Removes all hotels. */
  void removeAll() {
    inTransaction(
        session -> {
          session.createMutationQuery("delete Room").executeUpdate();
          session.createMutationQuery("delete Hotel").executeUpdate();
        });
  }

  /** Changes a hotel. Hibernate updates what it has cached of it. */
  void change(long id, Consumer<Hotel> change) {
    inTransaction(session -> change.accept(session.find(Hotel.class, id)));
  }

  private void inTransaction(Consumer<Session> work) {
    fromTransaction(
        session -> {
          work.accept(session);
          return true;
        });
  }

  private <T> T fromTransaction(Function<Session, T> work) {
    try (Session session = sessions.withOptions().tenantIdentifier((Object) tenant).openSession()) {
      Transaction transaction = session.beginTransaction();
      T result = work.apply(session);
      transaction.commit();
      return result;
    }
  }
}
