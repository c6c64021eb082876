// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import static org.junit.jupiter.api.Assumptions.abort;

import org.memjcache.testkit.local.Executable;

/** An executable for tests that must have a local process, wherever the other tests get theirs. */
public final class LocalExecutable {

  private LocalExecutable() {}

  /** Returns an executable memcached, or skips the test if this machine has none. */
  public static Executable findOrSkip() {
    Machine machine = Machine.actual();
    try {
      return ((LocalOrigin) new PathExecutable(machine).take()).executable();
    } catch (NotTakenException notOnPath) {
      try {
        return ((LocalOrigin) new DebianPackages(machine).take()).executable();
      } catch (NotTakenException e) {
        return abort("no memcached for a local process: " + e.reason());
      }
    }
  }
}
