// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.hibernate;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.hibernate.engine.jdbc.connections.spi.AbstractDataSourceBasedMultiTenantConnectionProviderImpl;

/** A database for each tenant, which Hibernate asks for by the tenant of a session. */
final class TenantDatabases
    extends AbstractDataSourceBasedMultiTenantConnectionProviderImpl<String> {

  private static final long serialVersionUID = 1L;

  private final String url;

  /**
   * Creates it.
   *
   * @param url that of the databases, without their names
   */
  TenantDatabases(String url) {
    this.url = url;
  }

  @Override
  protected DataSource selectAnyDataSource() {
    return selectDataSource("any");
  }

  @Override
  protected DataSource selectDataSource(String tenant) {
    JdbcDataSource database = new JdbcDataSource();
    database.setURL(url + tenant + ";DB_CLOSE_DELAY=-1;INIT=runscript from 'classpath:tables.sql'");
    return database;
  }
}
