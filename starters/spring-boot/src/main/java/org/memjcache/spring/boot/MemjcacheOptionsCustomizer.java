// SPDX-License-Identifier: Apache-2.0
package org.memjcache.spring.boot;

import java.util.Properties;

/**
 * Changes the options of MemJCache in code, for those that a text can't give: a bean of this type
 * may put an {@code SSLContext} as {@code memjcache.tls.context}, or a {@code NameResolver} as
 * {@code memjcache.resolver}.
 */
@FunctionalInterface
public interface MemjcacheOptionsCustomizer {

  /**
   * Changes the options, before the first cache manager is created.
   *
   * @param options the options from Spring's environment with the starter's defaults, each named
   *     {@code memjcache.} and as in docs/configuration.md
   */
  void customize(Properties options);
}
