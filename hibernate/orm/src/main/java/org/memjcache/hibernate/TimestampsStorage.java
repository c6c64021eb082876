// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.List;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.processor.MutableEntry;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.jspecify.annotations.Nullable;

/**
 * The region of update timestamps: when each table was changed last. Hibernate serves the result of
 * a query as long as all its tables have timestamps before it, <em>or none at all</em>. Where
 * regions live in memcached, a timestamp may get lost: evicted, expired, cleared, or gone with a
 * server.
 *
 * <ul>
 *   <li>A table without a timestamp counts as changed now. The moment is kept, so that results of
 *       later queries are served again.
 *   <li>A timestamp that can't be stored is removed, and one that can't be read makes all results
 *       over its table outdated.
 *   <li>A timestamp never replaces a later one of a change that is complete, whichever process is
 *       the slower one. That of a change under way lies ahead and is replaced, as in Hibernate's
 *       own classes.
 *   <li>They are beside the tenants, not below them: when a tenant is cleared, its results are gone
 *       and its timestamps count.
 *   <li>All tenants share the timestamps, unless they are told to have their own: a native
 *       statement, a session of the root tenant, or a table without a tenant identifier changes
 *       what other tenants see.
 * </ul>
 *
 * <p>Thread-safe.
 */
final class TimestampsStorage extends RegionStorage {

  private final RegionFactory clock;
  private final boolean ofTenants;

  TimestampsStorage(
      TenantRegions tenants,
      String region,
      SessionFactoryImplementor sessions,
      RegionFactory clock) {
    super(tenants, region, sessions);
    this.clock = clock;
    this.ofTenants = tenants.hasTimestampsOfTenants();
  }

  /** Returns the key of a table; that of a tenant isn't below the tenant's level, see above. */
  private Object key(Object table, @Nullable SharedSessionContractImplementor session) {
    String tenant = ofTenants && session != null ? session.getTenantIdentifier() : null;
    return tenant == null ? table : List.of(tenant, table);
  }

  @Override
  public Object getFromCache(Object table, SharedSessionContractImplementor session) {
    Object key = key(table, session);
    Object last = ask(null, region -> region.get(key));
    if (last == null) {
      Long now = clock.nextTimestamp();
      change(key, cache -> cache.putIfAbsent(key, now));
      return Long.MAX_VALUE;
    }
    return last;
  }

  @Override
  public void putIntoCache(Object table, Object value, SharedSessionContractImplementor session) {
    Object key = key(table, session);
    Long timestamp = (Long) value;
    if (timestamp > clock.nextTimestamp()) { // of a change that begins: a minute ahead
      change(
          key,
          cache -> {
            cache.put(key, timestamp);
            return true;
          });
    } else {
      change(key, cache -> cache.invoke(key, (entry, none) -> advance(entry, timestamp)));
    }
  }

  private boolean advance(MutableEntry<Object, Object> entry, Long timestamp) {
    Long last = (Long) entry.getValue();
    boolean isLater = last == null || last < timestamp || last > clock.nextTimestamp();
    if (isLater) {
      entry.setValue(timestamp);
    }
    return isLater;
  }

  private void change(Object key, Function<Cache<Object, Object>, @Nullable Object> change) {
    ask(null, region -> region.change(key, change));
  }
}
