// SPDX-License-Identifier: Apache-2.0
package org.memjcache.hibernate;

import java.util.List;
import org.hibernate.boot.registry.selector.SimpleStrategyRegistrationImpl;
import org.hibernate.boot.registry.selector.StrategyRegistration;
import org.hibernate.boot.registry.selector.StrategyRegistrationProvider;
import org.hibernate.cache.spi.RegionFactory;

/** Makes {@code hibernate.cache.region.factory_class=memjcache} known; Hibernate looks it up. */
public final class MemjcacheStrategyRegistration implements StrategyRegistrationProvider {

  /** Creates it. {@code ServiceLoader} calls this. */
  public MemjcacheStrategyRegistration() {}

  @Override
  @SuppressWarnings("rawtypes") // as it is declared
  public Iterable<StrategyRegistration> getStrategyRegistrations() {
    return List.of(
        new SimpleStrategyRegistrationImpl<>(
            RegionFactory.class,
            MemjcacheRegionFactory.class,
            MemjcacheRegionFactory.SHORT_NAME,
            MemjcacheRegionFactory.class.getName(),
            MemjcacheRegionFactory.class.getSimpleName()));
  }
}
