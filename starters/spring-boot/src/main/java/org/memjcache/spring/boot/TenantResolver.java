// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import org.jspecify.annotations.Nullable;

/**
 * Names the tenant that the calling thread works for. A bean of this type makes all caching
 * annotations, and all caches of Spring's cache manager, those of the tenant.
 *
 * <p>It is asked in the thread that calls the annotated method or the cache, once for each call,
 * also if the method returns a future or a publisher that completes in another thread. So it sees
 * what this thread has: thread-local variables, a request's attributes, Spring Security's context.
 * For another thread, such as that of an {@code @Async} method, the application has to pass the
 * tenant on. Reactor's context isn't visible to it, unless the application restores thread-local
 * variables from it ({@code Hooks.enableAutomaticContextPropagation()}).
 *
 * <p>Accept only tenants that exist: whoever chooses a name chooses a namespace. Called by many
 * threads at the same time.
 */
@FunctionalInterface
public interface TenantResolver {

  /**
   * Returns the current tenant.
   *
   * @return any text that isn't empty; null for the application's own caches
   */
  @Nullable String currentTenant();
}
