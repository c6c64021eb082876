// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.actuate;

import org.memjcache.spring.boot.MemjcacheAutoConfiguration;
import org.memjcache.spring.boot.cache.Namespaces;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The Actuator's endpoint {@code memjcache}, where it is exposed. */
@AutoConfiguration(after = MemjcacheAutoConfiguration.class)
@ConditionalOnClass({Endpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(Namespaces.class)
@ConditionalOnAvailableEndpoint(endpoint = MemjcacheEndpoint.class)
public class MemjcacheEndpointAutoConfiguration {

  /** Creates the configuration; Spring calls this. */
  public MemjcacheEndpointAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  MemjcacheEndpoint memjcacheEndpoint(Namespaces caches) {
    return new MemjcacheEndpoint(caches);
  }
}
