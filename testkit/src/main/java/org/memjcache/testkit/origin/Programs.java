// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import org.memjcache.testkit.local.Executable;
import org.memjcache.testkit.local.Program;

/** Finds other servers than memcached, in the same ways, without Docker. */
public final class Programs {

  private Programs() {}

  /**
   * Returns a program that is on the {@code PATH}, or else unpacks it from the packages of Debian
   * or Ubuntu into the user's cache folder, which may take seconds the first time.
   *
   * @param program what to find
   * @return the executable
   * @throws IllegalStateException if no way is open; the message names each with its reason
   */
  public static Executable find(Program program) {
    Machine machine = Machine.actual();
    PathExecutable onPath = new PathExecutable(machine, program);
    DebianPackages packages = new DebianPackages(machine, program);
    try {
      return onPath.executable();
    } catch (NotTakenException notOnPath) {
      try {
        return packages.executable();
      } catch (NotTakenException notInPackages) {
        throw new IllegalStateException(
            "No %s to start. Open one of these ways:\n  - %s: %s\n  - %s: %s"
                .formatted(
                    program.name(),
                    onPath.name(),
                    notOnPath.reason(),
                    packages.name(),
                    notInPackages.reason()),
            notInPackages);
      }
    }
  }
}
