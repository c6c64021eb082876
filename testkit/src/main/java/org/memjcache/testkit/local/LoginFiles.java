// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.local;

import java.util.List;
import java.util.Map;

/**
 * What a memcached is started with so that it wants a login.
 *
 * @param arguments command line arguments
 * @param environment environment variables
 */
public record LoginFiles(List<String> arguments, Map<String, String> environment) {

  /** {@return what a memcached needs that lets everybody in: nothing} */
  public static LoginFiles none() {
    return new LoginFiles(List.of(), Map.of());
  }
}
