// SPDX-License-Identifier: Apache-2.0
package org.memjcache.internal.event;

import java.lang.reflect.Proxy;
import javax.cache.Cache;

/** A cache that has a name and can do nothing else: enough to be the source of events. */
public final class NamedCache {
  private NamedCache() {}

  @SuppressWarnings("unchecked")
  public static <V> Cache<String, V> of(String name) {
    return (Cache<String, V>)
        Proxy.newProxyInstance(
            NamedCache.class.getClassLoader(),
            new Class<?>[] {Cache.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getName", "toString" -> name;
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
