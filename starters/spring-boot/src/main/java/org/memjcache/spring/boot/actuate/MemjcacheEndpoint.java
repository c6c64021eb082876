// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot.actuate;

import java.util.LinkedHashMap;
import java.util.Map;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;
import org.memjcache.InvalidConfigurationException;
import org.memjcache.spring.boot.TenantCaches;
import org.memjcache.spring.boot.TenantCaches.CacheUsage;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/memjcache}: which caches of the application and of its tenants are open in this
 * process with their counts, and {@code DELETE /actuator/memjcache/{tenant}} or {@code
 * /{tenant}/{cache}} to clear them for all processes.
 */
@Endpoint(id = "memjcache")
public class MemjcacheEndpoint {

  private final TenantCaches caches;

  /**
   * Creates the endpoint.
   *
   * @param caches what it shows and clears
   */
  public MemjcacheEndpoint(TenantCaches caches) {
    this.caches = caches;
  }

  /**
   * What is open in this process.
   *
   * @param caches of the application, by name
   * @param tenants the caches of each tenant, by names
   */
  public record Usage(Map<String, Counts> caches, Map<String, Map<String, Counts>> tenants) {}

  /**
   * What a cache was used for.
   *
   * @param hits gets that found an entry
   * @param misses gets that found none
   * @param hitRatio the part of the gets that found an entry, from 0 to 1
   * @param puts entries put
   * @param removals entries removed
   */
  public record Counts(long hits, long misses, double hitRatio, long puts, long removals) {

    private static Counts of(CacheUsage usage) {
      return new Counts(
          usage.hits(), usage.misses(), usage.hitRatio(), usage.puts(), usage.removals());
    }
  }

  /** {@return the caches of the application, and of all tenants that are open} */
  @ReadOperation
  public Usage all() {
    Usage all = new Usage(new LinkedHashMap<>(), new LinkedHashMap<>());
    for (CacheUsage usage : caches.usage()) {
      String tenant = usage.tenant();
      (tenant == null
              ? all.caches
              : all.tenants.computeIfAbsent(tenant, name -> new LinkedHashMap<>()))
          .put(usage.cache(), Counts.of(usage));
    }
    return all;
  }

  /**
   * Returns the caches of a tenant.
   *
   * @param tenant its name
   * @return the caches; null, which is the status 404, if none is open
   */
  @ReadOperation
  public @Nullable Map<String, Counts> ofTenant(@Selector String tenant) {
    return all().tenants.get(tenant);
  }

  /**
   * Clears all caches of a tenant, also of one that isn't open in this process.
   *
   * @param tenant its name
   * @return the status 204; 400 with an {@code error}, if that can't be a tenant's name; or 503
   *     with an {@code error}, if it could not be done, as while a server is away with {@code
   *     failure=throw}
   */
  @DeleteOperation
  public WebEndpointResponse<Map<String, String>> clear(@Selector String tenant) {
    return respond(() -> caches.clear(tenant));
  }

  /**
   * Clears the caches of one name of all tenants: {@code DELETE /actuator/memjcache?cache=rates}.
   *
   * @param cache the name of the caches
   * @return the status 204; 400 with an {@code error}, if they can't be cleared at once, as where
   *     the application has no namespace; or 503 with an {@code error}, if it could not be done
   */
  @DeleteOperation
  public WebEndpointResponse<Map<String, String>> clearForAllTenants(String cache) {
    return respond(() -> caches.clearForAllTenants(cache));
  }

  /**
   * Clears a cache of a tenant.
   *
   * @param tenant its name
   * @param cache the name of the cache
   * @return the status 204; 400 with an {@code error}, if that can't be a tenant's name, or there
   *     is no such cache; or 503 with an {@code error}, if it could not be done
   */
  @DeleteOperation
  public WebEndpointResponse<Map<String, String>> clearCache(
      @Selector String tenant, @Selector String cache) {
    return respond(() -> caches.clear(tenant, cache));
  }

  private static WebEndpointResponse<Map<String, String>> respond(Runnable clear) {
    try {
      clear.run();
      return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
    } catch (IllegalArgumentException | IllegalStateException | InvalidConfigurationException e) {
      return error(WebEndpointResponse.STATUS_BAD_REQUEST, e);
    } catch (CacheException e) { // its text names the server
      return error(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, e);
    }
  }

  private static WebEndpointResponse<Map<String, String>> error(int status, RuntimeException e) {
    return new WebEndpointResponse<>(Map.of("error", String.valueOf(e.getMessage())), status);
  }
}
