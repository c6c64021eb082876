package org.memjcache.hibernate;

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

  @Override
  @Nullable String tenant(Object key, @Nullable SharedSessionContractImplementor session) {
    return ofTenants && session != null ? session.getTenantIdentifier() : null;
  }

  @Override
  public Object getFromCache(Object key, SharedSessionContractImplementor session) {
    Object last = ask(tenant(key, session), region -> region.get(key));
    if (last == null) {
      Long now = clock.nextTimestamp();
      change(key, session, cache -> cache.putIfAbsent(key, now));
      return Long.MAX_VALUE;
    }
    return last;
  }

  @Override
  public void putIntoCache(Object key, Object value, SharedSessionContractImplementor session) {
    Long timestamp = (Long) value;
    if (timestamp > clock.nextTimestamp()) { // of a change that begins: a minute ahead
      change(
          key,
          session,
          cache -> {
            cache.put(key, timestamp);
            return true;
          });
    } else {
      change(key, session, cache -> cache.invoke(key, (entry, none) -> advance(entry, timestamp)));
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

  private void change(
      Object key,
      SharedSessionContractImplementor session,
      Function<Cache<Object, Object>, @Nullable Object> change) {
    ask(tenant(key, session), region -> region.change(key, change));
  }
}
