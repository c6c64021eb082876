// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where the memcached servers are. A bean of this type takes the place of {@code
 * memjcache.servers}, and of the servers in {@code memjcache.uri}: Spring Boot makes one of a
 * container that has {@code @ServiceConnection}, or of a service of Docker Compose.
 */
@FunctionalInterface
public interface MemjcacheConnectionDetails extends ConnectionDetails {

  /** {@return the servers, as for the option {@code servers}: {@code host:port[,host:port...]}} */
  String getServers();
}
