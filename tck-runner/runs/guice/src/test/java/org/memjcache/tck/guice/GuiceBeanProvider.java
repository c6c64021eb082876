// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.guice;

import com.google.inject.Guice;
import com.google.inject.Injector;
import javax.cache.annotation.BeanProvider;
import org.jsr107.ri.annotations.guice.module.CacheAnnotationsModule;

/** Gives the TCK beans that Guice made, with the interceptors of the reference implementation. */
public final class GuiceBeanProvider implements BeanProvider {

  private final Injector injector = Guice.createInjector(new CacheAnnotationsModule());

  /** The service loader creates it. */
  public GuiceBeanProvider() {}

  @Override
  public <T> T getBeanByType(Class<T> type) {
    return injector.getInstance(type);
  }
}
