// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.health;

import org.memjcache.MemcachedCacheManager;
import org.memjcache.spring.boot.MemjcacheAutoConfiguration;
import org.memjcache.spring.boot.options.ManagerConfiguration;
import org.springframework.boot.actuate.autoconfigure.health.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Shows the servers at {@code /actuator/health}, unless {@code
 * management.health.memjcache.enabled=false}.
 */
@AutoConfiguration(after = MemjcacheAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(ManagerConfiguration.class)
@ConditionalOnEnabledHealthIndicator("memjcache")
public class MemjcacheHealthAutoConfiguration {

  /** Creates the configuration; Spring calls this. */
  public MemjcacheHealthAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean(name = "memjcacheHealthIndicator")
  HealthIndicator memjcacheHealthIndicator(
      MemcachedCacheManager manager, ManagerConfiguration options) {
    return new MemjcacheHealthIndicator(manager, options);
  }
}
