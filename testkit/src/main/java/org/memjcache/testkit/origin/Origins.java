// SPDX-License-Identifier: Apache-2.0
package org.memjcache.testkit.origin;

import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes the ways to a memcached in order until one is open, once for all.
 *
 * <p>The result holds for as long as this object, success and failure alike. Thread safe.
 */
public final class Origins {

  private static final Origins OF_THIS_JVM = new Origins(ways(Machine.actual()), System.err);

  private final List<Way> ways;
  private final PrintStream announcements;
  private @Nullable Origin found;
  private @Nullable RuntimeException failure;

  Origins(List<Way> ways, PrintStream announcements) {
    this.ways = List.copyOf(ways);
    this.announcements = announcements;
  }

  /**
   * {@return where the servers of this JVM come from} The first call looks for it, which may take
   * seconds, and says the result in one line on standard error.
   *
   * @throws IllegalStateException if no way is open; the message names each with its reason
   * @throws IllegalArgumentException if {@code MEMJCACHE_TEST_SERVERS} is not a list of addresses
   */
  public static Origin ofThisJvm() {
    return OF_THIS_JVM.get();
  }

  synchronized Origin get() {
    if (failure != null) {
      throw failure;
    }
    if (found == null) {
      try {
        found = find();
      } catch (RuntimeException e) {
        failure = e;
        throw e;
      }
      announcements.println("memjcache-testkit: using " + found.description());
    }
    return found;
  }

  private Origin find() {
    StringBuilder reasons = new StringBuilder("No memcached to start. Open one of these ways:");
    for (Way way : ways) {
      try {
        return way.take();
      } catch (NotTakenException e) {
        reasons.append("\n  - ").append(way.name()).append(": ").append(e.reason());
      }
    }
    throw new IllegalStateException(reasons.toString());
  }

  static List<Way> ways(Machine machine) {
    return List.of(
        new RunningServers(machine),
        new PathExecutable(machine),
        new DockerImage(machine),
        new DebianPackages(machine));
  }
}
