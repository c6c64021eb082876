// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import jakarta.persistence.Persistence;
import java.util.Map;
import org.hibernate.SessionFactory;
import org.memjcache.hibernate.MemjcacheTenants;

/** The one session factory, for all tenants. Thread-safe. */
final class Application implements AutoCloseable {

  private final SessionFactory sessions;

  private Application(SessionFactory sessions) {
    this.sessions = sessions;
  }

  /** Opens it on databases in memory. */
  static Application open(String servers) {
    return open(servers, "jdbc:h2:mem:");
  }

  /**
   * Opens it.
   *
   * @param servers the memcached servers
   * @param databases the URL of the tenants' databases, without their names
   */
  static Application open(String servers, String databases) {
    return new Application(
        Persistence.createEntityManagerFactory(
                "hotels",
                Map.of(
                    "hibernate.memjcache.servers",
                    servers,
                    "hibernate.multi_tenant_connection_provider",
                    new TenantDatabases(databases)))
            .unwrap(SessionFactory.class));
  }

  /** The hotels of a tenant. */
  Hotels hotels(String tenant) {
    return new Hotels(sessions, tenant);
  }

  /** Clears what is cached of a tenant, for all processes. */
  void clear(String tenant) {
    MemjcacheTenants.of(sessions).clear(tenant);
  }

  /** Hibernate's cache, and its counts, of all tenants. */
  SessionFactory sessions() {
    return sessions;
  }

  @Override
  public void close() {
    sessions.close();
  }
}
