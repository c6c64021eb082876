// SPDX-License-Identifier: Apache-2.0
package org.memjcache.examples.spring;

import java.util.Set;
import org.memjcache.spring.boot.TenantResolver;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.server.ResponseStatusException;

/** Makes all caches those of the tenant that the request's header {@code X-Tenant} names. */
@Component
class RequestTenant implements TenantResolver {

  private final Set<String> tenants;

  RequestTenant(@Value("${hotels.tenants}") Set<String> tenants) {
    this.tenants = tenants;
  }

  /** Accepts only known tenants; otherwise clients could invent any number of namespaces. */
  @Override
  @SuppressWarnings("NullAway") // null: the application's own caches
  public String currentTenant() {
    var request =
        ((ServletRequestAttributes) RequestContextHolder.currentRequestAttributes()).getRequest();
    if (request.getRequestURI().startsWith("/actuator")) {
      return null;
    }
    String tenant = request.getHeader("X-Tenant");
    if (tenant == null || !tenants.contains(tenant)) {
      throw new ResponseStatusException(
          HttpStatus.BAD_REQUEST, "The header X-Tenant must be one of " + tenants);
    }
    return tenant;
  }
}
