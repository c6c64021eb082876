// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.util.List;
import java.util.Optional;

/** The first way: servers the user has started and named in an environment variable. */
record RunningServers(Machine machine) implements Way {

  static final String VARIABLE = "MEMJCACHE_TEST_SERVERS";

  @Override
  public String name() {
    return "running servers named by the environment variable " + VARIABLE;
  }

  @Override
  public Origin take() throws NotTakenException {
    Optional<String> list = machine.variable(VARIABLE);
    if (list.isEmpty()) {
      throw new NotTakenException("it is not set; host:port,host:port is expected");
    }
    return new RunningServerPool(
        List.of(list.get().strip().split("\\s*,\\s*")).stream().map(ServerAddress::parse).toList());
  }
}
