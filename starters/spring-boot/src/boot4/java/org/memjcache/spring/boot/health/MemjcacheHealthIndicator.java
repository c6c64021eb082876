// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.health;

import org.memjcache.MemcachedCacheManager;
import org.memjcache.spring.boot.actuate.ServerStates;
import org.memjcache.spring.boot.options.ManagerConfiguration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Asks all servers, and shows the state of each. */
final class MemjcacheHealthIndicator extends AbstractHealthIndicator {

  private final MemcachedCacheManager manager;
  private final ManagerConfiguration options;

  MemjcacheHealthIndicator(MemcachedCacheManager manager, ManagerConfiguration options) {
    super("The memcached servers could not be asked");
    this.manager = manager;
    this.options = options;
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    ServerStates states = ServerStates.ask(manager, options);
    builder.status(states.status()).withDetails(states.details());
  }
}
