// SPDX-License-Identifier: Apache-2.0
package org.memjcache.tck.spring;

import javax.cache.annotation.BeanProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.ClassPathXmlApplicationContext;

/** Gives the TCK beans that Spring made, with the interceptors of the reference implementation. */
public final class SpringBeanProvider implements BeanProvider {

  private final ApplicationContext context =
      new ClassPathXmlApplicationContext("beans.xml", SpringBeanProvider.class);

  /** The service loader creates it. */
  public SpringBeanProvider() {}

  @Override
  public <T> T getBeanByType(Class<T> type) {
    return context.getBean(type);
  }
}
