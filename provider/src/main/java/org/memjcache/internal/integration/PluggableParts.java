// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.integration;

import java.util.Collection;
import javax.cache.CacheException;
import javax.cache.configuration.Factory;
import org.jspecify.annotations.Nullable;
import org.memjcache.internal.common.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates and closes the parts that an application plugs into a cache: loaders, writers, expiry
 * policies, listeners and filters.
 *
 * <p>A part belongs to the cache whose configuration had it created, so the cache closes it
 * (javadoc of {@link javax.cache.Cache#close()}). Thread-safe; holds no lock.
 */
public final class PluggableParts {
  private static final Logger LOG = LoggerFactory.getLogger(PluggableParts.class);

  private PluggableParts() {}

  /**
   * Returns what the factory creates.
   *
   * @param role what the part is to the cache, such as {@code "cache loader"}
   * @throws CacheException if the factory throws an exception or creates null; a {@code
   *     CacheException} of the factory itself passes unchanged
   */
  public static <T> T create(Factory<? extends T> factory, String role) {
    T component;
    try {
      component = factory.create();
    } catch (CacheException e) {
      throw e;
    } catch (Exception e) {
      throw new CacheException("The factory of the " + role + " failed: " + name(factory), e);
    }
    if (component == null) {
      throw new CacheException(
          "The factory of the " + role + " created null, expected an object: " + name(factory));
    }
    return component;
  }

  /**
   * Closes the part if it is {@link AutoCloseable}. What it throws is only logged, because a cache
   * must be able to close whatever its parts do; they may miss classes of an application that was
   * undeployed. Only a {@link VirtualMachineError} passes, such as no memory: it may be there the
   * next time.
   */
  public static void close(@Nullable Object component, String role) {
    if (!(component instanceof AutoCloseable closeable)) {
      return;
    }
    try {
      closeable.close();
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      LOG.warn("Closing the {} failed: {}", role, name(component), e);
    }
  }

  /**
   * {@linkplain #close(Object, String) Closes} all parts, whatever one of them throws; may be
   * repeated then.
   */
  public static void close(Collection<?> components, String role) {
    Failures.forEach(components, each -> close(each, role));
  }

  private static String name(Object component) {
    return component.getClass().getName();
  }
}
