// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.hibernate.engine.jdbc.connections.spi.AbstractDataSourceBasedMultiTenantConnectionProviderImpl;

/** A database for each tenant, in memory. */
final class TenantDatabases
    extends AbstractDataSourceBasedMultiTenantConnectionProviderImpl<String> {

  private static final long serialVersionUID = 1L;

  private final String name;

  TenantDatabases(String name) {
    this.name = name;
  }

  @Override
  protected DataSource selectAnyDataSource() {
    return selectDataSource("any");
  }

  @Override
  protected DataSource selectDataSource(String tenant) {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL(url(name + tenant));
    return source;
  }

  /** Returns the URL of a database that has the tables. */
  static String url(String database) {
    String tables =
        "create table if not exists Hotel(id bigint primary key, code varchar, name varchar,"
            + " kind tinyint);"
            + "create table if not exists Room(number bigint primary key, hotel_id bigint);"
            + "create table if not exists Villa(tenant varchar, id bigint, code varchar,"
            + " name varchar, kind tinyint, primary key(tenant, id))";
    return "jdbc:h2:mem:"
        + database
        + ";DB_CLOSE_DELAY=-1;INIT="
        + tables.replace(",", "\\,").replace(";", "\\;");
  }
}
