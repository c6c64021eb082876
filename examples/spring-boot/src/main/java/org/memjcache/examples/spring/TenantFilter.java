package org.memjcache.examples.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Takes the tenant from the header {@code X-Tenant}. Accepts only tenants that the configuration
 * names; otherwise clients could invent any number of namespaces.
 */
@Component
class TenantFilter extends OncePerRequestFilter {

  static final String HEADER = "X-Tenant";

  private final Set<String> tenants;

  TenantFilter(@Value("${hotels.tenants}") Set<String> tenants) {
    this.tenants = tenants;
  }

  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    return request.getRequestURI().startsWith("/actuator");
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String tenant = request.getHeader(HEADER);
    if (tenant == null || !tenants.contains(tenant)) {
      response.sendError(
          HttpServletResponse.SC_BAD_REQUEST,
          "The header " + HEADER + " must be one of " + tenants);
      return;
    }
    Tenant.enter(tenant);
    try {
      chain.doFilter(request, response);
    } finally {
      Tenant.leave();
    }
  }
}
